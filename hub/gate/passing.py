"""What every request passes, whichever door it goes to, and what every answer carries."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from hub.access.knocking import address_of
from hub.access.porter import Porter
from hub.access.rates import Door, Kind, door_of
from hub.errors import HubError

ALIVE = "/health/live"
CARRIED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""An answer is data for who asked: nothing that a browser runs, shows in a frame, keeps or tells another site of."""
WHILE_SECURE = "max-age=31536000"
FROM_PAGES = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept-Language",
    "Access-Control-Expose-Headers": "Retry-After",
    "Access-Control-Max-Age": "600",
}
"""What pages of the origins in `cors_origins` may do. Never with cookies: the hub has none."""


def stand_before(app: Flask, porter: Porter, proxies: int, origins: tuple[str, ...]) -> None:
    """Puts this before every door of an application. `proxies`: how many of our own a request has passed."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    porter.stand_at(app)

    @app.before_request
    def look_over() -> None:
        _is_plain()
        if door_of(request.path) is Door.PUBLIC and request.path != ALIVE:
            porter.rates.must(Door.PUBLIC, Kind.ANONYMOUS, address_of(request))

    @app.after_request
    def give_along(answer: Response) -> Response:
        for name, value in CARRIED.items():
            answer.headers.setdefault(name, value)
        if request.is_secure:
            answer.headers.setdefault("Strict-Transport-Security", WHILE_SECURE)
        if answer.status_code == 401:
            answer.headers.setdefault("WWW-Authenticate", "Bearer")
        answer.vary.update(("Accept-Language", "Authorization"))
        if origins:
            _let_pages_in(answer, origins)
        return answer


def _is_plain() -> None:
    """A body whose end nobody doubts, and that is not packed: a small one of these unfolds into gigabytes."""
    if "CONTENT_LENGTH" in request.environ and request.headers.get("Transfer-Encoding"):
        raise HubError("REQUEST_WRONG", cause="Content-Length with Transfer-Encoding")
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise HubError("ENCODING_WRONG", given=encoding[:40])


def _let_pages_in(answer: Response, origins: tuple[str, ...]) -> None:
    answer.vary.add("Origin")
    if request.headers.get("Origin") in origins:
        answer.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        answer.headers.update(FROM_PAGES)
