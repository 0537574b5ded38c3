"""What a bank writes of a credit: one document for one credit, by default camt.054.001.08.

Up to version 06 a status is a code and a debtor a party; from 07 both are choices. Version 02 has no amounts in the
transactions of a batch but those of `AmtDtls`, and one charge in `Chrgs` itself; from 03 on there are records.
"""

from __future__ import annotations

from datetime import timedelta, timezone
from decimal import Decimal
from typing import Union

from lxml import etree
from stdnum import iban

from mocks.forex.payments import Credit

BEIJING = timezone(timedelta(hours=8))
STATEMENTS = {
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
}
CODES = ("BOOK", "PDNG", "INFO", "FUTR")
AS_CHOICES, WITH_AMOUNTS, WITH_RECORDS, WITH_UETR = 7, 3, 3, 8  # since which version

# An element is its tag and either its text, an amount with its currency, or its children.
Money = tuple[Decimal, str]
Branch = tuple[str, Union[str, Money, "list[Branch]"]]


def credit_document(credit: Credit) -> etree._Element:
    """A `Document` with one entry of family PMNT/RCDT/XBCT, a cross-border credit transfer; in an envelope if told."""
    told = credit.told
    message, statement = STATEMENTS[told.message]
    created = credit.booked_at.astimezone(BEIJING).isoformat(timespec="milliseconds")
    name = f"{credit.uetr[:8].upper()}{'RV' if credit.taken_back else ''}"
    root = etree.Element(f"{{{told.namespace}}}Document", nsmap={told.prefix or None: told.namespace})  # type: ignore[dict-item]
    about: list[Branch] = [
        ("Id", name),
        ("CreDtTm", created),
        ("Acct", [("Id", [_account(credit.account)]), ("Ccy", credit.currency)]),
        *([] if told.message == "camt.054" else [_balance(credit)]),
        ("Ntry", _entry(credit)),
    ]
    header: Branch = ("GrpHdr", [("MsgId", f"NTF{name}"), ("CreDtTm", created)])
    _grow(root, (message, [header, (statement, about)]))
    if not told.envelope:
        return root
    envelope = etree.Element(told.envelope)
    envelope.append(root)
    return envelope


def _entry(credit: Credit) -> list[Branch]:
    told = credit.told
    family: Branch = ("Fmly", [("Cd", "RCDT"), ("SubFmlyCd", "XBCT")])
    details: list[Branch] = [] if told.leaves_out == "details" else _transactions(credit)
    batch: list[Branch] = [("Btch", [("NbOfTxs", str(len(told.shares)))])] if told.shares else []
    reference = _reference(credit)
    return [
        ("NtryRef", "1"),
        ("Amt", (credit.amount, credit.currency)),
        ("CdtDbtInd", _direction(credit)),
        *([("RvslInd", told.reversal)] if credit.taken_back else []),
        _status(credit),
        *(_days(credit) if told.status == "BOOK" or told.status not in CODES else []),
        ("ValDt", [("Dt", credit.booked_at.astimezone(BEIJING).date().isoformat())]),
        *([("AcctSvcrRef", reference)] if reference else []),
        ("BkTxCd", [("Domn", [("Cd", "PMNT"), family])]),
        *([("NtryDtls", [*batch, *details])] if batch or details else []),
    ]


def _status(credit: Credit) -> Branch:
    told = credit.told
    if not told.since(AS_CHOICES):
        return ("Sts", told.status)
    return ("Sts", [("Cd" if told.status in CODES else "Prtry", told.status)])


def _days(credit: Credit) -> list[Branch]:
    booked = credit.booked_at.astimezone(BEIJING)
    forms: dict[str, Branch] = {
        "Dt": ("Dt", booked.date().isoformat()),
        "DtTm": ("DtTm", booked.isoformat(timespec="seconds")),
        "offset": ("Dt", f"{booked.date().isoformat()}+08:00"),
    }
    return [("BookgDt", [forms[credit.told.booked_as]])]


def _direction(credit: Credit) -> str:
    return "DBIT" if credit.taken_back else "CRDT"


def _reference(credit: Credit) -> str:
    """The bank's reference of an entry; a reversal's names what it takes back, or does not."""
    if not credit.taken_back:
        return credit.reference
    names = {"suffix": f"{credit.reference}-RV", "same": credit.reference, "endToEnd": f"RV{credit.uetr[9:18]}"}
    return names.get(credit.told.reversal_names, f"RV{credit.uetr[9:18]}")


