"""What users and authorities wait for, on both databases: trades in, responses merged, answers, notices, idle runs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response
from sqlalchemy import insert, select

from benchmarks.measuring import RESULTS, Comparison, Work, compare, machine, report
from benchmarks.place import DATABASES, Place, Rows, places
from connectors.customs.responses import ResponseEvent
from connectors.sdk.records import Draft
from hub.cli.serve import serving_front
from hub.gate.front import Front
from hub.model import DocumentEvent, Lease, Reference
from sync.merge import merge
from sync.page_reading import Reader
from sync.work import follow_up
from tests.support.world import NOTIFY_TOKEN

OPERATION = Path(__file__).resolve().parents[1] / "graphql" / "operations" / "trade.graphql"
PAGE = 200
FLOOR = "executemany of the same rows (floor)"


def run(
    rounds: int = 7,
    trades: int = 200,
    responses: int = 10_000,
    requests: int = 1_000,
    keep: Path | None = RESULTS,
    databases: Sequence[str] = DATABASES,
) -> list[Comparison]:
    """Measures, prints and keeps. `trades`, `responses` are for one round; `requests` are single ones."""
    where = machine("SQLAlchemy", "psycopg", "graphene", "Flask", "uvicorn")
    with places(databases) as found:
        return report("spine", where, _measured(found, rounds, trades, responses, requests), keep)


def _measured(found: Iterator[Place], rounds: int, trades: int, responses: int, requests: int) -> Iterator[Comparison]:
    for place in found:
        yield idling(place, requests // 5 or 1)
        yield entering(place, rounds, trades)
        yield merging(place, rounds // 2 or 1, responses)
        yield asking(place, requests)
        yield being_told(place, requests // 2 or 1)


def entering(place: Place, rounds: int, trades: int) -> Comparison:
    """Batches of trades, checked, planned, and their papers derived; beside the INSERTs that this comes down to."""
    entered: Rows = []

    def enter() -> float:
        typed = place.typed(trades)
        taken = _seconds(lambda: place.enter(typed))
        entered[:] = place.new_rows()
        return taken / trades

    def floor() -> float:
        return _seconds(lambda: place.mirror(entered)) / trades

    contenders = {"entered": enter, FLOOR: floor}
    note = f"{trades} trades at once, 3 goods lines and 3 invoices each"
    return compare(f"Trades entered, {place.kind}", "trade", contenders, rounds, floor=FLOOR, notes=[note])


def merging(place: Place, rounds: int, responses: int) -> Comparison:
    """Responses of customs by the page: read, merged, and with the trades moved on; beside the INSERTs alone."""
    sender = _Customs(place)
    reader = Reader("customs", place.hub.connectors["customs"].codes)
    kept: list[list[dict[str, Any]]] = []

    def each(work: Callable[[list[Draft]], object], after: Callable[[], object] = lambda: None) -> Work:
        def once() -> float:
            pages = [sender.page() for _ in range(max(responses // PAGE, 1))]
            taken = _seconds(lambda: ([work(page) for page in pages], after()))
            return taken / (len(pages) * PAGE)

        return once

    def read_and_merge(page: list[Draft]) -> dict[str, list[dict[str, Any]]]:
        rows = reader.read(page, None, place.world.clock()).rows
        with place.hub.database.write() as connection:
            merge(connection, "customs", rows)
        return rows

    def keep(page: list[Draft]) -> None:
        kept.append(read_and_merge(page)["document_event"])

    def floor() -> float:
        pages = [kept.pop() for _ in range(len(kept))]
        return _seconds(lambda: _insert(place, pages)) / (len(pages) * PAGE)

    contenders = {
        "read": each(lambda page: reader.read(page, None, place.world.clock())),
        "read and merged": each(keep),
        FLOOR: floor,
        "read, merged, and trades moved on": each(read_and_merge, lambda: follow_up(place.hub.services)),
    }
    note = f"{responses:,} responses about {len(sender.papers):,} papers, {PAGE} in a page and a transaction"
    return compare(f"Responses merged, {place.kind}", "response", contenders, rounds, floor=FLOOR, notes=[note])


class _Customs:
    """Says something new about every paper that customs has, again and again."""

    def __init__(self, place: Place) -> None:
        place.mirror(place.new_rows())
        with place.hub.database.read() as connection:
            found = connection.execute(
                select(Reference.kind, Reference.value)
                .where(Reference.source == "customs")
                .order_by(Reference.kind, Reference.value)
            ).all()
        self.papers = [(row.kind, row.value) for row in found]
        self._serial = count(1)

    def page(self) -> list[Draft]:
        return [self._response(next(self._serial)) for _ in range(PAGE)]

    def _response(self, serial: int) -> Draft:
        kind, value = self.papers[serial % len(self.papers)]
        at = f"2026010910{serial // 60_000 % 60:02}{serial // 1000 % 60:02}{serial % 1000:03}"
        return ResponseEvent, {
            "source_id": f"{serial:064x}",
            "about_kind": kind,
            "about_value": value,
            "guid": None,
            "returnStatus": "120",
            "returnInfo": "逻辑校验通过",
            "returnTime": at,
            "asOf": at,
            "answers": {},
            "references": {"customs.preNo": f"B{serial % len(self.papers):017}"},
        }


def _insert(place: Place, pages: list[list[dict[str, Any]]]) -> None:
    for page in pages:
        with place.twin.write() as connection:
            connection.execute(insert(DocumentEvent), page)


def asking(place: Place, requests: int) -> Comparison:
    """One trade whole, in GraphQL over HTTP; beside a route of the same server that answers with the same bytes."""
    (number,) = place.enter(place.typed(1))
    question = json.dumps({"query": OPERATION.read_text("utf-8"), "variables": {"number": number}}).encode()
    with closing(_Line(place.world.address, "/graphql", place.key)) as hub, ExitStack() as stack:
        answer = hub.say(question)
        if "errors" in json.loads(answer):
            raise AssertionError(answer.decode())
        bare = stack.enter_context(closing(_Line(stack.enter_context(_echo(answer)), "/", place.key)))
        floor = "a bare route with the same bytes (floor)"
        contenders = {
            "one trade whole": lambda: _seconds(lambda: hub.say(question)),
            floor: lambda: _seconds(lambda: bare.say(question)),
        }
        note = f"{len(answer):,} bytes, one request after the other on one connection"
        return compare(f"A trade asked for, {place.kind}", "answer", contenders, requests, floor=floor, notes=[note])


def being_told(place: Place, pushes: int) -> Comparison:
    """What an authority waits for that calls us: its notice kept raw, in the chain; beside a bare route."""
    serial = count(1)

    def notice() -> bytes:
        about = {"@id": f"http://airport.example/logistics-objects/{next(serial)}"}
        event = {"@id": "api:LOGISTICS_EVENT_RECEIVED"}
        body = {"@type": "api:Notification", "api:hasEventType": event, "api:hasLogisticsObject": about}
        return json.dumps(body).encode()

    with ExitStack() as stack:
        hub = stack.enter_context(closing(_Line(place.world.address, "/hooks/airport/notifications", NOTIFY_TOKEN)))
        if json.loads(hub.say(notice())) != {"known": False}:
            raise AssertionError("the notice was not taken")
        bare = stack.enter_context(closing(_Line(stack.enter_context(_echo(b'{"known":false}')), "/", NOTIFY_TOKEN)))
        floor = "a bare route (floor)"
        contenders = {
            "a notice kept": lambda: _seconds(lambda: hub.say(notice())),
            floor: lambda: _seconds(lambda: bare.say(notice())),
        }
        note = "one notice after the other on one connection"
        return compare(f"Pushed by an authority, {place.kind}", "notice", contenders, pushes, floor=floor, notes=[note])


class _Line:
    """One kept-alive connection to one door."""

    def __init__(self, address: str, path: str, key: str) -> None:
        place = urlsplit(address)
        self._connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
        self._path = path
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}

    def say(self, body: bytes) -> bytes:
        self._connection.request("POST", self._path, body, self._headers)
        return self._connection.getresponse().read()

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _echo(answer: bytes) -> Iterator[str]:
    app = Flask("floor", static_folder=None)
    app.add_url_rule("/", "floor", lambda: Response(answer, content_type="application/json"), methods=["POST"])
    with serving_front(Front(app), "127.0.0.1", 0) as address:
        yield address


def idling(place: Place, runs: int) -> Comparison:
    """A run of a sender that has nothing to send: what an hour without news costs; beside a single row written."""
    serial = count(1)

    def write_a_row() -> None:
        with place.twin.write() as connection:
            row = {"name": f"floor-{next(serial)}", "holder": "", "token": 1, "until": place.world.clock()}
            connection.execute(insert(Lease), [row])

    def idle() -> None:
        outcome = place.world.do("customs.send")
        if outcome != "ok":
            raise AssertionError(f"the run ended {outcome}")

    floor = "one row written (floor)"
    contenders = {"a run with no news": lambda: _seconds(idle), floor: lambda: _seconds(write_a_row)}
    return compare(f"A job with nothing to do, {place.kind}", "run", contenders, runs, floor=floor)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    run()
