"""AES-256-GCM: `v1.<key id>.<nonce and ciphertext>`, readable only at the place for which it was written."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.errors import SecretUnreadable

VERSION = "v1"
NONCE_BYTES = 12
"""96 bits, by chance: safe for 2^32 secrets under one key (NIST SP 800-38D, 8.3)."""


def new_key() -> str:
    """A key by chance, in base64 as settings and the key file hold it."""
    return base64.urlsafe_b64encode(AESGCM.generate_key(256)).decode("ascii")


def is_sealed(kept: str) -> bool:
    return kept.startswith(f"{VERSION}.")


def secret_key_of(sealed: str) -> str:
    """The id of the key under which it was sealed."""
    return sealed.split(".")[1]


class Keyring:
    """Keys by id, the newest first: that one seals, all of them open. No representation of it holds a key.

    `reload` reads the keys anew where one is missing: another process may have made it meanwhile.
    """

    def __init__(self, keys: Iterable[str], where: str, reload: Callable[[], Iterable[str]] = tuple) -> None:
        self.where = where
        self._reload = reload
        self._keys = _by_id(keys)

    def __repr__(self) -> str:
        return f"<Keyring {', '.join(self._keys)}>"

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._keys)

    @property
    def newest(self) -> str:
        return self.ids[0]

    def has(self, id_: str) -> bool:
        if id_ not in self._keys and (found := _by_id(self._reload())):
            self._keys = found
        return id_ in self._keys

    def seal(self, secret: str, place: str) -> str:
        """Encrypts under the newest key. `place` is where it will stand, such as `webhook.secret:7`."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._keys[self.newest].encrypt(nonce, secret.encode(), _bound(self.newest, place))
        return f"{VERSION}.{self.newest}.{base64.urlsafe_b64encode(sealed).decode('ascii')}"

    def open(self, sealed: str, place: str) -> str:
        """What was sealed for this place. SecretUnreadable where the key is missing, or it is not what was written."""
        version, _, rest = sealed.partition(".")
        id_, _, text = rest.partition(".")
        if version != VERSION or not self.has(id_):
            raise SecretUnreadable(place=place, key=id_ or "-")
        try:
            raw = base64.b64decode(text, altchars="-_", validate=True)
            return self._keys[id_].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(id_, place)).decode()
        except (InvalidTag, ValueError):
            raise SecretUnreadable(place=place, key=id_) from None


def _by_id(keys: Iterable[str]) -> Mapping[str, AESGCM]:
    raw = [base64.b64decode(key, altchars="-_") for key in keys]
    return {hashlib.sha256(b"yuhub key id" + key).hexdigest()[:8]: AESGCM(key) for key in raw}


def _bound(id_: str, place: str) -> bytes:
    return f"yuhub {VERSION} {id_} {place}".encode()
