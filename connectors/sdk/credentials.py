"""How a request proves who we are."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class Credentials(Protocol):
    """Gives the headers that sign a request in."""

    def headers(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True, repr=False)
class Header:
    """One header that stays the same, such as an API key."""

    name: str
    value: str

    def headers(self) -> Mapping[str, str]:
        return {self.name: self.value}


def bearer(token: str) -> Header:
    return Header("Authorization", f"Bearer {token}")


def basic(user: str, password: str) -> Header:
    """RFC 7617, in UTF-8."""
    return Header("Authorization", "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii"))
