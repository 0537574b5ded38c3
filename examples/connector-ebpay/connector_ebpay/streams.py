"""What ebPay tells of payments: page by page when it is asked, one by one when it notifies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import fields

from connectors.sdk import Http, Moment, Page, Stream
from connectors.sdk.codecs import read_json
from connectors.sdk.paging import by_cursor
from connectors.sdk.records import Draft, ForexReceipt

PAGE = 50
CREDITED = "CREDITED"  # PENDING may still fail, RETURNED went back to the buyer


class Payment(ForexReceipt):
    """A payment as ebPay names its fields, after `flat`."""

    source_id = fields.String(required=True, data_key="id")
    as_of = Moment(required=True, data_key="updatedAt")
    account = fields.String(required=True, data_key="merchantAccount")
    remittance = fields.String(load_default="", data_key="memo")
    bank_reference = fields.String(required=True, data_key="reference")
    booked_at = Moment(required=True, data_key="creditedAt")
    end_to_end_id = fields.String(load_default=None, allow_none=True, data_key="orderReference")


class Payments(Stream):
    """Payments, oldest first; the cursor is the last sequence. A notice holds one payment in the same form."""

    name = "payments"
    records = (Payment,)

    def pages(self, http: Http, cursor: str, watched: Sequence[str]) -> Iterator[Page]:
        return by_cursor(http, "payments", cursor, _last_sequence, lambda after: {"after": after or "0", "limit": PAGE})

    def read(self, page: Page) -> Iterator[Draft]:
        told = read_json(page.body)
        for payment in [told["payment"]] if "payment" in told else told["payments"]:
            if payment["status"] == CREDITED:
                yield Payment, flat(payment)


def flat(payment: Mapping[str, Any]) -> dict[str, Any]:
    """The payment without its nested parts."""
    return {
        **payment,
        "amount": payment["amount"]["value"],
        "currency": payment["amount"]["currency"],
        "charges": payment["fee"],
        "payer": payment["payer"]["name"],
        "payer_country": payment["payer"]["country"],
    }


def _last_sequence(page: Page) -> str | None:
    payments = read_json(page.body)["payments"]
    return str(payments[-1]["sequence"]) if payments else None
