"""The door for authorities that call us: what they push is verified, kept raw and answered; reading it comes later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from connectors.sdk.connector import Connector
from connectors.sdk.errors import NotProven, OutOfTime
from connectors.sdk.hook import Hook, Push
from connectors.sdk.http import Page
from hub.access.porter import porter
from hub.access.rates import Door, Kind
from hub.errors import HubError


class Keep(Protocol):
    """Keeps a page for a connector's stream; False where it was kept before."""

    def __call__(self, connector: str, stream: str, page: Page, *, news_only: bool) -> bool: ...


class HookDoor:
    """Serves `POST /hooks/<connector>/<name>`: 202 once it is kept, 200 where it was kept before.

    A hook whose secret is not set is not there: an empty secret is everybody's.
    """

    def __init__(self, connectors: Mapping[str, Connector], keep: Keep, now: Callable[[], datetime]) -> None:
        self.connectors = connectors
        self.keep = keep
        self.now = now

    def blueprint(self) -> Blueprint:
        routes = Blueprint("hooks", __name__)
        routes.add_url_rule("/hooks/<code>/<name>", "push", self.serve, methods=["POST"])
        return routes

    def serve(self, code: str, name: str) -> Response:
        new = self._take(code, name)
        answer = jsonify(known=not new)
        answer.status_code = 202 if new else 200
        return answer

    def _take(self, code: str, name: str) -> bool:
        hook = self._find(code, name)
        if hook is None:
            raise HubError("PATH_UNKNOWN", path=request.path)
        push = Push(request.path, _body(hook.largest), _headers(), self.now())
        try:
            hook.proof.check(push)
        except NotProven:
            porter().turn_away(request, HubError("HOOK_REFUSED"), "")
            raise HubError("HOOK_REFUSED") from None
        except OutOfTime as error:
            raise _out_of_time(error, push) from None
        porter().rates.must(Door.HOOKS, Kind.AUTHORITY, f"{code}/{name}")
        stream = self.connectors[code].manifest.hooks[name].stream
        return self.keep(code, stream, hook.page_of(push), news_only=hook.news_only)

    def _find(self, code: str, name: str) -> Hook | None:
        connector = self.connectors.get(code)
        if connector is None or name not in connector.hooks:
            return None
        is_open = connector.settings.get(connector.manifest.hooks[name].secret)
        return connector.hooks[name] if is_open else None


def _body(largest: int) -> bytes:
    """The body as it came. BODY_TOO_LARGE before more than the limit is read, whatever length was announced."""
    request.max_content_length = largest
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise HubError("BODY_TOO_LARGE", limit=largest) from None


def _headers() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _out_of_time(error: OutOfTime, push: Push) -> HubError:
    signed, now = (
        moment.astimezone(UTC).isoformat(timespec="seconds") for moment in (error.signed_at, push.received_at)
    )
    return HubError("HOOK_OUT_OF_TIME", signed=signed, now=now, seconds=int(error.tolerance.total_seconds()))
