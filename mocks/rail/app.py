"""The platform's desk: `POST /bookings`, the changes, events and stock that follow, and the trains on sale."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request

from mocks.desk import arriving, moment, open_desk, show_holdings, whole
from mocks.ledger import Ledger
from mocks.listing import Listing
from mocks.objection import Objection
from mocks.pace import Pace
from mocks.rail.editions import as_3
from mocks.rail.lines import warehouse_rows
from mocks.rail.office import Office
from mocks.rail.order import read_order
from mocks.rail.tokens import TokenOffice, issue_tokens

BOOKING, CHANGE, CANCEL = "booking", "change", "cancel"  # kinds of the ledger
LISTINGS = (
    Listing("/bookings/changes", "changes", ("at",), "status"),
    Listing("/events", "events", ("eventCreatedDateTime", "eventDateTime"), "eventID"),
    Listing("/stock", "levels", ("asOf",), "quantity"),
    Listing("/schedules", "schedules", ("updatedAt",), "departure"),
    Listing("/warehouses", "warehouses", (), "place"),
)
EVENTS = "/events"
STREAMS = {"/bookings/changes": "changes", EVENTS: "events", "/stock": "levels"}


def create_app(
    pace: Pace | None = None,
    client_id: str = "rail-demo",
    client_secret: str = "rail-demo-secret",
    *,
    edition: int = 2,
    shared: bool = False,
) -> Flask:
    """The stand-in railway platform; whoever knows the client's secret gets a bearer token at `/oauth/token`.

    `edition` is that of DCSA Track & Trace, 2 or 3. With `shared` bookings on one train share a container, and each
    event of it names them all.
    """
    pace = pace or Pace()
    ledger = Ledger()
    office = Office(pace, shared=shared)
    tokens = TokenOffice(pace, client_id, client_secret)
    app = open_desk("rail", ledger, tokens.may_enter, LISTINGS)
    issue_tokens(app, tokens)
    _take_bookings(app, office, ledger)
    _take_cancellations(app, office, ledger)
    show_holdings(app, office.holdings)
    _show_lists(app, office, edition)

    return app


def _take_bookings(app: Flask, office: Office, ledger: Ledger) -> None:
    @app.post("/bookings")
    def take_booking() -> tuple[Response, int]:
        with arriving(ledger, BOOKING, paths=("bookingReference", "")) as arrival:
            order = read_order(arrival.body)
            number, arrival.new = office.take(order)
            arrival.key, arrival.guid = order.reference, number
        if not arrival.new:
            return jsonify(code="DUPLICATE", bookingNumber=number), 409
        return jsonify(bookingReference=order.reference, bookingNumber=number, status="received"), 202

    @app.post("/bookings/by-reference/<reference>/change")
    def take_change(reference: str) -> tuple[Response, int]:
        with arriving(ledger, CHANGE, reference, office.number(reference)) as arrival:
            order = read_order(arrival.body)
            if order.reference != reference:
                raise Objection("CHANGE", "bookingReference", f"{reference} wanted, as in the address")
            number, arrival.new = office.change(order)
        return jsonify(bookingReference=reference, bookingNumber=number, status="changed"), 202

    @app.get("/bookings/by-reference/<reference>")
    def show_booking(reference: str) -> Response:
        found = office.booking(reference)
        if found is None:
            raise Objection("UNKNOWN", "bookingReference", "nothing is booked under this reference", 404)
        return jsonify(found)


def _take_cancellations(app: Flask, office: Office, ledger: Ledger) -> None:
    @app.post("/bookings/by-reference/<reference>/cancel")
    def take_cancellation(reference: str) -> tuple[Response, int]:
        with arriving(ledger, CANCEL, reference, office.number(reference)) as arrival:
            number, arrival.new = office.cancel(reference)
        return jsonify(bookingReference=reference, bookingNumber=number, status="cancelled"), 202


def _show_lists(app: Flask, office: Office, edition: int) -> None:
    def show_page() -> Response:
        page = office.page(STREAMS[request.path], whole("after", 0), whole("limit", 100, 1, 500))
        if edition == 3 and request.path == EVENTS:
            page["events"] = [as_3(row) for row in page["events"]]
        return jsonify(page)

    for path in STREAMS:
        app.add_url_rule(path, path, show_page)

    @app.get("/schedules")
    def list_schedules() -> Response:
        asked = request.args
        limit = whole("limit", 25, 1, 500)
        return jsonify(office.schedules(asked.get("from") or None, asked.get("to") or None, moment("after"), limit))

    @app.get("/warehouses")
    def list_warehouses() -> Response:
        return jsonify(warehouses=warehouse_rows())
