"""The numbers that the e-port and customs give out: 202205 edition, preNo, invtNo, sumNo; and times in their zone."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
NODE = "46000001"
GIVEN_OUT_PER_SECOND = 30


def wire_time(at: datetime) -> str:
    """YYYYMMDDhhmmssSSS, Beijing time."""
    local = at.astimezone(BEIJING)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"


class Numbers:
    """One counter for everything with nine digits, and one for transport messages.

    The counter starts at the second of the year, so that a stand-in that is started again gives out fresh numbers to a
    hub that remembers the old ones.
    """

    def __init__(self, start: datetime) -> None:
        local = start.astimezone(BEIJING)
        new_year = local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        self._serial = int((local - new_year).total_seconds()) * GIVEN_OUT_PER_SECOND
        self._messages = 0
        self._last_message_time = ""

    def serial(self) -> str:
        self._serial = (self._serial + 1) % 10**9
        return f"{self._serial:09d}"

    def dated(self, letter: str, at: datetime) -> str:
        """Eighteen characters: a letter, the day, nine digits. `B` for preNo, `S` for sumNo and declSeqNo."""
        return f"{letter}{at.astimezone(BEIJING):%Y%m%d}{self.serial()}"

    def regional(self, customs_code: str, mark: str, at: datetime) -> str:
        """Customs region, year, a mark and nine digits: invtNo with `E`, entryId with `0`."""
        return f"{customs_code}{at.astimezone(BEIJING):%Y}{mark}{self.serial()}"

    def message_id(self, at: datetime) -> str:
        """Node, time and ten digits; never smaller than the one before, whatever the clock does."""
        self._last_message_time = max(self._last_message_time, f"{at.astimezone(BEIJING):%Y%m%d%H%M%S}")
        self._messages += 1
        return f"{NODE}{self._last_message_time}{self._messages:010d}"

    def guid(self) -> str:
        return str(uuid.uuid4()).upper()
