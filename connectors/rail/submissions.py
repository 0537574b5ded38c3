"""A booking on a train. Its reference is the guid of the paper's version, so that it can be asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.rail.codes import BOOKING
from connectors.sdk import Paper
from connectors.sdk.json_service import JsonSubmission, filled

HEAD = {
    "from": "origin",
    "to": "destination",
    "readyAt": "ready_at",
    "shipper.name": "shipper",
    "shipper.address": "shipper_address",
    "consignee.name": "consignee",
    "consignee.address": "consignee_address",
    "consignee.country": "consignee_country",
    "packages": "packages",
    "grossKilograms": "gross_weight",
    "deliveryWarehouse": "delivery_warehouse",
}
LINE = {
    "line": "line",
    "sku": "item_number",
    "description": "description",
    "hsCode": "hs_code",
    "quantity": "quantity",
    "unit": "unit",
    "grossKilograms": "gross_weight",
}
"""Name in a booking → field of our paper: of the head, and of a row of its `goods`."""


class BookingSubmission(JsonSubmission):
    """One booking for one trade."""

    kinds = (BOOKING,)
    path, found_at, undo = "bookings", "bookings/by-reference/{}", "cancel"
    agreed = ("bookingNumber",)
    fields, line_fields = HEAD, LINE

    def reference(self, paper: Paper) -> str:
        return paper.guid

    def called(self, paper: Paper) -> str:
        return paper.known[BOOKING] if paper.action == "withdraw" else paper.guid

    def content(self, paper: Paper) -> Any:
        goods = [filled(self.line_fields, line) for line in paper.lines["goods"]]
        return {"bookingReference": paper.guid, **filled(self.fields, paper.head), "goods": goods}

    def given(self, told: Mapping[str, Any], paper: Paper) -> dict[str, Any]:
        number = told.get("bookingNumber")
        return {"references": {"rail.number": number}} if number else {}
