"""A whole world for a test: authorities over real HTTP, a hub on a real database, one clock that the test turns."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from lxml import etree
from sqlalchemy import func, select

from hub.access import Caller, Role, issue_key
from hub.app import Hub, build, settings_of_connectors
from hub.cli.serve import serving_front
from hub.consolidations.course import close_due
from hub.entry.registration import register
from hub.gate.front import Front
from hub.model import Document, SyncJob, SyncRun
from hub.progress.advance import touch_waiting
from hub.settings import Settings, read_settings
from mocks.airport.app import create_app as airport
from mocks.customs.app import create_app as customs
from mocks.forex.app import create_app as forex
from mocks.hostile import Hostile
from mocks.ledger import Entry, Ledger
from mocks.pace import Pace
from mocks.rail.app import create_app as rail
from mocks.serve import serving
from mocks.tax.app import create_app as tax
from sync.engine import RUN
from sync.jobs import split_name, write_jobs
from tests.support.connectors.ceb_form import complaints, complaints_of_xsd
from tests.support.engines import AtOnce
from tests.support.lazily import Lazily

LONGEST_TURN = timedelta(hours=12)
MORNING = datetime(2026, 1, 9, 1, 0, tzinfo=UTC)
NOTIFY_TOKEN = "what-the-airport-shows-us"
INSTALLER = Caller("installer", Role.ADMINISTRATOR)
APPOINT = """
mutation($account: String!, $acts: [MandateAct!], $endsAt: DateTime, $enterprise: String) {
  appointBroker(account: $account, acts: $acts, endsAt: $endsAt, enterprise: $enterprise)
}"""
DEMO = Path(__file__).resolve().parents[2] / "demo"
APPS: dict[str, Callable[..., Flask]] = {
    "customs": customs,
    "tax": tax,
    "forex": forex,
    "rail": rail,
    "airport": airport,
}


class Clock:
    """One clock for the hub and all authorities; it moves only when the test moves it."""

    def __init__(self, start: datetime = MORNING) -> None:
        self._now = start
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            self._now += timedelta(microseconds=1)  # no two moments are the same
            return self._now

    def forward(self, by: timedelta) -> None:
        with self._lock:
            self._now += by


@dataclass(frozen=True, slots=True)
class ClockPace(Pace):
    """An authority that lives by the test's clock."""

    clock: Clock = field(default_factory=Clock)

    def now(self) -> datetime:
        return self.clock()


def demo_file(kind: str, name: str) -> dict[str, Any]:
    """A file of demo/, such as ("trades", "xuchang-wigs-to-chicago")."""
    content: dict[str, Any] = json.loads((DEMO / kind / f"{name}.json").read_text("utf-8"))
    return content


def settings_for(folder: Path, database_url: str, addresses: dict[str, str], **more: str) -> Settings:
    environment = {
        "YUHUB_DATA_DIR": str(folder),
        "YUHUB_DATABASE_URL": database_url,
        "YUHUB_LANGUAGE": "en",
        "YUHUB_AIRPORT_NOTIFY_TOKEN": NOTIFY_TOKEN,
        **{f"YUHUB_{code.upper()}_BASE_URL": address for code, address in addresses.items()},
        **more,
    }
    return read_settings(environment, None, settings_of_connectors()[0])


class Door:
    """A place on the network behind which a test puts its own application: servers start once, not once a test."""

    def __init__(self) -> None:
        self.app: Callable[..., Any] | None = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if self.app is None:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        return self.app(environ, start_response)


class Street:
    """The doors of the four authorities and of the hub, with their addresses."""

    def __init__(self, stack: ExitStack) -> None:
        self.doors = {code: Door() for code in (*APPS, "hub")}
        self.addresses = {code: stack.enter_context(serving(self.doors[code])) for code in APPS}
        self.hub = stack.enter_context(serving_front(Front(self.doors["hub"]), "127.0.0.1", 0))

    def clear(self) -> None:
        for door in self.doors.values():
            door.app = None


