"""Who is behind a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Request, current_app

from hub.access.caller import ANONYMOUS, Caller, Role
from hub.access.keys import find_caller, prefix_of
from hub.access.knocking import address_of, key_in
from hub.access.porter import porter
from hub.access.rates import Kind, door_of, kind_of
from hub.errors import HubError, Unauthenticated
from hub.model import Database

LANGUAGES = ("zh", "en")
SANDBOX = "YUHUB_SANDBOX"
"""In the web application's configuration: whether the hub behind it talks to stand-ins alone."""


def sign_in(asked: Request, database: Database, now: datetime) -> Caller:
    """The caller behind `Authorization: Bearer <key>`; without that header, anonymous.

    AUTHORIZATION_WRONG where the header is not like that, Unauthenticated where the key is wrong, TOO_MANY_WRONG_KEYS
    where that happens too often, TooManyRequests above the caller's rate. In a sandbox an integrator does what an
    enterprise does; anywhere else SANDBOX_ONLY.
    """
    header, rates, door = asked.headers.get("Authorization"), porter().rates, door_of(asked.path)
    if header is None:
        rates.must(door, Kind.ANONYMOUS, address_of(asked))
        return ANONYMOUS
    key = key_in(header)
    try:
        if key is None:
            raise Unauthenticated("AUTHORIZATION_WRONG")
        with database.read() as connection:
            caller = find_caller(connection, key, now)
    except Unauthenticated as error:
        porter().turn_away(asked, error, prefix_of(key) if key else "")
        raise
    rates.must(door, kind_of(caller.role), caller.key)
    if caller.role is not Role.INTEGRATOR:
        return caller
    if not current_app.config.get(SANDBOX):
        raise HubError("SANDBOX_ONLY")
    return replace(caller, role=Role.ENTERPRISE)


def language_of(asked: Request, standard: str) -> str:
    """The language that the caller asked for, or the standard one."""
    return asked.accept_languages.best_match(LANGUAGES) or standard
