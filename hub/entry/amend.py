"""Amending and cancelling: one field is mended, and only the papers that it reaches go out again, in a new version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from connectors.sdk.characters import UNWRITABLE
from connectors.sdk.moments import day_of
from connectors.sdk.states import HAVING_IT, MAY_AMEND, State, accepted
from connectors.sdk.written import read_content
from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import LONGEST_REASON, record
from hub.access.caller import Caller
from hub.access.meant import require
from hub.access.visibility import visible
from hub.entry.accept import Accepted, surroundings
from hub.entry.insert import replace_lines, trade_columns
from hub.entry.parcels import parcel_of, parcel_taken, taken
from hub.entry.paths import apply_changes, changed_paths, general
from hub.entry.precheck import precheck
from hub.entry.read import read_entry
from hub.entry.schema import TRADE_ENTRY
from hub.errors import EntryProblem, HubError, NotFound
from hub.model import Database, Trade, TradeVersion
from hub.model.states import TradeState
from hub.share.advance import advance, lock
from hub.share.archive import open_dossiers
from hub.share.decide import draft
from hub.share.desk import Desk
from hub.share.dossier import DocumentFile, Dossier
from hub.share.plan import FINAL, RECALL
from hub.share.receipts import reopen_unclear
from hub.share.record import newest_paper, reopen
from hub.share.sheet import derive

OVER = (TradeState.FINISHED, TradeState.CANCELLED)


def amend(
    database: Database, desk: Desk, caller: Caller, number: str, version: int, changes: Sequence[tuple[str, str]]
) -> Accepted:
    """Changes single places of a trade; the answer is as for entering. Errors say what stands in the way."""
    with database.read() as connection:
        trade = _trade(connection, caller, number)
    typed, problems = apply_changes(trade["entry"], changes)
    if problems:
        return Accepted(problems=problems)
    return amend_whole(database, desk, caller, number, version, typed)


def amend_whole(database: Database, desk: Desk, caller: Caller, number: str, version: int, typed: Any) -> Accepted:
    """Replaces what was typed of a trade by another whole entry."""
    caller.must("enter")
    with database.read() as connection:
        around = surroundings(connection, desk, [typed])
    entry, problems = read_entry(typed, around)
    if entry is None or problems:
        return Accepted(problems=problems)
    with database.write() as connection:
        trade = _locked(connection, caller, number)
        _refuse_if_over(trade, version)
        (dossier,) = open_dossiers(connection, [trade["id"]], day_of(around.now))
        kept = TRADE_ENTRY.dump(entry)
        changed = changed_paths(trade["entry"], kept)
        if not changed:
            raise HubError("NOTHING_CHANGED")
        chosen_by = {"orderNumber", "mode", *(path for row in desk.plan.rows for path in row.only)}
        if fixed := sorted(chosen_by.intersection(changed)):
            return Accepted(problems=[EntryProblem(path, "PAST_RECALL", {"papers": path}) for path in fixed])
        dossier.entry, dossier.shelf = kept, around.shelf
        problems = precheck(dossier, desk)
        if taken(connection, [parcel_of(entry, dossier.enterprise)], but=trade["id"]):
            problems = [*problems, parcel_taken(entry)]
        if problems:
            return Accepted(problems=problems)
        reached = _reached(dossier, desk, changed)
        if renamed := [one for one in reached if renames(connection, one, dossier, desk)]:
            raise HubError("PAST_RECALL", **named([one.kind for one in renamed], desk))
        _rewrite(connection, dossier, trade, entry, kept, changed, caller, desk)
        reopen(connection, trade["id"], reached, desk.now())
        reopen_unclear(connection, trade["enterprise_id"])
        advance(connection, [trade["id"]], desk)
    return Accepted(number=number)


def cancel(database: Database, desk: Desk, caller: Caller, number: str, reason: str) -> None:
    """Takes a trade back: what an authority has is withdrawn, in the reverse order in which it was sent."""
    caller.must("enter")
    if not reason.strip():
        raise HubError("REASON_MISSING")
    if UNWRITABLE.search(reason.strip()):  # no paper could hold it
        raise HubError("REASON_UNFIT", most=LONGEST_REASON)
    with database.write() as connection:
        trade = _locked(connection, caller, number)
        _refuse_if_over(trade, trade["version"])
        (dossier,) = open_dossiers(connection, [trade["id"]], day_of(desk.now()))
        if "departed" in dossier.milestones:
            raise HubError("DEPARTED")
        closed = [kind for kind in FINAL if kind in dossier.documents and dossier.documents[kind].state is State.DONE]
        if closed:
            raise HubError("RELEASED", **named(closed, desk))
        now = desk.now()
        connection.execute(
            update(Trade).where(Trade.id == trade["id"]).values(cancel_requested_at=now, cancel_reason=reason.strip())
        )
        record(
            connection, caller, "trade.cancel", number, now, reason=reason, before={"state": trade["state"]},
            enterprise_id=trade["enterprise_id"],
        )  # fmt: skip
        advance(connection, [trade["id"]], desk)


def _locked(connection: Connection, caller: Caller, number: str) -> Mapping[str, Any]:
    """The trade as it stays until the transaction ends."""
    seen = _trade(connection, caller, number)
    must_act(connection, caller, seen["enterprise_id"])
    lock(connection, [seen["id"]])
    return _trade(connection, caller, number)


def _trade(connection: Connection, caller: Caller, number: str) -> Mapping[str, Any]:
    chosen = select(Trade.__table__).where(Trade.number == number, visible(Trade, caller))
    row = connection.execute(chosen).mappings().one_or_none()
    missing = NotFound("trade", number)
    if row is None:
        raise missing
    require(connection, caller, Act.AMEND, row["enterprise_id"], missing)
    return dict(row)


def _refuse_if_over(trade: Mapping[str, Any], version: int) -> None:
    if trade["state"] in OVER or trade["cancel_requested_at"]:
        raise HubError("TRADE_OVER", state=trade["state"] if trade["state"] in OVER else "cancelling")
    if trade["version"] != version:
        raise HubError("VERSION_STALE", current=trade["version"], given=version)


def _reached(dossier: Dossier, desk: Desk, changed: Iterable[str]) -> list[DocumentFile]:
    """The papers that the change reaches. PAST_RECALL or IN_FLIGHT where one of them cannot be changed."""
    paths = {general(path) for path in changed}
    reached = [
        document
        for document in dossier.documents.values()
        if (document.has_paper or document.attention) and _touches(desk.sheets[document.kind].entry_paths(), paths)
    ]
    waiting = _waiting_again(reached, dossier, desk)
    moving = [one for one in reached + waiting if one.in_flight or one.state is State.SENT]
    if moving:
        raise HubError("IN_FLIGHT", **named([one.kind for one in moving], desk))
    past = [one for one in reached if not can_change(one, dossier)]
    if past:
        raise HubError("PAST_RECALL", **named([one.kind for one in past], desk))
    return reached + waiting


def renames(connection: Connection, document: DocumentFile, dossier: Dossier, desk: Desk) -> bool:
    """Whether the authority has the paper under what would no longer be its name: it could not find what to change."""
    if not (document.taken or document.state in HAVING_IT):
        return False
    schema, names = desk.schemas[document.kind], desk.documents[document.kind].references
    derived = derive(desk.sheets[document.kind], schema, dossier, document.part)
    if derived.missing:
        return False
    new = draft(document, derived, desk)
    head, lines = read_content(schema, newest_paper(connection, document).content)
    return names(replace(new, head=head, lines=lines)) != names(new)


def _waiting_again(reached: Sequence[DocumentFile], dossier: Dossier, desk: Desk) -> list[DocumentFile]:
    """Papers that are ready because one was taken that now begins anew; the authority would miss what they name."""
    undone = {accepted(one.kind) for one in reached if one.sent_at is not None}
    kinds = {row.kind for row in desk.plan.due(dossier.mode, dossier.entry) if undone.intersection(row.after)}
    ready = [one for one in dossier.documents.values() if one.kind in kinds and one.state is State.READY]
    return [one for one in ready if one not in reached]


def named(kinds: Sequence[str], desk: Desk) -> dict[str, str]:
    """Papers by name, as the words of an error want them."""
    zh, en = ([desk.kind_name(kind, language) for kind in kinds] for language in ("zh", "en"))
    return {"papers": "、".join(zh), "papers_en": ", ".join(en)}


def _touches(read: set[str], changed: set[str]) -> bool:
    """A sheet reads `goods[].name.zh`; adding a whole line changes every path under it."""
    return any(one == path or path.startswith(f"{one}.") for one in read for path in changed)


def can_change(document: DocumentFile, dossier: Dossier) -> bool:
    """Whether a new version of a paper may go out: its authority has none, or takes a change of it."""
    if document.state in MAY_AMEND:
        return True
    blockers = RECALL.get(document.kind)
    if blockers is None or document.state not in HAVING_IT:
        return False
    taken = {one.kind for one in dossier.documents.values() if one.state in HAVING_IT or one.state is State.SENT}
    return taken.isdisjoint(blockers)


def _rewrite(
    connection: Connection, dossier: Dossier, trade: Mapping[str, Any], entry: dict[str, Any], kept: dict[str, Any],
    changed: list[str], caller: Caller, desk: Desk,
) -> None:  # fmt: skip
    """Keeps what had been typed, and writes what is typed now."""
    now = desk.now()
    connection.execute(
        insert(TradeVersion).values(
            trade_id=trade["id"], version=trade["version"], entry=trade["entry"], changed=changed,
            amended_by=caller.name, amended_at=now,
        )
    )  # fmt: skip
    digest = hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    connection.execute(
        update(Trade)
        .where(Trade.id == trade["id"])
        .values(
            **trade_columns(entry, kept, dossier.enterprise),
            digest=digest,
            version=trade["version"] + 1,
            typed_again=trade["typed_again"] + len(changed),
        )
    )
    replace_lines(connection, trade["id"], entry)
    record(
        connection, caller, "trade.amend", trade["number"], now,
        before={"version": trade["version"], "changed": changed}, enterprise_id=trade["enterprise_id"],
    )  # fmt: skip
