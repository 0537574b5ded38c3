"""By when work on the database has to be over: the operation's own deadline, and a limit for every single statement."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, event
from sqlalchemy.pool import ConnectionPoolEntry

from hub.errors import Ended, HubError
from hub.model.faults import CANCELED, FAULT

STEPS = 10_000
"""After so many steps of its virtual machine SQLite looks at the time: a few times a millisecond."""
DEADLINE, ENDS, TOLD, UNLIMITED = "deadline", "ends", "told", "unlimited"


class Deadline:
    """So many seconds from now, and no longer than whoever asked is there.

    `on_stored` is told whenever something was written under it.
    """

    def __init__(
        self,
        seconds: float,
        tick: Callable[[], float] = time.monotonic,
        on_stored: Callable[[], None] = lambda: None,
        is_gone: Callable[[], bool] = lambda: False,
    ) -> None:
        self.seconds, self.tick, self.on_stored, self.is_gone = seconds, tick, on_stored, is_gone
        self._began = tick()

    @property
    def left(self) -> float:
        return self._began + self.seconds - self.tick()

    @property
    def is_over(self) -> bool:
        return self.left <= 0 or self.is_gone()

    def over(self) -> HubError:
        if self.is_gone():
            return Ended("CALLER_GONE")
        took = round(max(self.tick() - self._began, self.seconds), 1)
        return Ended("QUERY_TOO_LONG", measure="seconds", measured=took, limit=self.seconds)

    def check(self) -> None:
        """CALLER_GONE or QUERY_TOO_LONG once it is over."""
        if self.is_over:
            raise self.over()


def limit_statements(engine: Engine, seconds: float) -> None:
    """No statement runs longer than this, nor past the deadline of whoever began the transaction.

    PostgreSQL is told `seconds` when a connection is opened; SQLite is asked to look at the time.
    """
    is_sqlite = engine.dialect.name == "sqlite"

    def before(connection: Connection, cursor: Any, *_: Any) -> None:
        deadline: Deadline | None = connection.info.get(DEADLINE)
        if deadline is not None:
            deadline.check()
        if is_sqlite:
            connection.info[ENDS] = time.monotonic() + (math.inf if connection.info.get(UNLIMITED) else seconds)
        elif deadline is not None and connection.info[TOLD] - deadline.left > 1:  # it has a second less than was said
            cursor.connection.execute(_timeout(connection, deadline))

    def failed(context: ExceptionContext) -> HubError | None:
        cause = context.original_exception
        if getattr(cause, "sqlstate", None) != CANCELED and str(cause) != "interrupted":
            return None
        info = context.connection.info if context.connection else {}
        deadline: Deadline | None = info.get(DEADLINE)
        fault: HubError = HubError("STATEMENT_TOO_LONG", limit=seconds) if deadline is None else deadline.over()
        info[FAULT] = fault
        return fault

    if is_sqlite:
        event.listen(engine, "connect", _watch)
    event.listen(engine, "begin", lambda connection: connection.info.pop(UNLIMITED, None))
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "handle_error", failed, retval=True)


def hold_to(connection: Connection, deadline: Deadline | None) -> None:
    """What this transaction does is over by then; without a deadline only the limit of single statements holds."""
    connection.info[DEADLINE] = deadline
    if deadline is not None and connection.dialect.name != "sqlite":
        connection.info[TOLD] = math.inf  # so that it is said before the first statement


def _timeout(connection: Connection, deadline: Deadline) -> str:
    connection.info[TOLD] = deadline.left
    return f"SET LOCAL statement_timeout = {max(1, math.ceil(deadline.left * 1000))}"


def without_limit(connection: Connection) -> None:
    """Statements of this transaction may take as long as they need; what is built anew takes hours with much in it."""
    connection.info[UNLIMITED] = True
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout=0")
        driver: Any = connection.connection.driver_connection
        driver.seconds = None


def _watch(connection: Any, entry: ConnectionPoolEntry) -> None:
    def is_late() -> bool:
        deadline: Deadline | None = entry.info.get(DEADLINE)
        return time.monotonic() > entry.info.get(ENDS, math.inf) or (deadline is not None and deadline.is_over)

    connection.set_progress_handler(is_late, STEPS)
