"""What we pull from the bank: what it says of money (camt.052, 053, 054) and the RMB central parity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import fields

from connectors.forex import camt
from connectors.sdk import Ask, BadData, Http, Page, Stream, each
from connectors.sdk.codecs import as_object, local_name, read_agreed, read_list, read_xml
from connectors.sdk.members import Told
from connectors.sdk.paging import by_cursor
from connectors.sdk.records import CURRENCY, BankAdvice, ExchangeRate, Remittance

PAGE = 50
LISTING = "Notifications"


class ParityRow(ExchangeRate):
    currency = fields.String(required=True, validate=CURRENCY)
    rate = fields.Decimal(required=True, data_key="price")


class Credits(Stream):
    """Notifications and statements, oldest first; the cursor is the last sequence."""

    name = "credits"
    records = (Remittance, BankAdvice)

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_cursor(
            http, "notifications/camt.054", ask.cursor, _last_sequence, lambda after: {"after": after, "limit": PAGE}
        )

    def read(self, page: Page) -> Iterator[Told]:
        return camt.read(read_xml(page.body))


class Parity(Stream):
    """RMB central parity, published each trading day at 9:15 in Beijing; pairs against the yuan."""

    name = "parity"
    records = (ParityRow,)

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
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
    """The last sequence that a listing names. None for an empty one, and for a bare message, which has no place in one:
    it is read, and asked for again the next time.
    """
    root = read_xml(page.body)
    notifications = [*root.iterfind("{*}Notification")]
    if local_name(root) != LISTING or not len(root):
        return None
    sequence = next((one.get("sequence") for one in reversed(notifications) if one.get("sequence")), None)
    if sequence is None:
        raise BadData("it names no sequence to go on from")
    return sequence


def _minute(text: str) -> str:
    """`2026-09-24 9:15` in ISO 8601; the hour comes without its zero."""
    day, _, time = text.partition(" ")
    return f"{day}T{time:0>5}"
