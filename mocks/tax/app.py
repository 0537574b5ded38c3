"""The tax bureau's desk: `POST /refunds`, the results that follow, and the refund rates."""

from __future__ import annotations

import json

from flask import Flask, Response, jsonify, request

from mocks.desk import arriving, header, open_desk, show_holdings, whole
from mocks.ledger import Ledger
from mocks.listing import Listing
from mocks.objection import read_object
from mocks.pace import Pace
from mocks.tax.bureau import Bureau
from mocks.tax.filing import read_filing
from mocks.tax.rates import rate_page
from mocks.tax.rules import check

REFUND, WITHDRAW = "refund", "withdraw"  # kinds of the ledger
NOT_PROVEN = "进货凭证与出口货物不符"
LISTINGS = (
    Listing("/refunds/results", "results", ("at",), "status"),
    Listing("/rates", "rows", ("updatedAt",), "refundRate", limit="size", page="page"),
)


def create_app(pace: Pace | None = None, api_key: str = "tax-demo-key") -> Flask:
    """The stand-in tax bureau. `api_key` is wanted in the header `X-API-Key`."""
    ledger = Ledger()
    bureau = Bureau(pace or Pace())
    app = open_desk("tax", ledger, header("X-API-Key", api_key), LISTINGS)
    _take_filings(app, bureau, ledger)
    _take_withdrawals(app, bureau, ledger)
    _answer_questions(app, bureau)
    _order_refusals(app, bureau)
    show_holdings(app, bureau.holdings)

    return app


def _take_filings(app: Flask, bureau: Bureau, ledger: Ledger) -> None:
    @app.post("/refunds")
    def take_filing() -> tuple[Response, int]:
        with arriving(ledger, REFUND, paths=("exports/0/relation", "exports/0/invoice")) as arrival:
            filing = read_filing(arrival.body)
            check(filing)
            number, arrival.new = bureau.take(filing)
        if not arrival.new:
            return jsonify(code="DUPLICATE", filingNumber=number), 409
        return jsonify(filingNumber=number, status="received"), 202


def _take_withdrawals(app: Flask, bureau: Bureau, ledger: Ledger) -> None:
    @app.post("/refunds/by-relation/<relation>/withdraw")
    def take_withdrawal(relation: str) -> tuple[Response, int]:
        with arriving(ledger, WITHDRAW, relation, relation) as arrival:
            number, arrival.new = bureau.withdraw(relation, request.args.get("taxpayer", ""))
        return jsonify(filingNumber=number), 202


def _order_refusals(app: Flask, bureau: Bureau) -> None:
    @app.post("/_control/refusals")
    def refuse() -> tuple[Response, int]:
        """A reviewer who will refuse one relation of a filing and grant the others."""
        given = read_object(request.get_data(as_text=True))
        about = str(given.get("relation", "")), str(given.get("taxpayer", ""))
        number = bureau.refuse(*about, str(given.get("reason", NOT_PROVEN)), given.get("field"))
        return jsonify(filingNumber=number), 201


def _answer_questions(app: Flask, bureau: Bureau) -> None:
    @app.get("/refunds/by-relation/<relation>")
    def show_filing(relation: str) -> tuple[Response, int]:
        found = bureau.by_relation(relation, request.args.get("taxpayer", ""))
        if found is None:
            return jsonify(code="UNKNOWN", field="relation", message="nothing filed under this relation"), 404
        result, filing = found
        return jsonify({**result.as_json(), "filing": json.loads(filing.body)}), 200

    @app.get("/refunds/results")
    def list_results() -> Response:
        return jsonify(bureau.results(whole("after", 0), whole("limit", 100, 1, 500)))

    @app.get("/rates")
    def list_rates() -> Response:
        return jsonify(rate_page(whole("page", 1, 1), whole("size", 200, 1, 1000)))
