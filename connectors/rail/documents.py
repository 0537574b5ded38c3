"""A booking on a train. Its reference is the guid of the paper's version, so that it can be asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from connectors.rail.codes import BOOKING
from connectors.sdk import Document, Http, Message, Page, Paper
from connectors.sdk.codecs import read_agreed, write_json
from connectors.sdk.papers import Value
from connectors.sdk.records import DocumentEvent, Draft

CODES = {409: "DUPLICATE", 422: "INVALID"}
FIELDS = {
    "from": "origin",
    "to": "destination",
    "readyAt": "ready_at",
    "packages": "packages",
    "grossKilograms": "gross_weight",
    "deliveryWarehouse": "delivery_warehouse",
    "shipper.name": "shipper",
    "shipper.address": "shipper_address",
    "consignee.name": "consignee",
    "consignee.address": "consignee_address",
    "consignee.country": "consignee_country",
    "sku": "item_number",
    "description": "description",
    "hsCode": "hs_code",
    "quantity": "quantity",
    "unit": "unit",
}
"""Name in a booking → field of our paper; inside `goods[n]` the line's own names."""


class BookingDocument(Document):
    """One booking for one trade."""

    kinds = (BOOKING,)
    says_back = True
    withdraws = True

    def references(self, paper: Paper) -> Mapping[str, str]:
        return {BOOKING: paper.guid}

    def encode(self, papers: Sequence[Paper]) -> Message:
        paper = papers[0]
        if paper.action == "withdraw":
            return Message(write_json({"reason": paper.reason}), "application/json")
        head = paper.head
        booking = {
            "bookingReference": paper.guid,
            "from": head["origin"],
            "to": head["destination"],
            "readyAt": _text(head["ready_at"]),
            "shipper": {"name": head["shipper"], "address": head["shipper_address"]},
            "consignee": {
                "name": head["consignee"],
                "address": head["consignee_address"],
                "country": head["consignee_country"],
            },
            "packages": head["packages"],
            "grossKilograms": _text(head["gross_weight"]),
            "deliveryWarehouse": head.get("delivery_warehouse"),
            "goods": [
                {
                    "line": line["line"],
                    "sku": line["item_number"],
                    "description": line["description"],
                    "hsCode": line["hs_code"],
                    "quantity": _text(line["quantity"]),
                    "unit": line["unit"],
                    "grossKilograms": _text(line["gross_weight"]),
                }
                for line in paper.lines["goods"]
            ],
        }
        return Message(write_json(booking), "application/json")

    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        path = "bookings"
        if papers[0].action == "withdraw":
            path = f"bookings/by-reference/{papers[0].known[BOOKING]}/cancel"
        return http.post(path, message.body, message.content_type, answers=(409, 422))

    def find(self, http: Http, paper: Paper) -> Page | None:
        if paper.action == "withdraw":
            return None  # asking twice to cancel does no harm
        answer = http.get(f"bookings/by-reference/{paper.guid}", answers=(404,))
        return None if answer.status == 404 else answer

    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Draft]:
        agreed = ("bookingNumber",) if answer.status < 400 else ()
        paper, values = papers[0], read_agreed(answer.body, *agreed)
        reference = paper.known[BOOKING] if paper.action == "withdraw" else paper.guid
        code = CODES.get(answer.status, "received")
        if paper.action == "withdraw":
            if answer.status < 400:
                return  # the change follows
            code = "STATE"
        words = f"{values.get('field', '')}: {values.get('message', '')}" if code == "INVALID" else ""
        number = values.get("bookingNumber")
        yield (
            DocumentEvent,
            {
                "source_id": f"{paper.guid}/{code}",
                "as_of": answer.received_at,
                "about_kind": BOOKING,
                "about_value": reference,
                "guid": paper.guid,
                "code": code,
                "words": words or values.get("message", ""),
                "happened_at": answer.received_at,
                "references": {"rail.number": number} if number else {},
            },
        )

    def field_named(self, words: str) -> str | None:
        path = words.partition(":")[0]
        place, dot, name = path.rpartition("].")
        if not dot:
            return FIELDS.get(path)
        return f"{place}].gross_weight" if name == "grossKilograms" else f"{place}].{FIELDS.get(name, name)}"


def _text(value: Value) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, datetime) else str(value)
