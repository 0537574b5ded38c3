"""What followed from something that had been read wrongly follows from what it says now.

`trade_standings` before the correction and after it, in one transaction; what differs between them is what was derived
from the mistake, and nothing else: a tariff or a parity of another day is no correction.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from connectors.sdk.instants import day_of
from connectors.sdk.papers import Action
from connectors.sdk.states import Doing, State, may
from hub.dossiers.dossier import DocumentFile, Dossier
from hub.dossiers.loading import Store, hs_codes_of, open_dossiers, open_store
from hub.dossiers.rows import Corrected
from hub.errors import HubError
from hub.model import DeliveryAttempt, Document, Milestone
from hub.model.row_states import DeliveryOutcome
from hub.papers.derivation import derive
from hub.papers.desk import Desk
from hub.papers.occasions import mark_undone
from hub.progress.advance import touch
from hub.progress.persist import reopen
from hub.progress.responses import milestones_heard, state_heard

LOG = logging.getLogger("yuhub.trades")
CHUNK = 100
Fields = Mapping[str, str]
"""Field of a paper → value, as text."""


class TradeStanding(NamedTuple):
    """What follows for one trade from what is known: milestones, the states of its papers, and what stands in them.

    Papers are derived with the tariffs and rates that were known when they first were. By `DocumentFile.key`.
    """

    dossier: Dossier
    milestones: Mapping[str, datetime]
    stored: Mapping[str, State]
    states: Mapping[str, State]
    papers: Mapping[str, Fields]


def trade_standings(connection: Connection, trade_ids: Collection[int], desk: Desk) -> dict[int, TradeStanding]:
    """By trade; the caller holds these trades locked. One that is broken is left out and stays as it is."""
    ids, found = sorted(trade_ids), dict[int, TradeStanding]()
    for start in range(0, len(ids), CHUNK):
        found |= _standings(connection, ids[start : start + CHUNK], desk)
    return found


def _standings(connection: Connection, ids: Sequence[int], desk: Desk) -> dict[int, TradeStanding]:
    try:
        dossiers = open_dossiers(connection, ids, day_of(desk.now()))
        store = open_store(connection, hs_codes_of(dossiers))
        return {dossier.trade_id or 0: _standing(dossier, store, desk) for dossier in dossiers}
    except (HubError, SQLAlchemyError):  # of the database, and so of all trades
        raise
    except Exception:
        if len(ids) == 1:
            LOG.exception("nothing follows for trade %s from what was read again: it cannot be opened", *ids)
            return {}
        return {id_: standing for one in ids for id_, standing in _standings(connection, [one], desk).items()}


def _standing(dossier: Dossier, store: Store, desk: Desk) -> TradeStanding:
    mark_undone(dossier, desk)
    stored = {key: document.state for key, document in dossier.documents.items()}
    states = {key: state_heard(one) for key, one in dossier.documents.items() if one.has_paper}
    for key, state in states.items():
        if stored[key] is not State.CANCELLED:
            dossier.documents[key].state = state
    papers = {}
    for key, document in dossier.documents.items():
        if document.derived_at and _may_differ(document, desk):
            dossier.shelf = store.shelf(day_of(document.derived_at), document.derived_at)
            papers[key] = _fields(document, dossier, desk)
    return TradeStanding(dossier, milestones_heard(dossier), stored, states, papers)


def correct_trades(connection: Connection, before: Mapping[int, TradeStanding], desk: Desk, now: datetime) -> None:
    """Milestones that nobody tells of any more are forgotten, papers that are not out begin anew; the trades move on.

    Of papers that are out a person is asked, once, with what went out and what it would be now.
    """
    mended = {
        trade_id: _mend_milestones(connection, trade_id, before[trade_id], stands)
        for trade_id, stands in trade_standings(connection, before, desk).items()
    }  # of all of them first: a remittance's declaration follows from when each trade departed that it pays
    for trade_id, stands in trade_standings(connection, before, desk).items():
        was, gone = before[trade_id], mended.get(trade_id, {})
        after = {row.kind: row.after for row in desk.due(stands.dossier)}
        for key, document in stands.dossier.documents.items():
            _mend_state(connection, document, was, stands)
            if key in stands.papers:
                missed = _missed(document, after.get(document.kind, ()), gone, stands)
                otherwise = _otherwise(document, was.papers.get(key, {}), stands.papers[key])
                _mend_paper(connection, trade_id, document, otherwise | missed, now)
    touch(connection, before)


def _may_differ(document: DocumentFile, desk: Desk) -> bool:
    over = document.state is State.CANCELLED or document.action is Action.WITHDRAW or document.undone is not None
    return not over and document.kind in desk.submissions and document.kind in desk.derivations


def _fields(document: DocumentFile, dossier: Dossier, desk: Desk) -> Fields:
    derived = derive(desk.derivations[document.kind], dossier, document.part)
    return {evidence["name"]: evidence["value"] for evidence in derived.evidence}


def _mend_milestones(
    connection: Connection, trade_id: int, was: TradeStanding, stands: TradeStanding
) -> dict[str, datetime]:
    """Those that are gone, and when they were said to be reached; what an earlier version brought about stays."""
    gone = {}
    for name, at in was.milestones.items():
        told = stands.milestones.get(name)
        if stands.dossier.milestones.get(name) != at or told == at:
            continue
        this = Milestone.subject_id == trade_id, Milestone.name == name
        if told is None:
            gone[name] = at
            connection.execute(delete(Milestone).where(*this))
        else:
            connection.execute(update(Milestone).where(*this).values(reached_at=told))
    return gone


def _mend_state(connection: Connection, document: DocumentFile, was: TradeStanding, stands: TradeStanding) -> None:
    """A paper that was only said to be cancelled, or to be there, is neither. States that events give follow by them.

    What a person cancelled stays cancelled.
    """
    key, this = document.key, update(Document).where(Document.id == document.id)
    if stands.stored[key] is State.CANCELLED:
        only_said = was.states.get(key) is State.CANCELLED is not stands.states.get(key)
        if only_said and document.sent_at and not stands.dossier.cancelling:
            connection.execute(this.values(state=State.SENT))
    elif document.sent_at and was.dossier.documents[key].current_events and not document.current_events:
        of_it = DeliveryAttempt.document_id == document.id, DeliveryAttempt.version == document.version
        outcomes = connection.scalars(select(DeliveryAttempt.outcome).where(*of_it)).all()
        if DeliveryOutcome.DELIVERED not in outcomes:
            document.state, document.in_flight = State.READY, bool(outcomes)
            connection.execute(this.values(state=State.READY, sent_at=None))


def _missed(
    document: DocumentFile, after: Sequence[str], gone: Mapping[str, datetime], stands: TradeStanding
) -> dict[str, list[str | None]]:
    """What a paper was to wait for and has not come, though it was said to have: now, or by an earlier correction."""
    told = {name: [at.isoformat(timespec="minutes"), None] for name, at in gone.items() if name in after}
    earlier = {name: sides for name, sides in (document.corrected or {}).items() if name in after}
    return {name: sides for name, sides in (earlier | told).items() if name not in stands.milestones}


def _otherwise(document: DocumentFile, before: Fields, stands: Fields) -> dict[str, list[str | None]]:
    """What of a paper would be otherwise: what the correction changed, and what an earlier one did."""
    kept = {evidence["name"]: evidence["value"] for evidence in document.evidence}
    names = {name for name in {*before, *stands} if before.get(name) != stands.get(name)}
    names.update(document.corrected or ())
    return {name: [kept.get(name), stands.get(name)] for name in sorted(names) if kept.get(name) != stands.get(name)}


def _mend_paper(
    connection: Connection, trade_id: int, document: DocumentFile, otherwise: Corrected, now: datetime
) -> None:
    is_out = document.in_flight or not may(document.state, Doing.AMEND)
    if is_out and otherwise != (document.corrected or {}):
        connection.execute(update(Document).where(Document.id == document.id).values(corrected=otherwise or None))
    elif otherwise and not is_out:
        reopen(connection, [document], now)
