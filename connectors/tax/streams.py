"""What we pull from the tax bureau: how filings get on, and VAT and refund rates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import fields, validate

from connectors.sdk import Ask, Http, Moment, Page
from connectors.sdk.codecs import read_json
from connectors.sdk.json_service import JsonRows
from connectors.sdk.members import Told
from connectors.sdk.paging import by_cursor, by_number, key_of, last_of
from connectors.sdk.records import HS_CODE, SAID, DocumentEvent, RefundRate, TaxRefund
from connectors.tax.codes import REFUND

PAGE = 100


KNOWN = validate.Length(min=1, max=200)


class ResultEvent(DocumentEvent):
    about_value = fields.String(required=True, data_key="relation", validate=KNOWN)
    code = fields.String(required=True, data_key="status", validate=SAID)
    words = fields.String(load_default="", data_key="reason")
    happened_at = Moment(required=True, data_key="at")


class Refund(TaxRefund):
    about_value = fields.String(required=True, data_key="relation", validate=KNOWN)
    filing_number = fields.String(required=True, data_key="filingNumber")
    happened_at = Moment(required=True, data_key="at")


class RateRow(RefundRate):
    hs_code = fields.String(required=True, validate=HS_CODE, data_key="hsCode")
    vat_rate = fields.Decimal(required=True, data_key="vatRate")
    refund_rate = fields.Decimal(required=True, data_key="refundRate")
    valid_from = fields.Date(required=True, data_key="validFrom")
    valid_to = fields.Date(load_default=None, allow_none=True, data_key="validTo")
    as_of = Moment(required=True, data_key="updatedAt")


class Results(JsonRows):
    """Results of filings, oldest first; the cursor is the last sequence."""

    name = "results"
    records = (ResultEvent, Refund)
    rows = "results"

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        last = last_of("results", "sequence")
        return by_cursor(
            http, "refunds/results", ask.cursor, last, lambda after: {"after": after or "0", "limit": PAGE}
        )

    def read_row(self, result: dict[str, Any], page: Page) -> Iterator[Told]:
        reason = ": ".join(filter(None, (result.get("field"), result.get("reason"))))
        common = result | {"about_kind": REFUND, "reason": reason, "as_of": result.get("at")}
        filing, amount = result.get("filingNumber") or "", result.get("amount")
        yield (
            ResultEvent,
            common
            | {
                "source_id": key_of(filing, result.get("status")),
                "references": {"tax.filing": filing},
                "answers": {"filingNumber": filing, "amount": "" if amount is None else str(amount)},
            },
        )
        yield Refund, common | {"source_id": filing}


class RefundRates(JsonRows):
    """All rates, page by page; what ended shows by its last day."""

    name = "rates"
    records = (RateRow,)
    rows = "rows"

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_number(http, "rates", _pages, lambda number: {"page": number, "size": PAGE})

    def read_row(self, row: dict[str, Any], page: Page) -> Iterator[Told]:
        yield RateRow, row | {"source_id": key_of(row.get("hsCode"), row.get("validFrom"))}


def _pages(page: Page) -> int:
    return int(read_json(page.body)["pages"])
