"""What a connector says about its own state, for staff."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Where something is to be done, the way out says what, even if it is `ok` as yet."""

    name: str
    ok: bool
    zh: str
    en: str
    way_out_zh: str = ""
    way_out_en: str = ""
