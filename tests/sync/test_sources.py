"""Two airports by one package: each source has a line, jobs, doors and rows of its own, and papers that it serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from connectors.sdk import Connector
from hub.access.caller import Caller, Role
from hub.app import build
from hub.errors import SettingsWrong
from hub.model import Document, RawMessage, Reference, StockLevel, SyncJob
from hub.operate import orders as ordering
from hub.papers.plan import Days
from mocks.airport.app import create_app
from mocks.ledger import Entry, Ledger
from mocks.serve import serving
from tests.support.cli.shells import Typed
from tests.support.connectors.parts import sample_paper
from tests.support.flow.exporter import Exporter
from tests.support.hooks.pushing import notice, push
from tests.support.world import NOTIFY_TOKEN, Clock, ClockPace, Door, Street, World, a_world, settings_for

TODAY = Days(date(2026, 1, 9), {})
HOME, OTHER = "airport", "airport@luoyang"
TOKEN = "what-luoyang-wants"
BOTH = {"YUHUB_SOURCES": f"{HOME}, {OTHER}", "YUHUB_AIRPORT__LUOYANG_TOKEN": TOKEN}
SERVES = {"YUHUB_AIRPORT__LUOYANG_SERVES": "CNLYA"}
JOBS = tuple(f"{source}.{stream}" for source in (HOME, OTHER) for stream in ("waybills", "events", "stock"))


class Region(NamedTuple):
    """A world with a second airport, and the door of that."""

    world: World
    door: Door
    ledger: Ledger

    def taken(self) -> list[Entry]:
        """The waybills that the second airport took."""
        return self.ledger.entries("waybill", "accepted")

    def rows(self, table: Any) -> list[Any]:
        with self.world.hub.database.read() as connection:
            return list(connection.execute(select(table.__table__)))

    def of(self, source: str) -> Connector:
        return self.world.hub.connectors[source]


@pytest.fixture
def region(street: Street, tmp_path: Path, small_url: str) -> Iterator[Region]:
    clock, door = Clock(), Door()
    door.app = app = create_app(ClockPace(divide=1.0, clock=clock), TOKEN)
    with ExitStack() as stack:
        more = BOTH | SERVES | {"YUHUB_AIRPORT__LUOYANG_BASE_URL": stack.enter_context(serving(door))}
        world = stack.enter_context(a_world(street, tmp_path, small_url, clock=clock, **more))
        yield Region(world, door, app.extensions["ledger"])


def hand_over(connector: Connector, name: str) -> None:
    """The same paper, whoever takes it."""
    paper = sample_paper(name)
    document = connector.submissions[paper.kind]
    with closing(connector.open()) as http:
        assert document.send(http, document.encode([paper]), [paper]).status == 201


def test_what_two_sources_call_alike_is_two_rows_in_two_chains(region: Region) -> None:
    for source in (HOME, OTHER):
        hand_over(region.of(source), "airport.waybill-warehouse")
    region.world.clock.forward(timedelta(days=20))
    assert set(region.world.run(*JOBS).values()) == {"ok"}
    found = {
        source: {row.source_id for row in region.rows(StockLevel) if row.source == source} for source in (HOME, OTHER)
    }
    assert found[HOME] == found[OTHER]
    assert len(found[HOME]) == 2
    assert {row.chain for row in region.rows(RawMessage)} == {f"{HOME}.stock", f"{OTHER}.stock"}


def test_one_that_is_down_or_paused_stops_no_other(region: Region) -> None:
    hand_over(region.of(HOME), "airport.waybill-warehouse")
    region.world.clock.forward(timedelta(days=20))
    region.door.app = None
    ended = region.world.run(*(job for job in JOBS for _ in range(2)))
    assert {job: ended[job] for job in (f"{HOME}.stock", f"{OTHER}.stock")} == {
        f"{HOME}.stock": "ok",
        f"{OTHER}.stock": "failed",
    }
    assert {row.source for row in region.rows(StockLevel)} == {HOME}
    assert {row.name for row in region.rows(SyncJob) if row.failures} == {f"{OTHER}.stock"}
    with region.world.hub.database.write() as connection:
        operator, now = Caller("op", Role.OPERATOR), region.world.clock()
        ordering.pause(connection, operator, region.world.hub.desk.names, f"{OTHER}.send", "storm", now)
    assert region.world.run(f"{HOME}.send", f"{OTHER}.send") == {f"{HOME}.send": "ok", f"{OTHER}.send": "skipped"}


def test_a_waybill_goes_to_the_airport_that_the_goods_leave_from(region: Region) -> None:
    world, exporter = region.world, Exporter(region.world)
    here = exporter.enters("xuchang-wigs-to-chicago")
    paid = {"provider": "中原跨境支付", "transaction": "ZYP202601080000043", "paidAt": "2026-01-08T11:25:30+08:00"}
    again = {"orderNumber": "XC-20260108-0043", "payment": paid, "purchases": [], "exportInvoice": "XC-INV-43"}
    there = exporter.enters("xuchang-wigs-to-chicago", **again)
    assert "errors" not in exporter.amends(there, **{"transport.from": "CNLYA"})
    world.until(lambda: bool(region.taken() and world.taken("airport", "waybill")))
    assert (len(region.taken()), len(world.taken("airport", "waybill"))) == (1, 1)
    papers = {row.authority: row for row in region.rows(Document) if row.kind == "airport.waybill"}
    assert {source: row.number.startswith(here) for source, row in papers.items()} == {HOME: True, OTHER: False}
    for source, paper in papers.items():
        known = [row for row in region.rows(Reference) if row.document_id == paper.id]
        assert {row.source for row in known} == {source}
        (address,) = (row.value for row in known if row.kind == "airport.waybill")
        assert address.startswith(f"{region.of(source).settings['base_url']}/logistics-objects/")
    world.run(f"{OTHER}.waybills", f"{OTHER}.events")
    assert exporter.paper(there, "airport.waybill")["state"] == "sent"  # it has no freighter, and says so by silence


def test_each_source_has_a_door_of_its_own(region: Region) -> None:
    """Who knows the secret of the one is a stranger to the other; a door whose secret is not set is not there."""
    assert push(region.world, path=f"/hooks/{HOME}/notifications").status_code == 202
    assert push(region.world, path=f"/hooks/{OTHER}/notifications").status_code == 404
    region.of(OTHER).settings["notify_token"] = "another"  # type: ignore[index]
    assert push(region.world, notice(1), NOTIFY_TOKEN, f"/hooks/{OTHER}/notifications").status_code == 401


def test_sources_are_called_apart(region: Region) -> None:
    names = region.world.hub.desk.names
    assert names[OTHER] == {"zh": f"{names[HOME]['zh']}（luoyang）", "en": f"{names[HOME]['en']} (luoyang)"}
    assert region.of(OTHER).restraint is not region.of(HOME).restraint


def test_a_source_is_looked_at_by_its_name(
    region: Region, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    yuhub = Typed(monkeypatch, capsys)
    address = region.of(OTHER).settings["base_url"]
    here = BOTH | at(address)
    shown = yuhub("connector", "show", OTHER, **here)
    assert address in shown
    assert "POST /hooks/airport@luoyang/notifications" in shown
    assert f"{address} 有应答" in yuhub("connector", "probe", OTHER, LC_ALL="zh_CN.UTF-8", **here)
    said = yuhub("connector", "probe", OTHER, expect=1, **here | {"YUHUB_AIRPORT__LUOYANG_TOKEN": "wrong"})
    assert "Check YUHUB_AIRPORT__LUOYANG_TOKEN" in said
    assert "stock has nothing yet" in yuhub("connector", "try", OTHER, "stock", **here)
    said = yuhub("connector", "probe", "airport@kaifeng", expect=2, **here)
    assert "airport@kaifeng is not among them; of its connector there are airport, airport@luoyang" in said


# What cannot be


def built(folder: Path, url: str, **more: str) -> Any:
    with closing(build(settings_for(folder, url, {}, **more))) as hub:
        return hub


def at(address: str) -> dict[str, str]:
    return {"YUHUB_AIRPORT__LUOYANG_BASE_URL": address}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "airport@luoyang.serves: neither airport nor airport@luoyang says which places it serves"),
        ({"YUHUB_AIRPORT__LUOYANG_SERVES": "CNLYX"}, "airport@luoyang.serves: CNLYX is none of CNCGO, CNLYA, CNZGZ"),
        (
            {"YUHUB_AIRPORT__LUOYANG_SERVES": "CNLYA", "YUHUB_AIRPORT_SERVES": "CNCGO, CNLYA"},
            "airport@luoyang.serves: CNLYA is served by airport already",
        ),
    ],
)
def test_a_hub_that_cannot_tell_where_a_paper_goes_does_not_start(
    tmp_path: Path, small_url: str, more: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingsWrong) as refused:
        built(tmp_path, small_url, **BOTH, **at("http://127.0.0.1:9"), **more)
    assert told in refused.value.words("en")
    assert told in refused.value.words("zh")
    assert "YUHUB_AIRPORT__LUOYANG_SERVES=none" in refused.value.words("en") or more


def test_one_of_several_that_is_not_set_up_is_left_out_and_its_papers_go_nowhere_else(
    tmp_path: Path, small_url: str
) -> None:
    hub = built(tmp_path, small_url, **BOTH, **SERVES)
    assert OTHER not in hub.connectors
    (error,) = hub.left_out
    assert "set YUHUB_AIRPORT__LUOYANG_BASE_URL" in error.text
    plan = hub.desk.plan
    assert plan.source_of("airport.waybill", {"transport": {"from": "CNCGO"}}) == HOME
    assert plan.source_of("airport.waybill", {"transport": {"from": "CNLYA"}}) is None
    assert plan.unserved("9610", {"transport": {"wish": "air", "from": "CNLYA"}}, TODAY) == ["airport.waybill"]


def test_a_source_that_serves_no_place_is_only_read(tmp_path: Path, small_url: str) -> None:
    none = {"YUHUB_AIRPORT__LUOYANG_SERVES": "none"}
    hub = built(tmp_path, small_url, **BOTH, **none, **at("http://127.0.0.1:9"))
    assert {HOME, OTHER} <= set(hub.connectors)
    assert hub.desk.plan.source_of("airport.waybill", {"transport": {"from": "CNLYA"}}) == HOME


def test_the_only_source_serves_what_it_says(tmp_path: Path, small_url: str) -> None:
    only = {"YUHUB_SOURCES": "rail@port", "YUHUB_RAIL__PORT_BASE_URL": "http://127.0.0.1:9"}
    plan = built(tmp_path, small_url, **only, YUHUB_RAIL__PORT_SERVES="CNZGZ").desk.plan
    assert plan.source_of("rail.booking", {"transport": {"from": "CNZGZ"}}) == "rail@port"
    assert plan.source_of("rail.booking", {"transport": {"from": "CNLYA"}}) is None
    assert plan.source_of("airport.waybill", {"transport": {"from": "CNLYA"}}) == HOME
