"""Two transactions at one moment: what one writes the other does not see, and yet an event meets its reference."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, delete, insert, select

from connectors.sdk.records import DocumentEvent as Event
from hub.model import DocumentEvent, Reference, TouchedSubject
from sync.jobs import HOUSEKEEPING
from sync.merge import link_late, merge
from sync.page_reading import Reader
from tests.support.databases import ON_POSTGRES, waits_or_is_done
from tests.support.entry.office import Office, typed_trade
from tests.support.sync.merging import PRE_NO, event, kept, order, owned, touched
from tests.support.world import World


@pytest.fixture
def office(world: World) -> Office:
    office = Office(world)
    office.enters(typed_trade())
    with world.hub.database.write() as connection:
        connection.execute(delete(TouchedSubject))
    return office


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def says(office: Office, connection: Connection, **changes: object) -> None:
    reader = Reader("customs", office.world.hub.connectors["customs"].codes)
    reading = reader.read([(Event, event(**changes))], None, office.world.clock())  # type: ignore[arg-type]
    merge(connection, "customs", reading.rows)


@ON_POSTGRES
def test_an_event_and_its_reference_that_are_merged_at_one_moment_meet(
    office: Office, other: ThreadPoolExecutor
) -> None:
    database = office.world.hub.database

    def second() -> None:
        with database.write() as connection:
            says(office, connection, kind="customs.preNo", value=PRE_NO, source_id="e2", code="3")

    with database.write() as connection:
        says(office, connection, references={"customs.preNo": PRE_NO})
        work = other.submit(second)
        waits_or_is_done(database, work)
    work.result()
    assert kept(office, "e2").document_id == order(office).id


@ON_POSTGRES
def test_housekeeping_ties_what_missed_a_reference_that_was_planned_meanwhile(office: Office) -> None:
    database, ours = office.world.hub.database, order(office)
    named = {"source": "customs", "kind": "customs.preNo", "value": PRE_NO}
    with database.write() as planning:
        planning.execute(insert(Reference).values(named | owned(ours)))
        with database.write() as connection:
            says(office, connection, kind="customs.preNo", value=PRE_NO, source_id="e2", code="3")
    assert kept(office, "e2").document_id is None
    assert link_late(database) == 1
    assert (kept(office, "e2").document_id, kept(office, "e2").version, touched(office)) == (
        ours.id,
        1,
        {ours.subject_id},
    )
    assert link_late(database) == 0


def test_housekeeping_ties_on_either_database(office: Office) -> None:
    database, ours = office.world.hub.database, order(office)
    with database.write() as connection:
        says(office, connection, kind="customs.preNo", value=PRE_NO, source_id="e2", code="3")
    with database.write() as connection:
        named = {"source": "customs", "kind": "customs.preNo", "value": PRE_NO}
        connection.execute(insert(Reference).values(named | owned(ours)))
    office.world.do(HOUSEKEEPING)
    assert kept(office, "e2").document_id == ours.id
    assert office.rows(select(DocumentEvent.id).where(DocumentEvent.document_id.is_(None))) == []
