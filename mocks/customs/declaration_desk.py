"""The desk for declarations (报关单): handing in, asking, cancelling. The paths and the JSON are practice."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask, Response, jsonify, request

from mocks.customs.declaration_form import read_form
from mocks.customs.declarations import unknown
from mocks.customs.objection import Objection
from mocks.customs.office import Office
from mocks.ledger import Ledger

DECLARATION, CANCELLATION = "declaration", "declaration.cancel"  # kinds of the ledger
MOST_RESULTS, USUAL_RESULTS = 500, 100


def open_declaration_desk(app: Flask, office: Office, ledger: Ledger) -> None:
    _take_declarations(app, office, ledger)
    _take_cancellations(app, office, ledger)
    _answer_questions(app, office)

    @app.errorhandler(Objection)
    def object_to(objection: Objection) -> tuple[Response, int]:
        return jsonify(objection.answer), objection.status


def _take_declarations(app: Flask, office: Office, ledger: Ledger) -> None:
    @app.post("/declarations")
    def take_declaration() -> tuple[Response, int]:
        body = request.get_data(as_text=True)
        try:
            form = read_form(body)
            with office.visit() as now:
                office.declarations.take(form, now)
        except Objection as objection:
            ledger.write(DECLARATION, _number_in(body), _number_in(body), objection.outcome, body)
            raise
        ledger.write(DECLARATION, form.cop_no, form.cop_no, "accepted", body)
        return jsonify(copNo=form.cop_no, status="received"), 202


def _take_cancellations(app: Flask, office: Office, ledger: Ledger) -> None:
    @app.post("/declarations/by-number/<number>/cancel")
    def take_cancellation(number: str) -> tuple[Response, int]:
        body = request.get_data(as_text=True)
        try:
            with office.visit() as now:
                new = office.declarations.cancel(number, now)
        except Objection:
            ledger.write(CANCELLATION, number, number, "refused", body)
            raise
        ledger.write(CANCELLATION, number, number, "accepted" if new else "duplicate", body)
        return jsonify(copNo=number), 202


def _answer_questions(app: Flask, office: Office) -> None:
    @app.get("/declarations/by-number/<number>")
    def show_declaration(number: str) -> Response:
        with office.visit():
            paper = office.declarations.find(number)
            if paper is None:
                raise unknown()
            return jsonify({**paper.as_json(), "declaration": paper.form.given})

    @app.get("/declarations/results")
    def list_results() -> Response:
        after, limit = _whole("after", 0, 0), min(_whole("limit", USUAL_RESULTS, 1), MOST_RESULTS)
        with office.visit():
            return jsonify(office.declarations.results(after, limit))


def _whole(name: str, absent: int, least: int) -> int:
    given = request.args.get(name) or str(absent)
    if not re.fullmatch(r"[0-9]{1,18}", given) or int(given) < least:
        raise Objection("PARAMETER", 400, field=name, message=f"应为不小于{least}的整数")
    return int(given)


def _number_in(body: str) -> str:
    """The number of a declaration that could not be taken, as far as it can be made out."""
    try:
        given: Any = json.loads(body)
        return str(given.get("copNo") or "")
    except (ValueError, RecursionError, AttributeError):
        return ""
