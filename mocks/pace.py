"""How fast an authority works, and choices that can be repeated."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """`divide` makes every delay of the authority shorter; the clock itself stays the wall clock."""

    divide: float = 1.0
    seed: int = 0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def after(self, start: datetime, seconds: float) -> datetime:
        """When something that takes the authority `seconds` is done."""
        return start + timedelta(seconds=seconds / self.divide)

    def draw(self, key: str, sides: int) -> int:
        """A number in `range(sides)` that follows from the seed and the key alone."""
        digest = hashlib.sha256(f"{self.seed}/{key}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % sides
