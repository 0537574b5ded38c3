"""The airport's ONE Record server (2025-07): waybills in, bookings and events out, and a list of freighter flights."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request

from mocks.airport.amendment import is_about_goods
from mocks.airport.flights import HOME
from mocks.airport.jsonld import CONTEXT, LANGUAGE, MEDIA_TYPE, Node, Objection, answer, iri
from mocks.airport.notices import Notices, tell_subscribers
from mocks.airport.spelling import SPELLINGS
from mocks.airport.story import holder
from mocks.airport.terminal import Terminal
from mocks.airport.waybill import read_waybill
from mocks.desk import bearer, moment, open_desk, show_holdings, whole
from mocks.ledger import Ledger
from mocks.listing import Listing
from mocks.objection import told_in
from mocks.pace import Pace

WAYBILL, CHANGE, CANCEL = "waybill", "change", "cancel"  # kinds of the ledger
LISTINGS = (
    Listing(
        "/logistics-objects/*/logistics-events",
        "api:hasItem",
        ("cargo:creationDate", "cargo:eventDate"),
        "cargo:eventCode",
    ),
    Listing("/warehouse-stock", "levels", ("asOf",), "quantity"),
    Listing("/flights", "flights", (), "transportIdentifier"),
)
ONTOLOGIES = ["https://onerecord.iata.org/ns/cargo/3.2.0", "https://onerecord.iata.org/ns/api/2.3.0"]


def create_app(
    pace: Pace | None = None,
    token: str = "airport-demo-token",
    spelling: str = "compact",
    *,
    splits: bool = False,
) -> Flask:
    """The stand-in airport; `token` is wanted as `Authorization: Bearer`.

    `spelling` is one of SPELLINGS. With `splits` some of the pieces fly ahead, and it tells of them as the standard has
    it for part shipments.
    """
    ledger = Ledger()
    terminal = Terminal(pace or Pace(), splits=splits)
    app = open_desk("airport", ledger, bearer(token), LISTINGS)
    app.extensions["spelling"] = spelling
    _take_waybills(app, terminal, ledger)
    _take_changes(app, terminal, ledger)
    _show_objects(app, terminal)
    _show_events(app, terminal)
    _show_flights(app, terminal)
    _show_stock(app, terminal)
    show_holdings(app, terminal.holdings)
    tell_subscribers(app, Notices(terminal, SPELLINGS[spelling]))

    @app.get("/")
    def show_server() -> Response:
        return answer(_server(request.host_url), "api:ServerInformation")

    @app.errorhandler(Objection)
    def object_to(objection: Objection) -> Response:
        return objection.as_response()

    return app


def _take_waybills(app: Flask, terminal: Terminal, ledger: Ledger) -> None:
    @app.post("/logistics-objects/", strict_slashes=False)
    def take_waybill() -> Response:
        _want_json_ld()
        body = request.get_data(as_text=True)
        try:
            booking = terminal.take(read_waybill(body), request.host_url)
        except Objection as objection:
            outcome = "duplicate" if objection.status == 409 else "refused"
            (given,) = told_in(body, "@id")
            ledger.write(WAYBILL, given, given.rpartition("/")[2], outcome, body)
            raise
        ledger.write(WAYBILL, booking.iri, booking.identifier, "accepted", body)
        headers = {"Location": booking.iri, "Type": iri("cargo:Waybill"), "Content-Language": LANGUAGE}
        return Response(b"", 201, headers)


def _take_changes(app: Flask, terminal: Terminal, ledger: Ledger) -> None:
    @app.patch("/logistics-objects/<identifier>")
    def take_change(identifier: str) -> Response:
        body = request.get_data(as_text=True)
        kind, do = (CHANGE, terminal.amend) if is_about_goods(body) else (CANCEL, terminal.cancel)
        try:
            _want_json_ld()
            change, new = do(identifier, body)
        except Objection:
            ledger.write(kind, request.base_url, identifier, "refused", body)
            raise
        ledger.write(kind, request.base_url, identifier, "accepted" if new else "duplicate", body)
        headers = {"Location": change.iri, "Type": iri("api:ChangeRequest"), "Content-Language": LANGUAGE}
        return Response(b"", 201, headers)

    @app.get("/action-requests/<identifier>")
    def show_action_request(identifier: str) -> Response:
        node = terminal.action_request(identifier)
        if node is None:
            raise Objection(404, "Action Request not found", [("", "nothing is held under this URI")], request.base_url)
        return answer(node, "api:ChangeRequest")


def _want_json_ld() -> None:
    if request.mimetype != MEDIA_TYPE:
        title = "Unsupported Content Type"
        raise Objection(415, title, [("", f"{request.mimetype or 'nothing'} given, {MEDIA_TYPE} wanted")])


def _show_objects(app: Flask, terminal: Terminal) -> None:
    @app.get("/logistics-objects/<identifier>")
    def show_object(identifier: str) -> Response:
        if found := terminal.waybill(identifier):
            node, changed = found
            return answer(node, "cargo:Waybill", revision=node["api:hasRevision"], changed=changed)
        company = holder(request.host_url)
        if company["@id"].endswith(f"/{identifier}"):
            return answer({"@context": CONTEXT, **company}, "cargo:Company", revision=1)
        if part := terminal.part(identifier):
            return answer({"@context": CONTEXT, **part}, str(part["@type"]))
        raise _not_found(request.base_url)


def _show_events(app: Flask, terminal: Terminal) -> None:
    @app.get("/logistics-objects/<identifier>/logistics-events", strict_slashes=False)
    def list_events(identifier: str) -> Response:
        events = terminal.events(identifier)
        if events is None:
            raise _not_found(request.base_url)
        collection = {"@context": CONTEXT, "@id": request.base_url, "@type": "api:Collection"}
        return answer({**collection, "api:hasTotalItems": len(events), "api:hasItem": events}, "api:Collection")

    @app.get("/logistics-objects/<identifier>/logistics-events/<own>")
    def show_event(identifier: str, own: str) -> Response:
        for event in terminal.events(identifier) or []:
            if event["@id"].endswith(f"/logistics-events/{own}"):
                return answer({"@context": CONTEXT, **event}, "cargo:LogisticsEvent")
        raise _not_found(request.base_url)


def _show_flights(app: Flask, terminal: Terminal) -> None:
    @app.get("/flights")
    def list_flights() -> Response:
        after, limit = moment("after"), max(1, whole("limit", 50, most=200))
        if request.args.get("from", HOME) != HOME:
            return jsonify(flights=[], next=None)
        return jsonify(terminal.flights(request.args.get("to"), after, limit))


def _show_stock(app: Flask, terminal: Terminal) -> None:
    @app.get("/warehouse-stock")
    def list_stock() -> Response:
        return jsonify(terminal.stock(whole("after", 0), whole("limit", 100, 1, 500)))


def _server(base: str) -> Node:
    return {
        "@context": {**CONTEXT, "xsd": "http://www.w3.org/2001/XMLSchema#"},
        "@id": base,
        "@type": "api:ServerInformation",
        "api:hasDataHolder": holder(base),
        "api:hasServerEndpoint": {"@type": "xsd:anyURI", "@value": base.rstrip("/")},
        "api:hasSupportedApiVersion": ["2.3.0"],
        "api:hasSupportedContentType": [MEDIA_TYPE],
        "api:hasSupportedLanguage": [LANGUAGE],
        "api:hasSupportedOntology": [{"@type": "xsd:anyURI", "@value": ontology} for ontology in ONTOLOGIES],
        "api:hasSupportedOntologyVersion": [{"@type": "xsd:anyURI", "@value": ontology} for ontology in ONTOLOGIES],
    }


def _not_found(resource: str) -> Objection:
    return Objection(404, "Logistics Object not found", [("", "nothing is held under this URI")], resource)
