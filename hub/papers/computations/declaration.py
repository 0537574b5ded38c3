"""What an enterprise completes of a remittance's declaration (申报信息) after the bank's basic information.

A person's word goes first (`completion` of the remittance); else it follows from the trades that the remittance
is for; else a person is asked. Source: 涉外收入申报单—申报信息 (file G) of the banks' reporting interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from connectors.sdk.instants import day_of
from hub.dossiers.dossier import Dossier, DossierLine
from hub.dossiers.rows import AllocatedShare, RemittanceRow
from hub.papers.computations.catalogue import CannotCompute, computation

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


class Part(NamedTuple):
    """So much of a remittance, in whole units, is declared under one transaction code."""

    code: str
    amount: Decimal
    shares: Sequence[AllocatedShare]


def _remittance(dossier: Dossier, line: DossierLine) -> RemittanceRow:
    remittance = dossier.remittance(line.part)
    if remittance is None:
        raise CannotCompute("remittance:amount")
    return remittance


def _said(dossier: Dossier, line: DossierLine, name: str) -> object:
    """What a person said; None where nobody did."""
    return (_remittance(dossier, line).paid.completion or {}).get(name)


def _parts(dossier: Dossier, line: DossierLine) -> list[Part]:
    """The remittance by transaction codes, the larger first. What banks kept on the way is missing from the larger."""
    remittance = _remittance(dossier, line)
    if remittance.bank is None:
        raise CannotCompute("bank:amount")
    shares, total = dossier.shares[remittance.paid.id], remittance.bank.amount
    said = _said(dossier, line, "transaction_code")
    if said:
        return [Part(str(said), total, shares)]
    left = remittance.paid.amount - sum((share.amount for share in shares), Decimal(0))  # came in, and is for no trade
    if left > 0 or any(share.mode not in CODES for share in shares):
        raise CannotCompute("completion:transactionCode")
    by_code = {code: [one for one in shares if CODES[one.mode] == code] for code in sorted(set(CODES.values()))}
    sums = {code: sum((one.amount for one in those), Decimal(0)) for code, those in by_code.items() if those}
    first, *others = sorted(sums, key=lambda code: (-sums[code], code))
    parts = [Part(code, sums[code].quantize(ONE, ROUND_HALF_UP), by_code[code]) for code in others]
    rest = total - sum((part.amount for part in parts), Decimal(0))
    if rest <= 0 or any(part.amount == 0 for part in parts):
        raise CannotCompute("completion:transactionCode")
    return [Part(first, rest, by_code[first]), *parts]


def _second(dossier: Dossier, line: DossierLine) -> Part | None:
    parts = _parts(dossier, line)
    return parts[1] if len(parts) > 1 else None


def _note(dossier: Dossier, line: DossierLine, part: Part) -> str:
    """What it was for: the orders, and of online purchases the platforms."""
    said = _said(dossier, line, "remark")
    if said:
        return str(said)
    platforms = sorted({one.platform for one in part.shares if one.platform}) if part.code == ONLINE else []
    orders = [one.order_number for one in part.shares]
    words = ["货物出口收汇", *platforms]
    for note in (" ".join([*words, *orders]), " ".join([*words, orders[0], f"等{len(orders)}单"])):
        if len(note) <= LONGEST_NOTE:
            return note
    raise CannotCompute("completion:remark")


@computation()
def payee_code(dossier: Dossier, line: DossierLine) -> str:
    """As the bank knows the firm; where it does not say, as it is registered."""
    bank = _remittance(dossier, line).bank
    return (bank and bank.payee_code) or str(dossier.enterprise["uscc"])


@computation()
def payee_name(dossier: Dossier, line: DossierLine) -> str:
    bank = _remittance(dossier, line).bank
    return (bank and bank.payee_name) or str(dossier.enterprise["name_zh"])


@computation()
def payer_country(dossier: Dossier, line: DossierLine) -> str:
    """Where the payer lives: a person's word, or the bank's."""
    country = _said(dossier, line, "country") or _remittance(dossier, line).paid.payer_country
    if not country:
        raise CannotCompute("completion:country")
    return str(country)


@computation()
def payment_type(dossier: Dossier, line: DossierLine) -> str:
    """PAYTYPE. A (预收货款) where the money came before the day the goods left, O otherwise; of a sale it is never R.

    Advance remittances are money received before the export date: 货物贸易外汇管理指引实施细则 (汇发〔2012〕38号).
    Where the remittance is for several trades, and they are not alike, a person says it.
    """
    said = _said(dossier, line, "payment_type")
    if said:
        return str(said)
    remittance = _remittance(dossier, line)
    booked = day_of(remittance.paid.booked_at)
    kinds = {
        ADVANCE if one.departed_at is None or booked < day_of(one.departed_at) else OTHER
        for one in dossier.shares[remittance.paid.id]
    }
    if len(kinds) != 1:
        raise CannotCompute("completion:paymentType")
    return kinds.pop()


@computation("mode")
def transaction_code(dossier: Dossier, line: DossierLine) -> str:
    return _parts(dossier, line)[0].code


@computation()
def transaction_amount(dossier: Dossier, line: DossierLine) -> Decimal:
    return _parts(dossier, line)[0].amount


@computation("orderNumber", "platform")
def transaction_note(dossier: Dossier, line: DossierLine) -> str:
    return _note(dossier, line, _parts(dossier, line)[0])


@computation("mode")
def second_code(dossier: Dossier, line: DossierLine) -> str | None:
    second = _second(dossier, line)
    return second.code if second else None


@computation()
def second_amount(dossier: Dossier, line: DossierLine) -> Decimal | None:
    second = _second(dossier, line)
    return second.amount if second else None


@computation("orderNumber", "platform")
def second_note(dossier: Dossier, line: DossierLine) -> str | None:
    second = _second(dossier, line)
    return _note(dossier, line, second) if second else None


@computation("mode")
def bonded(dossier: Dossier, line: DossierLine) -> str:
    """ISREF: whether the money is for goods under bonded supervision (保税货物项下收入), Y or N."""
    said = _said(dossier, line, "bonded")
    if said is not None:
        return "Y" if said else "N"
    if any(one.mode not in NOT_BONDED for one in dossier.shares[_remittance(dossier, line).paid.id]):
        raise CannotCompute("completion:bonded")
    return "N"


@computation()
def approval_number(dossier: Dossier, line: DossierLine) -> str | None:
    """BILLNO: 外汇局批件号/备案表号/业务编号; only transactions of the capital account need one, or the word N/A."""
    said = _said(dossier, line, "approval_number")
    if not said and any(part.code[0] in CAPITAL for part in _parts(dossier, line)):
        raise CannotCompute("completion:approvalNumber")
    return str(said) if said else None
