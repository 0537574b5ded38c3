"""Whose a bank account is: whoever was approved with it first holds it, whatever others register later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from unicodedata import normalize

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update
from sqlalchemy.orm import aliased

from hub.model import AccountClaim, Enterprise
from hub.model.row_states import ClaimState
from hub.model.turns import take_turn
from hub.model.upsert import insert_new

COUNTING = (ClaimState.FORMER, ClaimState.HELD)
LONGEST = 40
ENDS = 4
"""Characters of an account that are shown where it is masked."""


class Owner(NamedTuple):
    """The enterprise that a bank account belongs to."""

    id: int
    uscc: str
    bank_code: str


class Owners(Mapping[str, Owner]):
    """Enterprises by the accounts that they hold, however an account is spelled."""

    def __init__(self, held: Mapping[str, Owner], registered: Mapping[int, Owner]) -> None:
        self._held, self._registered = held, registered

    def __getitem__(self, account: str) -> Owner:
        return self._held[normal(account)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def of(self, money: Row[Any]) -> Owner | None:
        """Whose a remittance or an advice is: what has an owner keeps it, whoever holds the account by now."""
        return self.get(money.account) if money.enterprise_id is None else self._registered.get(money.enterprise_id)


def normal(account: str) -> str:
    """An account as it is compared: without blanks and hyphens, in half-width capitals."""
    return "".join(filter(str.isalnum, normalize("NFKC", account))).upper()[:LONGEST]


def masked(account: str) -> str:
    return f"•••{account[-ENDS:]}" if len(account) > 2 * ENDS else "•••"


def owners(connection: Connection) -> Owners:
    """Who holds which account. Registering one is no proof: it counts once approved."""
    rows = connection.execute(select(Enterprise.id, Enterprise.uscc, Enterprise.partners, Enterprise.approved_at)).all()
    known = {row.id: Owner(row.id, row.uscc, (row.partners.get("bank") or {}).get("code", "")) for row in rows}
    approved = {row.id for row in rows if row.approved_at is not None}
    claims = select(AccountClaim.account, AccountClaim.enterprise_id).order_by(AccountClaim.decided_at, AccountClaim.id)
    held: dict[str, Owner] = {}
    for state in COUNTING:  # who holds an account now goes before who had it
        for row in connection.execute(claims.where(AccountClaim.state == state)):
            if row.enterprise_id in approved:
                held[row.account] = known[row.enterprise_id]
    return Owners(held, known)


def holder(connection: Connection, account: str) -> int | None:
    """The id of the enterprise that holds an account."""
    return connection.scalar(
        select(AccountClaim.enterprise_id).where(
            AccountClaim.account == normal(account), AccountClaim.state == ClaimState.HELD
        )
    )


def waiting_claims(connection: Connection, *which: ColumnElement[bool], limit: int | None = None) -> Sequence[Row[Any]]:
    """Claims that staff decide on, oldest first: each with `enterprise` (USCC) and `name_zh` of who claims the account,

    and `holder` and `holder_name_zh` of who holds it.
    """
    held, by = aliased(AccountClaim), aliased(Enterprise)
    return connection.execute(
        select(
            AccountClaim.__table__,
            Enterprise.uscc.label("enterprise"),
            Enterprise.name_zh,
            by.uscc.label("holder"),
            by.name_zh.label("holder_name_zh"),
        )
        .join(Enterprise, Enterprise.id == AccountClaim.enterprise_id)
        .outerjoin(held, and_(held.account == AccountClaim.account, held.state == ClaimState.HELD))
        .outerjoin(by, by.id == held.enterprise_id)
        .where(AccountClaim.state == ClaimState.WAITING, *which)
        .order_by(AccountClaim.id)
        .limit(limit)
    ).all()


def claim_account(connection: Connection, enterprise_id: int, account: str, now: datetime) -> bool:
    """An approved enterprise has this account from now on; its earlier one becomes its former one.

    False where somebody else holds it: then the claim waits for staff, and nothing changes for who has it.
    """
    mine = AccountClaim.enterprise_id == enterprise_id
    wanted = normal(account)
    await_account_turn(connection, wanted)
    same = mine, AccountClaim.account == wanted
    for state, left in ((ClaimState.HELD, ClaimState.FORMER), (ClaimState.WAITING, ClaimState.ENDED)):
        others = update(AccountClaim).where(mine, AccountClaim.state == state, AccountClaim.account != wanted)
        connection.execute(others.values(state=left, decided_at=now))
    standing = connection.scalar(
        select(AccountClaim.state).where(*same, AccountClaim.state.in_([ClaimState.HELD, ClaimState.WAITING]))
    )
    if standing is None and wanted:
        connection.execute(update(AccountClaim).where(*same).values(state=ClaimState.ENDED))
        standing = _insert(connection, enterprise_id, wanted, now)
    return standing == ClaimState.HELD


def await_account_turn(connection: Connection, account: str) -> None:
    """Waits until nobody else decides whose an account is; `account` as `normal` writes it."""
    take_turn(connection, f"account/{account}")


def _insert(connection: Connection, enterprise_id: int, account: str, now: datetime) -> ClaimState:
    values = {"enterprise_id": enterprise_id, "account": account, "claimed_at": now}
    for state in (ClaimState.HELD, ClaimState.WAITING):
        new = insert_new(connection, AccountClaim).values(**values, state=state).returning(AccountClaim.id)
        if connection.scalar(new) is not None:
            return state
    raise AssertionError("a claim that waits meets no other")
