"""Writes what banks send, in each version of camt.052, 053 and 054, from ISO 20022's message definitions."""

from __future__ import annotations

from typing import Any

from connectors.sdk import Aside
from connectors.sdk.testing.samples import loaded
from tests.support.connectors.parts import connector, page

MESSAGES = {
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
}
VERSIONS = [f"{number:02d}" for number in range(2, 14)]
CREATED = "2026-01-20T09:00:00+08:00"
ACCOUNT = "<Othr><Id>USD-ACCT-1</Id></Othr>"


def amount(value: str, currency: str = "USD", tag: str = "Amt") -> str:
    return f'<{tag} Ccy="{currency}">{value}</{tag}>'


def status(code: str, version: str = "08") -> str:
    """A choice since version 07."""
    return f"<Sts>{code}</Sts>" if version < "07" else f"<Sts><Cd>{code}</Cd></Sts>"


def payer(name: str = "ACME INC", country: str = "US", version: str = "08", role: str = "Dbtr") -> str:
    """A choice since version 07."""
    party = f"<Nm>{name}</Nm><PstlAdr><Ctry>{country}</Ctry></PstlAdr>"
    return f"<{role}>{party if version < '07' else f'<Pty>{party}</Pty>'}</{role}>"


def details(
    reference: str = "", *, within: str = "", parties: str | None = None, words: str = "XC-1", version: str = "08",
    ends: str = "",
) -> str:  # fmt: skip
    """A transaction; `within` stands where amounts and charges do."""
    ids = f"<AcctSvcrRef>{reference}</AcctSvcrRef><EndToEndId>E-{reference}</EndToEndId>" if reference else ""
    parties = payer(version=version) if parties is None else parties
    related = f"<RltdPties>{parties}</RltdPties>" if parties else ""
    remittance = f"<RmtInf><Ustrd>{words}</Ustrd></RmtInf>" if words else ""
    return f"<TxDtls>{f'<Refs>{ids}</Refs>' if ids else ''}{within}{related}{remittance}{ends}</TxDtls>"


def in_details(value: str, currency: str = "USD") -> str:
    return f"<AmtDtls><TxAmt>{amount(value, currency)}</TxAmt></AmtDtls>"


def entry(
    reference: str = "R1", value: str = "1000.00", *transactions: str, version: str = "08", direction: str = "CRDT",
    reversal: str | None = None, code: str = "BOOK", day: str = "<Dt>2026-01-20</Dt>", within: str = "",
    batch: str = "", currency: str = "USD",
) -> str:  # fmt: skip
    """An entry; without transactions it has one of ACME INC."""
    reversed_ = "" if reversal is None else f"<RvslInd>{reversal}</RvslInd>"
    inner = "".join(transactions or [details(reference, version=version)])
    known = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    return (
        f"<Ntry>{amount(value, currency)}<CdtDbtInd>{direction}</CdtDbtInd>{reversed_}{status(code, version)}"
        f"<BookgDt>{day}</BookgDt>{known}{within}<NtryDtls>{batch}{inner}</NtryDtls></Ntry>"
    )


def document(
    *entries: str, message: str = "camt.054", version: str = "08", account: str = ACCOUNT, number: str = "N1"
) -> str:
    root, statement = MESSAGES[message]
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{message}.001.{version}"><{root}><GrpHdr><MsgId>M{number}'
        f"</MsgId><CreDtTm>{CREATED}</CreDtTm></GrpHdr><{statement}><Id>{number}</Id><Acct><Id>{account}</Id></Acct>"
        f"{''.join(entries)}</{statement}></{root}></Document>"
    )


def listing(*documents: str) -> str:
    """As the bank's gateway lists them."""
    members = (f'<Notification sequence="{place}">{one}</Notification>' for place, one in enumerate(documents, 1))
    return f"<Notifications>{''.join(members)}</Notifications>"


def told(body: str | bytes) -> list[dict[str, Any]]:
    """Everything that the stream reads of a page, members that are set aside among it."""
    return loaded(connector("forex").streams["credits"].read(page(body)))


def remittances(body: str | bytes) -> list[dict[str, Any]]:
    return [one for one in told(body) if one["noun"] == "remittance"]


def advices(body: str | bytes) -> list[dict[str, Any]]:
    return [one for one in told(body) if one["noun"] == "bank_advice"]


def aside(body: str | bytes) -> list[tuple[str, str]]:
    """Field and reason of each member that is set aside."""
    return [(one["field"], one["reason"]) for one in told(body) if one["noun"] == "aside"]


def raws(body: str) -> list[Any]:
    """What a person sees of each member that is set aside."""
    return [one.raw for one in connector("forex").streams["credits"].read(page(body)) if isinstance(one, Aside)]


def of_payments(*entries: str, version: str = "08") -> dict[str, Any]:
    """The one remittance of a notification."""
    (remittance,) = remittances(document(*entries, version=version))
    return remittance


def part(reference: str, value: str = "", where: str = "TxAmt", ends: str = "") -> str:
    """A transaction of a batch, with its amount in one of the places where it may stand."""
    within = {"Amt": amount(value), "TxAmt": in_details(value), "": ""}[where if value else ""]
    return details(reference, within=within, ends=ends)
