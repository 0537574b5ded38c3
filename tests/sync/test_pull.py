"""Pulling: what comes in is kept, read, merged once, and counted so that it adds up, whatever the source does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select, update

from connectors.sdk.http import Page
from hub.model import Quarantined, RawMessage, RefundRate, SyncJob
from sync.chains import chains, walk_chain
from sync.jobs import write_jobs
from sync.merge import merge
from sync.raw import keep
from sync.replay import replay
from tests.support.databases import ON_SQLITE
from tests.support.sync.pulling import job, last_run, misbehave, ok
from tests.support.world import World


def behave(world: World, authority: str) -> None:
    world.street.doors[authority].app = world.apps[authority]


def count(world: World, table: Any) -> int:
    with world.hub.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table.__table__)) or 0


def test_a_bad_record_is_set_aside_and_the_rest_of_the_page_goes_on(world: World) -> None:
    def spoil(body: bytes) -> Any:
        page = json.loads(body)
        page["rows"][3]["refundRate"] = "thirteen"
        del page["rows"][5]["hsCode"]
        return ok(json.dumps(page).encode())

    misbehave(world, "tax", "/rates", spoil)
    assert world.run("tax.rates") == {"tax.rates": "ok"}

    run = last_run(world, "tax.rates")
    assert run.quarantined == 2
    assert run.received == run.merged + run.unchanged + run.superseded + run.quarantined
    assert count(world, RefundRate) == run.merged == run.received - 2
    with world.hub.database.read() as connection:
        aside = connection.execute(select(Quarantined.__table__).order_by(Quarantined.position)).all()
    assert [(row.position, row.field) for row in aside] == [(3, "refundRate"), (5, "hsCode")]
    assert "decimal" in aside[0].reason.lower() or "number" in aside[0].reason.lower()


def test_a_replay_reads_kept_messages_again_and_fetches_nothing(world: World) -> None:
    misbehave(world, "tax", "/rates", lambda body: ok(body.replace(b'"refundRate"', b'"rebate"')))
    world.run("tax.rates")
    assert count(world, RefundRate) == 0

    # staff mend the mapping: the bureau calls it "rebate" now
    stream = world.hub.connectors["tax"].streams["rates"]
    read = stream.read
    stream.read = lambda page: (  # type: ignore[method-assign]
        (schema, row | {"refundRate": row["rebate"]}) for schema, row in read(page)
    )
    door = misbehave(world, "tax", "/rates", ok)
    pages = replay(world.hub.services, "tax.rates", world.clock())

    assert pages > 0
    assert door.asked == 0
    assert count(world, RefundRate) == last_run(world, "tax.rates").merged > 0
    with world.hub.database.read() as connection:
        assert connection.scalar(select(func.count()).where(Quarantined.resolved_at.is_(None))) == 0


def test_of_the_rows_set_aside_a_replay_resolves_those_that_are_read_now_and_no_others(small_world: World) -> None:
    world = small_world
    rows = [
        {"hsCode": code, "vatRate": rate, "refundRate": "0.13", "validFrom": "2019-04-01", "updatedAt": "2026-01-09"}
        for code, rate in (("6704200000", "0.13"), ("6704110000", "13 per cent"), ("6704190000", "?"))
    ]
    page = Page(json.dumps({"pages": 1, "rows": rows}).encode(), "application/json", "http://x", 200, world.clock())
    with world.hub.database.write() as connection:
        keep(connection, "tax.rates", page, None, world.clock())
    world.late.add("tax.rates")
    world.run("tax.rates")
    assert still_aside(world) == {1, 2}

    stream = world.hub.connectors["tax"].streams["rates"]
    read = stream.read
    stream.read = lambda one: (  # type: ignore[method-assign]
        (schema, row | {"vatRate": row["vatRate"].replace("13 per cent", "0.13")}) for schema, row in read(one)
    )
    replay(world.hub.services, "tax.rates", world.clock())
    assert still_aside(world) == {2}, "what cannot be read yet stays for a person"
    replay(world.hub.services, "tax.rates", world.clock())
    assert still_aside(world) == {2}


def still_aside(world: World) -> set[int]:
    with world.hub.database.read() as connection:
        return set(connection.scalars(select(Quarantined.position).where(Quarantined.resolved_at.is_(None))))


@ON_SQLITE
def test_a_page_that_is_bad_as_a_whole_stops_its_stream_and_nothing_else(world: World) -> None:
    misbehave(world, "customs", "/dxp/messages", lambda body: ok(b"<DxpMessages><DxpMsgSv>"))
    answer = world.run("customs.responses", "customs.tariffs")
    assert answer == {"customs.responses": "failed", "customs.tariffs": "ok"}
    assert job(world, "customs.responses").error_code == "BAD_DATA"

    misbehave(world, "tax", "/rates", lambda body: ok(b'{"pages": 1, "rows": {"drifted": true}}'))
    assert world.run("tax.rates") == {"tax.rates": "failed"}
    assert last_run(world, "tax.rates").state == "failed"


def test_an_unread_message_is_read_before_anything_new_is_fetched(world: World) -> None:
    """A process died between keeping a page and merging it."""
    misbehave(world, "tax", "/rates", ok)
    with world.hub.database.write() as connection:
        from connectors.sdk.http import Page

        body = (
            b'{"page": 1, "pages": 1, "rows": [{"hsCode": "9999999999", "vatRate": "0.13", "refundRate": "0.09",'
            b' "validFrom": "2026-01-01", "validTo": null, "updatedAt": "2026-01-01T00:00:00+08:00"}]}'
        )
        page = Page(body, "application/json", "http://x/rates", 200, world.clock(), part="page 9")
        keep(connection, "tax.rates", page, None, world.clock())
    world.run("tax.rates")
    with world.hub.database.read() as connection:
        assert connection.scalar(select(RefundRate.hs_code).where(RefundRate.hs_code == "9999999999"))
        assert connection.scalar(select(func.count()).where(RawMessage.read_at.is_(None))) == 0


def test_the_same_again_counts_as_unchanged(world: World) -> None:
    world.run("customs.tariffs", "tax.rates")
    known = count(world, RefundRate)
    world.run("tax.rates")  # byte for byte the same: not even kept again
    assert (last_run(world, "tax.rates").received, count(world, RawMessage)) == (0, count(world, RawMessage))

    misbehave(world, "tax", "/rates", lambda body: ok(body.replace(b'"page":', b'"page" :')))
    world.run("tax.rates")
    run = last_run(world, "tax.rates")
    assert (run.received, run.unchanged, run.merged) == (known, known, 0)


def test_a_row_only_yields_to_a_newer_one(world: World) -> None:
    def row(as_of: Any, rate: str) -> dict[str, Any]:
        reading = world.hub.connectors["tax"]
        from sync.page_reading import Reader

        schema = reading.streams["rates"].records[0]
        values = {
            "hsCode": "6704200000", "vatRate": "0.13", "refundRate": rate, "validFrom": "2026-01-01",
            "updatedAt": as_of, "source_id": "one",
        }  # fmt: skip
        return Reader("tax", reading.codes).read([(schema, values)], None, world.clock()).rows["refund_rate"][0]

    old, new = row("2026-01-01T00:00:00Z", "0.09"), row("2026-02-01T00:00:00Z", "0.13")
    with world.hub.database.write() as connection:
        assert merge(connection, "tax", {"refund_rate": [new]}).merged == 1
        late = merge(connection, "tax", {"refund_rate": [old]})
        assert (late.superseded, late.merged) == (1, 0)
        both = merge(connection, "tax", {"refund_rate": [old, new]})
        assert (both.superseded, both.unchanged, both.merged) == (1, 1, 0)
        assert both.add_up
        assert str(connection.scalar(select(RefundRate.refund_rate))).startswith("0.13")


@ON_SQLITE
def test_an_authority_that_is_down_is_said_in_one_line_and_comes_back(world: World) -> None:
    world.street.doors["tax"].app = None
    assert world.run("tax.rates", "customs.tariffs") == {"tax.rates": "failed", "customs.tariffs": "ok"}
    failed = job(world, "tax.rates")
    assert failed.failures == 1
    assert "not available" in failed.error
    assert "\n" not in failed.error
    behave(world, "tax")
    assert world.run("tax.rates") == {"tax.rates": "ok"}
    assert (job(world, "tax.rates").failures, job(world, "tax.rates").error) == (0, None)


@ON_SQLITE
def test_the_wait_that_an_authority_asks_for_is_kept(world: World) -> None:
    door = misbehave(world, "tax", "/rates", lambda body: ("429 Too Many Requests", b"", {"Retry-After": "600"}))
    assert world.run("tax.rates") == {"tax.rates": "failed"}
    asked = door.asked
    assert world.run("tax.rates") == {"tax.rates": "skipped"}
    assert door.asked == asked


@ON_SQLITE
def test_refused_credentials_are_not_tried_again_and_again(world: World) -> None:
    door = misbehave(world, "tax", "/rates", lambda body: ("401 Unauthorized", b"", {}))
    assert world.run("tax.rates") == {"tax.rates": "failed"}
    assert job(world, "tax.rates").error_code == "NEEDS_CREDENTIALS"
    assert world.run("tax.rates") == {"tax.rates": "skipped"}
    assert door.asked == 1


def test_the_chain_of_raw_messages_shows_tampering(world: World) -> None:
    world.run("customs.tariffs", "tax.rates")
    database = world.hub.database
    assert {chain: walk_chain(database, chain).links for chain in chains(database)} == {
        chain: [] for chain in chains(database)
    }
    with world.hub.database.write() as connection:
        connection.execute(
            update(RawMessage).where(RawMessage.chain == "tax.rates", RawMessage.seq == 1).values(part="x")
        )
    assert [link.seq for link in walk_chain(database, "tax.rates").links] == [1]


@ON_SQLITE
def test_what_staff_changed_survives_a_new_start(world: World) -> None:
    with world.hub.database.write() as connection:
        connection.execute(update(SyncJob).where(SyncJob.name == "tax.rates").values(cursor="7", paused_reason="x"))
        write_jobs(connection, world.hub.connectors, 2)
    kept = job(world, "tax.rates")
    assert (kept.cursor, kept.paused_reason) == ("7", "x")
    assert kept.every == pytest.approx(12 * 3600 / 2)
