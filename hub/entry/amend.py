"""Amending and cancelling: one field is mended, and only the papers that it reaches go out again, in a new version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from connectors.sdk.characters import UNWRITABLE
from connectors.sdk.instants import day_of
from connectors.sdk.paper_json import read_content
from connectors.sdk.states import Doing, State, accepted, may
from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import LONGEST_REASON, write_audit
from hub.access.caller import Caller
from hub.access.meant import require
from hub.access.visibility import visible
from hub.consolidations.aboard import restate_lines
from hub.dossiers.dossier import DocumentFile, Dossier, Found
from hub.dossiers.loading import live_lines, open_dossiers
from hub.entry.accept import Accepted, surroundings
from hub.entry.entry_schema import TRADE_ENTRY
from hub.entry.insert import replace_lines, trade_columns
from hub.entry.parcels import parcel_of, parcel_taken, taken
from hub.entry.paths import apply_changes, changed_paths, general
from hub.entry.precheck import precheck
from hub.entry.reading import read_entry
from hub.errors import EntryProblem, HubError, NotFound
from hub.model import ConsolidationLine, Database, Trade, TradeVersion
from hub.model.row_states import UNDER_WAY, Occasion
from hub.money.remittances import reopen_unclear
from hub.papers.derivation import derive
from hub.papers.desk import Desk
from hub.papers.drafting import draft
from hub.progress.advance import advance, lock, touch
from hub.progress.boarding import take_off
from hub.progress.persist import newest_paper, reopen
from hub.progress.recall import can_change, says_otherwise
from hub.rules.judging import blocking
from hub.rules.kept_verdicts import keep_whole


def amend(
    database: Database, desk: Desk, caller: Caller, number: str, version: int, changes: Sequence[tuple[str, str]]
) -> Accepted:
    """Changes single places of a trade; the answer is as for entering. Errors say what stands in the way."""
    with database.read() as connection:
        _, _, entry = _seen(connection, caller, number)
    typed, problems = apply_changes(entry, changes)
    if problems:
        return Accepted(problems=problems)
    return amend_whole(database, desk, caller, number, version, typed)


def amend_whole(database: Database, desk: Desk, caller: Caller, number: str, version: int, typed: Any) -> Accepted:
    """Replaces what was typed of a trade by another whole entry."""
    caller.must("enter")
    with database.read() as connection:
        around = surroundings(connection, desk, [typed])
        (stored,) = open_dossiers(connection, [_seen(connection, caller, number)[0]], day_of(around.now))
    entry, verdicts = read_entry(typed, around, desk.anchors(stored))
    if entry is None or blocking(verdicts):
        return Accepted(problems=blocking(verdicts))
    with database.write() as connection:
        trade_id, dossier = _locked(connection, desk, caller, number)
        _refuse_if_over(dossier, version)
        before, kept = dossier.entry, TRADE_ENTRY.dump(entry)
        changed = changed_paths(before, kept)
        if not changed:
            raise HubError("NOTHING_CHANGED")
        if fixed := sorted(_fixed(dossier, kept, desk).intersection(changed)):
            return Accepted(problems=[EntryProblem(path, "PAST_RECALL", {"papers": path}) for path in fixed])
        dossier.entry, dossier.shelf = kept, around.shelf
        problems = precheck(dossier, desk)
        if taken(connection, [parcel_of(entry, dossier.enterprise)], but=trade_id):
            problems = [*problems, parcel_taken(entry)]
        if problems:
            return Accepted(problems=problems)
        reached = _reached(dossier, desk, changed)
        if renamed := [one for one in reached if renames(connection, one, dossier, desk)]:
            raise HubError("PAST_RECALL", **places_named([one.kind for one in renamed], desk))
        _rewrite(connection, dossier, before, entry, changed, caller, desk)
        replace_lines(connection, trade_id, entry)
        dossier.version += 1
        keep_whole(connection, [dossier], desk, Occasion.AMENDED, desk.now())
        reopen(connection, reached, desk.now())
        reopen_unclear(connection, dossier.enterprise["id"])
        restate_lines(connection, trade_id)
        _refuse_past(connection, dossier, desk)
        advance(connection, [trade_id], desk)
    return Accepted(number=number)


def cancel(database: Database, desk: Desk, caller: Caller, number: str, reason: str) -> None:
    """Takes a trade back: it leaves what it is in, and what an authority has is withdrawn, the last paper first."""
    caller.must("enter")
    if not reason.strip():
        raise HubError("REASON_MISSING")
    if UNWRITABLE.search(reason.strip()):  # no paper could hold it
        raise HubError("REASON_UNFIT", most=LONGEST_REASON)
    with database.write() as connection:
        trade_id, dossier = _locked(connection, desk, caller, number)
        _refuse_if_over(dossier, dossier.version)
        if "departed" in dossier.milestones or dossier.departed() is not None:  # the latter may be news of just now
            raise HubError("DEPARTED")
        closed = [one.kind for one in dossier.documents.values() if one.state is State.DONE and desk.is_final(one.kind)]
        if closed:
            raise HubError("RELEASED", **places_named(closed, desk))
        now = desk.now()
        connection.execute(
            update(Trade).where(Trade.id == trade_id).values(cancel_requested_at=now, cancel_reason=reason.strip())
        )
        write_audit(
            connection, caller, "trade.cancel", number, now, reason=reason, before={"state": dossier.state},
            enterprise_id=dossier.enterprise["id"],
        )  # fmt: skip
        wholes = open_dossiers(connection, [held.id for held in dossier.aboard], day_of(now))
        for whole in wholes:
            take_off(connection, whole, dossier, "cancelled", caller, desk, now)
        touch(connection, [held.id for held in dossier.aboard])
        advance(connection, [trade_id], desk)


def _fixed(dossier: Dossier, entry: Found, desk: Desk) -> set[str]:
    """What cannot be amended: what the trade is known by, and what chooses its papers where others would be due."""
    fixed = {"orderNumber", "mode"}
    due, other = ({row.kind for row in desk.asked(one)} for one in (dossier, replace(dossier, entry=entry)))
    return fixed if due == other else fixed.union(path for row in desk.plan.rows for path in row.only)


def _locked(connection: Connection, desk: Desk, caller: Caller, number: str) -> tuple[int, Dossier]:
    """The trade's id, and its dossier as it stays until the transaction ends."""
    trade_id, enterprise_id, _ = _seen(connection, caller, number)
    must_act(connection, caller, enterprise_id)
    aboard = live_lines(connection, ConsolidationLine.trade_id == trade_id)
    lock(connection, sorted({trade_id, *(consolidation_id for consolidation_id, _ in aboard)}))
    (dossier,) = open_dossiers(connection, [trade_id], day_of(desk.now()))
    return trade_id, dossier


