"""What a part of `yuhub verify` found: what was counted, what is wrong, what could not be asked; and how it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from hub.model import Verification
from hub.model.upsert import insert_into

MOST_TOLD = 1_000
"""Faults of a part that are told one by one; all are counted."""
MOST_KEPT = 200
"""Faults and rows of counts that are kept for the console."""


class VerifyPart(StrEnum):
    CHAINS = "chains"  # what was kept is what was kept
    COUNTERS = "counters"  # received = merged + unchanged + superseded + quarantined
    LEDGERS = "ledgers"  # what authorities have is what we believe


@dataclass(slots=True)
class VerifyFault:
    """One fault, or one thing that could not be asked: a code of `hub.errors` and what fills its words."""

    code: str
    parameters: Mapping[str, Any]


@dataclass(slots=True)
class PartFound:
    """What one part found. `counts` are rows, the newest first where they have a day; `unknown` could not be asked."""

    part: VerifyPart
    counts: list[dict[str, Any]] = field(default_factory=list)
    fault_count: int = 0
    faults: list[VerifyFault] = field(default_factory=list)
    unknown: list[VerifyFault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.fault_count

    def tell(self, code: str, **parameters: Any) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST_TOLD:
            self.faults.append(VerifyFault(code, parameters))


def keep_found(connection: Connection, found: PartFound, now: datetime) -> None:
    """Takes the place of what the same part found before."""
    told = [{"code": one.code, "parameters": dict(one.parameters)} for one in [*found.faults, *found.unknown]]
    row = {
        "part": found.part.value,
        "verified_at": now,
        "holds": found.holds,
        "unknown": bool(found.unknown),
        "fault_count": found.fault_count,
        "counts": found.counts[:MOST_KEPT],
        "faults": told[:MOST_KEPT],
    }
    statement = insert_into(connection, Verification)
    changing = {name: statement.excluded[name] for name in row if name != "part"}
    connection.execute(statement.on_conflict_do_update(index_elements=["part"], set_=changing), [row])
