"""Amounts: of an entry, of the transactions in it, of charges; always with their currency."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from connectors.forex.camt.fields import Element, element_said, find, find_all, text, truth
from connectors.sdk import BadData
from connectors.sdk.currencies import is_currency, minor_unit, places

DECIMAL = re.compile(r"\+?(\d{1,18}(\.\d*)?|\.\d+)", re.ASCII)
OF_ONE = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/AnncdPstngAmt/Amt")
"""Where a transaction says what it brought, the best first; what is in another currency than the entry is passed by."""
OF_SEVERAL = (*OF_ONE, "AmtDtls/InstdAmt/Amt")
"""In a batch what was sent says it too; of a single transaction a bank on the way may have kept something, unnamed."""
SIGNS = {"CRDT": 1, "DBIT": -1}
NOT_OURS = "DEBT"
"""Bearer of a charge: the payer paid it beside the amount, so nothing of the amount was kept for it."""


class Money(NamedTuple):
    """An amount and its ISO 4217 currency."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"


class TransactionShare(NamedTuple):
    """A transaction of an entry, its direction (CRDT, DBIT), and what it brought in the entry's currency.

    `details` is None where the entry names no transactions.
    """

    details: Element | None
    direction: str
    amount: Decimal


def money(element: Element | None, field: str) -> Money:
    """An amount that is not negative, in a currency of ISO 4217, with no more decimals than that currency has."""
    value, currency = element_said(element), (element.get("Ccy") or "").strip() if element is not None else ""
    if not value:
        raise BadData(f"{field} says no amount", field=field)
    if not DECIMAL.fullmatch(value):
        raise BadData(f"{field} {value[:40]!r} is no amount", field=field)
    if not is_currency(currency):
        raise BadData(f"{field}: ISO 4217 has no currency {currency[:10]!r}", field=f"{field}/@Ccy")
    amount = Decimal(value)
    if amount != amount.quantize(minor_unit(currency)):
        raise BadData(f"{field} {value}: {currency} has {places(currency)} decimals", field=field)
    return Money(amount.quantize(minor_unit(currency)), currency)


def direction_of(element: Element, otherwise: str = "") -> str:
    """CRDT or DBIT; a transaction that does not say is as its entry."""
    value = text(element, "CdtDbtInd") or otherwise
    if value not in SIGNS:
        raise BadData(f"CdtDbtInd {value!r} is neither CRDT nor DBIT", field="CdtDbtInd")
    return value


def shares(entry: Element, whole: Money, direction: str, *, of_reversal: bool) -> list[TransactionShare]:
    """What each transaction of an entry brought. BadData with both sums where they do not add up to the entry.

    A single transaction brought what was booked. Amounts before charges add up too, where these are named. The
    transactions of a reversal may repeat the direction of what they reverse: that of the entry counts.
    """
    transactions = find_all(entry, "NtryDtls/TxDtls")
    if not transactions:
        return [TransactionShare(None, direction, whole.amount)]
    directions = [direction if of_reversal else direction_of(one, direction) for one in transactions]
    said_in = OF_ONE if len(transactions) == 1 else OF_SEVERAL
    own = [_own_amount(one, whole.currency, said_in) for one in transactions]
    if len(own) == 1 and own[0] is None:
        _one_of_how_many(entry)
        own = [whole.amount]
    gross = [amount for amount in own if amount is not None]
    if len(gross) < len(own):
        place = own.index(None) + 1
        raise BadData(
            f"transaction {place} of {len(own)} names no amount in {whole.currency}, so the entry of {whole} cannot be "
            "divided; ask the bank for the amounts",
            field="NtryDtls/TxDtls/Amt",
        )
    kept = [_kept(one, entry if len(own) == 1 else None, whole.currency) for one in transactions]
    net = [amount - charge for amount, charge in zip(gross, kept, strict=True)]
    for amounts in (gross, net):
        if _sum(amounts, directions) == SIGNS[direction] * whole.amount:
            booked = [whole.amount] if len(own) == 1 else amounts
            return [TransactionShare(*one) for one in zip(transactions, directions, booked, strict=True)]
    total = Money(_sum(gross, directions) * SIGNS[direction], whole.currency)
    raise BadData(
        f"the {len(own)} transactions add up to {total}, the entry is {whole}; ask the bank which is right",
        field="NtryDtls/TxDtls/Amt",
    )


def charges(currency: str, *levels: Element | None) -> Money | None:
    """What banks kept of an amount, from the first level that names charges; None where nothing is named.

    Charges in several currencies are never added: those in the currency of the amount count, else a single other one.
    """
    for level in levels:
        if level is not None and find_all(level, "Chrgs"):
            found = _by_currency(level)
            if currency in found or len(found) == 1:
                chosen = currency if currency in found else next(iter(found))
                return Money(found[chosen], chosen)
            return None
    return None


def instructed(currency: str, *levels: Element | None) -> Decimal | None:
    """What the payer sent, where it is in the currency of the account; in another it says nothing of fees."""
    for level in levels:
        element = find(level, "AmtDtls/InstdAmt/Amt") if level is not None else None
        if element is not None:
            sent = money(element, "AmtDtls/InstdAmt/Amt")
            return sent.amount if sent.currency == currency else None
    return None


def _own_amount(transaction: Element, currency: str, paths: Sequence[str]) -> Decimal | None:
    for path in paths:
        element = find(transaction, path)
        if element is not None:
            found = money(element, f"NtryDtls/TxDtls/{path}")
            if found.currency == currency:
                return found.amount
    return None


def _one_of_how_many(entry: Element) -> None:
    """A batch of which a single transaction is shown, without its amount: the whole is not that one's."""
    number = text(entry, "NtryDtls/Btch/NbOfTxs")
    if number not in ("", "1"):
        raise BadData(
            f"a batch of {number} of which one transaction is told, and not its amount; ask the bank for the others",
            field="NtryDtls/Btch/NbOfTxs",
        )


def _kept(transaction: Element, entry: Element | None, currency: str) -> Decimal:
    kept = charges(currency, transaction, entry)
    return kept.amount if kept and kept.currency == currency else Decimal(0)


def _sum(amounts: Sequence[Decimal], directions: Sequence[str]) -> Decimal:
    return sum((SIGNS[way] * one for one, way in zip(amounts, directions, strict=True)), Decimal(0))


def _by_currency(level: Element) -> dict[str, Decimal]:
    """Charges of one level: their total where one is named and nothing of it was paid beside, else their records.

    Version 02 repeats `Chrgs` with an `Amt`, later ones have `Rcrd`.
    """
    all_of_it, totals, records = True, [], []
    for group in find_all(level, "Chrgs"):
        total = find(group, "TtlChrgsAndTaxAmt")
        if total is not None:
            totals.append(money(total, "Chrgs/TtlChrgsAndTaxAmt"))
        for one in [group] if find(group, "Amt") is not None else find_all(group, "Rcrd"):
            kept = money(find(one, "Amt"), "Chrgs/Amt")
            beside = text(one, "Br") == NOT_OURS or _is_still_to_come(one)
            all_of_it = all_of_it and not beside
            if not beside:
                given_back = text(one, "CdtDbtInd") == "CRDT"
                records.append(kept._replace(amount=-kept.amount) if given_back else kept)
    found: dict[str, Decimal] = {}
    for amount, currency in totals if all_of_it and (len(totals) == 1 or not records) else records:
        found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def _is_still_to_come(record: Element) -> bool:
    """`ChrgInclInd` false: the amount was booked without it, and the bank only says that it will ask for it."""
    return find(record, "ChrgInclInd") is not None and not truth(record, "ChrgInclInd")