def _seen(connection: Connection, caller: Caller, number: str) -> Row[int, int, dict[str, Any]]:
    """The trade's id, whose it is, and what was typed; NotFound where the caller does not see it."""
    chosen = select(Trade.id, Trade.enterprise_id, Trade.entry).where(Trade.number == number, visible(Trade, caller))
    row = connection.execute(chosen).one_or_none()
    missing = NotFound("trade", number)
    if row is None:
        raise missing
    require(connection, caller, Act.AMEND, row[1], missing)
    return row


def _refuse_if_over(dossier: Dossier, version: int) -> None:
    if dossier.state not in UNDER_WAY or dossier.cancelling:
        raise HubError("TRADE_OVER", state="cancelling" if dossier.state in UNDER_WAY else dossier.state)
    if dossier.version != version:
        raise HubError("VERSION_STALE", current=dossier.version, given=version)


def _reached(dossier: Dossier, desk: Desk, changed: Iterable[str]) -> list[DocumentFile]:
    """The papers that the change reaches. PAST_RECALL or IN_FLIGHT where one of them cannot be changed."""
    paths = {general(path) for path in changed}
    reached = [
        document
        for document in dossier.documents.values()
        if (document.has_paper or document.attention) and _is_reached(document, paths, desk)
    ]
    waiting = _waiting_again(reached, dossier, desk)
    _refuse_fixed(reached, waiting, dossier, desk)
    return reached + waiting


