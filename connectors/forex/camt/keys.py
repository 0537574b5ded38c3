"""By what an entry is known again: in the same file sent twice, and in a statement after its notification.

A key says whose account, the bank's reference, the day in Beijing, and the amount. Banks give one reference to several
entries, or none (NOTPROVIDED): beside one stands the payment's own identifier; without one, that stands in its place,
and without either a digest of all that is said. A notification may say less than the statement after it, so one
identifier counts alone. Entries alike in all that are numbered within their document, over all its statements of an
account. The place of an entry says nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from connectors.forex.camt.fields import Element, element_given, element_said, find, find_all, lone_of, moment, text
from connectors.forex.camt.money import TransactionShare
from connectors.forex.camt.words import identifiers_of, payer_of, remittance_of
from connectors.sdk import BadData
from connectors.sdk.instants import day_of

LONGEST = 150
"""An entry's key leaves room for that of a transaction in it."""
BOOKED_CREDIT = "CRDT"
BESIDE = ("Refs/EndToEndId", "Refs/UETR", "Refs/TxId")
"""What sets payments of one reference apart. The payer's own first: every version has it, a UETR only those from 08."""
INSTEAD = ("Refs/UETR", "Refs/EndToEndId", "Refs/TxId")
"""What stands for a reference, the strongest first: a UETR is nobody else's, a payer may use an identifier again."""


class EntryKeys(NamedTuple):
    """The key of an entry, told with its transactions or without, and that of the payment where it is of a single one.

    Both are one where nothing but the reference, or nothing but the payment's identifier, is known.
    """

    entry: str
    alone: str


def entry_keys(entries: Sequence[tuple[str, Element]]) -> dict[Element, EntryKeys]:
    """The keys of all entries of a document, each given with its account, whatever else is wrong with it."""
    marks = [_mark(one, whole=True) for _, one in entries]
    bases = [_base(*one) for one in entries]
    apart = [base + _beside(one) for base, (_, one) in zip(bases, entries, strict=True)]
    keys, own = (_numbered([*zip(named, marks, strict=True)]) for named in (bases, apart))
    return {
        one: EntryKeys(key, single if with_it != base else key)
        for (_, one), key, single, with_it, base in zip(entries, keys, own, apart, bases, strict=True)
    }


def share_keys(names: EntryKeys, entry: Element, shares: Sequence[TransactionShare]) -> list[str]:
    """The keys of an entry's transactions; of a single one, that of the payment."""
    if len(shares) == 1:
        return [names.alone]
    return _numbered([(_share_base(names.entry, entry, one), _all_of(entry, one.details)) for one in shares])


def _share_base(entry_key: str, entry: Element, share: TransactionShare) -> str:
    own = element_given(share.details, "Refs/AcctSvcrRef") if share.details is not None else ""
    return f"{entry_key}/{_short(own) or _mark_of(entry, share.details)}/{share.amount.normalize():f}"


def _numbered(named: Sequence[tuple[str, str]]) -> list[str]:
    """Keys from bases: those alike are counted in the order of their marks, which no other order of a file changes."""
    keys, seen = [""] * len(named), Counter[str]()
    for place in sorted(range(len(named)), key=named.__getitem__):
        base = named[place][0]
        seen[base] += 1
        keys[place] = base if seen[base] == 1 else f"{base}#{seen[base]}"
    return keys


def _base(account: str, entry: Element) -> str:
    stands_for = _short(_reference(entry)) or _mark(entry)
    base = f"{account}/{stands_for}/{_day(entry)}/{_amount(entry)}{_kind(entry)}"
    return base if len(base) <= LONGEST else _digest([base])


def _reference(entry: Element) -> str:
    lone = lone_of(entry)
    return element_given(entry, "AcctSvcrRef") or (element_given(lone, "Refs/AcctSvcrRef") if lone is not None else "")


def _beside(entry: Element) -> str:
    """Beside a reference, what a single payment is called; without a reference it stands in its place already."""
    lone = lone_of(entry)
    identifier = element_given(lone, *BESIDE) if lone is not None and _reference(entry) else ""
    return f"/{_short(identifier)}" if identifier else ""


def _day(entry: Element) -> str:
    """The day in Beijing of a moment; a day without an hour as the bank writes it, and so what cannot be read."""
    booked = find(entry, "BookgDt")
    try:
        at = moment(booked, "DtTm") if booked is not None else None
    except BadData:
        at = None
    return day_of(at).isoformat() if at else text(entry, "BookgDt/DtTm", "BookgDt/Dt")[:10]


def _kind(entry: Element) -> str:
    """What sets an entry apart from the booked credit of the same reference and amount: its reversal, its notice."""
    status, direction = text(entry, "Sts/Cd", "Sts"), text(entry, "CdtDbtInd")
    kind = [status[:4]] * (status != "BOOK") + [direction[:4]] * (direction != BOOKED_CREDIT)
    kind += ["RVSL"] * (text(entry, "RvslInd") in ("true", "1"))
    return "".join(f"/{one}" for one in kind)


def _amount(entry: Element) -> str:
    amount = find(entry, "Amt")
    value, currency = element_said(amount), amount.get("Ccy", "") if amount is not None else ""
    try:
        return f"{currency[:3]}{Decimal(value).normalize():f}"[:30]
    except InvalidOperation:
        return f"{currency[:3]}{value[:20]}"


def _mark(entry: Element, *, whole: bool = False) -> str:
    transactions = find_all(entry, "NtryDtls/TxDtls")
    mark_of = _all_of if whole else _mark_of
    return _digest(sorted(mark_of(entry, one) for one in transactions) or [text(entry, "AddtlNtryInf")])


def _mark_of(entry: Element, transaction: Element | None) -> str:
    """The strongest identifier alone; where none is given, all that is said."""
    strongest = element_given(transaction, *INSTEAD) if transaction is not None else ""
    return _digest([strongest]) if strongest else _all_of(entry, transaction)


def _all_of(entry: Element, transaction: Element | None) -> str:
    payer = payer_of(transaction)
    return _digest([*sorted(identifiers_of(entry, transaction)), payer.name, remittance_of(transaction)])


def _short(reference: str) -> str:
    return reference if len(reference) <= 35 else _digest([reference])


def _digest(parts: Sequence[str]) -> str:
    return "~" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
