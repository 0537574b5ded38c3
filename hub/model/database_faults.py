"""What a database is to blame for, as one of our errors; anything else is ours and stays as it is."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from hub.errors import DatabaseBusy, DatabaseConflict, DatabaseUnavailable, DiskFull, HubError

ABORTED, CANCELED, FAULT = "25P02", "57014", "fault"
OF_STATES: Mapping[str, type[HubError]] = {
    "08": DatabaseUnavailable,
    "25006": DatabaseUnavailable,  # a standby, or a server that was set to be read only
    "25P03": DatabaseUnavailable,
    "28": DatabaseUnavailable,
    "3D": DatabaseUnavailable,
    "40001": DatabaseConflict,
    "40P01": DatabaseConflict,
    "42501": DatabaseUnavailable,
    "53": DatabaseUnavailable,
    "53100": DiskFull,
    "55P03": DatabaseBusy,
    "57": DatabaseUnavailable,
    "58": DatabaseUnavailable,
    "XX": DatabaseUnavailable,
}
"""PostgreSQL's SQLSTATE, or its class (Appendix A of its manual) → what it is to us."""
OF_CODES: Mapping[int, type[HubError]] = {
    sqlite3.SQLITE_PERM: DatabaseUnavailable,
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_NOMEM: DatabaseUnavailable,
    sqlite3.SQLITE_READONLY: DatabaseUnavailable,
    sqlite3.SQLITE_IOERR: DatabaseUnavailable,
    sqlite3.SQLITE_CORRUPT: DatabaseUnavailable,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnavailable,
    sqlite3.SQLITE_PROTOCOL: DatabaseBusy,
    sqlite3.SQLITE_AUTH: DatabaseUnavailable,
    sqlite3.SQLITE_FORMAT: DatabaseUnavailable,
    sqlite3.SQLITE_NOTADB: DatabaseUnavailable,
}
"""SQLite's primary result code (sqlite.org/rescode.html) → what it is to us."""
NEXT_TO_NOTHING = 256 * 1024
"""Bytes. A disk with less is full: SQLite then fails to read and write, too, before it calls it full."""


class Blame:
    """Says for one database what its errors are to us."""

    def __init__(self, url: URL, busy_seconds: float) -> None:
        self.url = url
        self.busy_seconds = busy_seconds
        self.is_sqlite = url.get_backend_name() == "sqlite"
        query = {name: "***" if "password" in name.lower() else value for name, value in url.query.items()}
        shown = url.set(drivername=url.get_backend_name(), query=query).render_as_string(hide_password=True)
        self.name = str(url.database) if self.is_sqlite else shown

    def listener(self, *, read_only: bool) -> Callable[[ExceptionContext], None]:
        """For `handle_error`: whatever fails, at whatever step, leaves the engine as an error of ours.

        A writing statement where only reading is allowed is a mistake of the program, not of the database. After an
        error PostgreSQL refuses the rest of a transaction: each refusal is told as the error that it comes from.
        """

        def listener(context: ExceptionContext) -> None:
            if context.is_pre_ping:
                return  # a connection that was lost in the pool is replaced
            lost = context.is_disconnect or context.connection is None or context.connection.invalidated
            info = {} if lost or context.connection is None else context.connection.info
            state = getattr(context.original_exception, "sqlstate", None)
            if state == ABORTED and isinstance(info.get(FAULT), HubError):
                raise info[FAULT]
            fault = self.fault(context.original_exception, lost=lost, read_only=read_only)
            if fault is not None:
                info[FAULT] = fault
                raise fault from context.original_exception

        return listener

    def fault(self, error: BaseException, *, lost: bool = False, read_only: bool = False) -> HubError | None:
        """`lost` says that there is no connection any more."""
        if isinstance(error, NoConnectionFree):
            return self._busy()
        if isinstance(error, DBAPIError):
            return self.fault(error.orig or error, lost=lost or error.connection_invalidated, read_only=read_only)
        kind = self._kind(error, read_only=read_only)
        if kind is None and lost and isinstance(error, sqlite3.Error | psycopg.Error | SQLAlchemyError):
            kind = DatabaseUnavailable
        if kind is DatabaseBusy:
            return self._busy()
        if kind is DiskFull or (self._is_disk_error(error) and self._has_no_room()):
            return DiskFull(place=self.name)
        if kind is None:
            return None
        return kind(database=self.name, cause=(str(error).strip().splitlines() or [type(error).__name__])[0])

    def _busy(self) -> DatabaseBusy:
        return DatabaseBusy(seconds=f"{self.busy_seconds:g}")

    def _kind(self, error: BaseException, *, read_only: bool) -> type[HubError] | None:
        if isinstance(error, sqlite3.Error):
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            return None if read_only and code == sqlite3.SQLITE_READONLY else OF_CODES.get(code)
        state = getattr(error, "sqlstate", None) or ""
        if state == CANCELED:  # a statement took too long: `hub.model.time_limit` says so
            return None
        if read_only and state == "25006":
            return None
        return OF_STATES.get(state) or OF_STATES.get(state[:2])

    def _is_disk_error(self, error: BaseException) -> bool:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR

    def _has_no_room(self) -> bool:
        try:
            return shutil.disk_usage(Path(str(self.url.database)).parent).free < NEXT_TO_NOTHING
        except OSError:
            return False
