"""Consent: an enterprise lets a belt platform see its trades, for a purpose and a time, and reads who looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update

from hub.access.acts import Act
from hub.access.audit import write_audit
from hub.access.caller import Caller, Role
from hub.access.meant import require
from hub.access.visibility import visible
from hub.errors import HubError, NotFound
from hub.model import AccessEntry, Base, Consent, Consolidation, ConsolidationLine, Enterprise, Trade
from hub.model.row_states import LineState

BY_CONSENT = frozenset({Role.BELT})
"""Roles that see trades by consent and not otherwise."""
Shown = dict[type[Base], dict[int, Row[Any]]]
"""Rows that were shown, by table and id."""


def grant(
    connection: Connection, caller: Caller, enterprise_id: int, account: str, purpose: str, ends_at: datetime | None,
    now: datetime,
) -> int:  # fmt: skip
    """A consent to the account of this name, if there is one; its id. The access log repeats the purpose."""
    if not purpose.strip():
        raise HubError("PURPOSE_MISSING")
    consent_id: int = connection.execute(
        insert(Consent)
        .values(
            enterprise_id=enterprise_id,
            account=account,
            purpose=purpose.strip(),
            granted_at=now,
            ends_at=ends_at,
        )
        .returning(Consent.id)
    ).scalar_one()
    write_audit(connection, caller, "consent.grant", account, now, reason=purpose, enterprise_id=enterprise_id)
    return consent_id


def withdraw(connection: Connection, caller: Caller, consent_id: int, now: datetime) -> None:
    """Ends a consent at once. NotFound for somebody else's, or for one that is withdrawn already."""
    row = connection.execute(
        select(Consent.__table__)
        .where(Consent.id == consent_id, Consent.withdrawn_at.is_(None))
        .where(Consent.enterprise_id.in_(list(caller.mandates)))
        .with_for_update()
    ).one_or_none()
    missing = NotFound("consent", consent_id)
    if row is None:
        raise missing
    require(connection, caller, Act.OWN, row.enterprise_id, missing)
    connection.execute(update(Consent).where(Consent.id == consent_id).values(withdrawn_at=now))
    write_audit(
        connection, caller, "consent.withdraw", row.account, now, before={"purpose": row.purpose},
        enterprise_id=row.enterprise_id,
    )  # fmt: skip


def consent_in_force(connection: Connection, account: str, now: datetime) -> dict[int, int]:
    """Enterprise → consent under which an account may see its trades now."""
    rows = connection.execute(
        select(Consent.enterprise_id, Consent.id)
        .where(Consent.account == account, Consent.withdrawn_at.is_(None))
        .where(or_(Consent.ends_at.is_(None), Consent.ends_at > now))
        .order_by(Consent.id)
    )
    return {row.enterprise_id: row.id for row in rows}


def log_access(connection: Connection, caller: Caller, shown: Shown, operation: str, now: datetime) -> None:
    """Notes what of which enterprise a caller was shown by consent: rows by kind, and the trades that they are of."""
    consents = dict(caller.consents)
    wholes = _lines_shown(connection, caller, shown)
    trades = _trades(connection, shown, wholes)
    kinds: dict[int, Counter[str]] = {}
    numbers: dict[int, set[str]] = {}
    for table, rows in shown.items():
        for row in rows.values():
            those = [trades[one] for one in _trade_ids(table, row, wholes) if one in trades]
            for owner in {row.id} if table is Enterprise else {one.enterprise_id for one in those}:
                if owner in consents:
                    kinds.setdefault(owner, Counter())[table.__name__] += 1
                    mine = (one.number for one in those if one.enterprise_id == owner)
                    numbers.setdefault(owner, set()).update(mine)
    entries = [
        {
            "at": now,
            "enterprise_id": enterprise_id,
            "consent_id": consents[enterprise_id],
            "account": caller.name,
            "operation": operation[:100],
            "trades": len(numbers[enterprise_id]),
            "numbers": sorted(numbers[enterprise_id]),
            "shown": dict(counted),
        }
        for enterprise_id, counted in kinds.items()
    ]
    if entries:
        connection.execute(insert(AccessEntry), entries)


def _subject_id(table: type[Base], row: Row[Any]) -> Any:
    return row.id if table in (Trade, Consolidation) else row._mapping.get("subject_id")


def _trade_ids(table: type[Base], row: Row[Any], wholes: Mapping[int, set[int]]) -> set[Any]:
    """The trades that a row is, is of, or is about as a part of the whole that they are in."""
    if (trade_id := row._mapping.get("trade_id")) is not None:
        return {trade_id}
    subject_id = _subject_id(table, row)
    return wholes.get(subject_id, {subject_id})


def _lines_shown(connection: Connection, caller: Caller, shown: Shown) -> dict[int, set[int]]:
    """Consolidation, of those that rows are about → the trades in it that the caller sees."""
    ids = {_subject_id(table, row) for table, rows in shown.items() for row in rows.values()} - {None}
    line, found = ConsolidationLine, dict[int, set[int]]()
    chosen: Any = select(line.consolidation_id, line.trade_id).join(Trade, Trade.id == line.trade_id)
    chosen = chosen.where(line.consolidation_id.in_(ids), line.state != LineState.LEFT, visible(Trade, caller))
    for whole, trade_id in connection.execute(chosen):
        found.setdefault(whole, set()).add(trade_id)
    return found


def _trades(connection: Connection, shown: Shown, wholes: Mapping[int, set[int]]) -> dict[Any, Row[Any]]:
    """The trades that rows are, or are of."""
    ids = set[Any]().union(*(_trade_ids(table, row, wholes) for table, rows in shown.items() for row in rows.values()))
    chosen: Any = select(Trade.id, Trade.number, Trade.enterprise_id).where(Trade.id.in_(ids - {None}))
    return {row.id: row for row in connection.execute(chosen).all()}


def consent_given(connection: Connection, caller: Caller) -> Sequence[Row[Any]]:
    """The consents that a caller gave, or was given; the newest first."""
    mine: ColumnElement[bool] = Consent.enterprise_id.in_(caller.enterprises_for(Act.OWN))
    if caller.role in BY_CONSENT:
        mine = or_(mine, Consent.account == caller.name)
    return connection.execute(
        select(Consent.__table__, Enterprise.uscc.label("enterprise"))
        .join(Enterprise, Enterprise.id == Consent.enterprise_id)
        .where(mine)
        .order_by(Consent.id.desc())
    ).all()


def accesses(connection: Connection, caller: Caller, limit: int) -> Sequence[Row[Any]]:
    """Who saw what of the caller's enterprises by consent; the newest first."""
    return connection.execute(
        select(AccessEntry.__table__, Consent.purpose, Enterprise.uscc.label("enterprise"))
        .join(Consent, Consent.id == AccessEntry.consent_id)
        .join(Enterprise, Enterprise.id == AccessEntry.enterprise_id)
        .where(AccessEntry.enterprise_id.in_(caller.enterprises_for(Act.OWN)))
        .order_by(AccessEntry.at.desc(), AccessEntry.id.desc())
        .limit(limit)
    ).all()
