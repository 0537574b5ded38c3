"""How much one operation may ask for, by who asks. docs/limits.md prints this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.access.caller import STAFF, Role


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit: a measure, its unit, and the most for a caller without a key, for one with a key, and for staff."""

    measure: str
    unit: str
    anonymous: int
    signed_in: int
    staff: int
    reason: str

    def of(self, role: Role) -> int:
        if role is Role.ANONYMOUS:
            return self.anonymous
        return self.staff if role in STAFF else self.signed_in


BOUNDS = (
    Bound("body", "bytes", 65_536, 8_388_608, 8_388_608, "It is held in memory"),
    Bound("batch", "operations", 1, 1, 1, "Each limit counts for one operation"),
    Bound("characters", "characters", 16_000, 64_000, 160_000, "All of them are read before anything is refused"),
    Bound("tokens", "tokens", 1_000, 2_000, 3_000, "Parsing takes time for each"),
    Bound("nesting", "brackets", 32, 40, 40, "Each is a step down for whoever reads the document or the variables"),
    Bound("operations", "operations", 5, 20, 20, "All are validated, though one is executed"),
    Bound("fragments", "fragments", 20, 50, 50, "All are validated, used or not"),
    Bound("variables", "variables", 20, 50, 50, "Each is validated wherever it is used"),
    Bound("directives", "directives", 20, 50, 50, "Each is validated by itself"),
    Bound("name", "characters", 100, 100, 100, "An alias is repeated in each row of the answer"),
    Bound("depth", "levels", 16, 16, 20, "Lists inside lists multiply"),
    Bound("fields", "fields", 400, 800, 1_200, "Validating compares them, through fragments"),
    Bound("aliases", "fields", 5, 15, 18, "The same work again under another name"),
    Bound("repeated", "fields", 20, 50, 50, "Validating compares fields of one name in pairs"),
    Bound("mutations", "fields", 1, 10, 10, "Each is a transaction of its own"),
    Bound("inputs", "values", 500, 500_000, 500_000, "Each is converted and checked"),
    Bound("cost", "fields × rows", 5_000, 60_000, 80_000, "So many fields one answer is expected to have"),
    Bound("introspection", "fields × rows", 150_000, 150_000, 150_000, "The same of the schema"),
    Bound("rows", "rows", 1_000, 20_000, 50_000, "Lists may hold more than they usually do"),
    Bound("seconds", "s", 5, 30, 60, "A thread and a connection are held so long"),
)

LIMITS: Mapping[Role, Mapping[str, int]] = {role: {one.measure: one.of(role) for one in BOUNDS} for role in Role}
"""The most of each measure, by role."""
