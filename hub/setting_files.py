"""Settings as a TOML file has them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hub.errors import HubError


def read_file(file: Path) -> dict[str, str]:
    """Name → text; `[customs] base_url` is `customs.base_url`."""
    try:
        return _flatten(tomllib.loads(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HubError("FILE_UNREADABLE", file=str(file), cause=str(error)) from None


def _flatten(tables: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in tables.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = str(value).lower() if isinstance(value, bool) else str(value)
    return flat
