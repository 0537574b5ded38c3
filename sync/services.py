"""What the engine works with. The composition root fills it; nothing here is created at import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import uuid_utils

from connectors.sdk.connector import Connector
from connectors.sdk.http import Http
from hub.model import Database
from hub.papers.desk import Desk
from sync.lease import JobLease


@dataclass(frozen=True, slots=True)
class Services:
    database: Database
    desk: Desk
    connectors: Mapping[str, Connector]
    lease: timedelta
    delivery_attempts: int
    pace: float = 1
    """How much faster than in life everything goes, in a demonstration."""
    open: Callable[[Connector], Http] = Connector.open
    """A line to an authority; in a sandbox to nobody but a stand-in."""
    page_seconds: float = 60
    """How long a connector may read one page."""
    abandoned: Counter[str] = field(default_factory=Counter)
    """By stream: threads whose reading did not end in time, and that were left alone."""
    under_way: dict[str, JobLease] = field(default_factory=dict)
    """By run: the leases that this process has."""

    @property
    def now(self) -> Callable[[], datetime]:
        return self.desk.now

    @staticmethod
    def new_run_id() -> str:
        return str(uuid_utils.uuid7())
