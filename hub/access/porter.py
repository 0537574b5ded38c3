"""Who stands at the doors of one process: counts who comes, and notes who tries keys."""

from __future__ import annotations

import logging
import math

from flask import Flask, Request, current_app

from hub.access import audit
from hub.access.caller import ANONYMOUS
from hub.access.guesses import Guesses
from hub.access.knocking import address_of
from hub.access.rates import HOUR, Rate, Rates
from hub.errors import HubError, TooManyRequests
from hub.model import Database
from hub.settings import Settings

LOG = logging.getLogger("yuhub.access")
NAME = "yuhub.porter"
NOTED, NOTED_IN_ALL = Rate(1), Rate(60)
"""Lines of the audit log about wrong keys, of one address and of all: a flood of them fills no database."""


class Porter:
    """`rates` and `guesses` count; `registrations` and `registrations_in_all` are what applicants may do."""

    def __init__(self, database: Database, settings: Settings, rates: Rates, guesses: Guesses) -> None:
        self.database, self.rates, self.guesses = database, rates, guesses
        self.registrations = Rate(settings["registrations_per_hour"], HOUR)
        self.registrations_in_all = Rate(settings["registrations_in_all_per_hour"], HOUR)
        self.most_undecided: int = settings["registrations_undecided"]

    def stand_at(self, app: Flask) -> None:
        app.extensions[NAME] = self

    def turn_away(self, asked: Request, error: HubError, prefix: str) -> None:
        """Of a key that is wrong, or is none: counts and notes it. TOO_MANY_WRONG_KEYS where they come too often.

        `prefix` is the beginning of the key, which is no secret; empty where what came does not look like a key.
        """
        address = address_of(asked)
        wait = self.guesses.wrong(*([f"from {address}", f"of {prefix}"] if prefix else [f"from {address}"]))
        self._note(address, error.code, prefix, asked.path)
        if wait:
            raise HubError("TOO_MANY_WRONG_KEYS", wait=math.ceil(wait))

    def _note(self, address: str, code: str, prefix: str, path: str) -> None:
        try:
            self.rates.spend("noted", address, NOTED)
            self.rates.spend("noted in all", "", NOTED_IN_ALL)
        except TooManyRequests:
            return
        LOG.warning("refused a key from %s at %r: %s, key %s", address or "?", path[:100], code, prefix or "-")
        try:
            with self.database.write() as connection:
                about = {"code": code, "key": prefix, "path": path[:100]}
                audit.record(connection, ANONYMOUS, "key.refused", address, self.rates.now(), before=about)
        except HubError as error:  # nobody is let in for it, and nobody is kept waiting
            LOG.warning("a refused key could not be noted: %s", error.words())


def porter() -> Porter:
    """The one of the application that answers now."""
    standing: Porter = current_app.extensions[NAME]
    return standing