def _refuse_past(connection: Connection, dossier: Dossier, desk: Desk) -> None:
    """The same of the papers of the consolidations that an amended trade is in: they would say something else now."""
    for whole in open_dossiers(connection, [held.id for held in dossier.aboard], day_of(desk.now())):
        written = [one for one in whole.documents.values() if one.has_paper and one.state is not State.CANCELLED]
        _refuse_fixed([one for one in written if says_otherwise(one, whole, desk)], [], whole, desk)


def _refuse_fixed(
    reached: Sequence[DocumentFile], waiting: Sequence[DocumentFile], dossier: Dossier, desk: Desk
) -> None:
    moving = [one for one in (*reached, *waiting) if one.is_moving]
    if moving:
        raise HubError("IN_FLIGHT", **places_named([one.kind for one in moving], desk))
    past = [one for one in reached if not can_change(one, dossier, desk)]
    if past:
        raise HubError("PAST_RECALL", **places_named([one.kind for one in past], desk))


def renames(connection: Connection, document: DocumentFile, dossier: Dossier, desk: Desk) -> bool:
    """Whether the authority has the paper under what would no longer be its name: it could not find what to change."""
    if not document.is_held:
        return False
    derivation, names = desk.derivations[document.kind], desk.served[document.authority][document.kind].references
    derived = derive(derivation, dossier, document.part)
    if derived.missing:
        return False
    new = draft(document, derived, desk)
    head, lines = read_content(derivation.schema, newest_paper(connection, document).content)
    return names(replace(new, head=head, lines=lines)) != names(new)


def _waiting_again(reached: Sequence[DocumentFile], dossier: Dossier, desk: Desk) -> list[DocumentFile]:
    """Papers that are ready because one was taken that now begins anew; the authority would miss what they name."""
    undone = {accepted(one.kind) for one in reached if one.sent_at is not None}
    kinds = {row.kind for row in desk.due(dossier) if undone.intersection(row.after)}
    ready = [one for one in dossier.documents.values() if one.kind in kinds and may(one.state, Doing.SEND)]
    return [one for one in ready if one not in reached]


def places_named(kinds: Sequence[str], desk: Desk) -> dict[str, str]:
    """Papers by name, as the words of an error want them."""
    zh, en = ([desk.kind_name(kind, language) for kind in kinds] for language in ("zh", "en"))
    return {"papers": "、".join(zh), "papers_en": ", ".join(en)}


def _is_reached(document: DocumentFile, changed: set[str], desk: Desk) -> bool:
    """What a paper says whose kind nobody declares any more is not known: any change may reach it."""
    known = desk.derivations.get(document.kind)
    return known is None or _touches(known.entry_paths(), changed)


def _touches(read: set[str], changed: set[str]) -> bool:
    """A derivation reads `goods[].name.zh`; adding a whole line changes every path under it."""
    return any(one == path or path.startswith(f"{one}.") for one in read for path in changed)


def _rewrite(
    connection: Connection, dossier: Dossier, before: Found, entry: dict[str, Any], changed: list[str], caller: Caller,
    desk: Desk,
) -> None:  # fmt: skip
    """Keeps what had been typed, and writes what is typed now."""
    now = desk.now()
    connection.execute(
        insert(TradeVersion).values(
            trade_id=dossier.trade_id, version=dossier.version, entry=before, changed=changed,
            amended_by=caller.name, amended_at=now,
        )
    )  # fmt: skip
    connection.execute(
        update(Trade)
        .where(Trade.id == dossier.trade_id)
        .values(
            **trade_columns(entry, dossier.entry, dossier.enterprise),
            version=dossier.version + 1,
            typed_again=dossier.typed_again + len(changed),
        )
    )
    write_audit(
        connection, caller, "trade.amend", dossier.number, now,
        before={"version": dossier.version, "changed": changed}, enterprise_id=dossier.enterprise["id"],
    )  # fmt: skip
