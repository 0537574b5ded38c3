"""The stand-in's front desk: posting, collecting, and the tariff list. The paths are practice, the messages are not.

Declarations (报关单) have a desk of their own beside it.
"""

from __future__ import annotations

from collections.abc import Collection
from xml.sax.saxutils import escape

from flask import Flask, Response, jsonify, request

from mocks.customs.declaration_desk import open_declaration_desk
from mocks.customs.envelope import EnvelopeError, read_envelope
from mocks.customs.office import Office
from mocks.customs.scripts import INSPECTION, REVIEW
from mocks.customs.signature import SignatureDesk
from mocks.customs.tariffs import tariff_page
from mocks.customs.usage import OfficeUsage
from mocks.desk import bearer, open_desk, show_holdings
from mocks.ledger import Ledger
from mocks.listing import Listing
from mocks.objection import Objection, read_object
from mocks.pace import Pace

FORMAT_ERROR = "0001"
MOST_MESSAGES, USUAL_MESSAGES = 500, 100
MOST_ROWS, USUAL_ROWS = 500, 200
LISTINGS = (
    Listing("/dxp/messages", "DxpMsgSv", ("returnTime", "opDate"), "returnStatus", inside="Data"),
    Listing("/declarations/results", "results", ("at",), "status"),
    Listing("/tariffs", "rows", ("updatedAt",), "unit1", limit="size", page="page"),
)


def create_app(
    pace: Pace | None = None,
    token: str = "demo-customs-token",
    signatures: SignatureDesk | None = None,
    own_guids: Collection[str] = (),
    usage: OfficeUsage | None = None,
) -> Flask:
    """A customs authority that has received nothing yet.

    `own_guids`: the answers (CEB304 …) that get a guid of the port's own. The schemas say so of
    `GUIDS_OF_THE_PORT`, and the official samples repeat the request's guid; both are in use. `usage` is what the
    edition leaves to the office.
    """
    ledger = Ledger()
    office = Office(pace or Pace(), ledger, signatures or SignatureDesk(), own_guids, usage)
    app = open_desk("customs", ledger, bearer(token), LISTINGS)
    open_declaration_desk(app, office, ledger)
    order_inspections(app, office)
    show_holdings(app, office.holdings)

    @app.post("/dxp/messages")
    def take_message() -> Response:
        try:
            envelope = read_envelope(request.get_data())
        except EnvelopeError as error:
            return refuse(str(error))
        office.receive(envelope)
        return xml(f"<DxpReceipt><CopMsgId>{escape(envelope.id)}</CopMsgId></DxpReceipt>", 202)

    @app.get("/dxp/messages")
    def hand_out_messages() -> Response:
        receiver = request.args.get("receiver", "")
        if not receiver:
            return refuse("receiver:必填项不能为空")
        limit = number("limit", USUAL_MESSAGES, MOST_MESSAGES)
        messages = "".join(office.waiting(receiver, request.args.get("after", ""), limit))
        return xml(f"<DxpMessages>{messages}</DxpMessages>" if messages else "<DxpMessages/>")

    @app.get("/tariffs")
    def show_tariffs() -> Response:
        return jsonify(tariff_page(number("page", 1, 10**6), number("size", USUAL_ROWS, MOST_ROWS)))

    return app


def order_inspections(app: Flask, office: Office) -> None:
    """What an officer does at the site: stops the goods of an inventory, and later finds something or nothing."""

    @app.post("/_control/inspections")
    def inspect() -> tuple[Response, int]:
        given = read_object(request.get_data(as_text=True))
        status = str(given.get("status", INSPECTION))
        if status not in (REVIEW, INSPECTION):
            raise Objection("FORMAT", "status", f"{REVIEW} or {INSPECTION} wanted")
        office.inspect(str(given.get("invtNo", "")), status)
        return jsonify(given), 201

    @app.post("/_control/inspections/<number>")
    def decide(number: str) -> Response:
        given = read_object(request.get_data(as_text=True))
        office.decide(number, given.get("reason"))
        return jsonify(given)


def number(name: str, usual: int, most: int) -> int:
    """A whole number of the query, brought within its bounds; the usual one where there is none."""
    text = request.args.get(name, "")
    return min(max(int(text), 1), most) if text.isascii() and text.isdecimal() else usual


def refuse(message: str) -> Response:
    return xml(f"<DxpError><Code>{FORMAT_ERROR}</Code><Message>{escape(message)}</Message></DxpError>", 400)


def xml(body: str, status: int = 200) -> Response:
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return Response(declaration + body, status, content_type="application/xml; charset=utf-8")
