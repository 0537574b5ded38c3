"""Walking the hash chains of raw messages: what is kept is what was kept, in the order in which it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, func, select

from hub.model import Database, RawMessage
from sync.chain_links import BrokenLink, Link

ROWS = 50
"""Messages of one look; between two looks nothing is held, so whoever writes goes on."""
MOST_BROKEN = 1_000
"""Broken links of a chain that are told one by one."""


@dataclass(slots=True)
class Walk:
    """How far a chain was walked: messages seen, links that are broken, and those told one by one."""

    chain: str
    messages: int = 0
    broken: int = 0
    links: list[BrokenLink] = field(default_factory=list)

    def tell(self, link: BrokenLink) -> None:
        self.broken += 1
        if len(self.links) < MOST_BROKEN:
            self.links.append(link)


def chains(database: Database) -> dict[str, int]:
    """The chains by name, and how many messages each has now."""
    with database.read() as connection:
        counted = select(RawMessage.chain, func.count()).group_by(RawMessage.chain).order_by(RawMessage.chain)
        return {chain: count for chain, count in connection.execute(counted)}  # noqa: C416 - a row is no pair


def walk_chain(database: Database, chain: str, passed: Callable[[int], None] = lambda _: None) -> Walk:
    """Walks a chain as it is when its end is reached; `passed` is told of how many messages at a time.

    What is held is a few messages, however long the chain is, and one piece of a body, however long that is.
    """
    found, link = Walk(chain), Link()
    while rows := _look(database, chain, link):
        for row in rows:
            found.messages += 1
            for broken in link.broken_by(row):
                found.tell(broken)
        passed(len(rows))
    return found


def _look(database: Database, chain: str, link: Link) -> list[Row[Any]]:
    """The messages behind the last one; of two with one number the second as well, where a key was taken away."""
    columns = RawMessage.id, RawMessage.seq, RawMessage.previous, RawMessage.digest, RawMessage.part, RawMessage.size
    behind = (RawMessage.seq > link.seq) | ((RawMessage.seq == link.seq) & (RawMessage.id > link.id))
    chosen = select(*columns, RawMessage.body).where(RawMessage.chain == chain)
    if link.id:
        chosen = chosen.where(behind)
    with database.read() as connection:
        return list(connection.execute(chosen.order_by(RawMessage.seq, RawMessage.id).limit(ROWS)))
