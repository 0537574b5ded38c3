"""Who is behind a request."""

from __future__ import annotations

from datetime import datetime

from flask import Request

from hub.access.caller import ANONYMOUS, Caller
from hub.access.keys import find_caller
from hub.model import Database

LANGUAGES = ("zh", "en")


def sign_in(asked: Request, database: Database, now: datetime) -> Caller:
    """The caller behind `Authorization: Bearer <key>`; without it, anonymous. Unauthenticated for a wrong key."""
    header = asked.headers.get("Authorization", "")
    if not header:
        return ANONYMOUS
    with database.read() as connection:
        return find_caller(connection, header.removeprefix("Bearer ").strip(), now)


def language_of(asked: Request, standard: str) -> str:
    """The language that the caller asked for, or the standard one."""
    return asked.accept_languages.best_match(LANGUAGES) or standard
