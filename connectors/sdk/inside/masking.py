"""Keeping secrets out of what people read: logs, errors, attempts."""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from connectors.sdk.inside.shown import shown

MASKED = "•••"
LEAST_IN_BASE64 = 6
"""Fewer characters than these stand in any text by chance."""


class Mask:
    """Puts dots where a secret stands: as it is, as part of an address, or within base64 such as basic credentials."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __call__(self, text: str) -> str:
        return self._pattern.sub(MASKED, text) if self._pattern else text


class MaskedFormatter(logging.Formatter):
    """A log formatter whose lines hold no secret, and nothing that acts on who reads them.

    One record is one line, its traceback too: nobody's text makes a line that looks like a record.
    """

    def __init__(self, mask: Mask, fmt: str | None = None) -> None:
        super().__init__(fmt)
        self.mask = mask

    def format(self, record: logging.LogRecord) -> str:
        return shown(self.mask(super().format(record)))


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield repr(secret)[1:-1]
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield from _in_base64(secret.encode())


def _in_base64(secret: bytes) -> Iterator[str]:
    """The characters that stand for the secret alone, whatever is before and after it: one form for each alignment."""
    for before, shared in ((0, 0), (1, 2), (2, 3)):
        coded = b64encode(bytes(before) + secret).decode("ascii")
        own = coded[shared : (before + len(secret)) * 8 // 6]
        if len(own) >= LEAST_IN_BASE64:
            yield own
