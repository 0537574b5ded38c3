"""Which remittance the bank's basic information is about, and until when that remittance has to be declared.

A row and a remittance go together where bank reference, account, currency and amount are the same, and no other
row and no other remittance has them: anything else waits for a person. The 申报号码 is the bank's; nobody here
makes one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, or_, select, update

from connectors.sdk.states import HAVING_IT
from hub.model import BasicInformation, Document, DocumentEvent, Remittance, RemittanceAllocation
from hub.model.row_states import RemittanceMatch
from hub.money.accounts import Owners
from hub.progress.advance import touch
from hub.working_days import within_working_days

HUB = "hub"
CHUNK = 500
WORKING_DAYS = 5
"""汇发〔2010〕22号 第三条: 涉外收入 is declared within five working days."""
NO_REFERENCE = frozenset({"NOTPROVIDED", "NONREF"})
"""What banks write where they have no reference (ISO 20022, SWIFT): it names nothing."""
BANK = slice(6, 10)
"""Where a 申报号码 has the bank's four-digit code: after the region, before the branch."""
ORGANIZATION = slice(8, 17)
"""Where a 统一社会信用代码 has the nine characters of the old 组织机构代码, by which some banks still know a firm."""


class DeclarationDue(NamedTuple):
    """By when a remittance has to be declared, and whether it was. See `hub.working_days.DueDay`."""

    due: datetime
    weekends_only: bool
    declared_at: datetime | None
    overdue: bool


def anything_to_weigh(connection: Connection) -> bool:
    return connection.scalar(select(BasicInformation.id).where(_fresh()).limit(1)) is not None


def pair(connection: Connection, payees: Owners, now: datetime) -> None:
    """Finds the remittance of each row that has none; lets go of the remittance of a row that no longer fits it.

    What stays alone is `unclear`: it is looked at again whenever a remittance or a row is new, and a person can decide.
    """
    _let_go(connection, payees)
    alone = connection.execute(
        select(BasicInformation.__table__).where(
            BasicInformation.remittance_id.is_(None), or_(BasicInformation.revoked.is_(False), _fresh())
        )
    ).all()
    live = [row for row in alone if not row.revoked]
    remittances = _unnumbered(connection, {row.bank_reference for row in live})
    found = {row.id: [one for one in remittances[row.bank_reference] if fits(row, one, payees)] for row in live}
    claimed = Counter(remittance.id for several in found.values() for remittance in several)
    for row in alone:
        match found.get(row.id):
            case [remittance] if claimed[remittance.id] == 1:
                tie(connection, row, remittance.id, HUB, now)
            case _:
                _leave(connection, row, payees)


def fits(row: Row[Any], remittance: Row[Any], payees: Owners) -> bool:
    """Whether a row can be about a remittance: reference, account, currency and amount (in whole units) are the same.

    And nothing says that another firm or another bank is meant.
    """
    same = (row.bank_reference, row.currency) == (remittance.bank_reference, remittance.currency)
    if not (same and remittance.account in accounts_of(row)):
        return False
    if not any(abs(amount - remittance.amount) < 1 for amount in _credited(row)):
        return False
    payee = payees.get(remittance.account) if remittance.enterprise_id is None else payees.of(remittance)
    if payee is None:
        return True
    known_as = row.payee_code in (None, payee.uscc, payee.uscc[ORGANIZATION])
    return known_as and row.report_number[BANK] == payee.bank_code


def tie(connection: Connection, row: Row[Any], remittance_id: int, by: str, now: datetime) -> None:
    """Writes down which remittance a row is about, and moves the trades on that it pays."""
    owner = select(Remittance.enterprise_id).where(Remittance.id == remittance_id).scalar_subquery()
    connection.execute(
        update(BasicInformation)
        .where(BasicInformation.id == row.id)
        .values(
            remittance_id=remittance_id,
            match=RemittanceMatch.MATCHED,
            matched_at=now,
            matched_by=by,
            weighed=row.digest,
            enterprise_id=func.coalesce(owner, BasicInformation.enterprise_id),
        )
    )
    _touch_trades(connection, remittance_id)


