"""Papers of a protocol without a question, held against what was kept of its responses: they are its word.

The messages are read again as they were kept, so what stands in the tables is not taken at its word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from threading import Event
from typing import Any, NamedTuple

from sqlalchemy import select

from connectors.sdk.connector import Connector
from connectors.sdk.errors import BadData
from connectors.sdk.records import DocumentEvent
from connectors.sdk.states import HAVING_IT, MAY_HAVE_IT, State, fold
from connectors.sdk.stream import Stream
from hub.model import DocumentEvent as StoredEvent
from hub.model import RawMessage
from hub.model.operation import as_page
from sync.merge import find_references
from sync.page_reading import Reader
from sync.paper_beliefs import Belief
from sync.raw import chain_name
from sync.services import Services
from sync.timed import in_time, until

ROWS = 50
HAS_NOT = frozenset(State) - MAY_HAVE_IT - {State.CANCELLED}
"""States in which the authority does not have a paper, and its responses must not say otherwise."""
ResponseFault = tuple[str, dict[str, Any]]
"""Code of a fault and what fills its words."""


class KeptWord(NamedTuple):
    """What a kept message says of a paper, as the fold sees it, with the identifiers that it names."""

    source_id: str
    about: tuple[str, str]
    state: str | None
    rank: int
    happened_at: datetime
    references: Mapping[str, str]


def hold_against_responses(
    services: Services, connector: Connector, papers: Sequence[Belief]
) -> Iterator[tuple[Belief, ResponseFault]]:
    """What is wrong, paper by paper, each once."""
    told: defaultdict[str, list[KeptWord]] = defaultdict(list)
    for word in _words(services, connector):
        told[word.source_id].append(word)
    stored: defaultdict[int | None, list[Any]] = defaultdict(list)
    with services.database.read() as connection:
        columns = StoredEvent.__table__.c
        chosen = select(columns.source_id, columns.document_id, columns.version)
        for row in connection.execute(chosen.where(columns.source == connector.code)):
            stored[row.document_id].append(row)
        known = {_original(row) for rows in stored.values() for row in rows}
        lost = {words[0].about: key for key, words in told.items() if key not in known}
        found = find_references(connection, connector.code, lost)
    of_paper = {one.document_id: lost[about] for about, tied in found.items() for one in tied}
    for belief in papers:
        if belief.stands.id in of_paper:
            yield belief, ("RESPONSE_LOST", {"said": of_paper[belief.stands.id]})
        elif fault := _fault(belief, stored[belief.stands.id], told):
            yield belief, fault


def _original(row: Any) -> str:
    """The source id as the authority said it: what is said of several papers stands once for each."""
    name: str = row.source_id
    return name.removesuffix(f"#{row.document_id}")


def _fault(belief: Belief, stored: Sequence[Any], told: Mapping[str, Sequence[KeptWord]]) -> ResponseFault | None:
    stands = belief.stands
    version = belief.versions[0].version
    heard = [word for row in stored if row.version in (None, version) for word in told.get(_original(row), ())]
    says, has = fold(heard, State.SENT), stands.state in HAVING_IT
    if has and says not in HAVING_IT and not belief.moving:
        return "RESPONSE_LACKING", {}
    if stands.state in HAS_NOT and not (stands.taken or belief.moving) and says in HAVING_IT:
        return "RESPONSE_UNHEEDED", {"said": says.value}
    names = {name for word in heard for name in word.references.values()}
    if has and stands.reference and names and stands.reference not in names:
        return "LEDGER_IDENTIFIER", {"said": ", ".join(sorted(names)), "ours": stands.reference}
    return None


def _words(services: Services, connector: Connector) -> Iterator[KeptWord]:
    """All that the kept messages of a source say of papers."""
    for stream in connector.streams.values():
        if any(issubclass(one, DocumentEvent) for one in stream.records):
            for row in _events(services, connector, stream):
                about = row["about_kind"], row["about_value"]
                said = (row["state"], row["rank"], row["happened_at"], row["references"])
                yield KeptWord(row["source_id"], about, *said)


def _events(services: Services, connector: Connector, stream: Stream) -> Iterator[dict[str, Any]]:
    chain, seq, reader = chain_name(connector.code, stream.name), 0, Reader(connector.code, connector.codes)
    while True:
        with services.database.read() as connection:
            kept = connection.execute(
                select(RawMessage.__table__)
                .where(RawMessage.chain == chain, RawMessage.seq > seq, RawMessage.read_at.is_not(None))
                .order_by(RawMessage.seq)
                .limit(ROWS)
            ).all()
        if not kept:
            return
        for one in kept:
            seq = one.seq

            def read(late: Event, one: Any = one) -> list[dict[str, Any]]:
                reading = reader.read(until(late, stream.read(as_page(one))), one.id, one.kept_at)
                return reading.rows.get("document_event", [])

            try:
                yield from in_time(services, chain, one.id, read)
            except BadData:
                continue  # it waits in quarantine as a whole
