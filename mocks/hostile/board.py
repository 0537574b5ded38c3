"""Which faults are on: what the wrapper asks at each request, and the control page shows and switches."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from mocks.hostile.table import FAULTS, Fault, Refused
from mocks.ledger import Ledger
from mocks.listing import Listing


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


class Switchboard:
    """The switches of one stand-in, `name`; its `ledger`, where it keeps one, is the witness of what was taken."""

    def __init__(self, name: str, ledger: Ledger | None) -> None:
        self.name = name
        self.ledger = ledger
        self._on: dict[str, Standing] = {}
        self._struck: Counter[str] = Counter()
        self._lock = threading.Lock()

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

    def strike(self, method: str, path: str, listing: Listing | None) -> list[Standing]:
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
