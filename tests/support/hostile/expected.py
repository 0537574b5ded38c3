"""What each fault comes to when the hub pulls: the class of error by stream, and how the stand-in is to behave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OK, BAD, UNKNOWN, RETRY, SIGN_IN = "ok", "BAD_DATA", "OUTCOME_UNKNOWN", "RETRIABLE", "NEEDS_CREDENTIALS"
STREAMS = (
    "customs.responses", "customs.declarations", "customs.tariffs", "tax.results", "tax.rates", "forex.credits",
    "forex.basic_information", "forex.parity", "rail.changes", "rail.events", "rail.stock", "rail.schedules",
    "rail.warehouses", "airport.waybills", "airport.events", "airport.stock",
)  # fmt: skip


ONE_OF_EACH = ("customs.responses", "tax.results", "forex.credits", "rail.changes", "airport.events")


@dataclass(frozen=True)
class Case:
    """`usual` is how a run ends while the fault is on, `but` says where it ends otherwise.

    `hurry`: connectors wait for a short time only. `distorts`: the records come, with other times and so other keys.
    `heavy`: it takes its time to read. `set_aside`: streams that pass the spoilt pages, which wait in quarantine.
    """

    usual: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    but: Mapping[str, str] = field(default_factory=dict)
    hurry: bool = False
    distorts: bool = False
    heavy: bool = False
    set_aside: tuple[str, ...] = ()

    @property
    def streams(self) -> tuple[str, ...]:
        """All of them where the fault is in what a page says; one of each authority where its form does not matter."""
        return STREAMS if self.usual in (OK, BAD) and not self.heavy else ONE_OF_EACH

    def expected(self) -> dict[str, str]:
        return {stream: self.but.get(stream, self.usual) for stream in self.streams}


def all_but(usual: str, *streams: str) -> dict[str, str]:
    return dict.fromkeys(streams, usual)


IN_ASCII = (
    "airport.waybills", "airport.events", "airport.stock", "rail.events", "rail.schedules", "tax.results", "tax.rates",
)  # fmt: skip
UNLISTED = ("airport.waybills",)
ENVELOPED = ("customs.responses",)
TOLD_TWICE = ("rail.changes", "rail.stock")
"""Of each row two records are told; only the one that needs the field is set aside."""
UNPAGED = ("forex.parity", "rail.warehouses", "airport.waybills", "airport.events")

CASES: Mapping[str, Case] = {
    "field_added": Case(OK),
    "field_removed": Case(BAD, but=all_but(OK, *UNLISTED, *TOLD_TWICE), set_aside=TOLD_TWICE),
    "field_retyped": Case(BAD, but=all_but(OK, *UNLISTED, *TOLD_TWICE), set_aside=TOLD_TWICE),
    "clock_skew": Case(OK, distorts=True),
    "equal_times": Case(OK, distorts=True),
    "duplicates": Case(OK),
    "out_of_order": Case(OK),
    "edited": Case(OK),
    "repeating": Case(BAD, but=all_but(OK, *UNPAGED)),
    "short_pages": Case(OK),
    "gbk": Case(BAD, but=all_but(OK, *IN_ASCII, *ENVELOPED), set_aside=ENVELOPED),
    "halved": Case(BAD),
    "error_in_success": Case(BAD),
    "bomb": Case(BAD),
    "redirect": Case(BAD),
    "expired": Case(SIGN_IN),
    "too_many": Case(RETRY, {"after": 600}),
    "unavailable": Case(RETRY),
    "server_error": Case(UNKNOWN),
    "saved_then_error": Case(UNKNOWN),
    "oversized": Case(BAD, heavy=True),
    "zipped": Case(BAD, heavy=True),
    "trickle": Case(UNKNOWN, {"seconds": 0.05}, hurry=True),
    "truncated": Case(UNKNOWN),
    "slow": Case(OK, {"seconds": 0.02}),
    "silent": Case(UNKNOWN, hurry=True),
    "saved_then_silent": Case(UNKNOWN, hurry=True),
    "cut": Case(UNKNOWN),
    "saved_then_cut": Case(UNKNOWN),
}  # fmt: skip
