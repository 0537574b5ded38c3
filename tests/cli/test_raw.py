"""`yuhub raw verify`: whatever was done to a kept message is found and named, and nothing else is."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from connectors.sdk.http import Page
from hub.model import Database, RawMessage
from sync.chains import MOST_BROKEN, ROWS, chains, walk_chain
from sync.raw import keep
from tests.support.cli.shells import Typed
from tests.support.databases import ON_SQLITE
from tests.support.world import MORNING

CHAIN, OTHER = "customs.responses", "tax.rates"
COUNT = ROWS + 20


def kept(connection: Connection, chain: str, number: int) -> None:
    body = f"<receipt>{number}</receipt>".encode() * (10_000 if number == 7 else 1)
    keep(connection, chain, Page(body, "text/xml", "http://x/", 200, MORNING, f"p{number}"), None, MORNING)


@pytest.fixture
def database(hub_url: str) -> Iterator[Database]:
    found = Database(hub_url)
    with found.write() as connection:
        for number in range(1, COUNT + 1):
            kept(connection, CHAIN, number)
        kept(connection, OTHER, 1)
    yield found
    found.close()


def at(*seqs: int) -> Any:
    return RawMessage.chain == CHAIN, RawMessage.seq.in_(seqs)


def changed(seq: int, **values: Any) -> Any:
    return update(RawMessage).where(*at(seq)).values(**values)


def gone(*seqs: int) -> Any:
    return delete(RawMessage).where(*at(*seqs))


THIRD, SEVENTH = b"<receipt>3</receipt>", b"<receipt>7</receipt>" * 10_000
AT_A_TURN = range(ROWS - 1, ROWS + 3)
TAMPERED = {
    "a body": (changed(3, body=zlib.compress(b"<receipt>9</receipt>")), [(3, "content")]),
    "an object": (changed(3, part="p4"), [(3, "content")]),
    "a digest": (changed(3, digest="f" * 64), [(3, "content"), (4, "previous")]),
    "a predecessor": (changed(3, previous="e" * 64), [(3, "previous"), (3, "content")]),
    "bytes that are no zlib": (changed(3, body=b"\x00broken"), [(3, "unreadable")]),
    "nothing left": (changed(3, body=b""), [(3, "unreadable")]),
    "cut short": (changed(7, body=zlib.compress(SEVENTH)[:-9]), [(7, "unreadable")]),
    "a bomb": (changed(3, body=zlib.compress(bytes(50_000_000))), [(3, "size")]),
    "more behind it": (changed(3, body=zlib.compress(THIRD) + b"x"), [(3, "size")]),
    "one taken out": (gone(5), [(6, "gap")]),
    "many, where one look ends": (gone(*AT_A_TURN), [(AT_A_TURN.stop, "gap")]),
    "the first": (gone(1, 2), [(3, "gap")]),
}


@pytest.mark.parametrize(("tamper", "found"), TAMPERED.values(), ids=TAMPERED)
def test_what_was_tampered_with_is_named_and_nothing_else(
    database: Database, tamper: Any, found: list[tuple[int, str]]
) -> None:
    assert (walk_chain(database, CHAIN).links, walk_chain(database, CHAIN).messages) == ([], COUNT)
    with database.write() as connection:
        connection.execute(tamper)
    assert [(link.seq, link.what) for link in walk_chain(database, CHAIN).links] == found
    assert walk_chain(database, OTHER).broken == 0


def test_two_with_one_number_are_a_fork(database: Database) -> None:
    with database.write() as connection:
        row = dict(connection.execute(select(RawMessage.__table__).where(*at(4))).mappings().one())
        connection.execute(text("CREATE TABLE loose AS SELECT * FROM raw_message"))  # without its keys
        connection.execute(text("ALTER TABLE raw_message RENAME TO fettered"))
        connection.execute(text("ALTER TABLE loose RENAME TO raw_message"))
        connection.execute(insert(RawMessage.__table__).values(row | {"id": "zz"}))
    assert [(link.seq, link.what) for link in walk_chain(database, CHAIN).links] == [(4, "fork")]


@ON_SQLITE
def test_the_command_says_which_and_how_many_and_exits_so(database: Database, hub_url: str, yuhub: Typed) -> None:
    whole = yuhub("raw", "verify", YUHUB_DATABASE_URL=hub_url)
    assert f"✓ {CHAIN}  {COUNT} messages  whole" in whole
    assert f"✓ {OTHER}  1 message  whole" in whole
    with database.write() as connection:
        connection.execute(update(RawMessage).where(*at(2)).values(part="x"))
        connection.execute(update(RawMessage).where(*at(9)).values(body=b"x"))
    with database.write() as other:  # the hub is in the middle of writing meanwhile
        kept(other, OTHER, 2)
        broken = yuhub("raw", "verify", expect=1, YUHUB_DATABASE_URL=hub_url)
    assert f"✗ {CHAIN}  {COUNT} messages  2 broken" in broken
    assert "    #2: its body, its object or its digest is another than when it was kept" in broken
    assert "    #9: its body cannot be unpacked" in broken
    told = json.loads(yuhub("raw", "verify", "--json", "--chain", CHAIN, expect=1, YUHUB_DATABASE_URL=hub_url))
    assert (told["whole"], [one["chain"] for one in told["chains"]]) == (False, [CHAIN])
    assert [link["seq"] for link in told["chains"][0]["links"]] == [2, 9]
    assert yuhub("raw", "verify", "--chain", OTHER, YUHUB_DATABASE_URL=hub_url).startswith(f"✓ {OTHER}  2 messages")
    assert "NOT_FOUND" in yuhub("raw", "verify", "--chain", "x\x1b", expect=2, YUHUB_DATABASE_URL=hub_url)


@ON_SQLITE
def test_of_very_many_broken_links_the_first_are_told_and_all_are_counted(database: Database) -> None:
    with database.write() as connection:
        for number in range(2, MOST_BROKEN + 100):
            kept(connection, OTHER, number)
        connection.execute(update(RawMessage).where(RawMessage.chain == OTHER).values(part="x"))
    found = walk_chain(database, OTHER)
    assert (found.broken, len(found.links), chains(database)[OTHER]) == (
        MOST_BROKEN + 99,
        MOST_BROKEN,
        MOST_BROKEN + 99,
    )
