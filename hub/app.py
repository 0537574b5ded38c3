"""The composition root: everything is created here, once, and handed to who needs it."""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from shutil import disk_usage
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from connectors.sdk.connector import Connector
from connectors.sdk.errors import ManifestError
from connectors.sdk.http import utc_now
from connectors.sdk.inside.registry import LeftOut, find_connectors
from connectors.sdk.manifest import Manifest
from hub.access.api_keys import find_caller
from hub.access.belts import write_belts
from hub.access.caller import Role
from hub.access.guesses import Guesses
from hub.access.porter import Porter
from hub.access.request_rates import RequestRates
from hub.access.signing_in import SANDBOX
from hub.entry.what_is_typed import typed
from hub.errors import DiskFull, HubError, Unauthenticated
from hub.gate.downloads import PaperDoor
from hub.gate.front import LARGEST_BODY
from hub.gate.health_checks import Check, Fact, Health, HealthDoor
from hub.gate.hooks import HookDoor
from hub.gate.passing import stand_before
from hub.gate.refusing import refuse_alike
from hub.gate.trades import TradeDoor
from hub.life import Life
from hub.model import Database, SecretsKey
from hub.model.migrate import bring_up, require_current
from hub.model.sealing import require_keys, seal_plain
from hub.notices.receivers import Receivers
from hub.papers.desk import Desk
from hub.papers.joining import admit, build_desk, routes
from hub.private import private_folder
from hub.reference.door import DocsDoor
from hub.secrets import Keyring, open_keyring
from hub.secrets.origin import is_file
from hub.setting_kinds import Setting
from hub.settings import Settings, read_settings
from hub_graphql.schema import build_schema
from hub_graphql.serve import Gateway
from sync.engine import Engine
from sync.jobs import write_jobs
from sync.pushed import keep_push
from sync.sandbox import open_stand_in
from sync.scheduler import Scheduler
from sync.services import Services
from sync.thread_engine import ThreadEngine

LOG = logging.getLogger("yuhub")
NEEDED_ELSEWHERE = (
    "secrets in the database are encrypted with a key that only %s holds; "
    "set YUHUB_SECRETS_KEY to what stands there, on every machine of this hub"
)
MIB = 1024 * 1024
NO_ROOM = MIB
"""Bytes. With less free the disk is full: a page of SQLite's log and its index do not fit."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub, put together. `left_out` says which connectors could not be loaded, and why."""

    settings: Settings
    database: Database
    connectors: Mapping[str, Connector]
    left_out: list[ManifestError]
    desk: Desk
    services: Services
    life: Life = field(default_factory=Life)

    def web(self) -> Flask:
        """The web application."""
        app = Flask("yuhub", static_folder=None)
        app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
        app.config[SANDBOX] = self.settings["sandbox"]
        language = self.settings["language"]
        rates = RequestRates(self.desk.now, self.settings["rate_factor"])
        porter = Porter(self.database, self.settings, rates, Guesses(self.desk.now))
        stand_before(app, porter, self.settings["trusted_proxies"], self.settings["cors_origins"])
        gateway = Gateway(build_schema(), self.database, self.desk, self.desk.now, language, self.life)
        app.register_blueprint(gateway.blueprint())
        app.register_blueprint(PaperDoor(self.database, self.desk, self.connectors).blueprint())
        app.register_blueprint(TradeDoor(self.database, self.desk, language, self.life).blueprint())
        keep = partial(keep_push, self.database)
        app.register_blueprint(HookDoor(self.connectors, keep, self.desk.now).blueprint())
        app.register_blueprint(DocsDoor(lambda: settings_of_connectors()[0], language).blueprint())
        health = Health(self.checks(), self.desk.now)
        app.register_blueprint(HealthDoor(health, language, self._more_of_health).blueprint())
        refuse_alike(app, language, LARGEST_BODY, self.life)
        return app

    def scheduler(self) -> tuple[Scheduler, Engine]:
        """The clock and the threads that obey it; the caller starts and stops both."""
        with self.database.write() as connection:
            write_jobs(connection, self.connectors, self.settings["pace"])
        engine = ThreadEngine(self.services)
        scheduler = Scheduler(self.services, engine)
        self.life.watch(scheduler.ails)
        return scheduler, engine

    def role_of(self, key: str) -> Role | None:
        """The role behind a key; None where it is nobody's."""
        try:
            with self.database.read() as connection:
                return find_caller(connection, key, self.desk.now()).role
        except Unauthenticated:
            return None

    @property
    def largest_push(self) -> int:
        """Bytes of the longest body that any hook takes."""
        return max((hook.largest for one in self.connectors.values() for hook in one.hooks.values()), default=0)

    def close(self) -> None:
        self.database.close()

    def checks(self) -> list[Check]:
        """What has to be well for the hub to serve; `/health/ready` says how each is."""
        return [
            Check("process", self._process),
            Check("database", self._database),
            Check("schema", self._schema, needs="database"),
            Check("disk", self._disk),
            Check("connectors", self._connectors),
        ]

    def _process(self) -> Fact:
        self.life.must_be_ready()
        return Fact({})

    def _database(self) -> Fact:
        with self.database.read() as connection:
            connection.execute(text("SELECT 1"))
        self.database.check()
        return Fact({"kind": self.database.url.get_backend_name()})

    def _disk(self) -> Fact:
        """Too little room is said early; only where there is none the hub cannot serve."""
        folder, least = self.settings["data_dir"], self.settings["free_mb"] * MIB
        try:
            free = disk_usage(folder).free
        except OSError as error:
            raise HubError("FOLDER_NOT_WRITABLE", folder=str(folder)) from error
        if free < NO_ROOM:
            raise DiskFull(place=str(folder))
        return Fact({"folder": str(folder), "freeBytes": free, "leastBytes": least}, ok=free >= least, stops=False)

    def _schema(self) -> Fact:
        return Fact({"revision": require_current(self.database)})

    def _connectors(self) -> Fact:
        return Fact(
            {"loaded": sorted(self.connectors), "leftOut": [str(one) for one in self.left_out]},
            ok=not self.left_out,
            stops=False,
        )

    def _more_of_health(self) -> dict[str, Any]:
        return {
            "connectors": sorted(self.connectors),
            "leftOut": [str(one) for one in self.left_out],
            "abandonedReadings": dict(self.services.abandoned),
        }


