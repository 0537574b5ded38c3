"""Money in, tied to the trades it pays. What is certain is allocated; what is not waits for a person with candidates.

A remittance may pay one trade exactly, several at once (split), or a part of one (combined with others); banks deduct
fees, and some buyers pay in another currency.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from connectors.sdk.instants import BEIJING
from hub.iso_codes import minor_unit

FEES = Decimal("60")  # what banks on the way may take from one transfer without naming it, in the remittance's currency
FEES_SHARE = Decimal("0.2")  # a bigger part of what is owed is no fee, however small the sum: the rest is still to come
PARITY_SWING = Decimal("0.02")  # the payer's bank does not convert at the central parity
BEFORE, AFTER = r"(?<![0-9A-Za-z_-])(?<![0-9][.,/])", r"(?![0-9A-Za-z_-])(?![.,/][0-9])"
SAME_AMOUNT, SAME_PAYER, NAMED = Decimal("0.5"), Decimal("0.3"), Decimal("0.4")


class Owed(NamedTuple):
    """A trade that money is still expected for."""

    trade_id: int
    number: str
    order_number: str
    buyer: str
    currency: str
    outstanding: Decimal


@dataclass(frozen=True, slots=True)
class Credit:
    """A remittance, as matching sees it. `sent` is what the payer sent before fees that are known."""

    sent: Decimal
    currency: str
    payer: str
    remittance_information: str

    def names(self, *numbers: str) -> bool:
        """Whether the remittance information names one of these as a whole, in any case: `/INV/xc-7` names XC-7,
        `XC-7-2` does not.

        A number inside a date or an amount (7 in 2026/7, 500 in 1,500.00) is not named.
        """
        text = self.remittance_information.casefold()
        return any(
            number.casefold() in text
            and re.search(BEFORE + re.escape(number) + AFTER, self.remittance_information, re.IGNORECASE)
            for number in numbers
        )


def sent_of(remittance: Any) -> Decimal:
    """What the payer sent of a remittance's row, before fees that the bank names; those in another currency beside."""
    same = remittance.charges_currency in (None, remittance.currency)
    return Decimal(remittance.instructed_amount or remittance.amount + ((same and remittance.charges) or 0))


class Allocation(NamedTuple):
    """So much of the remittance (`amount`) covers so much of the trade (`covers`); `how` and how sure."""

    owed: Owed
    amount: Decimal
    covers: Decimal
    how: str
    score: Decimal


class Candidate(NamedTuple):
    """A trade that the remittance may be for; `why` names what speaks for it (`hub.errors.TERMS`)."""

    number: str
    score: Decimal
    why: list[str]


@dataclass(frozen=True, slots=True)
class Matching:
    """Allocations where the remittance is clear, candidates (best first) where it is not."""

    allocations: Sequence[Allocation] = ()
    candidates: Sequence[Candidate] = ()


def match(money: Credit, owed: Sequence[Owed], parities: Mapping[str, Decimal]) -> Matching:
    """Which trades a remittance pays. `parities`: yuan for one unit of a currency."""
    named = [one for one in owed if money.names(one.number, one.order_number)]
    for rule in (_one_named, _several_named):
        allocations = rule(money, named, parities)
        if allocations:
            return Matching(allocations)
    return Matching(candidates=_candidates(money, owed, named))


def _one_named(money: Credit, named: Sequence[Owed], parities: Mapping[str, Decimal]) -> list[Allocation]:
    if len(named) != 1:
        return []
    (one,) = named
    if one.currency != money.currency:
        return _converted(money, one, parities)
    missing = one.outstanding - money.sent
    if missing == 0:
        return [Allocation(one, money.sent, one.outstanding, "exact", Decimal(1))]
    if 0 < missing <= _most_fees(one.outstanding):
        return [Allocation(one, money.sent, one.outstanding, "fees", Decimal("0.97"))]
    if missing > 0:
        return [Allocation(one, money.sent, money.sent, "combined", Decimal("0.95"))]
    return []  # more than is owed: a person decides what the rest is for


def _several_named(money: Credit, named: Sequence[Owed], parities: Mapping[str, Decimal]) -> list[Allocation]:
    if len(named) < 2 or {one.currency for one in named} != {money.currency}:
        return []
    total = sum((one.outstanding for one in named), Decimal(0))
    missing, largest = total - money.sent, max(named, key=lambda one: one.outstanding)
    if not 0 <= missing <= _most_fees(total) or missing >= largest.outstanding:
        return []
    return [
        Allocation(one, one.outstanding - (missing if one is largest else 0), one.outstanding, "split", Decimal("0.98"))
        for one in named
    ]


def _most_fees(owed: Decimal) -> Decimal:
    return min(FEES, owed * FEES_SHARE)


def _converted(money: Credit, one: Owed, parities: Mapping[str, Decimal]) -> list[Allocation]:
    """Paid in another currency: what it is worth by the parity must be what is owed, within the banks' swing."""
    if money.currency not in parities or one.currency not in parities:
        return []
    worth = (money.sent * parities[money.currency] / parities[one.currency]).quantize(
        minor_unit(one.currency), ROUND_HALF_UP
    )
    if abs(worth - one.outstanding) > one.outstanding * PARITY_SWING:
        return []
    return [Allocation(one, money.sent, one.outstanding, "currency", Decimal("0.95"))]


def _candidates(money: Credit, owed: Sequence[Owed], named: Sequence[Owed]) -> list[Candidate]:
    found = []
    for one in owed:
        reasons = {
            "same amount": SAME_AMOUNT * (one.currency == money.currency and one.outstanding == money.sent),
            "same payer": SAME_PAYER * (one.buyer.casefold() == money.payer.casefold()),
            "named in it": NAMED * (one in named),
        }
        score = min(sum(reasons.values(), Decimal(0)), Decimal("0.94"))
        if score:
            found.append(Candidate(one.number, score, [name for name, points in reasons.items() if points]))
    return sorted(found, key=lambda one: (-one.score, one.number))[:10]


@dataclass(frozen=True, slots=True)
class PaymentDue:
    """What is still to come in for a trade, in its currency, and by when."""

    due: datetime
    outstanding: Decimal
    overdue: bool


def payment_due(departed_at: datetime, owed: Decimal, covered: Decimal, now: datetime) -> PaymentDue:
    """Money from an export has to be in by 30 April of the year after it left (公告2026年第5号), by Beijing's clock."""
    year = departed_at.astimezone(BEIJING).year + 1
    due = datetime(year, 4, 30, 23, 59, 59, tzinfo=BEIJING).astimezone(UTC)
    outstanding = max(owed - covered, Decimal(0))
    return PaymentDue(due, outstanding, overdue=outstanding > 0 and now > due)
