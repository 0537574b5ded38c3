"""Which version of its paper an answer is about.

The guid of an answer is that of the version, where the authority repeats it. Where the authority makes one of its own,
as the 202205 edition has it for most answers of customs, ours may stand in brackets in the words. Failing that, the
answer is about the version that was out when it was given: a late word on an earlier one never rules that of now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, func, or_, select, tuple_

from hub.model import DeliveryAttempt, Document, DocumentEvent, PaperVersion
from hub.model.document import MESSAGE_REFERENCE
from hub.model.row_states import DeliveryOutcome

NONE_OF_OURS = 0
"""The version of an answer that came before anything of ours was out: it is heard, and rules nothing."""
CLOCKS_APART = timedelta(minutes=5)
"""So far may the authority's clock be behind ours: an answer to the first version may seem to come before it."""
IN_BRACKETS = re.compile(r"\[([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\]")
CHUNK = 500

One = TypeVar("One")
Event = Mapping[str, Any]
Paper = tuple[int, str]
"""A document and a guid, or the id of the message that carried it."""


class Version(NamedTuple):
    """A version of a paper: its number, what answers to it come under, and since when it has been out, if it has."""

    number: int
    guid: str
    known_by: Sequence[str] | None
    out_since: datetime | None


def versions_answered(connection: Connection, events: Sequence[Event]) -> list[int | None]:
    """The version that each event answers; None while it is not known whose it is.

    An event has `source`, `source_id`, `document_id`, `about_kind`, `about_value`, `guid`, `words`, `happened_at` and
    `fetched_at`. What was heard before keeps its version, unless it says itself which one it means.
    """
    documents = sorted({one["document_id"] for one in events if one["document_id"]})
    versions = _versions(connection, documents)
    known = {(document, one.guid): one.number for document, all_ in versions.items() for one in all_}
    known |= _in_messages(connection, {one["about_value"] for one in events if one["about_kind"] == MESSAGE_REFERENCE})
    named = [next((known[paper] for paper in _names(one) if paper in known), None) for one in events]
    heard = _heard(connection, [one for one, version in zip(events, named, strict=True) if version is None])
    current = _current(connection, documents)

    def answered(event: Event) -> int | None:
        document = event["document_id"]
        if (event["source_id"], document) in heard:
            return heard[event["source_id"], document]
        if event["guid"] or _is_older(event, versions.get(document, ()), current.get(document)):
            return _at_the_time(versions.get(document, ()), event)
        return current.get(document)

    return [
        None if one["document_id"] is None else answered(one) if version is None else version
        for one, version in zip(events, named, strict=True)
    ]


def _is_older(event: Event, versions: Sequence[Version], current: int | None) -> bool:
    """Heard before the version of now was out, as when a message is read again: it cannot be about that."""
    return any(one.number == current and one.out_since and event["fetched_at"] < one.out_since for one in versions)


def _names(event: Event) -> Iterator[Paper]:
    """By what an event may name the version that it answers, the surest first."""
    if event["about_kind"] == MESSAGE_REFERENCE:
        yield event["document_id"], event["about_value"]
    for guid in (event["guid"] or "", *IN_BRACKETS.findall(event["words"])):
        yield event["document_id"], guid.upper()


def _at_the_time(versions: Sequence[Version], event: Event) -> int:
    """The version that was out when the event happened, of those that answers of this kind can be about.

    Some times have no more than seconds (14 digits, first edition), so that of sending counts from its full second.
    """
    fitting = [one for one in versions if one.known_by is None or event["about_kind"] in one.known_by]
    out = sorted(
        (one.out_since.replace(microsecond=0), one.number)
        for one in fitting or versions
        if one.out_since and one.out_since <= event["fetched_at"]  # both by our own clock
    )
    then = min(event["happened_at"], event["fetched_at"])
    before = [number for since, number in out if since <= then]
    if before:
        return before[-1]
    if out and out[0][0] <= event["fetched_at"] and out[0][0] <= event["happened_at"] + CLOCKS_APART:
        return out[0][1]
    return NONE_OF_OURS


def _versions(connection: Connection, document_ids: Sequence[int]) -> dict[int, list[Version]]:
    """All versions of papers; one is out since the first attempt that may have arrived."""
    found: dict[int, list[Version]] = {}
    arrived = or_(DeliveryAttempt.outcome.is_(None), DeliveryAttempt.outcome != DeliveryOutcome.FAILED)
    for chunk in _chunks(document_ids):
        sent = connection.execute(
            select(DeliveryAttempt.document_id, DeliveryAttempt.version, func.min(DeliveryAttempt.claimed_at))
            .where(DeliveryAttempt.document_id.in_(chunk), arrived)
            .group_by(DeliveryAttempt.document_id, DeliveryAttempt.version)
        )
        out = {(document, version): since for document, version, since in sent}
        rows = connection.execute(
            select(PaperVersion.document_id, PaperVersion.version, PaperVersion.guid, PaperVersion.known_by).where(
                PaperVersion.document_id.in_(chunk)
            )
        )
        for document, number, guid, known_by in rows:
            one = Version(number, guid, known_by, out.get((document, number)))
            found.setdefault(document, []).append(one)
    return found


def _in_messages(connection: Connection, message_ids: Iterable[str]) -> dict[Paper, int]:
    """Of each paper in these messages, the version that they carried."""
    found: dict[Paper, int] = {}
    for chunk in _chunks(sorted(message_ids)):
        rows = connection.execute(
            select(DeliveryAttempt.document_id, DeliveryAttempt.message_id, DeliveryAttempt.version).where(
                DeliveryAttempt.message_id.in_(chunk)
            )
        )
        found |= {(document, str(message)): version for document, message, version in rows}
    return found


def _heard(connection: Connection, events: Sequence[Event]) -> dict[tuple[str, int], int]:
    """Of events that are known already and come again: the version that each answered."""
    found: dict[tuple[str, int], int] = {}
    for chunk in _chunks(sorted({(one["source"], one["source_id"]) for one in events})):
        known = connection.execute(
            select(DocumentEvent.source_id, DocumentEvent.document_id, DocumentEvent.version)
            .where(DocumentEvent.version.is_not(None))
            .where(tuple_(DocumentEvent.source, DocumentEvent.source_id).in_(chunk))
        )
        found |= {(row.source_id, row.document_id): row.version for row in known}
    return found


def _current(connection: Connection, document_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in _chunks(document_ids):
        rows = connection.execute(select(Document.id, Document.version).where(Document.id.in_(chunk)))
        found |= {row.id: row.version for row in rows}
    return found


def _chunks(all_: Sequence[One]) -> Iterator[Sequence[One]]:
    return (all_[start : start + CHUNK] for start in range(0, len(all_), CHUNK))
