"""What every stand-in has at its front desk: credentials, the ledger and a sign of life."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, Response, jsonify, request

from mocks.ledger import Ledger
from mocks.listing import Listing

OPEN_PATHS = ("/_control/",)
LARGEST_BODY = 16 * 1024 * 1024


def open_desk(authority: str, ledger: Ledger, may_enter: Callable[[], bool], listings: Sequence[Listing] = ()) -> Flask:
    """A Flask application with the control paths and a credentials check; `may_enter` looks at `flask.request`.

    `listings` are the paths that answer with records, for whoever makes it misbehave.
    """
    app = Flask(f"mocks.{authority}", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["ledger"] = ledger
    app.extensions["listings"] = listings

    @app.before_request
    def check_credentials() -> Any:
        if request.path.startswith(OPEN_PATHS) or may_enter():
            return None
        return Response(
            '{"code": "UNAUTHORIZED", "message": "unknown credentials"}', 401, content_type="application/json"
        )

    @app.get("/_control/ledger")
    def show_ledger() -> Response:
        return jsonify(ledger.as_json(request.args.get("kind")))

    @app.get("/_control/health")
    def show_health() -> Response:
        return jsonify(status="ok", authority=authority)

    @app.get("/_control/about")
    def show_about() -> Response:
        """By this a sandbox knows that it talks to nobody real."""
        return jsonify(standIn=True, authority=authority)

    return app


def bearer(token: str) -> Callable[[], bool]:
    return lambda: request.headers.get("Authorization") == f"Bearer {token}"


def header(name: str, value: str) -> Callable[[], bool]:
    return lambda: request.headers.get(name) == value


def basic(user: str, password: str) -> Callable[[], bool]:
    def may_enter() -> bool:
        given = request.authorization
        return given is not None and given.type == "basic" and (given.username, given.password) == (user, password)

    return may_enter
