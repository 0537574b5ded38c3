"""The settings that a connector asks for, and what their values must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from connectors.sdk.errors import ManifestError
from connectors.sdk.inside.masking import MASKED, Mask

PREFIX = "YUHUB_"


def variable(name: str) -> str:
    """The environment variable of a setting: `airport.base_url` is `YUHUB_AIRPORT_BASE_URL`, and
    `airport@luoyang.base_url` is `YUHUB_AIRPORT__LUOYANG_BASE_URL`.
    """
    return PREFIX + name.replace("@", "__").replace(".", "_").upper()


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """A setting that a connector asks for; `secret` ones never appear in output. `kind` is a key of `KINDS`.

    `stand_in`: its default is the stand-in's and goes to no other authority; there it has to be set.
    """

    help: str
    default: str | None = None
    secret: bool = False
    kind: str = "text"
    stand_in: bool = False

    def problem(self, value: str) -> str | None:
        """What is wrong with a value, without showing a secret one; None where it fits or is not set."""
        rule, fits = KINDS[self.kind]
        if not value or fits(value):
            return None
        shown = MASKED if self.secret else repr(re.sub(r"//[^/]*@", f"//{MASKED}@", value))
        return f"{shown} is not {rule}"


def _is_address(value: str) -> bool:
    try:
        split = urlsplit(value)
        port = split.port
    except ValueError:
        return False
    plain = value.isprintable() and " " not in value
    return plain and split.scheme in ("http", "https") and bool(split.hostname) and port != 0 and split.username is None


KINDS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "text": ("a text", lambda _: True),
    "number": ("a whole number", lambda value: value.isascii() and value.isdecimal()),
    "switch": ("true or false", lambda value: value in ("true", "false")),
    "address": ("an address such as https://host:port/path, without user and password", _is_address),
}
"""Kind → the rule in words, and whether a value keeps it."""


def _is_here(address: str) -> bool:
    """Whether an address is on this machine, where the stand-ins are."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _problem(spec: SettingSpec, value: str, *, real: bool) -> str | None:
    if real and spec.stand_in and value in ("", spec.default):
        return "it is not set, and its default is the stand-in's"
    return spec.problem(value)


def check_settings(code: str, specs: Mapping[str, SettingSpec], values: Mapping[str, str]) -> None:
    """ManifestError that lists every value that is not what the manifest says, with the variable to mend."""
    address = values.get("base_url") or ""
    real = _is_address(address) and not _is_here(address)
    problems = [
        f"{code}.{name}: {problem}; mend it there or as {variable(f'{code}.{name}')}"
        for name, spec in specs.items()
        if (problem := _problem(spec, values.get(name) or "", real=real))
    ]
    if problems:
        raise ManifestError("; ".join(problems))


def mask_of(specs: Mapping[str, SettingSpec], values: Mapping[str, str]) -> Mask:
    """Takes the values of the secret settings out of a text."""
    return Mask(values.get(name) or "" for name, spec in specs.items() if spec.secret)
