"""Reading and writing JSON-LD with the prefixes `cargo:` and `api:` (ONE Record 2025-07)."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from flask import Response, request

from mocks.airport.spelling import spelt
from mocks.airport.terms import API, CARGO, CODE_LISTS, CONTEXT, PREFIXES, XSD, Node

__all__ = ["API", "CARGO", "CODE_LISTS", "CONTEXT", "PREFIXES", "XSD", "Node"]
MEDIA_TYPE = "application/ld+json"
VERSIONED = f"{MEDIA_TYPE}; version=2.3.0"
LANGUAGE = "en-US"


def iri(value: Any) -> str:
    """The full IRI of a reference, given as text or as `{"@id": …}`; empty where there is none."""
    if isinstance(value, dict):
        value = value.get("@id")
    if not isinstance(value, str):
        return ""
    prefix, colon, name = value.partition(":")
    return PREFIXES[prefix] + name if colon and prefix in PREFIXES else value


def literal(value: Any) -> Any:
    """A literal, given bare or as `{"@value": …}`."""
    return value.get("@value") if isinstance(value, dict) else value


def many(value: Any) -> list[Any]:
    """JSON-LD lets a single value stand for a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def has_type(node: Any, name: str) -> bool:
    return isinstance(node, dict) and CARGO + name in map(iri, many(node.get("@type")))


def part(node: Any, *path: str) -> Any:
    """What stands at the path, None where the path ends early."""
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    return node


def moment(when: datetime) -> Node:
    return {"@type": f"{XSD}dateTime", "@value": stamp(when)}


def stamp(when: datetime) -> str:
    """UTC to the millisecond, `2026-01-08T10:38:01.000Z`."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def location(code: str) -> Node:
    """An airport by its IATA code; codes from lists that are not RDF travel in a CodeListElement."""
    return {"@type": "cargo:Location", "cargo:locationCodes": [{"@type": "cargo:CodeListElement", "cargo:code": code}]}


def answer(node: Node, kind: str, *, revision: int | None = None, changed: datetime | None = None) -> Response:
    """The node with ETag, Type and revision headers; `304` to somebody who has it already."""
    body = json.dumps(spelt(node), ensure_ascii=False)
    response = Response(body, content_type=VERSIONED)
    response.headers["Content-Language"] = LANGUAGE
    response.headers["Type"] = iri(kind)
    if revision is not None:
        response.headers["Revision"] = response.headers["Latest-Revision"] = str(revision)
    if changed is not None:
        response.headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32])
    response.make_conditional(request)
    return response


class Objection(Exception):
    """Becomes an `api:Error`; a detail is the property it is about (or empty) and the words for a person."""

    def __init__(self, status: int, title: str, details: Iterable[tuple[str, str]], resource: str = "") -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.details = list(details)
        self.resource = resource

    def as_response(self) -> Response:
        node = {
            "@context": {"api": API, "@language": LANGUAGE},
            "@type": "api:Error",
            "@id": f"internal:{uuid.uuid4()}",
            "api:hasTitle": self.title,
            "api:hasSeverity": {"@id": "api:ERROR"},
            "api:hasErrorDetail": [self._detail(*detail) for detail in self.details],
        }
        body = json.dumps(spelt(node), ensure_ascii=False)
        response = Response(body, self.status, content_type=VERSIONED)
        response.headers["Content-Language"] = LANGUAGE
        return response

    def _detail(self, path: str, message: str) -> Node:
        """`hasProperty` names the property itself; where it stands is said at the head of the message."""
        detail: Node = {"@type": "api:ErrorDetail", "api:hasCode": str(self.status)}
        detail["api:hasMessage"] = f"{path}: {message}" if path else message
        if path:
            detail["api:hasProperty"] = iri(path.rpartition("/")[2])
        if self.resource:
            detail["api:hasResource"] = self.resource
        return detail
