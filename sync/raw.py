"""Raw first: what was received or sent is kept as it was, compressed, in a hash chain, before anybody reads it."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import NamedTuple

import uuid_utils
from sqlalchemy import Connection, Row, insert, select, update

from connectors.sdk.http import Page
from hub.model import RawMessage
from hub.model.turns import take_turn
from sync.chain_links import GENESIS, link_digest


class Kept(NamedTuple):
    """A message that is kept, and whether it could be read."""

    id: str
    was_read: bool


def chain_name(connector: str, stream: str) -> str:
    return f"{connector}.{stream}"


def keep(connection: Connection, chain: str, page: Page, run_id: str | None, now: datetime) -> str:
    """Appends a message to its chain; the id of the raw message. A fork breaks a unique key and is an error."""
    await_turn(connection, chain)
    last = connection.execute(
        select(RawMessage.seq, RawMessage.digest)
        .where(RawMessage.chain == chain)
        .order_by(RawMessage.seq.desc())
        .limit(1)
    ).one_or_none()
    seq, previous = (last.seq + 1, last.digest) if last else (1, GENESIS)
    raw_id = str(uuid_utils.uuid7())
    connection.execute(
        insert(RawMessage).values(
            id=raw_id,
            chain=chain,
            seq=seq,
            previous=previous,
            digest=link_digest(previous, page.part, page.body),
            content_type=page.content_type,
            url=page.url,
            status=page.status,
            part=page.part,
            cursor=page.cursor,
            size=len(page.body),
            body=zlib.compress(page.body),
            kept_at=now,
            run_id=run_id,
        )
    )
    return raw_id


def await_turn(connection: Connection, chain: str) -> None:
    """Waits until nobody else appends to the chain."""
    take_turn(connection, f"raw/{chain}")


def same_as_before(connection: Connection, chain: str, page: Page) -> Kept | None:
    """The last answer about the same object, where this one is the same byte for byte."""
    last = connection.execute(
        select(RawMessage.id, RawMessage.size, RawMessage.body, RawMessage.read_at)
        .where(RawMessage.chain == chain, RawMessage.part == page.part)
        .order_by(RawMessage.seq.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.size != len(page.body) or zlib.decompress(last.body) != page.body:
        return None
    return Kept(last.id, last.read_at is not None)


def unread(connection: Connection, chain: str, after: int = 0, limit: int = 100) -> list[Row[tuple[RawMessage]]]:
    """The oldest messages behind `after` that were kept and not merged yet: nothing new is fetched before."""
    return list(
        connection.execute(
            select(RawMessage.__table__)
            .where(RawMessage.chain == chain, RawMessage.seq > after, RawMessage.read_at.is_(None))
            .order_by(RawMessage.seq)
            .limit(limit)
        ).all()
    )


def mark_read(connection: Connection, raw_id: str, now: datetime) -> None:
    connection.execute(update(RawMessage).where(RawMessage.id == raw_id).values(read_at=now))
