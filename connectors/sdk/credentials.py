"""How a request proves who we are."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from connectors.sdk.codecs import read_json
from connectors.sdk.errors import BadData, NeedsCredentials

LONGEST_LIFE = 86_400.0
Ask = Callable[[str, bytes, Mapping[str, str]], bytes]
"""Sends a form to a path, unsigned but for the given headers, and returns the body of the answer."""


class Credentials(Protocol):
    """Gives the headers that sign a request in. `renew` hears of refused ones: does another try make sense?"""

    def headers(self, ask: Ask) -> Mapping[str, str]: ...

    def renew(self, refused: Mapping[str, str]) -> bool: ...


@dataclass(frozen=True, slots=True, repr=False)
class HeaderCredential:
    """One header that stays the same, such as an API key."""

    name: str
    value: str

    @property
    def sent(self) -> Mapping[str, str]:
        return {self.name: self.value}

    def headers(self, ask: Ask) -> Mapping[str, str]:
        return self.sent

    def renew(self, refused: Mapping[str, str]) -> bool:
        return False


def bearer(token: str) -> HeaderCredential:
    """`Authorization: Bearer <token>`, for a token that stays the same."""
    return HeaderCredential("Authorization", f"Bearer {token}")


def basic(user: str, password: str) -> HeaderCredential:
    """RFC 7617, in UTF-8."""
    return HeaderCredential("Authorization", "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii"))


class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749, 4.4): a token is fetched, kept while it lives, and fetched anew after.

    All lines of a connector share it.
    """

    EARLY = timedelta(seconds=30)  # a token that dies on the way is refused

    def __init__(self, path: str, client_id: str, secret: str, now: Callable[[], datetime]) -> None:
        self.path, self.now = path, now
        self._client = basic(client_id, secret)
        self._lock = threading.Lock()
        self._token, self._until = "", now()

    def headers(self, ask: Ask) -> Mapping[str, str]:
        with self._lock:
            if not self._token or self.now() >= self._until:
                self._fetch(ask)
            return bearer(self._token).sent

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Forgets the token if it is the one that was refused: another line may have fetched a fresh one by now."""
        with self._lock:
            if refused == bearer(self._token).sent:
                self._token = ""
        return bool(refused)

    def _fetch(self, ask: Ask) -> None:
        form = urlencode({"grant_type": "client_credentials"}).encode()
        answer = ask(self.path, form, self._client.sent)
        try:
            given = read_json(answer)
            token, seconds = given["access_token"], float(given.get("expires_in", 60))
            if not (isinstance(token, str) and token and seconds > 0):
                raise ValueError(token)
            life = timedelta(seconds=min(seconds, LONGEST_LIFE))
        except (BadData, ValueError, KeyError, TypeError, OverflowError):
            raise NeedsCredentials("the token endpoint did not answer with a token") from None
        self._token = token
        self._until = self.now() + max(life - self.EARLY, life / 2)
