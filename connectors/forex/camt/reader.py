"""From a page to what it says: documents, in them statements of accounts, in them entries; each is read by itself.

| `Sts` | `CdtDbtInd` | `RvslInd` | what it becomes |
|---|---|---|---|
| BOOK | CRDT | no | money that came in: a remittance for each transaction |
| BOOK | DBIT | yes, or `RtrInf` | advice: a credit was taken back |
| BOOK | CRDT | yes, or `RtrInf` | advice: a payment of our own came back |
| BOOK | DBIT | no | money that went out: nothing, but within a batch of credits an advice |
| PDNG, FUTR | CRDT | | advice: money that is not in yet; once booked it comes as BOOK |
| INFO | CRDT | | advice: information |

Any other status, a bank's own (`Prtry`), and any other version are set aside with their reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from lxml import etree

from connectors.forex.camt.fields import Element, find, find_all, lone_of, moment, text, truth
from connectors.forex.camt.keys import EntryKeys, entry_keys, share_keys
from connectors.forex.camt.money import Money, TransactionShare, charges, direction_of, instructed, money, shares
from connectors.forex.camt.words import (
    bank_reference_of,
    end_to_end_of,
    identifiers_of,
    payer_of,
    remittance_of,
)
from connectors.sdk import BadData, each
from connectors.sdk.codecs import local_name
from connectors.sdk.members import Told
from connectors.sdk.records import BankAdvice, Draft, Remittance

LISTING = "Notifications"
FORM = re.compile(r"camt\.05[234]\.001\.(\d\d)(?!\d)", re.ASCII)
OLDEST, NEWEST = 2, 13
STATEMENTS = {"BkToCstmrDbtCdtNtfctn": "Ntfctn", "BkToCstmrStmt": "Stmt", "BkToCstmrAcctRpt": "Rpt"}
"""Message (camt.054, camt.053, camt.052) → what it repeats for each account."""
BOOKED = "BOOK"
STATUSES = frozenset({BOOKED, "PDNG", "INFO", "FUTR"})
"""ISO 20022 ExternalEntryStatus1Code; versions 02 to 06 have the first three."""
NOBODY = (
    "no payer: neither debtor nor ultimate debtor is named, as of interest or cash; nothing is to be done where it is "
    "no payment from abroad, else ask the bank to send it again with its payer"
)


class Statement(NamedTuple):
    """What all entries of a statement have in common."""

    account: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that is understood as a whole."""

    element: Element
    key: str
    statement: Statement
    status: str
    direction: str
    reversal: bool
    whole: Money


def read(root: Element) -> Iterator[Told]:
    """What a page says. BadData where it is neither a listing of messages nor a message, in an envelope or bare."""
    return each(documents_in(root), _document)


def documents_in(root: Element) -> list[Element]:
    """Every `Document` of a page, but none within another (`SplmtryData`); a member of a listing that holds none stands
    for itself.
    """
    members = [one for one in root if isinstance(one.tag, str)] if local_name(root) == LISTING else [root]
    found = [(member, [one for one in member.iter("{*}Document") if _is_outermost(one)]) for member in members]
    if local_name(root) != LISTING and not found[0][1]:
        raise BadData(f"<{local_name(root)}> came where <{LISTING}> or a <Document> was agreed")
    return [document for member, documents in found for document in documents or [member]]


def _is_outermost(document: Element) -> bool:
    return next(document.iterancestors("{*}Document"), None) is None


def _document(document: Element) -> Iterator[Told]:
    namespace = etree.QName(document).namespace or ""
    message = next((one for one in document if isinstance(one.tag, str)), None)
    repeats = STATEMENTS.get(local_name(message)) if message is not None else None
    if message is None or repeats is None:
        what = local_name(document if message is None else message)
        raise BadData(f"<{what}> ({namespace}) is none of camt.052, camt.053 and camt.054", field="Document")
    form = FORM.search(namespace)
    if form is None or not OLDEST <= int(form[1]) <= NEWEST:
        known = f"versions {OLDEST:02d} to {NEWEST} are"
        raise BadData(
            f"the version {namespace!r} is not known, {known}; ask the bank for one of them", field="Document"
        )
    statements = find_all(message, repeats)
    if not statements:
        raise BadData(f"{local_name(message)} without {repeats} says nothing", field=repeats)
    created = moment(message, "GrpHdr/CreDtTm")
    keys = entry_keys([(_account(one), entry) for one in statements for entry in find_all(one, "Ntry")])
    return each(statements, lambda one: _statement(one, created, keys))


def _account(statement: Element) -> str:
    return "".join(text(statement, "Acct/Id/IBAN", "Acct/Id/Othr/Id").split())


