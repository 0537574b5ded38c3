"""Where the faults of a stand-in are switched: as JSON for programs, as a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, redirect, render_template, request
from werkzeug.exceptions import BadRequest

from mocks.hostile.board import Switchboard
from mocks.hostile.table import FAULTS, Refused
from mocks.ledger import Entry

PATHS = ("/_control/", "/_control/faults", "/_control/switch")
ENTRIES_SHOWN = 20


def control(board: Switchboard) -> Flask:
    """The desk behind the stand-in's own; it takes no credentials, because nothing real is behind it."""
    app = Flask("mocks.hostile", static_folder=None, template_folder=str(Path(__file__).parent))
    app.json.ensure_ascii = False  # type: ignore[attr-defined]

    @app.get("/_control/faults")
    def list_faults() -> Response:
        return jsonify(faults=_faults(board))

    @app.post("/_control/faults")
    def switch_on() -> tuple[Response, int]:
        _set(board, _read_order())
        return jsonify(faults=_faults(board)), 200

    @app.delete("/_control/faults")
    def switch_off() -> Response:
        board.clear(request.args.get("fault"))
        return jsonify(faults=_faults(board))

    @app.get("/_control/")
    def show_page(refused: str = "") -> str:
        return render_template(
            "control.html", faults=_faults(board), entries=_last_entries(board), refused=refused, name=board.name
        )

    @app.post("/_control/switch")
    def switch() -> Any:
        """The page's form. Another site's page may not press its buttons."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return show_page("这个请求来自别的网站 · this came from another site"), 403
        order = {name: text.strip() for name, text in request.form.items() if text.strip()}
        try:
            if order.pop("off", None):
                board.clear(order.get("fault"))
            else:
                _set(board, order)
        except Refused as wrong:
            return show_page(str(wrong)), 422
        return redirect("/_control/", 303)

    @app.errorhandler(Refused)
    def refuse(wrong: Refused) -> tuple[Response, int]:
        field, _, message = str(wrong).partition(": ")
        return jsonify(code="INVALID", field=field, message=message), 422

    return app


def _read_order() -> Mapping[str, Any]:
    try:
        order = request.get_json()
    except BadRequest:
        order = None
    if not isinstance(order, dict):
        raise Refused('body: a JSON object wanted, such as {"fault": "slow", "times": 3, "seconds": 5}')
    return order


def _set(board: Switchboard, order: Mapping[str, Any]) -> None:
    given = dict(order)
    name, path, method = (str(given.pop(key, usual)) for key, usual in (("fault", ""), ("path", "*"), ("method", "*")))
    times = given.pop("times", None)
    if times is not None and not str(times).isdecimal():
        raise Refused(f"times: a whole number wanted, not {times!r}")
    board.set(name, times=None if times is None else int(times), path=path, method=method, **given)


def _faults(board: Switchboard) -> list[dict[str, Any]]:
    """Every fault there is, and how it stands; in the order of their table."""
    on = board.on()
    return [
        {
            "fault": name,
            "zh": fault.zh,
            "en": fault.en,
            "parameters": dict(fault.parameters),
            "on": on[name].as_json() if name in on else None,
            "struck": board.struck(name),
        }
        for name, fault in FAULTS.items()
    ]


def _last_entries(board: Switchboard) -> list[Entry]:
    return board.ledger.entries()[: -ENTRIES_SHOWN - 1 : -1] if board.ledger else []
