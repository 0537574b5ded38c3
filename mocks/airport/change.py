"""An `api:Change` of a waybill (ONE Record 2025-07), and the one that calls the booking off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mocks.airport.jsonld import API, CARGO, CONTEXT, Node, Objection, iri, literal, many, moment, part

CANCELLED_AFTER = 300  # seconds until the booking desk has called it off
STATUS = f"{CARGO}bookingStatus"
OPERATION = "api:hasOperation"
NO_CHANGE = [("@type", "api:Change wanted")]


@dataclass(frozen=True)
class ChangeRequest:
    """A change that was taken; the waybill shows it from `done_at` on."""

    iri: str
    change: Node
    requested_at: datetime
    done_at: datetime

    def as_node(self, now: datetime) -> Node:
        """The `api:ChangeRequest`."""
        done = self.done_at <= now
        return {
            "@context": CONTEXT,
            "@id": self.iri,
            "@type": "api:ChangeRequest",
            "api:hasChange": {name: value for name, value in self.change.items() if name != "@context"},
            "api:isRequestedAt": moment(self.requested_at),
            "api:hasRequestStatus": {"@id": f"api:REQUEST_{'ACCEPTED' if done else 'PENDING'}"},
            "api:hasRequestStatusSince": moment(self.done_at if done else self.requested_at),
        }


def read_cancellation(body: str, waybill: str) -> Node:
    """The change, where it sets `cargo:bookingStatus` to `cargo:CANCELLED` and does nothing else."""
    try:
        change = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise Objection(400, "Invalid Change", [("", f"not JSON: {broken}")], waybill) from broken
    faults = _faults(change, waybill)
    if faults:
        raise Objection(400, "Invalid Change", faults, waybill)
    return dict(change)


def _faults(change: Any, waybill: str) -> list[tuple[str, str]]:
    faults = faults_of_heading(change, waybill)
    if faults == NO_CHANGE:
        return faults
    operations = many(change.get(OPERATION))
    for operation in operations:
        if named(part(operation, "api:s")) not in ("", waybill):
            faults.append((f"{OPERATION}/api:s", "must be the object that is changed"))
        if named(part(operation, "api:p")) != STATUS:
            faults.append((f"{OPERATION}/api:p", "only cargo:bookingStatus and the goods are changed here"))
    if [_value(operation) for operation in operations if added(operation)] != [f"{CARGO}CANCELLED"]:
        faults.append((f"{OPERATION}/api:o", "cargo:CANCELLED is the only value that can be set here, once"))
    return faults


def faults_of_heading(change: Any, waybill: str) -> list[tuple[str, str]]:
    """What is wrong with a change whatever it is about; `NO_CHANGE` where it is none."""
    if not isinstance(change, dict) or API + "Change" not in map(named, many(change.get("@type"))):
        return NO_CHANGE
    faults = []
    if iri(change.get("api:hasLogisticsObject")) != waybill:
        faults.append(("api:hasLogisticsObject", "must be the object that is changed"))
    for operation in many(change.get(OPERATION)):
        if named(part(operation, "api:op")) not in (f"{API}ADD", f"{API}DELETE"):
            faults.append((f"{OPERATION}/api:op", "api:ADD or api:DELETE wanted"))
    return faults


def added(operation: Any) -> bool:
    return named(part(operation, "api:op")) == f"{API}ADD"


def _value(operation: Any) -> str:
    """The full IRI of what an operation adds, as an `api:OperationObject` or bare."""
    objects = many(part(operation, "api:o"))
    first = objects[0] if len(objects) == 1 else None
    return named(part(first, "api:hasValue")) or named(first)


def named(value: Any) -> str:
    """A full IRI, whether it was written as a reference or as a literal."""
    return iri(value) or iri(literal(value))
