"""The stories of the demonstration: which trades are entered, by whom, and to which end each should come."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.errors import HubError

INSTALLED = Path(__file__).resolve().parents[1] / "_demo"
CHECKED_OUT = Path(__file__).resolve().parents[2] / "demo"


@dataclass(frozen=True, slots=True)
class Story:
    """One trade of the demonstration. `path`: where the mistake was typed, if it carries one."""

    enterprise: dict[str, Any]
    trade: dict[str, Any]
    zh: str
    en: str
    buyer_pays: bool
    ends: str
    path: str | None = None

    @property
    def order(self) -> str:
        return str(self.trade["orderNumber"])


def read_stories(folder: Path | None = None) -> list[Story]:
    """The stories of a folder with stories.toml; the ones that come with the program by default."""
    folder = folder or (CHECKED_OUT if CHECKED_OUT.is_dir() else INSTALLED)
    file = folder / "stories.toml"
    try:
        told = tomllib.loads(file.read_text("utf-8"))["story"]
        return [
            Story(
                enterprise=json.loads((folder / "enterprises" / f"{one['enterprise']}.json").read_text("utf-8")),
                trade=json.loads((folder / "trades" / f"{one['trade']}.json").read_text("utf-8")),
                zh=one["zh"],
                en=one["en"],
                buyer_pays=one["buyer_pays"],
                ends=one["ends"],
                path=one.get("path"),
            )
            for one in told
        ]
    except (OSError, KeyError, ValueError) as error:
        raise HubError("FILE_UNREADABLE", file=str(file), cause=str(error)) from None
