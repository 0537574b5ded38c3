"""What a setting is, how each kind of value is read, and what it is called where it cannot be."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.sdk.inside.setting_specs import variable

KEY_BYTES = 32
"""What a key of AES-256 is long, in base64 here."""
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")

SOURCE = re.compile(r"[a-z][a-z0-9_]*(@[a-z][a-z0-9_]*)?")
PLACE = re.compile(r"[A-Z]{2}[A-Z0-9]{3}")
LONGEST = 40
"""Characters of a source, as the database has it."""


def _keys(text: str) -> str:
    for one in filter(None, text.split(",")):
        if len(base64.b64decode(one.strip(), altchars="-_", validate=True)) != KEY_BYTES:
            raise ValueError(text)
    return text


def _ports(text: str) -> tuple[int, ...]:
    """Ports between commas; ValueError where one is none."""
    ports = tuple(sorted({int(one) for one in text.split(",")}))
    if not all(0 < port < 65_536 for port in ports):
        raise ValueError(text)
    return ports


def _origins(text: str) -> tuple[str, ...]:
    """Origins between commas, as browsers write them; ValueError where one is none."""
    origins = tuple(one.strip() for one in text.split(",") if one.strip())
    if not all(ORIGIN.fullmatch(one) for one in origins):
        raise ValueError(text)
    return origins


def _sources(text: str) -> tuple[str, ...]:
    """Sources between commas; ValueError where one is none, or stands there twice."""
    sources = tuple(one.strip() for one in text.split(",") if one.strip())
    if len({*sources}) < len(sources) or not all(SOURCE.fullmatch(one) and len(one) <= LONGEST for one in sources):
        raise ValueError(text)
    return sources


def _places(text: str) -> tuple[str, ...] | None:
    """UN/LOCODEs between commas; none at all for `none`, None for nothing. ValueError where one is none."""
    if text.strip() in ("", "none"):
        return () if text.strip() else None
    places = tuple(one.strip() for one in text.split(","))
    if not all(PLACE.fullmatch(one) for one in places):
        raise ValueError(text)
    return places


READERS: Mapping[str, Any] = {
    "str": str,
    "keys": _keys,
    "int": int,
    "float": float,
    "path": lambda text: Path(text).expanduser(),
    "ports": _ports,
    "origins": _origins,
    "sources": _sources,
    "places": _places,
    "bool": lambda text: {"true": True, "false": False}[text.lower()],
}


KINDS = {
    "keys": "list of keys, each 32 bytes in base64",
    "ports": "list of ports from 1 to 65535, such as 443, 8443",
    "sources": "list of sources, such as airport, airport@luoyang: small letters, digits and underscores, each once",
    "places": "list of UN/LOCODEs, such as CNCGO, CNLYA, nor the word none",
    "origins": "list of origins, such as https://console.example.cn",
}
"""What a value should be, where the kind alone does not say it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A connector's settings are named `customs.base_url`. `kind` is one of `READERS`.

    `least` and `most` bound a number, `choices` a text.
    """

    name: str
    kind: str
    default: str
    help: str
    secret: bool = False
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        return variable(self.name)
