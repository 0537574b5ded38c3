"""When to try again: a pure decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_ASKED = 6 * 3600.0
"""Who asks for more is asked again after so many seconds: a slip of theirs must not silence a job for a year."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Exponential back-off with full jitter. `base` and `longest_wait` are seconds."""

    attempts: int = 3
    base: float = 0.5
    longest_wait: float = 5.0

    def wait(self, attempt: int, chance: float) -> float:
        """Seconds to wait after the attempt with this number (from 1); `chance` is a draw from [0, 1)."""
        return chance * min(self.longest_wait, self.base * float(2 ** (attempt - 1)))


def wait_asked_for(retry_after: str | None, now: datetime) -> float | None:
    """Seconds named by a `Retry-After` header, as a number or as a date, six hours at the most.

    None where it names none that can be read.
    """
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return min(LONGEST_ASKED, float(retry_after[:20]))
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(LONGEST_ASKED, max(0.0, (moment - now).total_seconds()))
