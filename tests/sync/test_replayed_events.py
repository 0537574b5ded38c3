"""What authorities said and was read wrongly: states, milestones, identifiers and papers follow what is read now."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select, update

from connectors.sdk.http import Page
from connectors.sdk.members import Aside, reason_of
from connectors.sdk.records import Draft
from hub.model import Document, DocumentEvent, Milestone, RawMessage, Reference, SyncJob, Trade
from sync.lease import LeaseLostError
from sync.raw import keep
from sync.replay import replay
from tests.support.databases import ON_POSTGRES
from tests.support.flow.exporter import Exporter
from tests.support.mapping import Mapping
from tests.support.world import World, demo_file

MINUTE = timedelta(minutes=1)
KIND = "customs.declaration"
JOB = "customs.declarations"
ENTRY = "530420261234567890"
HEARD = DocumentEvent.raw_id.in_(select(RawMessage.id).where(RawMessage.chain == JOB))


class Desk:
    """An exporter whose declaration is with customs, and what the test lets customs say about it."""

    def __init__(self, world: World) -> None:
        self.world, self.mapping = world, Mapping(world, JOB)
        self.mapping.stream.pages = lambda http, cursor, watched: iter(())  # customs says what the test lets it say
        self.exporter = Exporter(world, "zhengzhou-trousers")
        self.number = self.exporter.enters("zhengzhou-trousers-to-almaty")
        world.late.add(JOB)
        world.until(lambda: world.document(KIND).state == "sent", by=MINUTE)

    def says(self, *statuses: str, **more: Any) -> str:
        """Keeps a page with these results, one minute after the other, and has it read; its raw message."""
        results = []
        for status in statuses:
            self.world.clock.forward(MINUTE)
            at = self.world.clock().isoformat()
            results.append({"sequence": 1, "copNo": self.declaration.number, "status": status, "at": at} | more)
        body = json.dumps({"results": results}).encode()
        with self.world.hub.database.write() as connection:
            page = Page(body, "application/json", "http://x", 200, self.world.clock())
            raw_id = keep(connection, JOB, page, None, self.world.clock())
        self.world.run(JOB)
        return raw_id

    @property
    def declaration(self) -> Any:
        return self.world.document(KIND)

    def count(self, table: Any, *where: Any) -> int:
        with self.world.hub.database.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(table).where(*where)) or 0)

    def milestones(self) -> set[str]:
        with self.world.hub.database.read() as connection:
            return set(connection.scalars(select(Milestone.name)))


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def small_desk(small_world: World) -> Desk:
    return Desk(small_world)


def only(status: str) -> Any:
    """A mapping that reads every result as this one."""
    return lambda schema, values: [(schema, values | {"status": status})]


def test_a_code_that_was_unknown_and_is_in_the_table_now_moves_the_trade_on(small_desk: Desk) -> None:
    desk, customs = small_desk, small_desk.world.hub.connectors["customs"]
    right = customs.codes.table
    known = {key: one for key, one in right.items() if key != (KIND, "released")}
    vars(customs.codes)["table"] = known
    desk.says("released")
    assert desk.declaration.attention["code"] == "AUTHORITY_UNCLEAR"
    vars(customs.codes)["table"] = right
    assert desk.mapping.replay().merged == 1
    assert desk.declaration.attention is None
    assert "released" in desk.milestones()
    assert desk.world.document("rail.booking").state == "ready", "what waited for it is on its way"
    assert desk.exporter.sees(desk.number)["state"] == "running"


def test_what_was_read_under_another_id_stands_there_once(small_desk: Desk) -> None:
    desk = small_desk
    desk.mapping.is_wrong(lambda schema, values: [(schema, values | {"source_id": f"{values['source_id']}/old"})])
    desk.says("received", "released")
    desk.mapping.is_mended()
    run = desk.mapping.replay()
    assert (run.received, run.merged) == (2, 2)
    assert desk.count(DocumentEvent, DocumentEvent.about_kind == KIND, DocumentEvent.source_id.like("%/old")) == 0
    before = desk.declaration
    assert desk.mapping.replay().unchanged == 2
    assert desk.declaration == before


def test_a_release_that_there_never_was_lets_no_booking_out(small_desk: Desk) -> None:
    desk = small_desk
    desk.mapping.is_wrong(lambda schema, values: [(schema, values), (schema, values | RELEASE)])
    desk.says("received")
    booking = desk.world.document("rail.booking")
    assert (booking.state, "released" in desk.milestones()) == ("ready", True)
    desk.mapping.is_mended()
    desk.mapping.replay()
    assert "released" not in desk.milestones()
    assert desk.declaration.state == "sent"
    booking = desk.world.document("rail.booking")
    assert (booking.state, booking.attention) == ("planned", None)
    desk.world.run("rail.send")
    assert desk.world.taken("rail") == []

    desk.says("released")
    desk.world.run("rail.send")
    assert len(desk.world.taken("rail")) == 1


RELEASE = {"source_id": "GHOST", "status": "released"}


def test_a_booking_that_went_out_on_it_is_asked_about(small_desk: Desk) -> None:
    desk = small_desk
    desk.mapping.is_wrong(lambda schema, values: [(schema, values), (schema, values | RELEASE)])
    desk.says("received")
    desk.world.run("rail.send")
    desk.mapping.is_mended()
    desk.mapping.replay()
    booking = desk.world.document("rail.booking")
    assert booking.attention["code"] == "PAPER_CORRECTED"
    assert booking.attention["changes"][0].startswith("released 2026-01-09T")
    desk.says("released")
    desk.mapping.replay()
    assert desk.world.document("rail.booking").attention["code"] == "PAPER_CORRECTED", "a person still settles it"


def test_a_paper_that_was_only_said_to_be_cancelled_goes_on(small_desk: Desk) -> None:
    desk, customs = small_desk, small_desk.world.hub.connectors["customs"]
    cancelled = next(code for (of, code), one in customs.codes.table.items() if one.state == "cancelled")
    about = next(of for (of, code), one in customs.codes.table.items() if one.state == "cancelled")
    right = customs.codes.table
    vars(customs.codes)["table"] = right | {(KIND, "released"): right[about, cancelled]}
    desk.says("released")
    assert desk.declaration.state == "cancelled"
    vars(customs.codes)["table"] = right
    desk.mapping.replay()
    assert desk.declaration.state == "accepted"


@ON_POSTGRES
def test_an_identifier_that_was_misread_is_forgotten_and_what_was_found_by_it_waits(desk: Desk) -> None:
    wrong = ENTRY[::-1]
    desk.mapping.is_wrong(
        lambda schema, values: [
            (schema, values | {"references": {"customs.entryId": wrong}, "answers": {"entryId": wrong}})
        ]
    )
    desk.says("released", entryId=ENTRY)
    assert desk.declaration.reference == wrong
    with desk.world.hub.database.write() as connection:  # somebody else's, found by the wrong number
        event = connection.execute(select(DocumentEvent.__table__).where(HEARD)).one()
        strange = {
            **event._mapping,
            "source_id": "S",
            "about_kind": "customs.entryId",
            "about_value": wrong,
            "id": 9999,
        }
        strange |= {"raw_id": None, "references": {}}
        connection.execute(DocumentEvent.__table__.insert().values(**strange))
    desk.mapping.is_mended()
    desk.mapping.replay()
    assert desk.declaration.reference == ENTRY
    assert desk.count(Reference, Reference.value == wrong) == 0
    assert desk.count(Reference, Reference.value == ENTRY) == 1
    assert desk.count(Reference, Reference.kind == KIND) == 1, "the paper's own name stays"
    assert desk.count(DocumentEvent, DocumentEvent.source_id == "S", DocumentEvent.document_id.is_(None)) == 1


def test_a_connector_that_fails_over_a_member_takes_nothing_back(small_desk: Desk) -> None:
    desk = small_desk
    desk.says("received", "released")

    desk.mapping.is_wrong(lambda schema, values: [Aside(reason_of(ZeroDivisionError()), values)])
    assert desk.mapping.replay().quarantined == 2
    assert desk.count(DocumentEvent, HEARD) == 2
    desk.mapping.is_mended()
    desk.mapping.replay(everything=False)
    assert desk.declaration.state == "accepted"


def test_a_member_that_is_refused_now_takes_back_what_it_told(small_desk: Desk) -> None:
    desk = small_desk
    desk.says("released")
    desk.mapping.is_wrong(lambda schema, values: [Aside("of another trade", values)])
    assert desk.mapping.replay().quarantined == 1
    assert "released" not in desk.milestones()
    assert desk.declaration.state == "sent"


def test_a_replay_that_died_in_the_middle_is_done_again_and_ends_the_same(desk: Desk) -> None:
    desk.mapping.is_wrong(lambda schema, values: [(schema, values | {"source_id": f"{values['source_id']}/old"})])
    desk.says("received")
    desk.says("released")
    times_read = count(1)

    def overtaken(schema: type[Any], values: dict[str, Any]) -> list[Draft]:
        if next(times_read) == 6:  # the second page, for good, after both were looked through twice
            with desk.world.hub.database.write() as connection:
                connection.execute(update(SyncJob).where(SyncJob.name == JOB).values(lease_token=99))
        return [(schema, values)]

    desk.mapping.is_wrong(overtaken)
    with pytest.raises(LeaseLostError):
        replay(desk.world.hub.parts, JOB, desk.world.clock(), quarantined_only=False)
    assert desk.count(DocumentEvent, DocumentEvent.source_id.like("%/old")) == 1
    desk.mapping.is_mended()
    desk.world.clock.forward(timedelta(hours=1))  # until its lease is over
    desk.mapping.replay()
    assert desk.count(DocumentEvent, DocumentEvent.source_id.like("%/old")) == 0
    assert desk.count(DocumentEvent, HEARD) == 2
    assert desk.declaration.state == "accepted"
    assert len(desk.world.taken("customs", "declaration")) == 1


def test_what_a_person_cancelled_stays_cancelled(small_desk: Desk) -> None:
    desk = small_desk
    desk.mapping.is_wrong(only("received"))
    desk.says("released")
    with desk.world.hub.database.write() as connection:
        connection.execute(update(Document).values(state="cancelled"))
        connection.execute(update(Trade).values(state="cancelled", cancel_requested_at=desk.world.clock()))
    desk.mapping.is_mended()
    desk.mapping.replay()
    assert {one["state"] for one in desk.exporter.sees(desk.number)["documents"]} == {"cancelled"}
    assert desk.exporter.sees(desk.number)["state"] == "cancelled"
    sent = len(desk.world.taken("customs"))
    desk.world.run("customs.send", "rail.send")
    assert len(desk.world.taken("customs")) == sent


def test_a_broken_trade_holds_up_no_other(small_desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk = small_desk
    desk.mapping.is_wrong(only("received"))
    desk.says("released")
    with desk.world.hub.database.write() as connection:
        kept = connection.scalar(select(Trade.entry))
        connection.execute(update(Trade).values(entry={"goods": [{}]}))
    desk.mapping.is_mended()
    desk.mapping.replay()
    assert "nothing follows for trade" in caplog.text
    with desk.world.hub.database.write() as connection:
        connection.execute(update(Trade).values(entry=kept))
    desk.world.run("tax.rates")
    assert desk.declaration.state == "accepted"


def test_a_refusal_of_an_earlier_version_read_under_another_id_never_refuses_that_of_now(
    small_desk: Desk,
) -> None:
    desk = small_desk
    customs = desk.world.hub.connectors["customs"]
    returned = next(code for (of, code), one in customs.codes.table.items() if of == KIND and one.state == "rejected")
    desk.says(returned, words="毛重[1]")
    assert desk.declaration.state == "rejected"
    weight = demo_file("trades", "zhengzhou-trousers-to-almaty")["goods"][0]["grossWeight"]
    assert "errors" not in desk.exporter.amends(desk.number, **{"goods[0].grossWeight": str(float(weight) + 1)})
    desk.world.run("customs.send")
    desk.mapping.is_wrong(lambda schema, values: [(schema, values | {"source_id": f"{values['source_id']}/new"})])
    desk.mapping.replay()
    assert (desk.declaration.version, desk.declaration.state, desk.declaration.attention) == (2, "sent", None)
