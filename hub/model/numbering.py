"""Running numbers and the numbers that people quote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, literal_column
from stdnum.iso7064 import mod_37_36

from connectors.sdk.instants import BEIJING
from hub.model import Series
from hub.model.upsert import insert_into


def allot(connection: Connection, name: str, count: int) -> int:
    """Takes `count` consecutive numbers of a series and returns the first; a series begins with 1."""
    statement = insert_into(connection, Series).values(name=name, last=count)
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_={"last": Series.last + literal_column(str(int(count)))}
    ).returning(Series.last)
    last: int = connection.execute(statement).scalar_one()
    return last - count + 1


def trade_number(serial: int, at: datetime) -> str:
    """`YH` + yymmdd (Beijing) + 8 digits + check character (ISO 7064 mod 37,36): 17 characters."""
    return _checked("YH", serial, at)


def consolidation_number(serial: int, at: datetime) -> str:
    """The same with `YC`."""
    return _checked("YC", serial, at)


def _checked(letters: str, serial: int, at: datetime) -> str:
    body = f"{letters}{at.astimezone(BEIJING):%y%m%d}{serial % 10**8:08d}"
    return body + str(mod_37_36.calc_check_digit(body))


def document_number(subject_number: str, given: Iterable[str] = ()) -> str:
    """Our number of a new paper: its subject's, and a serial one past the highest of those `given` to its papers.

    Whoever gives one holds the subject. Earlier papers have `-10.2`, the second of one kind; no new one has.
    """
    ours = re.compile(rf"{re.escape(subject_number)}-(\d+)(?:\.\d+)?")
    serial = max((int(found[1]) for found in map(ours.fullmatch, given) if found), default=0) + 1
    return f"{subject_number}-{serial:02d}"
