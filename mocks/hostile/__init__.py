"""Stand-ins that misbehave when they are told to: `Hostile(app).set("slow", times=3, path="/dxp/*", seconds=5)`."""

from __future__ import annotations

from mocks.hostile.board import Standing
from mocks.hostile.table import FAULTS, Fault, Refused
from mocks.hostile.wrapper import Hostile
from mocks.listing import Listing

__all__ = ["FAULTS", "Fault", "Hostile", "Listing", "Refused", "Standing"]
