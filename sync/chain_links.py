"""The links of a chain of raw messages: what each vouches for, and what is wrong with one that is not as it was."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

GENESIS = "0" * 64
"""What the first message of a chain names as its predecessor."""
PIECE = 64 * 1024


def link_digest(previous: str, part: str, body: bytes) -> str:
    """What a link of the chain vouches for: its predecessor, what was asked about, and the body."""
    return _digest(previous, part, hashlib.sha256(body).digest())


def _digest(previous: str, part: str, body_hash: bytes) -> str:
    return hashlib.sha256(b"\n".join([previous.encode(), part.encode("utf-8", "surrogatepass"), body_hash])).hexdigest()


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The message `seq` of a chain and what is wrong with it, in Chinese and in English. `what` is a code."""

    seq: int
    what: str
    zh: str
    en: str


class Link:
    """The last message that was walked over, and how the next one hangs on it."""

    def __init__(self) -> None:
        self.seq, self.id, self.digest = 0, "", GENESIS

    def broken_by(self, row: Row[Any]) -> Iterator[BrokenLink]:
        if self.id and row.seq == self.seq:
            yield BrokenLink(row.seq, "fork", "同一序号有两条报文", "two messages have this number")
        elif row.seq != self.seq + 1:
            first, last = self.seq + 1, row.seq - 1
            zh, en = f"此前缺少 {first}–{last}", f"{first} to {last} are missing before it"
            yield BrokenLink(row.seq, "gap", zh, en)
        elif row.previous != self.digest:
            zh, en = "所指的前一条不是实际的前一条", "it names another predecessor than the one that is there"
            yield BrokenLink(row.seq, "previous", zh, en)
        yield from _content(row)
        self.seq, self.id, self.digest = row.seq, row.id, row.digest


def _content(row: Row[Any]) -> Iterator[BrokenLink]:
    try:
        size, hashed = _unpacked(row.body, row.size)
    except zlib.error as error:
        yield BrokenLink(row.seq, "unreadable", f"内容无法解压：{error}", f"its body cannot be unpacked: {error}")
        return
    if size != row.size:
        zh, en = f"长度与登记的 {row.size} 字节不符", f"it is not of the {row.size} bytes that are noted"
        yield BrokenLink(row.seq, "size", zh, en)
    elif row.digest != _digest(row.previous, row.part, hashed):
        zh, en = "内容、对象或摘要已被改动", "its body, its object or its digest is another than when it was kept"
        yield BrokenLink(row.seq, "content", zh, en)


def _unpacked(body: bytes, most: int) -> tuple[int, bytes]:
    """Length and hash of what a body unpacks to, piece by piece; it stops where there is more than there should be."""
    unpacker, hashed, size, packed = zlib.decompressobj(), hashlib.sha256(), 0, body
    while not unpacker.eof and size <= most:
        piece = unpacker.decompress(packed, PIECE)
        packed = unpacker.unconsumed_tail
        if not piece and not packed:
            break
        hashed.update(piece)
        size += len(piece)
    if not unpacker.eof and size <= most:
        raise zlib.error("it ends in the middle")
    return size + len(unpacker.unused_data), hashed.digest()
