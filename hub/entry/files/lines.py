"""Lines of a stream of bytes, of which one may be of any length and none is held for longer than it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator

LONGEST = 1024 * 1024
CHUNK = 64 * 1024


class NumberedLines:
    """Lines with their numbers from 1, without what ends them; `None` stands for one that is longer than `longest`.

    `passed` counts the bytes that were handed out, for whoever shows how far it is.
    """

    def __init__(self, read: Callable[[int], bytes], longest: int = LONGEST) -> None:
        self._read = read
        self.longest = longest
        self.passed = 0

    def __iter__(self) -> Iterator[tuple[int, bytes | None]]:
        begun, dropped, number = b"", 0, 0
        while chunk := self._read(CHUNK):
            *whole, begun = (begun + chunk).split(b"\n")
            for piece in whole:
                number += 1
                self.passed += dropped + len(piece) + 1
                yield number, self._line(piece, dropped)
                dropped = 0
            if len(begun) > self.longest:
                dropped, begun = dropped + len(begun), b""
        if begun or dropped:
            self.passed += dropped + len(begun)
            yield number + 1, self._line(begun, dropped)

    def _line(self, piece: bytes, dropped: int) -> bytes | None:
        return None if dropped or len(piece) > self.longest else piece.removesuffix(b"\r")
