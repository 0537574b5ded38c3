"""`Hostile`: round any stand-in, a wrapper that has the faults it is told to have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Any

from werkzeug.test import run_wsgi_app

from mocks.hostile.board import Standing, Switchboard
from mocks.hostile.call import Answer, Call
from mocks.hostile.control import PATHS, control
from mocks.listing import Listing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTROL = "/_control/"


class Hostile(Switchboard):
    """A WSGI application that answers as `app` does, but for the faults that are on. Control paths are never struck.

    `listings` say where the records stand; without them, `app.extensions["listings"]` says it.
    """

    def __init__(self, app: WSGIApplication, listings: Sequence[Listing] | None = None) -> None:
        own: dict[str, Any] = getattr(app, "extensions", {})
        super().__init__(str(getattr(app, "name", "")).removeprefix("mocks."), own.get("ledger"))
        self.app = app
        self.listings: Sequence[Listing] = own.get("listings", ()) if listings is None else listings
        self._control = control(self)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path in PATHS:
            return self._control(environ, start_response)
        if path.startswith(CONTROL):
            return self.app(environ, start_response)
        listing = next((one for one in self.listings if fnmatchcase(path, one.path)), None)
        ask: Callable[[WSGIEnvironment], Answer] = partial(_ask, self.app)
        struck = self.strike(method, path, listing)
        if not struck:
            return self.app(environ, start_response)
        for standing in struck:
            ask = partial(_through, standing, listing, ask)
        answer = ask(environ)
        start_response(answer.line, list(answer.headers))
        return answer.body


def _through(
    standing: Standing, listing: Listing | None, ask: Callable[[WSGIEnvironment], Answer], environ: WSGIEnvironment
) -> Answer:
    return standing.fault.act(Call(environ, listing, ask, standing.memory), standing.parameters)


def _ask(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    body, status, headers = run_wsgi_app(app, environ, buffered=True)
    return Answer(int(status.split()[0]), tuple(headers), tuple(body))
