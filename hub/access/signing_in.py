"""Who is behind a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Request, current_app

from hub.access.caller import ANONYMOUS, Caller, Role
from hub.access.keys import find_caller
from hub.errors import SandboxOnly
from hub.model import Database

LANGUAGES = ("zh", "en")
SANDBOX = "YUHUB_SANDBOX"
"""In the web application's configuration: whether the hub behind it talks to stand-ins alone."""


def sign_in(asked: Request, database: Database, now: datetime) -> Caller:
    """The caller behind `Authorization: Bearer <key>`; without it, anonymous. Unauthenticated for a wrong key.

    In a sandbox an integrator does what an enterprise does; anywhere else SandboxOnly.
    """
    header = asked.headers.get("Authorization", "")
    if not header:
        return ANONYMOUS
    with database.read() as connection:
        caller = find_caller(connection, header.removeprefix("Bearer ").strip(), now)
    if caller.role is not Role.INTEGRATOR:
        return caller
    if not current_app.config.get(SANDBOX):
        raise SandboxOnly
    return replace(caller, role=Role.ENTERPRISE)


def language_of(asked: Request, standard: str) -> str:
    """The language that the caller asked for, or the standard one."""
    return asked.accept_languages.best_match(LANGUAGES) or standard
