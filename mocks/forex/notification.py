"""The credit notification that a bank sends: camt.054.001.08, one document for one credit."""

from __future__ import annotations

from datetime import timedelta, timezone
from decimal import Decimal
from typing import Union

from lxml import etree
from stdnum import iban

from mocks.forex.payments import Credit

CAMT_054 = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
BEIJING = timezone(timedelta(hours=8))

# An element is its tag and either its text, an amount with its currency, or its children.
Money = tuple[Decimal, str]
Branch = tuple[str, Union[str, Money, "list[Branch]"]]


def credit_document(credit: Credit) -> etree._Element:
    """A `Document` with one booked entry (Sts BOOK) of family PMNT/RCDT/XBCT, a cross-border credit transfer."""
    root = etree.Element(f"{{{CAMT_054}}}Document", nsmap={None: CAMT_054})  # type: ignore[dict-item]
    booked = credit.booked_at.astimezone(BEIJING)
    created = booked.isoformat(timespec="milliseconds")
    _grow(
        root,
        (
            "BkToCstmrDbtCdtNtfctn",
            [
                ("GrpHdr", [("MsgId", f"NTF{credit.reference}"), ("CreDtTm", created)]),
                (
                    "Ntfctn",
                    [
                        ("Id", credit.reference),
                        ("CreDtTm", created),
                        ("Acct", [("Id", [_account(credit.account)]), ("Ccy", credit.currency)]),
                        ("Ntry", _entry(credit, booked.date().isoformat())),
                    ],
                ),
            ],
        ),
    )
    return root


def _entry(credit: Credit, day: str) -> list[Branch]:
    family: Branch = ("Fmly", [("Cd", "RCDT"), ("SubFmlyCd", "XBCT")])
    return [
        ("NtryRef", "1"),
        ("Amt", (credit.amount, credit.currency)),
        ("CdtDbtInd", "CRDT"),
        ("Sts", [("Cd", "BOOK")]),
        ("BookgDt", [("Dt", day)]),
        ("ValDt", [("Dt", day)]),
        ("AcctSvcrRef", credit.reference),
        ("BkTxCd", [("Domn", [("Cd", "PMNT"), family])]),
        ("NtryDtls", [("TxDtls", _transaction(credit))]),
    ]


def _transaction(credit: Credit) -> list[Branch]:
    payer: list[Branch] = [("Nm", credit.payer), ("PstlAdr", [("Ctry", credit.payer_country)])]
    return [
        (
            "Refs",
            [("AcctSvcrRef", credit.reference), ("EndToEndId", credit.end_to_end_id), ("UETR", credit.uetr)],
        ),
        ("Amt", (credit.amount, credit.currency)),
        ("CdtDbtInd", "CRDT"),
        *_deducted(credit),
        ("RltdPties", [("Dbtr", [("Pty", payer)])]),
        ("RmtInf", [("Ustrd", credit.remittance)]),
    ]


def _deducted(credit: Credit) -> list[Branch]:
    """Where banks on the way kept something: what was instructed, what came, and the difference as a charge."""
    if not credit.charges:
        return []
    instructed, came = (credit.instructed, credit.currency), (credit.amount, credit.currency)
    charges = (credit.charges, credit.currency)
    return [
        ("AmtDtls", [("InstdAmt", [("Amt", instructed)]), ("TxAmt", [("Amt", came)])]),
        (
            "Chrgs",
            [
                ("TtlChrgsAndTaxAmt", charges),
                ("Rcrd", [("Amt", charges), ("CdtDbtInd", "DBIT"), ("Br", "SHAR")]),
            ],
        ),
    ]


def _account(number: str) -> Branch:
    """Accounts at home have no IBAN; those that are one are said to be one."""
    return ("IBAN", iban.compact(number)) if iban.is_valid(number) else ("Othr", [("Id", number)])


def _grow(parent: etree._Element, branch: Branch) -> None:
    tag, content = branch
    element = etree.SubElement(parent, f"{{{CAMT_054}}}{tag}")
    if isinstance(content, str):
        element.text = content
    elif isinstance(content, tuple):
        element.text = f"{content[0]:f}"
        element.set("Ccy", content[1])
    else:
        for child in content:
            _grow(element, child)
