"""Merging by itself: which row stays, which trade it is tied to, and what it teaches about later ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from connectors.sdk.records import DocumentEvent as Event
from hub.model import Document, DocumentEvent, Reference
from sync.merge import MergeCounts, link_waiting, merge
from sync.page_reading import Reader
from tests.support.entry.office import Office, typed_trade
from tests.support.sync.merging import PRE_NO, event, forget_touches, kept, order, owned, touched
from tests.support.world import World

SECOND = timedelta(seconds=1)
Told = Callable[..., MergeCounts]


@pytest.fixture
def office(small_world: World) -> Office:
    """One with a trade whose order customs knows by `KEY`; nobody has touched it."""
    office = Office(small_world)
    office.enters(typed_trade())
    forget_touches(office)
    return office


def told(office: Office, *events: dict[str, Any]) -> MergeCounts:
    """What customs says on one page, merged."""
    hub = office.world.hub
    reader = Reader("customs", hub.connectors["customs"].codes)
    reading = reader.read([(Event, one) for one in events], None, office.world.clock())
    assert reading.aside == []
    with hub.database.write() as connection:
        return merge(connection, "customs", reading.rows)


def test_an_identifier_that_an_authority_gives_leads_what_it_says_later_to_the_paper(office: Office) -> None:
    told(office, event(references={"customs.preNo": PRE_NO}))
    learned = office.rows(select(Reference.__table__).where(Reference.kind == "customs.preNo"))
    assert [(one.source, one.value, one.document_id) for one in learned] == [("customs", PRE_NO, order(office).id)]
    forget_touches(office)
    told(office, event("customs.preNo", PRE_NO, source_id="e2", code="3"))
    later = kept(office, "e2")
    assert (later.document_id, later.trade_id, later.version) == (order(office).id, order(office).subject_id, 1)
    assert touched(office) == {order(office).subject_id}


def test_what_was_said_under_an_identifier_before_it_was_known_is_tied_once_it_is(office: Office) -> None:
    told(office, event("customs.preNo", PRE_NO, source_id="early", code="3"))
    early = kept(office, "early")
    assert (early.document_id, early.version, touched(office)) == (None, None, set())
    told(office, event(references={"customs.preNo": PRE_NO}))
    early = kept(office, "early")
    assert (early.document_id, early.trade_id, early.version) == (order(office).id, order(office).subject_id, 1)


def test_what_is_tied_late_teaches_as_if_it_came_now(office: Office) -> None:
    told(office, event("customs.gdNo", "G1", source_id="last", code="3"))
    told(office, event("customs.preNo", PRE_NO, source_id="early", code="3", references={"customs.gdNo": "G1"}))
    told(office, event(references={"customs.preNo": PRE_NO}))
    assert [kept(office, one).document_id for one in ("early", "last")] == [order(office).id] * 2


def test_what_is_about_no_paper_teaches_nothing(office: Office) -> None:
    told(office, event("nobody", "knows", references={"customs.preNo": PRE_NO}))
    assert touched(office) == set()
    assert office.rows(select(Reference.value).where(Reference.kind == "customs.preNo")) == []


def test_a_trade_is_looked_after_when_what_waited_for_it_is_tied(office: Office) -> None:
    told(office, event("customs.preNo", PRE_NO, source_id="early", code="3"))
    ours = owned(order(office))
    with office.world.hub.database.write() as connection:
        connection.execute(insert(Reference).values(source="customs", kind="customs.preNo", value=PRE_NO, **ours))
        assert link_waiting(connection, "customs", {("customs.preNo", PRE_NO)}) == 1
    assert touched(office) == {order(office).subject_id}


@pytest.mark.parametrize("value", ["", None])
def test_an_empty_identifier_is_none(office: Office, value: Any) -> None:
    told(office, event(references={"customs.preNo": value} if value is not None else {}))
    assert office.rows(select(Reference.value).where(Reference.kind == "customs.preNo")) == []


@pytest.mark.parametrize(
    ("later", "counts", "code"),
    [
        ({}, MergeCounts(received=1, unchanged=1), "2"),
        ({"code": "3", "as_of": "later"}, MergeCounts(received=1, merged=1), "3"),
        ({"code": "3"}, MergeCounts(received=1, merged=1), "3"),  # the same moment: the last word counts
        ({"code": "3", "as_of": "earlier"}, MergeCounts(received=1, superseded=1), "2"),
    ],
    ids=["the same", "newer", "of the same moment", "older"],
)
def test_a_row_yields_to_what_is_not_older(
    office: Office, later: dict[str, Any], counts: MergeCounts, code: str
) -> None:
    told(office, event())
    moved = {"later": SECOND, "earlier": -SECOND}.get(later.get("as_of", ""), 0 * SECOND)
    assert told(office, event(**later | {"as_of": event()["as_of"] + moved})) == counts
    assert kept(office).code == code


def test_of_two_words_on_one_page_the_later_is_kept_and_both_are_counted(office: Office) -> None:
    first, second = event(), event(code="3", as_of=event()["as_of"] + SECOND)
    assert told(office, first, second) == MergeCounts(received=2, merged=1, superseded=1)
    assert kept(office).code == "3"
    assert told(office, event(source_id="e2"), event(source_id="e2")) == MergeCounts(received=2, merged=1, unchanged=1)


def in_one_message(office: Office, papers: int) -> list[Any]:
    """The first papers of the trade, sent in the message M1."""
    ours = list(office.rows(select(Document.id, Document.subject_id).order_by(Document.id))[:papers])
    message = {"source": "customs", "kind": "message", "value": "M1"}
    with office.world.hub.database.write() as connection:
        connection.execute(insert(Reference), [message | owned(one) for one in ours])
    return ours


@pytest.mark.parametrize("papers", [1, 2])
def test_a_message_refused_as_a_whole_is_no_verdict_on_any_of_several_papers_in_it(office: Office, papers: int) -> None:
    ours = in_one_message(office, papers)
    told(office, event("message", "M1", code="900"))
    assert kept(office).document_id == (ours[0].id if papers == 1 else None)


def test_what_is_said_of_a_message_is_said_of_each_paper_in_it_and_counts_once(office: Office) -> None:
    ours = in_one_message(office, 2)
    assert told(office, event("message", "M1")) == MergeCounts(received=1, merged=1)
    rows = office.rows(select(DocumentEvent.document_id, DocumentEvent.source_id).order_by(DocumentEvent.document_id))
    assert [tuple(row) for row in rows] == [(ours[0].id, "e1"), (ours[1].id, f"e1#{ours[1].id}")]


def test_an_event_without_a_guid_that_comes_again_keeps_the_version_that_it_answered(office: Office) -> None:
    told(office, event())
    with office.world.hub.database.write() as connection:
        connection.execute(Document.__table__.update().where(Document.kind == "customs.order").values(version=2))
    told(office, event(words="said in other words", as_of=event()["as_of"] + SECOND))
    assert (kept(office).version, kept(office).words) == (1, "said in other words")
    told(office, event(source_id="e2"))
    assert kept(office, "e2").version == 2
