"""What the engine works with. The composition root fills it; nothing here is created at import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import uuid_utils

from connectors.sdk.connector import Connector
from connectors.sdk.http import Http
from hub.model import Database
from hub.share.desk import Desk


@dataclass(frozen=True, slots=True)
class Parts:
    database: Database
    desk: Desk
    connectors: Mapping[str, Connector]
    lease: timedelta
    delivery_attempts: int
    open: Callable[[Connector], Http] = Connector.open
    """A line to an authority; in a sandbox to nobody but a stand-in."""

    @property
    def now(self) -> Callable[[], datetime]:
        return self.desk.now

    @staticmethod
    def new_run_id() -> str:
        return str(uuid_utils.uuid7())
