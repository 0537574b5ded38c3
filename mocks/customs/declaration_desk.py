"""The desk for declarations (报关单): handing in, asking, cancelling. The paths and the JSON are practice."""

from __future__ import annotations

from flask import Flask, Response, jsonify

from mocks.customs.declaration_form import read_form
from mocks.customs.declarations import unknown
from mocks.customs.office import Office
from mocks.desk import arriving, whole
from mocks.ledger import Ledger

DECLARATION, CANCELLATION = "declaration", "declaration.cancel"  # kinds of the ledger
MOST_RESULTS, USUAL_RESULTS = 500, 100
WHOLE = "应为不小于{}的整数"


def open_declaration_desk(app: Flask, office: Office, ledger: Ledger) -> None:
    _take_declarations(app, office, ledger)
    _take_cancellations(app, office, ledger)
    _answer_questions(app, office)


def _take_declarations(app: Flask, office: Office, ledger: Ledger) -> None:
    @app.post("/declarations")
    def take_declaration() -> tuple[Response, int]:
        with arriving(ledger, DECLARATION, paths=("copNo", "copNo")) as arrival:
            form = read_form(arrival.body)
            with office.visit() as now:
                office.declarations.take(form, now)
        return jsonify(copNo=form.cop_no, status="received"), 202


def _take_cancellations(app: Flask, office: Office, ledger: Ledger) -> None:
    @app.post("/declarations/by-number/<number>/cancel")
    def take_cancellation(number: str) -> tuple[Response, int]:
        with arriving(ledger, CANCELLATION, number, number) as arrival, office.visit() as now:
            arrival.new = office.declarations.cancel(number, now)
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
        after, limit = whole("after", 0, wanted=WHOLE), whole("limit", USUAL_RESULTS, 1, MOST_RESULTS, WHOLE)
        with office.visit():
            return jsonify(office.declarations.results(after, limit))
