"""Whatever a connector's reading does, its page or its member is set aside and everything behind it is read."""

from __future__ import annotations

import decimal
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
import requests
from lxml import etree
from sqlalchemy import func, select

from connectors.sdk import Aside, Ask, BadData, Page, each
from connectors.sdk.members import LONGEST_RAW, Told
from hub.access.caller import Caller, Role
from hub.model import Quarantined, RawMessage, RefundRate
from hub.operate import orders
from sync.page_reading import Drift, Reader
from sync.pausing import MOST_IN_A_ROW
from sync.raw import keep
from sync.replay import replay
from sync.runs import run_job
from tests.support.databases import ON_SQLITE
from tests.support.sync.pulling import job, last_run
from tests.support.sync.rates import JOB, Source, rate
from tests.support.world import World

OPERATOR = Caller("op", Role.OPERATOR)


def codes(world: World) -> set[int]:
    with world.hub.database.read() as connection:
        return {int(code) for code in connection.scalars(select(RefundRate.hs_code))}


def waiting(world: World) -> list[Any]:
    with world.hub.database.read() as connection:
        rows = select(Quarantined.__table__).where(Quarantined.resolved_at.is_(None)).order_by(Quarantined.id)
        return list(connection.execute(rows))


def raises(error: BaseException) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: 1 / 0, "ZeroDivisionError"),
        (lambda: decimal.Decimal("x"), "InvalidOperation"),
        (raises(RecursionError()), "RecursionError"),
        (lambda: etree.fromstring(b"<a>", None), "XMLSyntaxError"),
        (raises(SystemExit(3)), "SystemExit"),
        (raises(MemoryError()), "MemoryError"),
        (raises(GeneratorExit()), "GeneratorExit"),
        (raises(KeyboardInterrupt()), "KeyboardInterrupt"),
        (raises(TimeoutError("its own")), "TimeoutError"),
        (raises(StopIteration()), "RuntimeError"),
        (raises(BadData("the page is of last year")), "the page is of last year"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_whatever_reading_raises_the_page_is_set_aside_and_the_others_are_read(
    small_world: World, act: Callable[[], object], words: str
) -> None:
    source = Source(small_world, [rate(1)], [rate(2), rate(22)], [rate(3)])
    source.breaks("0000000022", act)
    assert small_world.run(JOB) == {JOB: "failed"}

    (aside,) = waiting(small_world)
    assert (aside.position, aside.noun) == (-1, "")
    assert words in aside.reason
    assert ("the connector's fault" in aside.reason) == (not words.startswith("the page"))
    assert codes(small_world) == {1, 3}
    ended, run = job(small_world, JOB), last_run(small_world, JOB)
    assert (ended.cursor, ended.error_code) == ("3", "BAD_DATA")
    assert aside.raw_id in ended.error
    assert (run.pages, run.received, run.merged, run.quarantined) == (3, 3, 2, 1)

    assert small_world.run(JOB) == {JOB: "ok"}  # nothing new, and nothing of the old is in its way
    source.mended()
    assert replay(small_world.hub.services, JOB, small_world.clock()) == 1
    assert codes(small_world) == {1, 2, 3, 22}
    assert waiting(small_world) == []


def test_ten_pages_in_a_row_pause_the_stream_and_say_so(small_world: World) -> None:
    source = Source(small_world, *([rate(number)] for number in range(1, 31)))
    source.breaks("refundRate", lambda: 1 / 0)
    assert small_world.run(JOB) == {JOB: "failed"}
    paused = job(small_world, JOB)
    assert (paused.cursor, paused.pages_aside, paused.error_code) == (str(MOST_IN_A_ROW), MOST_IN_A_ROW, "PAUSED")
    for word in ("自动暂停", "10 pages in a row", f"yuhub sync resume {JOB}", "ZeroDivisionError"):
        assert word in paused.paused_reason
    assert small_world.run(JOB) == {JOB: "skipped"}

    source.mended()
    with small_world.hub.database.write() as connection:
        orders.resume(connection, OPERATOR, small_world.hub.desk.names, JOB, "mended", small_world.clock())
    assert job(small_world, JOB).pages_aside == 0
    assert small_world.run(JOB) == {JOB: "ok"}
    assert replay(small_world.hub.services, JOB, small_world.clock()) == MOST_IN_A_ROW
    assert codes(small_world) == set(range(1, 31))


def test_a_page_that_is_read_ends_the_row(small_world: World) -> None:
    bad = [[rate(number, note="x")] for number in range(1, MOST_IN_A_ROW)]
    source = Source(small_world, *bad, [rate(100)], *bad, [rate(200)])
    source.breaks('"note"', lambda: 1 / 0)
    assert small_world.run(JOB) == {JOB: "failed"}
    ended = job(small_world, JOB)
    assert (ended.paused_at, ended.pages_aside, ended.cursor) == (None, 0, str(2 * MOST_IN_A_ROW))
    assert codes(small_world) == {100, 200}


def test_reading_that_does_not_end_is_left_alone_and_pauses_the_stream(small_world: World) -> None:
    source, let_go = Source(small_world, [rate(1)]), Event()
    assert small_world.run(JOB) == {JOB: "ok"}
    source.said += [json.dumps({"rows": [rate(number)]}).encode() for number in (2, 3)]
    source.breaks("0000000002", let_go.wait)
    parts = replace(small_world.hub.services, page_seconds=0.05)
    try:
        assert run_job(parts, JOB, small_world.clock()) == "failed"
    finally:
        let_go.set()
    (aside,) = waiting(small_world)
    assert "did not end within 0.05 s" in aside.reason
    assert "reading a page does not end" in job(small_world, JOB).paused_reason
    ready = requests.get(f"{small_world.address}/health/ready", timeout=10).json()
    assert ready["abandonedReadings"] == {JOB: 1}
    assert codes(small_world) == {1}
    assert small_world.run(JOB) == {JOB: "skipped"}


def test_a_source_that_does_not_say_what_follows_is_no_success(small_world: World) -> None:
    """What follows the last page cannot be told: there may be more, and staff are told so in every run."""
    source = Source(small_world, [rate(1)])
    sound = source.pages
    source.stream.pages = lambda *asked: (  # type: ignore[method-assign]
        replace(page, cursor="", stopped="rates: what follows this page cannot be told") for page in sound(*asked)
    )
    for _ in range(2):
        assert small_world.run(JOB) == {JOB: "failed"}
        assert "what follows this page cannot be told" in job(small_world, JOB).error
    assert (codes(small_world), waiting(small_world)) == ({1}, [])


def test_paging_that_exits_ends_its_run_and_says_so(small_world: World) -> None:
    source = Source(small_world, [rate(1)])

    def pages(*_: Any) -> Iterator[Page]:
        yield next(source.pages(None, Ask()))
        raise SystemExit(3)

    source.stream.pages = pages  # type: ignore[method-assign]
    assert small_world.run(JOB) == {JOB: "failed"}
    ended = job(small_world, JOB)
    assert (ended.error_code, ended.lease_run, codes(small_world)) == ("BUG", None, {1})
    assert "the connector's fault: SystemExit" in ended.error


def test_what_is_neither_record_nor_aside_is_set_aside_alone(small_world: World) -> None:
    source = Source(small_world, [rate(1)])
    reads: Any = source.reads
    source.stream.read = lambda page: [("x", {}), 7, None, *reads(page)]  # type: ignore[method-assign,return-value]
    assert small_world.run(JOB) == {JOB: "ok"}
    assert [one.position for one in waiting(small_world)] == [0, 1, 2]
    assert codes(small_world) == {1}


def test_records_without_end_are_no_page(small_world: World) -> None:
    stopped = Event()

    def endless(page: Page) -> Iterator[Told]:
        try:
            while True:
                yield Aside("one more")
        finally:
            stopped.set()

    source = Source(small_world, [rate(1)])
    source.stream.read = endless  # type: ignore[method-assign]
    parts = replace(small_world.hub.services, page_seconds=0.05)
    assert run_job(parts, JOB, small_world.clock()) == "failed"
    assert stopped.wait(10)  # the thread that was left alone ends by itself once it yields again


def test_a_form_that_changed_stands_until_it_can_be_read(small_world: World) -> None:
    """What the authority takes back is asked for again; nothing of it is passed over."""
    changed = [rate(number) | {"refundRate": None} for number in (2, 22)]
    source = Source(small_world, [rate(1)], changed, [rate(3)])
    for _ in range(2):
        assert small_world.run(JOB) == {JOB: "failed"}
        assert (job(small_world, JOB).cursor, codes(small_world)) == ("1", {1})
    assert [one.position for one in waiting(small_world)] == [-1]
    assert "changed its form" in job(small_world, JOB).error

    source.said[1] = json.dumps({"rows": [rate(2), rate(22)]}).encode()
    assert small_world.run(JOB) == {JOB: "ok"}
    assert codes(small_world) == {1, 2, 3, 22}
    assert waiting(small_world) == []  # the same question was answered readably since


def test_a_page_of_another_form_that_was_kept_holds_up_nothing_that_is_asked_for_anew(small_world: World) -> None:
    """A process died between keeping such a page and reading it; the authority has taken its form back since."""
    Source(small_world, [rate(1)], [rate(2)], [rate(3)])
    changed = json.dumps({"rows": [rate(number) | {"refundRate": None} for number in (1, 11)]}).encode()
    page = Page(changed, "application/json", "http://x/rates", 200, small_world.clock(), cursor="1")
    with small_world.hub.database.write() as connection:
        keep(connection, JOB, page, None, small_world.clock())
    assert small_world.run(JOB) == {JOB: "failed"}  # and says so once
    assert (codes(small_world), job(small_world, JOB).cursor) == ({1, 2, 3}, "3")
    assert small_world.run(JOB) == {JOB: "ok"}


def test_a_replay_that_does_not_end_leaves_one_thread_alone(small_world: World) -> None:
    source, let_go = Source(small_world, [rate(1)], [rate(2)], [rate(3)]), Event()
    assert small_world.run(JOB) == {JOB: "ok"}
    source.breaks("refundRate", let_go.wait)
    parts = replace(small_world.hub.services, page_seconds=0.05)
    try:
        with pytest.raises(BadData, match="did not end within"):
            replay(parts, JOB, small_world.clock(), quarantined_only=False)
    finally:
        let_go.set()
    assert parts.abandoned == {JOB: 1}
    assert (job(small_world, JOB).error_code, job(small_world, JOB).lease_run) == ("BAD_DATA", None)


def test_a_page_that_was_passed_waits_however_well_the_next_ones_are_read(small_world: World) -> None:
    source = Source(small_world, [rate(1)], [rate(2)])
    source.breaks("0000000001", lambda: 1 / 0)
    assert small_world.run(JOB) == {JOB: "failed"}
    source.said.append(json.dumps({"rows": [rate(3)]}).encode())
    assert small_world.run(JOB) == {JOB: "ok"}
    assert (len(waiting(small_world)), codes(small_world)) == (1, {2, 3})


def test_a_record_over_which_the_connector_fails_is_set_aside_alone(small_world: World) -> None:
    source = Source(small_world, [rate(1), rate(2, refundRate="1"), rate(3, refundRate="1")])

    def row(schema: Any, values: dict[str, Any]) -> Told:
        return schema, values | ({"refundRate": Hostile()} if values["refundRate"] == "1" else {})

    reads = source.reads
    source.stream.read = lambda page: (row(*one) for one in reads(page))  # type: ignore[method-assign]
    assert small_world.run(JOB) == {JOB: "ok"}
    assert [(one.position, one.noun) for one in waiting(small_world)] == [(1, "refund_rate"), (2, "refund_rate")]
    assert "the connector's fault: ZeroDivisionError" in waiting(small_world)[0].reason
    assert waiting(small_world)[0].record["refundRate"] == "(Hostile)"
    assert codes(small_world) == {1}


class Hostile:
    """A value that cannot be looked at."""

    def __str__(self) -> str:
        raise ZeroDivisionError

    def __repr__(self) -> str:
        return "hostile"


def test_a_member_that_is_not_understood_is_kept_with_its_reason_and_the_rest_goes_on(small_world: World) -> None:
    source = Source(small_world, [rate(1), rate(2, kind="draft"), rate(3)])

    def one(row: dict[str, Any]) -> Iterator[Told]:
        if row.get("kind"):
            raise BadData(f"a rate of kind {row['kind']!r} is not one that we know", field="kind")
        yield from source.reads(Page(json.dumps({"rows": [row]}).encode(), "", "", 200, small_world.clock()))

    source.stream.read = lambda page: each(json.loads(page.body)["rows"], one)  # type: ignore[method-assign]
    assert small_world.run(JOB) == {JOB: "ok"}
    (aside,) = waiting(small_world)
    assert (aside.position, aside.field, aside.reason) == (1, "kind", "a rate of kind 'draft' is not one that we know")
    assert aside.record["member"]["hsCode"] == "0000000002"
    assert (codes(small_world), job(small_world, JOB).cursor) == ({1, 3}, "1")
    run = last_run(small_world, JOB)
    assert (run.received, run.merged, run.quarantined) == (3, 2, 1)


@ON_SQLITE
def test_an_unreadable_answer_to_what_was_sent_is_kept_in_quarantine(world: World) -> None:
    """The paper is asked for again; what the authority said stands where staff find it."""
    key = world.exporter()
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    from tests.support.sync.senders import ENTER
    from tests.support.world import demo_file

    world.ask(ENTER, key, input=demo_file("trades", "xuchang-wigs-to-chicago"))
    for document in world.hub.connectors["customs"].submissions.values():
        document.read = lambda answer, papers: iter([1 / 0])  # type: ignore[method-assign,misc,assignment]
    assert world.run("customs.send") == {"customs.send": "failed"}
    with world.hub.database.read() as connection:
        aside = connection.execute(
            select(Quarantined.reason, RawMessage.chain).join(RawMessage, RawMessage.id == Quarantined.raw_id)
        ).one()
        unread = connection.scalar(select(func.count()).where(RawMessage.read_at.is_(None)))
    assert aside.chain == "customs.answers"
    assert "the connector's fault: ZeroDivisionError" in aside.reason
    assert unread == 0


def test_each_reads_every_member_by_itself() -> None:
    def one(member: Any) -> Iterator[Told]:
        yield Aside("first")
        if member == 2:
            raise SystemExit
        yield Aside("second")

    assert [told.reason for told in each([1, 2, 3], one) if isinstance(told, Aside)] == [
        "first", "second", "the connector's fault: SystemExit: ", "first", "second",
    ]  # fmt: skip


def test_an_error_that_cannot_be_told_is_named_by_its_class() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise ZeroDivisionError

    def one(_: Any) -> Iterator[Told]:
        raise Mute
        yield  # a generator, as a connector writes it

    (aside,) = each([1], one)
    assert isinstance(aside, Aside)
    assert aside.reason == "the connector's fault: Mute: (Mute)"


def test_what_lists_the_members_is_the_pages_own_matter() -> None:
    with pytest.raises(KeyError):
        list(each({"rows": []}["lines"], lambda _: []))  # type: ignore[misc]


def test_a_long_member_is_cut_and_says_so() -> None:
    root = etree.fromstring(b"<a>" + b"x" * 3 * LONGEST_RAW + b"</a>", None)
    (aside,) = each([root], lambda _: 1 / 0)  # type: ignore[arg-type,return-value]
    assert isinstance(aside, Aside)
    assert len(aside.raw) < LONGEST_RAW + 100
    assert "the whole is in the raw message" in aside.raw


def test_only_what_a_schema_refuses_is_drift(small_world: World) -> None:
    connector = small_world.hub.connectors["tax"]
    schema = connector.streams["rates"].records[0]
    reader = Reader("tax", connector.codes)
    unknown = [Aside("not known"), Aside("not known either")]
    assert len(reader.read(unknown, None, small_world.clock()).aside) == 2
    faults: list[Told] = [(schema, rate(1) | {"source_id": "x", "refundRate": Hostile()})] * 3
    assert len(reader.read(faults, None, small_world.clock()).aside) == 3
    unfit: list[Told] = [(schema, {"source_id": "x"})] * 2
    with pytest.raises(Drift):
        reader.read([*unknown, *unfit], None, small_world.clock())
    good: list[Told] = [(schema, rate(1) | {"source_id": "x"})]
    assert len(reader.read([*good, *unfit], None, small_world.clock()).aside) == 2
    assert timedelta(seconds=small_world.hub.services.page_seconds) < small_world.hub.services.lease
