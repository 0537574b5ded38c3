"""What a form of pages lets be done to a page: its rows turned, one of them made odd, all of it in another encoding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

MARK = b"\xef\xbb\xbf"
ESCAPED = "with every other letter escaped"


class Listed(NamedTuple):
    """A place where something is listed, and a row there that is made odd in many ways.

    `others` is the page without that row; where it is the only one, the page with that row once more, and it is the
    copy that is made odd.
    """

    name: str
    only: bool
    others: bytes
    odd: Iterator[tuple[str, bytes]]


class Form(Protocol):
    """A page that can be written otherwise. `what` a change is, is said in words; the body comes with it."""

    def turned(self) -> bytes | None:
        """With its rows in the other order; None where it has not two."""

    def with_odd_last(self) -> bytes | None:
        """With nothing in its last row that a row has; None where it has no rows."""

    def drifted(self) -> Iterator[tuple[str, bytes]]:
        """Again and again, each time with one value taken out or replaced by something odd."""

    def listed(self) -> Iterator[Listed]:
        """For each place where something is listed, its first row and its last."""

    def encoded(self) -> Iterator[tuple[str, bytes]]:
        """In other encodings that say the same."""

    def plain(self) -> Any:
        """What does not depend on how it is written."""

    @property
    def may_be_nothing(self) -> bool:
        """Whether a page on which nothing stands has no bytes at all."""
