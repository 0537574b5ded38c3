"""How often a door may be used: so many requests a minute for each kind of caller, counted within this process.

Whoever shows a key is counted by the key, everybody else by the address. The library `limits` was looked at: it reads
the clock by itself and keeps a counter for every address that ever comes, so a counter is one number here (GCRA), and
of those only so many are kept.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.access.caller import OFFICE, Role
from hub.errors import TooManyRequests

MINUTE, HOUR = 60, 3_600
MOST_KEPT = 50_000
"""Counters, about 10 MiB. Beyond them the one that was longest left alone goes: it is the nearest to nothing."""


class Door(StrEnum):
    GRAPHQL = "graphql"
    TRADES = "trades"
    PAPERS = "papers"
    HOOKS = "hooks"
    PUBLIC = "public"


class CallerKind(StrEnum):
    """Of caller. An authority is one that has proven itself at its hook."""

    ANONYMOUS = "anonymous"
    ENTERPRISE = "enterprise"
    BELT = "belt"
    INTEGRATOR = "integrator"
    STAFF = "staff"
    AUTHORITY = "authority"


PLACES = {
    "graphql": Door.GRAPHQL,
    "trades": Door.TRADES,
    "papers": Door.PAPERS,
    "responses": Door.PAPERS,
    "hooks": Door.HOOKS,
}
"""Doors by the first part of a path; all else is public."""

RATES: Mapping[Door, Mapping[CallerKind, int]] = {
    Door.GRAPHQL: {
        CallerKind.ANONYMOUS: 300,
        CallerKind.ENTERPRISE: 3_000,
        CallerKind.BELT: 1_200,
        CallerKind.INTEGRATOR: 1_200,
        CallerKind.STAFF: 6_000,
    },
    Door.TRADES: {
        CallerKind.ANONYMOUS: 60,
        CallerKind.ENTERPRISE: 1_200,
        CallerKind.BELT: 60,
        CallerKind.INTEGRATOR: 600,
        CallerKind.STAFF: 60,
    },
    Door.PAPERS: {
        CallerKind.ANONYMOUS: 60,
        CallerKind.ENTERPRISE: 1_200,
        CallerKind.BELT: 60,
        CallerKind.INTEGRATOR: 600,
        CallerKind.STAFF: 3_000,
    },
    Door.HOOKS: {CallerKind.AUTHORITY: 6_000},
    Door.PUBLIC: {CallerKind.ANONYMOUS: 600},
}
"""Requests a minute; all of them may come at once. A request to `trades` holds as many trades as one likes."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times within so many seconds."""

    most: int
    seconds: int = MINUTE


Counters = OrderedDict[tuple[str, str], float]
"""What is counted and for whom → when nothing of it counts any more; the longest unused first."""


class RequestRates:
    """Counts. `factor` multiplies what is in the table."""

    def __init__(self, now: Callable[[], datetime], factor: float = 1, most_kept: int = MOST_KEPT) -> None:
        self.factor, self.most_kept = factor, most_kept
        self.now = now
        self._lock = threading.Lock()
        self._free_at: defaultdict[int, Counters] = defaultdict(OrderedDict)

    def must(self, door: Door, kind: CallerKind, name: str) -> None:
        """Counts a request of a caller's, who goes by this name. TooManyRequests, and not counted, above the rate."""
        most = max(1, math.ceil(RATES[door][kind] * self.factor))
        self.spend("/" if door is Door.PUBLIC else f"/{door}", f"{kind} {name}", Rate(most))

    def spend(self, what: str, name: str, rate: Rate) -> None:
        """The same for anything that is limited."""
        each = rate.seconds / rate.most
        with self._lock:
            now, counters = self.now().timestamp(), self._free_at[rate.seconds]
            # a clock that was set back costs nobody more than the time that the rate is for
            owed = min(max(0.0, counters.get((what, name), 0.0) - now), rate.seconds)
            wait = owed + each - rate.seconds
            if wait > each * 1e-6:
                measured = math.ceil(owed / each - 1e-6) + 1
                raise TooManyRequests(
                    what=what, limit=rate.most, seconds=rate.seconds, measured=measured, wait=max(1, math.ceil(wait))
                )
            counters[what, name] = now + owed + each
            counters.move_to_end((what, name))
            self._forget(counters, now)

    def _forget(self, counters: Counters, now: float) -> None:
        """A counter that is back at nothing says as much as none; those that were left alone longest come first."""
        while counters:
            oldest = next(iter(counters))
            if counters[oldest] > now and len(counters) <= self.most_kept:
                return
            del counters[oldest]


def caller_kind(role: Role) -> CallerKind:
    return CallerKind.STAFF if role in OFFICE else CallerKind(role)


def door_of(path: str) -> Door:
    return PLACES.get(path.split("/", 2)[1] if path.startswith("/") else "", Door.PUBLIC)
