"""A person says what else nobody knows of a remittance's declaration: whose the number is, and what completes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields
from sqlalchemy import Connection, Row, select, update

from connectors.sdk.instants import day_of
from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import write_audit
from hub.access.caller import Caller
from hub.access.meant import refusal
from hub.access.visibility import visible
from hub.dossiers.dossier import DocumentFile, Dossier
from hub.dossiers.loading import open_dossiers
from hub.entry.amend import places_named
from hub.entry.entry_schema import COUNTRY, Strict
from hub.entry.reading import problems_of
from hub.entry.value_fields import CodeField, Words, one_of
from hub.errors import EntryRefused, HubError, NotFound
from hub.model import Base, BasicInformation, Remittance, RemittanceAllocation
from hub.model.turns import take_turn
from hub.money.allocations import ALLOCATING
from hub.money.basic_information import tie
from hub.papers.desk import Desk
from hub.progress.advance import advance, lock
from hub.progress.persist import reopen

DECLARATION = "remittance_declaration"
"""Role of the paper by which a remittance is declared."""


class Completion(Strict):
    """What the enterprise completes of a declaration (申报信息); what is left out follows from the trades.

    `country` of the payer is ISO 3166-1 alpha-2; `paymentType` is A (预收货款), R (退款) or O (other);
    `transactionCode` has six digits; `approvalNumber` (BILLNO) is N/A where a capital transaction has none. An empty
    value takes back what was said before.
    """

    country = CodeField(validate=COUNTRY, allow_none=True)
    payment_type = CodeField(validate=one_of("A", "R", "O"), allow_none=True, data_key="paymentType")
    transaction_code = CodeField(r"[0-9]{6}", "transaction code", allow_none=True, data_key="transactionCode")
    remark = Words(50, allow_none=True)
    bonded = fields.Boolean(allow_none=True)
    approval_number = Words(50, allow_none=True, data_key="approvalNumber")


COMPLETION = Completion()


def match_number(
    connection: Connection, caller: Caller, information_id: int, remittance_id: int, reason: str, now: datetime
) -> None:
    """Says of which remittance the bank's number is, whatever they have in common. It is said once; staff give a
    reason.

    NUMBER_TAKEN, NUMBER_REVOKED or REMITTANCE_NUMBERED where it cannot be.
    """
    _may(caller, reason)
    take_turn(connection, ALLOCATING)
    row = _one(connection, caller, BasicInformation, information_id, "basic information")
    remittance = _one(connection, caller, Remittance, remittance_id, "money")
    if row.enterprise_id is not None and row.enterprise_id != remittance.enterprise_id:
        raise NotFound("money", remittance_id)  # another of those that the caller acts for
    must_act(connection, caller, remittance.enterprise_id)
    if row.remittance_id is not None:
        raise HubError("NUMBER_TAKEN", number=row.report_number, remittance=row.remittance_id)
    if row.revoked:
        raise HubError("NUMBER_REVOKED", number=row.report_number)
    other = connection.scalar(
        select(BasicInformation.report_number).where(BasicInformation.remittance_id == remittance.id)
    )
    if other:
        raise HubError("REMITTANCE_NUMBERED", number=other)
    tie(connection, row, remittance.id, caller.name, now)
    write_audit(
        connection,
        caller,
        "remittance.number",
        remittance.id,
        now,
        reason=reason,
        before={"number": row.report_number},
        enterprise_id=remittance.enterprise_id,
    )


def complete(
    connection: Connection, desk: Desk, caller: Caller, remittance_id: int, typed: Mapping[str, Any], reason: str
) -> None:
    """Completes the declaration of a remittance; one that was made goes out anew, as a change where the bank has it.

    Nothing typed: it is made again of what is known now. EntryRefused lists what is wrong; IN_FLIGHT while it is sent.
    """
    _may(caller, reason)
    try:
        said = COMPLETION.load(dict(typed))
    except ValidationError as error:
        raise EntryRefused(problems_of(error, COMPLETION)) from None
    take_turn(connection, ALLOCATING)
    remittance = _one(connection, caller, Remittance, remittance_id, "money")
    must_act(connection, caller, remittance.enterprise_id)
    standing = RemittanceAllocation.remittance_id == remittance.id, RemittanceAllocation.undone_at.is_(None)
    chosen = select(RemittanceAllocation.trade_id).where(*standing)
    trade_ids = sorted(connection.scalars(chosen).all())
    if not trade_ids:
        raise HubError("REMITTANCE_UNMATCHED")
    lock(connection, trade_ids)
    dossiers = open_dossiers(connection, trade_ids, day_of(desk.now()))
    papers = [(dossier, _papers(dossier, remittance.id, desk)) for dossier in dossiers]
    moving = [one.kind for _, found in papers for one in found if one.is_moving]
    if moving:
        raise HubError("IN_FLIGHT", **places_named(moving, desk))
    before = remittance.completion or {}
    connection.execute(
        update(Remittance).where(Remittance.id == remittance.id).values(completion=(before | said) or None)
    )
    for _, found in papers:
        reopen(connection, found, desk.now())
    write_audit(
        connection, caller, "remittance.complete", remittance.id, desk.now(), reason=reason, before=before,
        enterprise_id=remittance.enterprise_id,
    )  # fmt: skip
    advance(connection, trade_ids, desk)


def _papers(dossier: Dossier, remittance_id: int, desk: Desk) -> list[DocumentFile]:
    """The declaration of a remittance among the papers of a trade, where it has begun."""
    return [
        one
        for one in dossier.documents.values()
        if desk.role(one.kind) == DECLARATION
        and one.part < len(dossier.remittances)
        and dossier.remittances[one.part].paid.id == remittance_id
        and (one.has_paper or one.attention)
    ]


def _may(caller: Caller, reason: str) -> None:
    caller.must("match remittances")
    if caller.is_staff and not reason.strip():
        raise HubError("REASON_MISSING")


def _one(connection: Connection, caller: Caller, table: type[Base], id_: int, what: str) -> Row[Any]:
    columns = table.__table__
    row = connection.execute(
        select(columns).where(columns.c.id == id_, visible(table, caller)).with_for_update()
    ).one_or_none()
    if row is None:
        raise refusal(connection, caller, Act.MONEY, table, id_, NotFound(what, id_))
    return row