def _transactions(credit: Credit) -> list[Branch]:
    if not credit.told.shares:
        return [("TxDtls", _transaction(credit, credit.amount, _reference(credit), "Amt"))]
    return [
        ("TxDtls", _transaction(credit, share, f"{_reference(credit)}-{place}", credit.told.part_amounts))
        for place, share in enumerate(credit.told.shares, start=1)
    ]


def _transaction(credit: Credit, amount: Decimal, reference: str, amounts: str) -> list[Branch]:
    told = credit.told
    must_say = told.since(WITH_AMOUNTS) and not told.since(AS_CHOICES)  # the versions between demand it
    says_amount = must_say or (amounts == "Amt" and told.since(WITH_AMOUNTS))
    own: list[Branch] = [("Amt", (amount, credit.currency)), ("CdtDbtInd", _direction(credit))]
    details: list[Branch] = []
    if credit.charges and not told.shares:
        details.append(("InstdAmt", [("Amt", (credit.instructed, credit.currency))]))
    if details or (amounts != "none" and not says_amount):
        details.append(("TxAmt", [("Amt", (amount, credit.currency))]))
    return [
        ("Refs", _references(credit, reference)),
        *(own if says_amount else []),
        *([("AmtDtls", details)] if details else []),
        *(_charges(credit) if credit.charges and not told.shares else []),
        *([] if told.leaves_out == "payer" else [_payer(credit)]),
        ("RmtInf", _remittance(credit)),
    ]


def _references(credit: Credit, reference: str) -> list[Branch]:
    told = credit.told
    silent = credit.taken_back and told.reversal_names == "nothing"
    end_to_end = "NOTPROVIDED" if silent else credit.end_to_end_id
    return [
        *([("AcctSvcrRef", reference)] if reference else []),
        ("EndToEndId", end_to_end),
        *([("UETR", credit.uetr)] if told.since(WITH_UETR) and not credit.taken_back and not told.shares else []),
    ]


def _payer(credit: Credit) -> Branch:
    payer: list[Branch] = [("Nm", credit.payer), ("PstlAdr", [("Ctry", credit.payer_country)])]
    return ("RltdPties", [("Dbtr", [("Pty", payer)] if credit.told.since(AS_CHOICES) else payer)])


def _remittance(credit: Credit) -> list[Branch]:
    told = credit.told
    structured: list[Branch] = [("Strd", [("CdtrRefInf", [("Ref", told.structured)])])] if told.structured else []
    silent = credit.taken_back and told.reversal_names == "nothing"
    return [("Ustrd", "reversal" if silent else credit.remittance), *structured]


def _charges(credit: Credit) -> list[Branch]:
    """Where banks on the way kept something: in the payment's currency, or in another beside it."""
    charges = (credit.charges, credit.told.charges_currency or credit.currency)
    record: list[Branch] = [("Amt", charges), ("CdtDbtInd", "DBIT"), ("Br", "SHAR")]
    total: Branch = ("TtlChrgsAndTaxAmt", charges)
    return [("Chrgs", [total, ("Rcrd", record)] if credit.told.since(WITH_RECORDS) else [total, *record])]


def _balance(credit: Credit) -> Branch:
    """Statements have one: what is on an account that had nothing before."""
    day = credit.booked_at.astimezone(BEIJING).date().isoformat()
    kind: Branch = ("Tp", [("CdOrPrtry", [("Cd", "CLBD")])])
    amount: Branch = ("Amt", (Decimal(0) if credit.taken_back else credit.amount, credit.currency))
    return ("Bal", [kind, amount, ("CdtDbtInd", "CRDT"), ("Dt", [("Dt", day)])])


def _account(number: str) -> Branch:
    """Accounts at home have no IBAN; those that are one are said to be one."""
    return ("IBAN", iban.compact(number)) if iban.is_valid(number) else ("Othr", [("Id", number)])


def _grow(parent: etree._Element, branch: Branch) -> None:
    tag, content = branch
    element = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{tag}")
    if isinstance(content, str):
        element.text = content
    elif isinstance(content, tuple):
        element.text = f"{content[0]:f}"
        element.set("Ccy", content[1])
    else:
        for child in content:
            _grow(element, child)
