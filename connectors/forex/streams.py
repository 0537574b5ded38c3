"""What we pull from the bank: credits (camt.054) and the RMB central parity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree
from marshmallow import fields

from connectors.sdk import BadData, Http, Moment, Page, Stream, each
from connectors.sdk.codecs import as_object, read_agreed, read_list, read_xml
from connectors.sdk.members import Told
from connectors.sdk.paging import by_cursor, key_of
from connectors.sdk.records import CURRENCY, Draft, ExchangeRate, ForexReceipt

PAGE = 50
LISTING = ("Notifications", "Document")


class Credit(ForexReceipt):
    """An entry of a camt.054 notification; the names are its elements."""

    bank_reference = fields.String(required=True, data_key="AcctSvcrRef")
    remittance = fields.String(load_default="", data_key="Ustrd")
    end_to_end_id = fields.String(load_default=None, allow_none=True, data_key="EndToEndId")
    booked_at = Moment(required=True, data_key="BookgDt")
    as_of = Moment(required=True, data_key="CreDtTm")


class ParityRow(ExchangeRate):
    currency = fields.String(required=True, validate=CURRENCY)
    rate = fields.Decimal(required=True, data_key="price")


class Credits(Stream):
    """Credit notifications, oldest first; the cursor is the last sequence."""

    name = "credits"
    records = (Credit,)

    def pages(self, http: Http, cursor: str, watched: Sequence[str]) -> Iterator[Page]:
        return by_cursor(
            http, "notifications/camt.054", cursor, _last_sequence, lambda after: {"after": after, "limit": PAGE}
        )

    def read(self, page: Page) -> Iterator[Draft]:
        for document in read_xml(page.body, *LISTING).iter("{*}BkToCstmrDbtCdtNtfctn"):
            created = document.findtext("{*}GrpHdr/{*}CreDtTm")
            for notification in document.iterfind("{*}Ntfctn"):
                account = notification.findtext("{*}Acct/{*}Id//{*}Id") or notification.findtext(
                    "{*}Acct/{*}Id/{*}IBAN"
                )
                for entry in filter(_is_money_in, notification.iterfind("{*}Ntry")):
                    yield from _credits(entry, account, created)


class Parity(Stream):
    """RMB central parity, published each trading day at 9:15 in Beijing; pairs against the yuan."""

    name = "parity"
    records = (ParityRow,)

    def pages(self, http: Http, cursor: str, watched: Sequence[str]) -> Iterator[Page]:
        yield http.get("parity/ccpr.json")

    def read(self, page: Page) -> Iterator[Told]:
        published = _minute(read_agreed(page.body, "data")["data"]["lastDate"])
        return each(read_list(page.body, "records"), lambda member: _parity(member, published))


def _parity(member: Any, published: str) -> Iterator[Told]:
    record = as_object(member)
    foreign, slash, yuan = str(record.get("vrtEName")).partition("/")
    if not slash:
        raise BadData("a pair of currencies with a slash was agreed", field="vrtEName")
    if yuan != "CNY":
        return  # CNY/RUB and its like are quoted the other way round
    unit, currency = foreign[:-3] or "1", foreign[-3:]
    yield (
        ParityRow,
        {
            "source_id": f"{currency}/{published[:10]}",
            "as_of": published,
            "currency": currency,
            "unit": unit,
            "price": record.get("price"),
            "published_at": published,
        },
    )


def _last_sequence(page: Page) -> str | None:
    sequences = [element.get("sequence") for element in read_xml(page.body, *LISTING).iterfind("Notification")]
    return sequences[-1] if sequences else None


def _minute(text: str) -> str:
    """`2026-09-24 9:15` in ISO 8601; the hour comes without its zero."""
    day, _, time = text.partition(" ")
    return f"{day}T{time:0>5}"


def _is_money_in(entry: etree._Element) -> bool:
    """Booked and not reversed: a pending credit may still be taken back."""
    booked = entry.findtext("{*}Sts/{*}Cd") == "BOOK"
    return booked and entry.findtext("{*}CdtDbtInd") == "CRDT" and entry.findtext("{*}RvslInd") != "true"


def _credits(entry: etree._Element, account: str | None, created: str | None) -> Iterator[Draft]:
    """A credit for each transaction of an entry; a batch has several, each with an amount of its own."""
    transactions = entry.findall("{*}NtryDtls/{*}TxDtls") or [entry]
    booked = entry.findtext("{*}BookgDt/{*}DtTm") or entry.findtext("{*}BookgDt/{*}Dt")
    for number, details in enumerate(transactions, start=1):
        own = details.find("{*}Amt")
        amount = own if own is not None and len(transactions) > 1 else entry.find("{*}Amt")
        currency = amount.get("Ccy") if amount is not None else None
        instructed = details.find("{*}AmtDtls/{*}InstdAmt/{*}Amt")
        same = instructed is not None and instructed.get("Ccy") in (None, currency)
        reference = details.findtext("{*}Refs/{*}AcctSvcrRef") or entry.findtext("{*}AcctSvcrRef")
        yield (
            Credit,
            {
                "source_id": key_of(reference, number) if len(transactions) > 1 else reference,
                "CreDtTm": created,
                "account": account,
                "amount": amount.text if amount is not None else None,
                "currency": currency,
                "instructed_amount": instructed.text if same and instructed is not None else None,
                "charges": details.findtext("{*}Chrgs/{*}TtlChrgsAndTaxAmt"),
                "payer": details.findtext("{*}RltdPties/{*}Dbtr//{*}Nm"),
                "payer_country": details.findtext("{*}RltdPties/{*}Dbtr//{*}Ctry"),
                "Ustrd": " ".join(element.text or "" for element in details.iterfind("{*}RmtInf/{*}Ustrd")),
                "EndToEndId": details.findtext("{*}Refs/{*}EndToEndId"),
                "AcctSvcrRef": reference,
                "BookgDt": booked,
            },
        )
