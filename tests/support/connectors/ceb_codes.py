"""Codes of customs, and what is heard by them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


def span(first: int, last: int) -> list[str]:
    return [str(code) for code in range(first, last - 1, -1)]


NEGATIVE = [
    *span(-10101, -10102),
    *span(-301001, -301015),
    *span(-401001, -401013),
    *["-504000", *span(-504010, -504016), "-505000", *span(-505010, -505017)],
    *[*span(-621000, -621006), *span(-621008, -621030)],
    *[*span(-623000, -623014), *span(-623016, -623029)],
    *[*span(-625001, -625033), "-625110", "-625113", "-625114", "-625116", "-625200", *span(-625202, -625209)],
    *span(-800000, -800006),
]
"""Table 7-2 of the specification, all 159 of them."""


@dataclass(frozen=True, slots=True)
class Heard:
    state: str | None
    rank: int
    happened_at: datetime
