"""What was heard, as it was heard: the whole message where all of it is the caller's, else the part that is.

An authority puts what it says to many into one message. Whose a record is goes by its references, and what has none
that the caller may see is not the caller's: neither what could not be linked, nor what could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, case, func, select, tuple_

from connectors.sdk.codecs import write_json
from connectors.sdk.connector import Connector
from connectors.sdk.http import Page
from connectors.sdk.inside.compiled import loader
from connectors.sdk.members import Aside
from connectors.sdk.stream import Stream
from hub.access import Caller
from hub.access.visibility import of_subject
from hub.errors import NotFound
from hub.model import Consolidation, DeliveryAttempt, Document, DocumentEvent, RawMessage, Reference, Trade
from hub.model.operation import as_page
from hub.model.types import write_instant

About = tuple[str, str]
MOST_ABOUTS = 5_000
CHUNK = 500
ENDINGS = {"xml": "xml", "json": "json"}


HEADER = re.compile(r"[ -~]{1,200}")
UNSAFE = re.compile(r"[^0-9A-Za-z._-]")
"""What stands in no name of a file: a quote or a line break would end the header, a slash leave the folder."""


class File(NamedTuple):
    """Something to download."""

    name: str
    body: bytes
    content_type: str
    enterprise_id: int | None = None

    @classmethod
    def named(cls, name: str, body: bytes, content_type: str) -> File:
        """With the ending that goes with its content type. Neither says more than one header can hold."""
        if not HEADER.fullmatch(content_type):
            content_type = "application/octet-stream"
        subtype = re.split(r"[/+;\s]", content_type.lower())
        ending = next((ENDINGS[one] for one in subtype if one in ENDINGS), "txt")
        return cls(f"{UNSAFE.sub('_', name)}.{ending}", body, content_type)


ALL_OF = partial(of_subject, held_alone=True)
"""Rows of a table all of which is the caller's: what is said of a whole consolidation is its holder's."""


def heard(connection: Connection, connectors: Mapping[str, Connector], caller: Caller, event_id: int) -> File:
    """What an event was read from. NotFound where the caller may not see the event."""
    event = connection.execute(
        select(
            DocumentEvent.__table__,
            Document.number,
            func.coalesce(Trade.enterprise_id, Consolidation.holder_id).label("enterprise_id"),
            Consolidation.id.label("whole"),
        )
        .outerjoin(Document, Document.id == DocumentEvent.document_id)
        .outerjoin(Trade, Trade.id == DocumentEvent.trade_id)
        .outerjoin(Consolidation, Consolidation.id == DocumentEvent.subject_id)
        .where(DocumentEvent.id == event_id, ALL_OF(DocumentEvent)(caller))
    ).one_or_none()
    if event is None:
        raise NotFound("response", event_id)
    return _file(connection, connectors, caller, event)._replace(enterprise_id=event.enterprise_id)


def _file(connection: Connection, connectors: Mapping[str, Connector], caller: Caller, event: Row[Any]) -> File:
    name = f"{event.number or event.source}-response-{event.id}"
    raw = connection.execute(select(RawMessage.__table__).where(RawMessage.id == event.raw_id)).one_or_none()
    if raw is None:
        return _record(name, event)
    page, connector = as_page(raw), connectors.get(event.source)
    of_a_line = event.whole is not None and event.trade_id is not None  # of a record that tells of other lines, too
    if not page.body.strip() or (of_a_line and not caller.is_staff):  # a status and a Location may have said it all
        return _record(name, event)
    stream = connector.streams.get(raw.chain.partition(".")[2]) if connector else None
    if caller.is_staff or _is_callers(connection, caller, event.source, raw, page, stream):
        return File.named(name, page.body, page.content_type or "application/octet-stream")
    cut = _excerpt(stream, page, event) if stream else None
    return File.named(name, *cut) if cut else _record(name, event)


def _is_callers(
    connection: Connection, caller: Caller, source: str, raw: Row[Any], page: Page, stream: Stream | None
) -> bool:
    """Whether everything in a message concerns trades that the caller may see."""
    if stream is None:
        return _answers_caller(connection, caller, raw.id)
    abouts = _abouts(stream, page)
    return bool(abouts) and len(abouts) <= MOST_ABOUTS and _are_callers(connection, caller, source, sorted(abouts))


def _answers_caller(connection: Connection, caller: Caller, raw_id: str) -> bool:
    """An answer to what we sent concerns the papers that were in it."""
    seen, all_ = connection.execute(
        select(func.count(case((ALL_OF(Document)(caller), Document.id))), func.count(Document.id))
        .select_from(DeliveryAttempt)
        .join(Document, Document.id == DeliveryAttempt.document_id)
        .where(DeliveryAttempt.answer_raw_id == raw_id)
    ).one()
    return bool(seen) and seen == all_


def _abouts(stream: Stream, page: Page) -> set[About]:
    """What the records of a page are about; nothing where a single one cannot be read."""
    found = set()
    try:
        for told in stream.read(page):
            if isinstance(told, Aside):
                return set()
            schema, values = told
            record = loader(schema)(values)
            found.add((record["about_kind"], record["about_value"]))
    except Exception:  # noqa: BLE001 - whatever a connector raises: such a page is shown to nobody whole
        return set()
    return found


def _are_callers(connection: Connection, caller: Caller, source: str, abouts: list[About]) -> bool:
    """Whether each of these leads to something, and to nothing that the caller may not see all of."""
    for chunk in _chunks(abouts):
        rows = connection.execute(
            select(
                Reference.kind,
                Reference.value,
                func.count(),
                func.count(case((ALL_OF(Reference)(caller), Reference.document_id))),
            )
            .where(Reference.source == source, tuple_(Reference.kind, Reference.value).in_(chunk))
            .group_by(Reference.kind, Reference.value)
        ).all()
        if len(rows) != len(chunk) or any(all_ != seen for *_, all_, seen in rows):
            return False
    return True


def _chunks(abouts: list[About]) -> Iterable[list[About]]:
    return (abouts[start : start + CHUNK] for start in range(0, len(abouts), CHUNK))


def _excerpt(stream: Stream, page: Page, event: Row[Any]) -> tuple[bytes, str] | None:
    """The part of a page that an event was read from; what is said of several papers has an event for each."""
    try:
        return stream.excerpt(page, event.source_id.removesuffix(f"#{event.document_id}"))
    except Exception:  # noqa: BLE001 - a page that cannot be cut is not shown; the record itself is
        return None


def _record(name: str, event: Row[Any]) -> File:
    """The record itself, where its message is not kept, has no body or cannot be cut."""
    record = {
        "authority": event.source,
        "about": {"kind": event.about_kind, "value": event.about_value},
        "guid": event.guid,
        "version": event.version,
        "code": event.code,
        "words": event.words,
        "happenedAt": write_instant(event.happened_at),
        "heardAt": write_instant(event.fetched_at),
        "answers": event.answers,
        "references": event.references,
    }
    return File.named(name, write_json(record), "application/json")
