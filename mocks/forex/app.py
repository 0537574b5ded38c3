"""The forex desk: camt.054 notifications, the bank's basic information, remittance declarations, the central parity."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request
from lxml import etree

from mocks.desk import arriving, basic, open_desk, show_holdings, whole
from mocks.forex.basic_information import Habits, Numbers
from mocks.forex.declarations import Register, read_declaration
from mocks.forex.notification import credit_document
from mocks.forex.parity import central_parity
from mocks.forex.payments import Account, read_payment
from mocks.ledger import Ledger
from mocks.listing import Listing
from mocks.objection import read_object
from mocks.pace import Pace

KIND = "bop"
LISTINGS = (
    Listing("/bop/basic-information", "rows", ("madeAt", "writtenAt"), "RPTNO"),
    Listing("/notifications/camt.054", "Notification", ("CreDtTm", "DtTm"), "Amt"),
    Listing("/parity/ccpr.json", "records", (), "price"),
)


def create_app(
    pace: Pace | None = None,
    user: str = "forex-demo",
    password: str = "forex-demo-password",
    habits: Habits | None = None,
) -> Flask:
    """The stand-in bank and forex administration, behind HTTP basic."""
    ledger = Ledger()
    ticking = pace or Pace()
    app = open_desk("forex", ledger, basic(user, password), LISTINGS)
    numbers = Numbers(ticking, habits or Habits())
    _credit_accounts(app, Account(ticking), numbers)
    _number_remittances(app, numbers)
    register = Register(ticking, numbers)
    _take_declarations(app, register, ledger)
    show_holdings(app, register.holdings)

    @app.get("/parity/ccpr.json")
    def show_parity() -> Response:
        return jsonify(central_parity(ticking))

    return app


def _credit_accounts(app: Flask, account: Account, numbers: Numbers) -> None:
    @app.post("/_control/payments")
    def pay() -> tuple[Response, int]:
        payment = read_payment(request.get_data(as_text=True))
        credit = account.expect(payment)
        if credit.told.status == "BOOK":  # what is not in has no number
            numbers.expect(credit, payment)
        answer = {
            "endToEndId": credit.end_to_end_id,
            "uetr": credit.uetr,
            "accountServicerReference": credit.reference,
            "expectedAt": credit.booked_at.isoformat(),
        }
        return jsonify(answer), 202

    @app.get("/notifications/camt.054")
    def list_notifications() -> Response:
        listing = etree.Element("Notifications")
        for sequence, credit in account.announced(whole("after", 0), whole("limit", 50, 1, 500)):
            notification = etree.SubElement(listing, "Notification", sequence=str(sequence))
            notification.append(credit_document(credit))
        xml = etree.tostring(listing, xml_declaration=True, encoding="UTF-8")
        return Response(xml, content_type="application/xml; charset=utf-8")


def _number_remittances(app: Flask, numbers: Numbers) -> None:
    @app.get("/bop/basic-information")
    def list_basic_information() -> Response:
        return jsonify(rows=numbers.published(whole("after", 0), whole("limit", 50, 1, 500)))

    @app.post("/_control/basic-information")
    def write_basic_information() -> tuple[Response, int]:
        return jsonify(numbers.write(read_object(request.get_data(as_text=True), "FORMAT"))), 201


def _take_declarations(app: Flask, register: Register, ledger: Ledger) -> None:
    @app.post("/bop/receipts")
    def take_declaration() -> tuple[Response, int]:
        with arriving(ledger, KIND, paths=("RPTNO", "BUSCODE")) as arrival:
            declaration = read_declaration(arrival.body)
            arrival.new = register.enter(declaration)
        number = declaration["RPTNO"]
        if not arrival.new:
            return jsonify(code="DUPLICATE", field="RPTNO", message="already declared under this number"), 409
        return jsonify(RPTNO=number, status="accepted"), 201

    @app.get("/bop/receipts/<number>")
    def show_declaration(number: str) -> tuple[Response, int]:
        declared = register.find(number)
        if declared is None:
            return jsonify(code="UNKNOWN", field="RPTNO", message="nothing declared under this number"), 404
        return jsonify(declared.as_json()), 200
