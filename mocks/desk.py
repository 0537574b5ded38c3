"""What every stand-in has at its front desk: credentials, the ledger, a sign of life, and how it says no."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify, request

from mocks.ledger import Ledger
from mocks.listing import Listing
from mocks.objection import Objection, told_in

OPEN_PATHS = ("/_control/",)
LARGEST_BODY = 16 * 1024 * 1024
WHOLE = "a whole number from {} wanted"


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

    @app.errorhandler(Objection)
    def object_to(objection: Objection) -> tuple[Response, int]:
        return jsonify(objection.answer), objection.status

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


def show_holdings(app: Flask, holdings: Callable[[], dict[str, Any]]) -> None:
    """`/_control/holdings`: what the authority has by now, by the numbers that it gave. The ledger is what came in."""

    @app.get("/_control/holdings")
    def show() -> Response:
        return jsonify(holdings())


@dataclass(slots=True)
class Arrival:
    """What came in, what the ledger calls it, and whether it is new."""

    body: str
    key: str
    guid: str
    new: bool = True


@contextmanager
def arriving(ledger: Ledger, kind: str, *names: str, paths: Sequence[str] = ()) -> Iterator[Arrival]:
    """Writes into the ledger what becomes of a request: taken, known already, or refused by an objection.

    `names` are its key and the sender's own id; without them both are read from the body, at `paths`.
    """
    body = request.get_data(as_text=True)
    key, guid = names or told_in(body, *paths)
    arrival = Arrival(body, key, guid)
    try:
        yield arrival
    except Objection as objection:
        ledger.write(kind, arrival.key, arrival.guid, objection.outcome, body)
        raise
    ledger.write(kind, arrival.key, arrival.guid, "accepted" if arrival.new else "duplicate", body)


def whole(name: str, absent: int, least: int = 0, most: int | None = None, wanted: str = WHOLE) -> int:
    """A whole number of the query, cut down to `most`; an objection where something else is there."""
    given = request.args.get(name) or str(absent)
    if not re.fullmatch(r"[0-9]{1,18}", given) or int(given) < least:
        raise Objection("PARAMETER", name, wanted.format(least), 400)
    return int(given) if most is None else min(int(given), most)


def moment(name: str) -> datetime | None:
    """A time of the query. A plus sign that came unescaped is read as one; UTC is meant where no offset is given."""
    given = request.args.get(name)
    if not given:
        return None
    try:
        when = datetime.fromisoformat(given.replace(" ", "+"))
    except ValueError as broken:
        raise Objection("PARAMETER", name, "a moment by ISO 8601 wanted", 400) from broken
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def bearer(token: str) -> Callable[[], bool]:
    return lambda: request.headers.get("Authorization") == f"Bearer {token}"


def header(name: str, value: str) -> Callable[[], bool]:
    return lambda: request.headers.get(name) == value


def basic(user: str, password: str) -> Callable[[], bool]:
    def may_enter() -> bool:
        given = request.authorization
        return given is not None and given.type == "basic" and (given.username, given.password) == (user, password)

    return may_enter
