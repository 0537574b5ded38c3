"""One page of a stream, read as the engine reads it, and nothing kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from connectors.sdk.connector import Connector
from connectors.sdk.errors import BadData, ConnectorError
from connectors.sdk.http import Page
from connectors.sdk.shown import shown
from connectors.sdk.stream import Stream
from connectors.sdk.testing.samples import as_json as plain
from hub.cli.say import cell, console, in_words, say, say_json, table
from hub.errors import HubError
from sync.read import Reader, Reading

NOT_SHOWN = frozenset({"source", "digest", "raw_id", "fetched_at"})
"""What the engine adds for its tables."""
SHOWN = 20
WIDEST = 6


def tried(connector: Connector, stream: Stream, cursor: str, watched: Sequence[str], as_json: bool) -> None:
    """Pulls a page and tells what would become of it. CONNECTOR_TALK if the line fails, PAGE_REFUSED for a bad page."""
    page = _first_page(connector, stream, cursor, watched)
    if page is None:
        if as_json:
            say_json({"records": {}, "quarantined": []}, None)
        else:
            say(shown(_nothing(stream, cursor, watched)))
        return
    try:
        reading = Reader(connector.code, connector.codes).read(stream.read(page), None, page.received_at)
    except BadData as error:
        raise HubError("PAGE_REFUSED", name=connector.code, stream=stream.name, cause=error.text) from None
    if as_json:
        say_json(_as_json(page, reading))
    else:
        _draw(page, reading)


def _first_page(connector: Connector, stream: Stream, cursor: str, watched: Sequence[str]) -> Page | None:
    try:
        with closing(connector.open()) as http:
            return next(stream.pages(http, cursor, watched), None)
    except ConnectorError as error:
        raise HubError("CONNECTOR_TALK", name=connector.code, stream=stream.name, cause=error.text) from None


def _nothing(stream: Stream, cursor: str, watched: Sequence[str]) -> str:
    if stream.watches and not watched:
        return f"{stream.name} asks about single objects: name one with --watch ({stream.watches})."
    return f"{stream.name} has nothing{f' after {cursor}' if cursor else ' yet'}."


def _as_json(page: Page, reading: Reading) -> dict[str, Any]:
    return {
        "url": page.url,
        "cursor": page.cursor,
        "records": {noun: [plain(_own(row)) for row in rows] for noun, rows in reading.rows.items()},
        "quarantined": [
            {"position": one.position, "noun": one.noun, "field": one.field, "reason": one.reason, "record": one.record}
            for one in reading.aside
        ],
    }


def _draw(page: Page, reading: Reading) -> None:
    say(
        shown(f"{page.url}: {reading.received} records, {len(page.body):,} bytes, cursor after it {page.cursor or '—'}")
    )
    for noun, rows in reading.rows.items():
        columns = [name for name in _own(rows[0]) if any(row[name] not in (None, "", {}, []) for row in rows)][:WIDEST]
        drawn = [tuple(str(plain(_own(row))[name]) for name in columns) for row in rows[:SHOWN]]
        console().print(table([cell(name) for name in columns], drawn, title=f"\n{noun} ({len(rows)})"))
        if len(rows) > SHOWN:
            more = len(rows) - SHOWN
            say(
                in_words(
                    f"… 另有 {more} 条；--json 显示全部字段",
                    f"… and {more} more; --json shows all, with every field",
                )
            )
    aside = [(str(one.position), one.noun, one.field, one.reason) for one in reading.aside]
    if aside:
        console().print(
            table(
                ("position", "noun", "field", "why"), aside, title=f"\n{in_words('隔离', 'quarantined')} ({len(aside)})"
            )
        )
    else:
        say(in_words("\n没有内容会被隔离。", "\nNothing would be quarantined."))


def _own(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in NOT_SHOWN}
