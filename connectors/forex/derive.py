"""What an enterprise completes of a remittance's declaration (申报信息) after the bank's basic information.

A person's word goes first (`completion` of the remittance); else it follows from the trades that the remittance
is for; else a person is asked. Source: 涉外收入申报单—申报信息 (file G) of the banks' reporting interface.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple, Protocol

from connectors.sdk.instants import day_of
from connectors.sdk.working_out import Lacks, reads

CODES = {"9610": "122030", "9710": "121010", "0110": "121010"}
"""Supervision mode → transaction code: 网络购物 for lists, 一般贸易 for declarations; of others a person is asked."""
ONLINE = "122030"
"""Its remark names the platform."""
NOT_BONDED = frozenset({"9610", "9710", "0110"})
"""Modes whose goods do not come from bonded supervision (保税监管), so that ISREF is N."""
CAPITAL = frozenset("56789")
"""First digits of transactions that need an approval number, or N/A (BILLNO)."""
ADVANCE, OTHER = "A", "O"
LONGEST_NOTE = 50
ONE = Decimal(1)
SAID, SHARES = "remittance:completion?", "remittance:shares"
SPLIT = {"said": SAID, "shares": SHARES, "came": "remittance:amount", "total": "bank:amount"}
"""What a remittance is split by."""

Said = Mapping[str, Any] | None


class Share(Protocol):
    """So much of a remittance is for a trade, in the remittance's currency."""

    amount: Decimal
    mode: str
    order_number: str
    platform: str | None
    departed_at: datetime | None


class Part(NamedTuple):
    """So much of a remittance, in whole units, is declared under one transaction code."""

    code: str
    amount: Decimal
    shares: Sequence[Share]


def _parts(said: Said, shares: Sequence[Share], came: Decimal, total: Decimal) -> list[Part]:
    """The remittance by transaction codes, the larger first. What banks kept on the way is missing from the larger.

    `came` is what came in, `total` what the bank's basic information says.
    """
    if code := (said or {}).get("transaction_code"):
        return [Part(str(code), total, shares)]
    left = came - sum((share.amount for share in shares), Decimal(0))  # came in, and is for no trade
    if left > 0 or any(share.mode not in CODES for share in shares):
        raise Lacks("completion:transactionCode")
    by_code = {code: [one for one in shares if CODES[one.mode] == code] for code in sorted(set(CODES.values()))}
    sums = {code: sum((one.amount for one in those), Decimal(0)) for code, those in by_code.items() if those}
    first, *others = sorted(sums, key=lambda code: (-sums[code], code))
    parts = [Part(code, sums[code].quantize(ONE, ROUND_HALF_UP), by_code[code]) for code in others]
    rest = total - sum((part.amount for part in parts), Decimal(0))
    if rest <= 0 or any(part.amount == 0 for part in parts):
        raise Lacks("completion:transactionCode")
    return [Part(first, rest, by_code[first]), *parts]


def _second(**split: Any) -> Part | None:
    parts = _parts(**split)
    return parts[1] if len(parts) > 1 else None


def _note(said: Said, part: Part) -> str:
    """What it was for: the orders, and of online purchases the platforms."""
    if remark := (said or {}).get("remark"):
        return str(remark)
    platforms = sorted({one.platform for one in part.shares if one.platform}) if part.code == ONLINE else []
    orders = [one.order_number for one in part.shares]
    words = ["货物出口收汇", *platforms]
    for note in (" ".join([*words, *orders]), " ".join([*words, orders[0], f"等{len(orders)}单"])):
        if len(note) <= LONGEST_NOTE:
            return note
    raise Lacks("completion:remark")


@reads(code="bank:payee_code?", registered="registration:uscc")
def payee_code(code: str | None, registered: str) -> str:
    """As the bank knows the firm; where it does not say, as it is registered."""
    return code or registered


@reads(name="bank:payee_name?", registered="registration:name_zh")
def payee_name(name: str | None, registered: str) -> str:
    """As the bank knows the firm; where it does not say, as it is registered."""
    return name or registered


@reads(said=SAID, told="remittance:payer_country?")
def payer_country(said: Said, told: str | None) -> str:
    """Where the payer lives: a person's word, or the bank's."""
    country = (said or {}).get("country") or told
    if not country:
        raise Lacks("completion:country")
    return str(country)


@reads(said=SAID, booked_at="remittance:booked_at", shares=SHARES)
def payment_type(said: Said, booked_at: datetime, shares: Sequence[Share]) -> str:
    """PAYTYPE. A (预收货款) where the money came before the day the goods left, O otherwise; of a sale it is never R.

    Advance remittances are money received before the export date: 货物贸易外汇管理指引实施细则 (汇发〔2012〕38号).
    Where the remittance is for several trades, and they are not alike, a person says it.
    """
    if kind := (said or {}).get("payment_type"):
        return str(kind)
    booked = day_of(booked_at)
    kinds = {ADVANCE if one.departed_at is None or booked < day_of(one.departed_at) else OTHER for one in shares}
    if len(kinds) != 1:
        raise Lacks("completion:paymentType")
    return kinds.pop()


@reads(**SPLIT)
def transaction_code(**split: Any) -> str:
    """TXCODE of the larger part."""
    return _parts(**split)[0].code


@reads(**SPLIT)
def transaction_amount(**split: Any) -> Decimal:
    """Its amount, in the remittance's currency."""
    return _parts(**split)[0].amount


@reads(**SPLIT)
def transaction_note(said: Said, **split: Any) -> str:
    """Its remark."""
    return _note(said, _parts(said, **split)[0])


@reads(**SPLIT)
def second_code(**split: Any) -> str | None:
    """TXCODE2 of the smaller part; None where there is one part."""
    second = _second(**split)
    return second.code if second else None


@reads(**SPLIT)
def second_amount(**split: Any) -> Decimal | None:
    """Its amount, in the remittance's currency."""
    second = _second(**split)
    return second.amount if second else None


@reads(**SPLIT)
def second_note(said: Said, **split: Any) -> str | None:
    """Its remark."""
    second = _second(said=said, **split)
    return _note(said, second) if second else None


@reads(said=SAID, shares=SHARES)
def bonded(said: Said, shares: Sequence[Share]) -> str:
    """ISREF: whether the money is for goods under bonded supervision (保税货物项下收入), Y or N."""
    word = (said or {}).get("bonded")
    if word is not None:
        return "Y" if word else "N"
    if any(one.mode not in NOT_BONDED for one in shares):
        raise Lacks("completion:bonded")
    return "N"


@reads(**SPLIT)
def approval_number(said: Said, **split: Any) -> str | None:
    """BILLNO: 外汇局批件号/备案表号/业务编号; only transactions of the capital account need one, or the word N/A."""
    number = (said or {}).get("approval_number")
    if not number and any(part.code[0] in CAPITAL for part in _parts(said, **split)):
        raise Lacks("completion:approvalNumber")
    return str(number) if number else None
