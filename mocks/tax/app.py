"""The tax bureau's desk: `POST /refunds`, the results that follow, and the refund rates."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask, Response, jsonify, request

from mocks.desk import header, open_desk
from mocks.ledger import Ledger
from mocks.listing import Listing
from mocks.pace import Pace
from mocks.tax.bureau import Bureau
from mocks.tax.filing import Filing, Objection, read_filing
from mocks.tax.rates import rate_page
from mocks.tax.rules import check

REFUND, WITHDRAW = "refund", "withdraw"  # kinds of the ledger
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

    @app.errorhandler(Objection)
    def object_to(objection: Objection) -> tuple[Response, int]:
        return jsonify(objection.answer), objection.status

    return app


def _take_filings(app: Flask, bureau: Bureau, ledger: Ledger) -> None:
    @app.post("/refunds")
    def take_filing() -> tuple[Response, int]:
        body = request.get_data(as_text=True)
        try:
            filing = read_filing(body)
            check(filing)
        except Objection:
            ledger.write(REFUND, *_names_in(body), "refused", body)
            raise
        number, new = bureau.take(filing)
        ledger.write(REFUND, filing.relation, _sender_id(filing), "accepted" if new else "duplicate", body)
        if not new:
            return jsonify(code="DUPLICATE", filingNumber=number), 409
        return jsonify(filingNumber=number, status="received"), 202


def _take_withdrawals(app: Flask, bureau: Bureau, ledger: Ledger) -> None:
    @app.post("/refunds/by-relation/<relation>/withdraw")
    def take_withdrawal(relation: str) -> tuple[Response, int]:
        body = request.get_data(as_text=True)
        try:
            number, new = bureau.withdraw(relation)
        except Objection:
            ledger.write(WITHDRAW, relation, relation, "refused", body)
            raise
        ledger.write(WITHDRAW, relation, relation, "accepted" if new else "duplicate", body)
        return jsonify(filingNumber=number), 202


def _answer_questions(app: Flask, bureau: Bureau) -> None:
    @app.get("/refunds/by-relation/<relation>")
    def show_filing(relation: str) -> tuple[Response, int]:
        found = bureau.by_relation(relation)
        if found is None:
            return jsonify(code="UNKNOWN", field="relation", message="nothing filed under this relation"), 404
        result, filing = found
        return jsonify({**result.as_json(), "filing": json.loads(filing.body)}), 200

    @app.get("/refunds/results")
    def list_results() -> Response:
        return jsonify(bureau.results(_whole("after", 0, 0), min(_whole("limit", 100, 1), 500)))

    @app.get("/rates")
    def list_rates() -> Response:
        return jsonify(rate_page(_whole("page", 1, 1), min(_whole("size", 200, 1), 1000)))


def _whole(name: str, absent: int, least: int) -> int:
    given = request.args.get(name) or str(absent)
    if not re.fullmatch(r"[0-9]{1,18}", given) or int(given) < least:
        raise Objection("PARAMETER", name, f"a whole number from {least} wanted", 400)
    return int(given)


def _sender_id(filing: Filing) -> str:
    return str(filing.exports[0]["invoice"])


def _names_in(body: str) -> tuple[str, str]:
    """Relation and invoice of a filing that could not be taken, as far as they can be made out."""
    try:
        first: Any = json.loads(body)["exports"][0]
        return str(first.get("relation", "")), str(first.get("invoice", ""))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return "", ""
