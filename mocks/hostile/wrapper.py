"""`Hostile`: round any stand-in, a wrapper that has the faults it is told to have."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Any

from werkzeug.test import run_wsgi_app

from mocks.hostile.call import Answer, Call
from mocks.hostile.control import PATHS, control
from mocks.hostile.table import FAULTS, Fault, Refused
from mocks.ledger import Ledger
from mocks.listing import Listing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTROL = "/_control/"


@dataclass(slots=True)
class Standing:
    """A fault that is on. `left` is how often it still strikes, None for as long as it is on."""

    fault: Fault
    path: str
    method: str
    left: int | None
    parameters: dict[str, Any]
    memory: dict[str, Any] = field(default_factory=dict)

    def strikes(self, method: str, path: str, listing: Listing | None) -> bool:
        meant = fnmatchcase(path, self.path) and fnmatchcase(method, self.method)
        fits = not self.fault.listings or (method == "GET" and listing is not None)
        return meant and fits and self.left != 0

    def as_json(self) -> dict[str, Any]:
        return {"path": self.path, "method": self.method, "times": self.left, **self.parameters}


class Hostile:
    """A WSGI application that answers as `app` does, but for the faults that are on. Control paths are never struck.

    `listings` say where the records stand; without them, `app.extensions["listings"]` says it.
    """

    def __init__(self, app: WSGIApplication, listings: Sequence[Listing] | None = None) -> None:
        own: dict[str, Any] = getattr(app, "extensions", {})
        self.app = app
        self.name = str(getattr(app, "name", "")).removeprefix("mocks.")
        self.ledger: Ledger | None = own.get("ledger")
        self.listings: Sequence[Listing] = own.get("listings", ()) if listings is None else listings
        self._on: dict[str, Standing] = {}
        self._struck: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._control = control(self)

    def set(
        self, name: str, /, *, times: int | None = None, path: str = "*", method: str = "*", **parameters: Any
    ) -> None:
        """Switches a fault on, for the requests that fit `path` and `method` and for as many as `times` says.

        Path and method are shell patterns (`/dxp/*`); 0 times is off. What the fault was told before is forgotten.
        Refused names a fault or a parameter that there is not.
        """
        fault = FAULTS.get(name)
        if fault is None:
            raise Refused(f"fault: there is no {name!r}; there are {', '.join(FAULTS)}")
        if times is not None and times < 0:
            raise Refused(f"times: 0 or more wanted, not {times}")
        standing = Standing(fault, path, method.upper(), times, fault.read(parameters))
        with self._lock:
            self._on[name] = standing

    def clear(self, name: str | None = None) -> None:
        """Switches one fault off, or all of them. How often they struck stays known."""
        with self._lock:
            if name is None:
                self._on.clear()
            else:
                self._on.pop(name, None)

    def on(self) -> dict[str, Standing]:
        """What is on and still strikes, by name."""
        with self._lock:
            return {name: one for name, one in self._on.items() if one.left != 0}

    def struck(self, name: str) -> int:
        """How often a fault struck since the stand-in was started."""
        with self._lock:
            return self._struck[name]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path in PATHS:
            return self._control(environ, start_response)
        if path.startswith(CONTROL):
            return self.app(environ, start_response)
        listing = next((one for one in self.listings if fnmatchcase(path, one.path)), None)
        ask: Callable[[WSGIEnvironment], Answer] = partial(_ask, self.app)
        struck = self._strike(method, path, listing)
        if not struck:
            return self.app(environ, start_response)
        for standing in struck:
            ask = partial(_through, standing, listing, ask)
        answer = ask(environ)
        start_response(answer.line, list(answer.headers))
        return answer.body

    def _strike(self, method: str, path: str, listing: Listing | None) -> list[Standing]:
        """The faults that this request meets, innermost first; each is counted."""
        with self._lock:
            struck = [
                self._on[name] for name in FAULTS if name in self._on and self._on[name].strikes(method, path, listing)
            ]
            for standing in struck:
                self._struck[standing.fault.name] += 1
                if standing.left is not None:
                    standing.left -= 1
            return struck


def _through(
    standing: Standing, listing: Listing | None, ask: Callable[[WSGIEnvironment], Answer], environ: WSGIEnvironment
) -> Answer:
    return standing.fault.act(Call(environ, listing, ask, standing.memory), standing.parameters)


def _ask(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    body, status, headers = run_wsgi_app(app, environ, buffered=True)
    return Answer(int(status.split()[0]), tuple(headers), tuple(body))