def accounts_of(row: Row[Any]) -> list[str]:
    """Where the money of a remittance went: what was kept, what was sold, what was neither."""
    return [one for one in (row.foreign_account, row.settled_account, row.other_account) if one]


def declaration_due_of(connection: Connection, row: Row[Any], now: datetime) -> DeclarationDue:
    """Until when the remittance of this row has to be declared: within five working days of the bank's information."""
    deadline = within_working_days(row.made_at, WORKING_DAYS)
    declared_at = connection.scalar(
        select(func.min(DocumentEvent.happened_at))
        .join(Document, Document.id == DocumentEvent.document_id)
        .where(DocumentEvent.source == row.source, DocumentEvent.about_value == row.report_number)
        .where(DocumentEvent.state.in_(HAVING_IT), Document.state.in_(HAVING_IT))
    )
    return DeclarationDue(*deadline, declared_at, overdue=(declared_at or now) > deadline.due)


def _fresh() -> Any:
    """The row is new, or the bank has changed it since it was weighed."""
    return or_(BasicInformation.weighed.is_(None), BasicInformation.weighed != BasicInformation.digest)


def _unnumbered(connection: Connection, references: Iterable[str]) -> defaultdict[str, list[Row[Any]]]:
    """The remittances without a number, by the bank's reference; what is no reference finds none."""
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    wanted = sorted({one for one in references if one not in NO_REFERENCE})
    numbered = select(BasicInformation.id).where(BasicInformation.remittance_id == Remittance.id).exists()
    counts = Remittance.match.not_in([RemittanceMatch.DOUBLE, RemittanceMatch.VOID])
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        chosen = select(Remittance.__table__).where(Remittance.bank_reference.in_(chunk), counts, ~numbered)
        for remittance in connection.execute(chosen.order_by(Remittance.id)):
            found[remittance.bank_reference].append(remittance)
    return found


def _let_go(connection: Connection, payees: Owners) -> None:
    """A number that was taken back is of no remittance; what the hub tied has to fit as the bank tells it now."""
    changed = connection.execute(
        select(BasicInformation.__table__).where(BasicInformation.remittance_id.is_not(None), _fresh())
    ).all()
    for row in changed:
        remittance = connection.execute(select(Remittance.__table__).where(Remittance.id == row.remittance_id)).one()
        stays = not row.revoked and (row.matched_by != HUB or fits(row, remittance, payees))
        kept: dict[str, Any] = {"weighed": row.digest}
        gone = {"remittance_id": None, "match": RemittanceMatch.UNCLEAR, "matched_at": None, "matched_by": None}
        connection.execute(
            update(BasicInformation).where(BasicInformation.id == row.id).values(kept if stays else kept | gone)
        )
        _touch_trades(connection, remittance.id)


def _leave(connection: Connection, row: Row[Any], payees: Owners) -> None:
    holder = next((payees[account].id for account in accounts_of(row) if account in payees), None)
    owner = holder if row.enterprise_id is None else row.enterprise_id
    values = {"match": RemittanceMatch.UNCLEAR, "weighed": row.digest, "enterprise_id": owner}
    if any(getattr(row, name) != value for name, value in values.items()):
        connection.execute(update(BasicInformation).where(BasicInformation.id == row.id).values(**values))


def _credited(row: Row[Any]) -> Iterator[Decimal]:
    """What reached the account: all that came in, or that less what the bank at home kept."""
    yield row.amount
    if row.home_charge and row.home_charge_currency == row.currency:
        yield row.amount - row.home_charge


def _touch_trades(connection: Connection, remittance_id: int) -> None:
    chosen = select(RemittanceAllocation.trade_id).where(RemittanceAllocation.remittance_id == remittance_id)
    touch(connection, connection.scalars(chosen).all())
