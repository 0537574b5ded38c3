"""By what an entry is known again: in the same file sent twice, and in a statement after its notification.

A key says whose account, the bank's reference, the day as the bank writes it, and the amount. Banks give one reference
to several entries, or none (NOTPROVIDED): without one, a digest of the identifiers, the payer and the words stands in
its place. Entries alike in all that are numbered within their statement. The place of an entry says nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from connectors.forex.camt.fields import Element, find, find_all, given, said, text
from connectors.forex.camt.money import Share
from connectors.forex.camt.words import identifiers_of, payer_of, remittance_of

LONGEST = 150
"""An entry's key leaves room for that of a transaction in it."""
BOOKED_CREDIT = "CRDT"


def entry_keys(account: str, entries: Sequence[Element]) -> dict[Element, str]:
    """The key of each entry of a statement, whatever else is wrong with it."""
    return dict(zip(entries, _numbered([(_base(account, one), _mark(one)) for one in entries]), strict=True))


def share_keys(entry_key: str, entry: Element, shares: Sequence[Share]) -> list[str]:
    """The keys of an entry's transactions; a single one has its entry's."""
    if len(shares) == 1:
        return [entry_key]
    return _numbered([(_share_base(entry_key, entry, one), _mark_of(entry, one.details)) for one in shares])


def _share_base(entry_key: str, entry: Element, share: Share) -> str:
    own = given(share.details, "Refs/AcctSvcrRef") if share.details is not None else ""
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
    transactions = find_all(entry, "NtryDtls/TxDtls")
    lone = transactions[0] if len(transactions) == 1 else None
    reference = given(entry, "AcctSvcrRef") or (given(lone, "Refs/AcctSvcrRef") if lone is not None else "")
    day = text(entry, "BookgDt/DtTm", "BookgDt/Dt")[:10]
    base = f"{account}/{_short(reference) or _mark(entry)}/{day}/{_amount(entry)}{_kind(entry)}"
    return base if len(base) <= LONGEST else _digest([base])


def _kind(entry: Element) -> str:
    """What sets an entry apart from the booked credit of the same reference and amount: its reversal, its notice."""
    status, direction = text(entry, "Sts/Cd", "Sts"), text(entry, "CdtDbtInd")
    kind = [status[:4]] * (status != "BOOK") + [direction[:4]] * (direction != BOOKED_CREDIT)
    kind += ["RVSL"] * (text(entry, "RvslInd") in ("true", "1"))
    return "".join(f"/{one}" for one in kind)


def _amount(entry: Element) -> str:
    amount = find(entry, "Amt")
    value, currency = said(amount), amount.get("Ccy", "") if amount is not None else ""
    try:
        return f"{currency[:3]}{Decimal(value).normalize():f}"[:30]
    except InvalidOperation:
        return f"{currency[:3]}{value[:20]}"


def _mark(entry: Element) -> str:
    transactions = find_all(entry, "NtryDtls/TxDtls")
    said_of_it = [_mark_of(entry, one) for one in transactions] or [text(entry, "AddtlNtryInf")]
    return _digest(sorted(said_of_it))


def _mark_of(entry: Element, transaction: Element | None) -> str:
    payer = payer_of(transaction)
    return _digest([*sorted(identifiers_of(entry, transaction)), payer.name, remittance_of(transaction)])


def _short(reference: str) -> str:
    return reference if len(reference) <= 35 else _digest([reference])


def _digest(parts: Sequence[str]) -> str:
    return "~" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
