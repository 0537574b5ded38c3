"""Who paid, what for, and under which identifiers: what a transaction says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from connectors.forex.camt.fields import Element, all_given, element_given, element_said, find, find_all, text

ROLES = ("Dbtr", "UltmtDbtr")
FORMS = (".", "Pty", "Agt/FinInstnId")
"""A party stands there directly (up to version 06), or as a party or a bank (from 07)."""
COUNTRIES = ("PstlAdr/Ctry", "CtryOfRes")
STRUCTURED = ("RfrdDocInf/Nb", "CdtrRefInf/Ref", "AddtlRmtInf")
BANKS_OWN = ("Refs/AcctSvcrRef", "Refs/AcctSvcrTxId")
REFERENCES = (
    "AcctSvcrRef", "AcctSvcrTxId", "EndToEndId", "UETR", "TxId", "InstrId", "AcctOwnrTxId", "MktInfrstrctrTxId",
    "ClrSysRef", "PrcgId", "ChqNb", "Prtry/Ref",
)  # fmt: skip
"""Identifiers of one transaction. `MsgId` and `PmtInfId` are left out: others share them."""
ORIGINAL = ("OrgnlBkRef", "OrgnlAcctSvcrRef", "OrgnlEndToEndId", "OrgnlTxId", "OrgnlInstrId", "OrgnlUETR")
"""How a reversal may name what it reverses, wherever a bank puts it."""


class Party(NamedTuple):
    """A payer; the name is empty where nobody is named."""

    name: str
    country: str | None


def payer_of(transaction: Element | None) -> Party:
    """The debtor, else the ultimate debtor. Who may be asked about a payment (`CtctDtls`) has not paid it."""
    if transaction is not None:
        for role in ROLES:
            for form in FORMS:
                party = find(transaction, f"RltdPties/{role}/{form}")
                if party is not None and (name := element_given(party, "Nm")):
                    return Party(name, text(party, *COUNTRIES) or None)
    return Party("", None)


def remittance_of(transaction: Element | None) -> str:
    """What the payer wrote, structured references behind free text, each once."""
    return "" if transaction is None else " ".join(dict.fromkeys(_remittance(transaction)))


def _remittance(transaction: Element) -> Iterator[str]:
    for line in find_all(transaction, "RmtInf/Ustrd"):
        yield element_said(line)
    for group in find_all(transaction, "RmtInf/Strd"):
        yield from all_given(group, *STRUCTURED)


def identifiers_of(entry: Element, transaction: Element | None) -> list[str]:
    """Under which identifiers the bank and others have it, each once; the payer's own among them."""
    found = [*all_given(entry, "AcctSvcrRef")]
    if transaction is not None:
        found += all_given(transaction, *(f"Refs/{name}" for name in REFERENCES))
    within = entry if transaction is None else transaction
    found += [value for name in ORIGINAL for one in within.iter(f"{{*}}{name}") if (value := element_said(one))]
    return list(dict.fromkeys(found))


def end_to_end_of(transaction: Element | None) -> str | None:
    return None if transaction is None else element_given(transaction, "Refs/EndToEndId") or None


def bank_reference_of(entry: Element, transaction: Element | None) -> str:
    """The bank's own reference: of the transaction, else of the entry; empty where it gives none."""
    own = element_given(transaction, *BANKS_OWN) if transaction is not None else ""
    return own or element_given(entry, "AcctSvcrRef")
