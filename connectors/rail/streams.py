"""What we pull from the railway platform: changes of bookings, track events, overseas stock, schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.rail.codes import BOOKING, ORIGIN
from connectors.rail.events import read_track_event
from connectors.sdk import Ask, Http, Page
from connectors.sdk.json_service import JsonRows
from connectors.sdk.members import Told
from connectors.sdk.paging import by_cursor, in_body, key_of, last_of
from connectors.sdk.records import DocumentEvent, Leg, Schedule, StockLevel, TrackingEvent, Warehouse

PAGE = 200
OPERATOR = "China-Europe Railway Express (Zhongyu)"


def _after(cursor: str) -> Mapping[str, str | int]:
    return {"after": cursor or "0", "limit": PAGE}


class Changes(JsonRows):
    """How bookings get on: confirmed with train, container and consignment note, rejected, cancelled."""

    name = "changes"
    records = (DocumentEvent, Leg)
    rows = "changes"

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_cursor(http, "bookings/changes", ask.cursor, last_of("changes", "sequence"), _after)

    def read_row(self, change: dict[str, Any], page: Page) -> Iterator[Told]:
        reference, at = change.get("bookingReference"), change.get("at")
        names = {"rail.container": change.get("container"), "rail.note": change.get("consignmentNote")}
        yield (
            DocumentEvent,
            {
                "source_id": key_of(reference, change.get("status")),
                "as_of": at,
                "about_kind": BOOKING,
                "about_value": reference,
                "code": change.get("status"),
                "words": change.get("reason") or "",
                "happened_at": at,
                "references": {name: value for name, value in names.items() if value},
            },
        )
        if change.get("trainNumber"):
            yield Leg, _leg(change)


class TrackEvents(JsonRows):
    """Track events in DCSA codes, late, out of order and more than once; the actual ones move the paper on."""

    name = "events"
    records = (TrackingEvent, DocumentEvent)
    rows = "events"

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_cursor(http, "events", ask.cursor, last_of("events", "sequence"), _after)

    def read_row(self, row: dict[str, Any], page: Page) -> Iterator[Told]:
        return read_track_event(row)


class StationStock(JsonRows):
    """What came into overseas warehouses."""

    name = "stock"
    records = (StockLevel, DocumentEvent)
    rows = "levels"

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_cursor(http, "stock", ask.cursor, last_of("levels", "sequence"), _after)

    def read_row(self, level: dict[str, Any], page: Page) -> Iterator[Told]:
        about = {"about_kind": BOOKING, "about_value": level.get("reference"), "as_of": level.get("asOf")}
        key = key_of(level.get("warehouse"), level.get("sku"), level.get("reference"))
        yield StockLevel, level | about | {"source_id": key}
        yield (
            DocumentEvent,
            about
            | {
                "source_id": key_of(level.get("reference"), "STOCKED"),
                "code": "STOCKED",
                "words": level.get("warehouse") or "",
                "happened_at": level.get("asOf"),
            },
        )


class Warehouses(JsonRows):
    """The overseas warehouses that the platform serves."""

    name = "warehouses"
    records = (Warehouse,)
    rows = "warehouses"

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        yield http.get("warehouses")

    def read_row(self, row: dict[str, Any], page: Page) -> Iterator[Told]:
        yield Warehouse, row | {"source_id": row.get("code"), "as_of": page.received_at}


class Schedules(JsonRows):
    """Trains that can be booked."""

    name = "schedules"
    records = (Schedule,)
    rows = "schedules"

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        """All trains on sale, page by page: `next` is the `after` of the page that follows."""
        return by_cursor(http, "schedules", "", in_body("next"), _from, whole=True)

    def read_row(self, train: dict[str, Any], page: Page) -> Iterator[Told]:
        yield (
            Schedule,
            {
                "source_id": key_of(train.get("trainNumber"), train.get("to"), train.get("departure")),
                "as_of": train.get("updatedAt"),
                "mode": "rail",
                "transport_identifier": train.get("trainNumber"),
                "carrier": OPERATOR,
                "origin": train.get("from"),
                "destination": train.get("to"),
                "border": train.get("border"),
                "departs_at": train.get("departure"),
                "arrives_at": train.get("arrival"),
                "capacity": train.get("freeTeu"),
                "capacity_unit": "TEU",
                "price": train.get("pricePerTeu"),
                "currency": train.get("currency"),
            },
        )


def _from(after: str) -> Mapping[str, str | int]:
    return {"from": ORIGIN, "after": after} if after else {"from": ORIGIN}


def _leg(change: Mapping[str, Any]) -> dict[str, Any]:
    """A booking has one leg: where it is moved to another train, that takes the place of the one before."""
    return {
        "source_id": key_of(change.get("bookingReference"), "leg"),
        "as_of": change.get("at"),
        "about_kind": BOOKING,
        "about_value": change.get("bookingReference"),
        "sequence": 1,
        "mode": "rail",
        "carrier": OPERATOR,
        "transport_identifier": change.get("trainNumber"),
        "transport_document": change.get("consignmentNote"),
        "origin": change.get("from"),
        "destination": change.get("to"),
        "departs_at": change.get("departure"),
        "arrives_at": change.get("arrival"),
    }