def _statement(statement: Element, created: datetime | None, keys: dict[Element, EntryKeys]) -> Iterator[Told]:
    account = _account(statement)
    if not account:
        raise BadData("Acct names no account (IBAN or Othr)", field="Acct/Id")
    as_of = created or moment(statement, "CreDtTm")
    if as_of is None:
        raise BadData("CreDtTm is missing, so it is not known as of when it is", field="CreDtTm")
    common = Statement(account, as_of)
    return each(find_all(statement, "Ntry"), lambda one: _entry(one, keys[one], common))


def _entry(element: Element, names: EntryKeys, statement: Statement) -> Iterator[Told]:
    amount = find(element, "Amt")
    if amount is None or len(amount):  # no entry has such a form: where none of a page has its own, the form is another
        yield Remittance, {"source_id": names.alone, "as_of": statement.as_of, "account": statement.account}
        return
    entry = Entry(
        element=element,
        key=names.entry,
        statement=statement,
        status=_status(element),
        direction=direction_of(element),
        reversal=truth(element, "RvslInd"),
        whole=money(amount, "Amt"),
    )
    if _is_outgoing(entry):
        return
    if entry.status != BOOKED:
        yield _advice(entry, TransactionShare(lone_of(element), entry.direction, entry.whole.amount), names.alone)
        return
    divided = shares(element, entry.whole, entry.direction, of_reversal=entry.reversal)
    keys = share_keys(names, element, divided)
    if len(divided) == 1:
        yield _draft(entry, divided[0], keys[0], alone=True)
        return
    named = {share.details: (share, own) for share, own in zip(divided, keys, strict=True)}
    yield from each(named, lambda one: [_draft(entry, *named[one], alone=False)])


def _status(entry: Element) -> str:
    """`Sts` is the code itself up to version 06, from 07 on a choice of `Cd` and a bank's own `Prtry`."""
    own = text(entry, "Sts/Prtry")
    if own:
        raise BadData(f"the status {own!r} is the bank's own; ask the bank what it means", field="Sts/Prtry")
    status = text(entry, "Sts/Cd", "Sts")
    if status not in STATUSES:
        raise BadData(f"the status {status!r} is none of {', '.join(sorted(STATUSES))}", field="Sts")
    return status


def _is_outgoing(entry: Entry) -> bool:
    """A debit that takes nothing back and says of no transaction that it is a credit or does."""
    transactions = find_all(entry.element, "NtryDtls/TxDtls")
    other = any(text(one, "CdtDbtInd") == "CRDT" or find(one, "RtrInf") is not None for one in transactions)
    return entry.direction == "DBIT" and not entry.reversal and not other


def _draft(entry: Entry, share: TransactionShare, key: str, *, alone: bool) -> Draft:
    returned = entry.reversal or (share.details is not None and find(share.details, "RtrInf") is not None)
    if returned or share.direction == "DBIT":
        return _advice(entry, share, key, returned=returned)
    return _remittance(entry, share, key, alone=alone)


def _advice(entry: Entry, share: TransactionShare, key: str, *, returned: bool | None = None) -> Draft:
    values = _common(entry, share, key) | {
        "status": entry.status,
        "direction": share.direction,
        "reversal": entry.reversal if returned is None else returned,
        "booked_at": moment(entry.element, "BookgDt", "ValDt"),
    }
    return BankAdvice, values


def _remittance(entry: Entry, share: TransactionShare, key: str, *, alone: bool) -> Draft:
    if not share.amount:
        raise BadData(f"Amt is {share.amount}: nothing came in", field="Amt")
    booked_at = moment(entry.element, "BookgDt")
    if booked_at is None:
        raise BadData("BookgDt is missing, so it is not known when it came in", field="BookgDt")
    values = _common(entry, share, key)
    if not values["payer"] and not (share.details is None and find(entry.element, "NtryDtls/Btch") is not None):
        raise BadData(NOBODY, field="RltdPties/Dbtr/Nm")  # a batch without its transactions has payers, unnamed
    levels = [share.details, *([entry.element] if alone else [])]
    kept = charges(entry.whole.currency, *levels)
    return Remittance, values | {
        "entry_key": entry.key,
        "booked_at": booked_at,
        "instructed_amount": instructed(entry.whole.currency, *levels),
        "charges": kept.amount if kept else None,
        "charges_currency": kept.currency if kept else None,
    }


def _common(entry: Entry, share: TransactionShare, key: str) -> dict[str, Any]:
    payer = payer_of(share.details)
    return {
        "source_id": key,
        "as_of": entry.statement.as_of,
        "account": entry.statement.account,
        "amount": share.amount,
        "currency": entry.whole.currency,
        "payer": payer.name,
        "payer_country": payer.country,
        "remittance_information": remittance_of(share.details),
        "end_to_end_id": end_to_end_of(share.details),
        "bank_reference": bank_reference_of(entry.element, share.details),
        "identifiers": identifiers_of(entry.element, share.details),
    }
