"""What ebPay tells: of payments, page by page and one by one in its notices; of what became of settlements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields

from connector_ebpay.codes import SETTLEMENT
from connectors.sdk import Ask, BadData, Http, Moment, Page, Stream, each
from connectors.sdk.codecs import as_object, read_json, read_list
from connectors.sdk.members import Told
from connectors.sdk.paging import by_cursor, key_of, last_of
from connectors.sdk.records import DocumentEvent, Remittance

PAGE = 50
CREDITED = "CREDITED"
NO_MONEY = ("PENDING", "RETURNED")  # the one may still fail, the other went back to the buyer


class Payment(Remittance):
    """A payment as ebPay names its fields, after `flat`."""

    source_id = fields.String(required=True, data_key="id")
    as_of = Moment(required=True, data_key="updatedAt")
    account = fields.String(required=True, data_key="merchantAccount")
    remittance_information = fields.String(load_default="", data_key="memo")
    bank_reference = fields.String(required=True, data_key="reference")
    booked_at = Moment(required=True, data_key="creditedAt")
    end_to_end_id = fields.String(load_default=None, allow_none=True, data_key="orderReference")


class Payments(Stream):
    """Payments, oldest first; the cursor is the last sequence. A notice holds one payment in the same form."""

    name = "payments"
    records = (Payment,)
    by_time = True

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        last = last_of("payments", "sequence")
        times = {"changedFrom": ask.since, "changedBefore": ask.until}
        window = {name: time.isoformat() for name, time in times.items() if time}
        return by_cursor(
            http, "payments", ask.cursor, last, lambda after: {"after": after or "0", "limit": PAGE, **window}
        )

    def read(self, page: Page) -> Iterator[Told]:
        told = read_json(page.body)
        one = isinstance(told, dict) and "payment" in told
        return each([told["payment"]] if one else read_list(page.body, "payments"), self._payment)

    def _payment(self, member: Any) -> Iterator[Told]:
        """Money that came in. What a status means that is not known here, a person has to say."""
        payment = as_object(member)
        status = payment.get("status")
        if status == CREDITED:
            yield Payment, flat(payment)
        elif status not in NO_MONEY:
            raise BadData(f"the status {status} is unknown", field="status")


class Outcome(DocumentEvent):
    """What became of an application, as ebPay names its fields."""

    about_value = fields.String(required=True, data_key="id")
    guid = fields.String(load_default=None, allow_none=True, data_key="request")
    code = fields.String(required=True, data_key="status")
    happened_at = Moment(required=True, data_key="at")


class Settlements(Stream):
    """What became of each application, oldest first; the cursor is the last sequence."""

    name = "settlements"
    records = (Outcome,)

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        last = last_of("outcomes", "sequence")
        return by_cursor(http, "outcomes", ask.cursor, last, lambda after: {"after": after or "0", "limit": PAGE})

    def read(self, page: Page) -> Iterator[Told]:
        return each(read_list(page.body, "outcomes"), self._outcome)

    def _outcome(self, member: Any) -> Iterator[Told]:
        row = as_object(member)
        answers = {name: str(row[name]) for name in ("rate", "yuan") if name in row}
        key = key_of(row.get("id"), row.get("at"), row.get("status"))
        yield Outcome, row | {"source_id": key, "as_of": row.get("at"), "about_kind": SETTLEMENT, "answers": answers}


def flat(payment: Mapping[str, Any]) -> dict[str, Any]:
    """The payment without its nested parts; what is missing is for the record's schema to notice."""
    amount, payer = as_object(payment.get("amount")), as_object(payment.get("payer"))
    return {
        **payment,
        "amount": amount.get("value"),
        "currency": amount.get("currency"),
        "charges": payment.get("fee"),
        "payer": payer.get("name"),
        "payer_country": payer.get("country"),
    }