def settings_of_connectors() -> tuple[list[Setting], Mapping[str, type[Connector]], list[ManifestError]]:
    """The settings that the installed connectors ask for, under the connector's code."""
    classes, left_out = find_connectors()
    return [setting for one in classes.values() for setting in settings_of(one.manifest)], classes, left_out


def settings_of(manifest: Manifest) -> list[Setting]:
    """The settings that a connector asks for, under its code."""
    return [
        Setting(f"{manifest.code}.{name}", "str", spec.default or "", spec.help, spec.secret)
        for name, spec in manifest.settings.items()
    ]


def load_settings(environment: Mapping[str, str] | None = None, *others: Manifest) -> Settings:
    """The settings of the hub, of the installed connectors, and of others that are not installed."""
    environment = os.environ if environment is None else environment
    file = environment.get("YUHUB_SETTINGS")
    asked, classes, left_out = settings_of_connectors()
    asked += [setting for one in others if one.code not in classes for setting in settings_of(one)]
    names = {name for error in left_out if isinstance(error, LeftOut) for name in error.names}
    return read_settings(environment, Path(file) if file else None, asked, names)


def open_database(settings: Settings) -> Database:
    """The database, in a folder that is the hub's alone."""
    private_folder(settings["data_dir"])
    return Database(settings.database_url, settings["busy_seconds"], settings["statement_seconds"])


def unlock(settings: Settings, database: Database) -> Keyring:
    """The keys of the secrets in the database; what stands there plain is encrypted now.

    SECRETS_KEY_MISSING where the database was written with another key.
    """
    with database.read() as connection:
        known = list(connection.scalars(select(SecretsKey.id)))
    keyring = open_keyring(settings, known)
    if keyring.newest not in known or not all(map(keyring.has, known)):
        with database.write() as connection:
            require_keys(connection, keyring)
            count = seal_plain(connection, keyring)
        LOG.info("%s secrets that stood there plain are encrypted now, with the key %s", count, keyring.newest)
        if not database.is_sqlite and is_file(settings):
            LOG.warning(NEEDED_ELSEWHERE, keyring.where)
    return keyring


def build(
    settings: Settings,
    *,
    now: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
) -> Hub:
    """Puts a hub together. An empty database migrates itself; an old one is refused."""
    _, classes, left_out = settings_of_connectors()
    connectors, known, refused = admit(classes, settings, now, sleep, typed=typed())
    where = routes(classes, settings, connectors)
    left_out += refused
    for one in left_out:
        LOG.error("%s", one)
    database = open_database(settings)
    try:
        bring_up(database)
        with database.write() as connection:
            write_belts(connection)
        keyring = unlock(settings, database)
    except BaseException:
        database.close()
        raise
    receivers = Receivers(private=settings["webhook_private_addresses"], ports=settings["webhook_ports"])
    desk = replace(build_desk(connectors, now, uuid.uuid4, where, known), receivers=receivers, keyring=keyring)
    services = Services(
        database,
        desk,
        connectors,
        timedelta(seconds=settings["lease_seconds"]),
        settings["delivery_attempts"],
        settings["pace"],
        open_stand_in if settings["sandbox"] else Connector.open,
        settings["page_seconds"],
    )
    return Hub(settings, database, connectors, left_out, desk, services)
