"""What the tests of connectors have in common: connectors, pages and papers, without a hub and without a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.airport.connector import Airport
from connectors.customs.connector import Customs
from connectors.forex.connector import Forex
from connectors.rail.connector import Rail
from connectors.sdk import Ask, Connector, Page, Paper, Submission
from connectors.sdk.http import utc_now
from connectors.sdk.papers import Value
from connectors.sdk.testing.samples import Samples, loaded, page_of
from connectors.tax.connector import Tax
from mocks.ledger import Ledger
from tests.support.world import Clock

CONNECTORS = {one.manifest.code: one for one in (Airport, Customs, Forex, Rail, Tax)}
FOLDER = Path(__file__).resolve().parents[3] / "connectors"


@dataclass(frozen=True, slots=True)
class StandIn:
    """A connector with the stand-in authority at the other end, its clock and what it remembers."""

    connector: Connector
    clock: Clock
    ledger: Ledger

    def pulls(self, stream: str, *watched: str) -> list[dict[str, Any]]:
        """Every record that a stream has by now."""
        source = self.connector.streams[stream]
        with closing(self.connector.open()) as http:
            return [record for one in source.pages(http, Ask(watched=watched)) for record in loaded(source.read(one))]


Meet = Callable[[str], StandIn]
"""Meets the stand-in of an authority, as new."""


def connector(code: str, *, now: Callable[[], datetime] = utc_now, **settings: str) -> Connector:
    """A connector as its manifest sets it up, but for these settings."""
    built_in = CONNECTORS[code]
    defaults = {name: spec.default or "" for name, spec in built_in.manifest.settings.items()}
    return built_in(defaults | settings, now=now)


def document(kind: str) -> Submission:
    return connector(kind.partition(".")[0]).submissions[kind]


def page(body: str | bytes, *, status: int = 200, part: str = "") -> Page:
    return page_of(body.encode() if isinstance(body, str) else body, status=status, part=part)


def samples(code: str) -> Path:
    return FOLDER / code / "samples"


def sample_paper(name: str) -> Paper:
    """A paper of a connector's samples, as the hub hands it over: `customs.declaration`, `customs.declaration-b2b`."""
    code = name.partition(".")[0]
    return Samples(samples(code), CONNECTORS[code].manifest).paper(name)


def changed(
    paper: Paper, head: Mapping[str, Value] | None = None, line: Mapping[str, Value] | None = None, **columns: Any
) -> Paper:
    """The paper with other values in its head, or in the first line of its first group."""
    lines = dict(paper.lines)
    if line:
        group, (first, *rest) = next(iter(lines.items()))
        lines[group] = [{**first, **line}, *rest]
    return replace(paper, head={**paper.head, **(head or {})}, lines=lines, **columns)


def hand_over(source: Connector, paper: Paper) -> list[dict[str, Any]]:
    """Sends a paper over HTTP; the records that the answer is read to."""
    target = source.submissions[paper.kind]
    with closing(source.open()) as http:
        answer = target.send(http, target.encode([paper]), [paper])
    return loaded(target.read(answer, [paper]))


def handed_over(source: Connector, paper: Paper) -> dict[str, Any]:
    """The same where the answer says one thing."""
    (record,) = hand_over(source, paper)
    return record


def asked(source: Connector, paper: Paper) -> list[str] | None:
    """The codes that "do you have it?" is answered with; None where the authority has not got the paper."""
    target = source.submissions[paper.kind]
    with closing(source.open()) as http:
        found = target.find(http, paper)
    return None if found is None else [record["code"] for record in loaded(target.read(found, [paper]))]