class World:
    """What a test acts in."""

    def __init__(
        self, street: Street, folder: Path, database_url: str, seed: int = 0, clock: Clock | None = None, **more: str
    ) -> None:
        self.clock = clock or Clock()
        pace = ClockPace(divide=1.0, seed=seed, clock=self.clock)
        self.apps: Lazily[Flask] = Lazily(APPS, lambda code: APPS[code](pace))
        self.hostile = Lazily(APPS, lambda code: Hostile(self.apps[code]))
        for code in APPS:
            street.doors[code].app = partial(self._answer, code)
        self.street, self.addresses, self.address = street, street.addresses, street.hub
        self.settings = settings_for(folder, database_url, self.addresses, **more)
        self.hub: Hub = build(
            self.settings, now=self.clock, sleep=lambda seconds: self.clock.forward(timedelta(seconds=seconds))
        )
        with self.hub.database.write() as connection:
            write_jobs(connection, self.hub.connectors, 1)
        street.doors["hub"].app = self.hub.web()
        self.staff = self.issue("operator", Role.OPERATOR)
        self.late = set[str]()  # jobs that do not run while a test has them here
        self.messages_may_be_refused = False  # a test that spoils what goes to customs says so

    def _answer(self, code: str, environ: Any, start_response: Any) -> Any:
        return self.hostile[code](environ, start_response)

    def hurry(self, read: timedelta, total: timedelta) -> None:
        """Connectors wait no longer than this for an authority, where a test makes it slow."""
        for connector in self.hub.connectors.values():
            connector.timeouts = connector.timeouts._replace(read=read, total=total)

    def issue(self, account: str, role: Role, *enterprises: int) -> str:
        """A key of an account."""
        with self.hub.database.write() as connection:
            return issue_key(connection, account, role, enterprises, self.clock(), INSTALLER, again=True)

    @cached_property
    def registrar(self) -> str:
        """The key of who decides on enterprises."""
        return self.issue("registrar", Role.REGISTRAR)

    def appoint(self, owner: str, account: str, uscc: str, **more: Any) -> str:
        """An owner appoints an account, which accepts; the account's key."""
        key = self.issue(account, Role.ENTERPRISE)
        self.ask(APPOINT, owner, account=account, **more)
        self.ask("mutation($e: String!) { acceptMandate(enterprise: $e) }", key, e=uscc)
        return key

    def exporter(self, name: str = "xuchang-hair") -> str:
        """Registers an enterprise of demo/; its key."""
        typed = demo_file("enterprises", name)
        with self.hub.database.write() as connection:
            id_, _ = register(connection, typed, self.clock())
        return self.issue(typed["uscc"], Role.ENTERPRISE, id_)

    def post(self, query: str, key: str = "", language: str = "en", **variables: Any) -> requests.Response:
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {key}"} if key else {})
        return requests.post(
            f"{self.address}/graphql", json={"query": query, "variables": variables}, headers=headers, timeout=30
        )

    def ask(self, query: str, key: str, language: str = "en", **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = self.post(query, key, language, **variables).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def document(self, kind: str) -> Any:
        """The row of the one paper of this kind."""
        with self.hub.database.read() as connection:
            return connection.execute(select(Document.__table__).where(Document.kind == kind)).one()

    def run(self, *jobs: str) -> dict[str, str]:
        """Runs jobs once, one after the other, each with what follows; what became of each."""
        return {job: str(self.do(job, slot=self.clock().isoformat())) for job in jobs or self.job_names()}

    def do(self, job: str, task: str = RUN, **given: Any) -> str | None:
        """Has something done by its name, at once and with what follows."""
        return AtOnce(self.hub.services).do(job, task, **given)

    def job_names(self) -> list[str]:
        """Responses before senders, so that one turn carries an answer on to the next paper."""
        streams = [f"{code}.{name}" for code, one in self.hub.connectors.items() for name in one.streams]
        jobs = [*streams, *(f"{code}.send" for code in self.hub.connectors)]
        return [job for job in jobs if job not in self.late]

    def turn(self, by: timedelta = timedelta(minutes=10)) -> dict[str, str]:
        """Time passes, then every job runs that is due, and who waits for something is looked after."""
        self.clock.forward(by)
        touch_waiting(self.hub.database)
        with self.hub.database.write() as connection:
            close_due(connection, self.clock())
        with self.hub.database.read() as connection:
            last = select(SyncRun.job, func.max(SyncRun.started_at).label("at")).group_by(SyncRun.job).subquery()
            jobs = connection.execute(
                select(SyncJob.name, SyncJob.every, last.c.at).outerjoin(last, last.c.job == SyncJob.name)
            )
            now = self.clock()
            due = {job for job, every, at in jobs if at is None or now - at >= timedelta(seconds=every)}
            concerned = set(connection.scalars(select(Document.authority).distinct()))
        if concerned:  # who has no paper of this world has nothing to say to it
            due = {job for job in due if split_name(job)[0] in concerned or job == "forex.credits"}
        return self.run(*(job for job in self.job_names() if job in due))

    def until(self, come: Callable[[], bool], *, turns: int = 400, by: timedelta = timedelta(minutes=30)) -> None:
        """Turn follows turn until it has come. While nothing is heard or sent, each is longer than the one before."""
        step, moved = by, self._moved()
        for _ in range(turns):
            if come():
                return
            self.turn(step)
            step = by if (now := self._moved()) != moved else min(step * 2, LONGEST_TURN)
            moved = now
        raise AssertionError(f"it did not come within {turns} turns")

    def _moved(self) -> int:
        with self.hub.database.read() as connection:
            moved: int | None = connection.scalar(select(func.sum(SyncRun.merged + SyncRun.sent)))
            return moved or 0

    def taken(self, authority: str, kind: str | None = None, outcome: str | None = "accepted") -> list[Entry]:
        """What an authority's own ledger says that it took."""
        ledger: Ledger = self.apps[authority].extensions["ledger"]
        return ledger.entries(kind, outcome)

    def pay(self, **payment: Any) -> None:
        """Somebody abroad pays at the bank."""
        answer = requests.post(f"{self.addresses['forex']}/_control/payments", json=payment, timeout=10)
        assert answer.status_code == 202, answer.text

    def look_over(self) -> None:
        """What every story promises without saying so: customs never got a message that its forms do not allow."""
        for message in self.taken("customs", "message", outcome=None) if self.apps.is_made("customs") else ():
            if not self.messages_may_be_refused:
                assert message.outcome != "refused", message.body
            if message.outcome == "accepted":
                root = etree.fromstring(message.body.encode())
                assert [*complaints(root), *complaints_of_xsd(root)] == [], message.body


@contextmanager
def a_world(
    street: Street, folder: Path, database_url: str, seed: int = 0, clock: Clock | None = None, **more: str
) -> Iterator[World]:
    """`more` are settings of the hub beyond the authorities' addresses."""
    world = World(street, folder, database_url, seed, clock, **more)
    try:
        yield world
        world.look_over()
    finally:
        street.clear()
        world.hub.close()
