"""Commands about raw messages, on the machine that has the database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from connectors.sdk.inside.shown import shown
from hub.app import load_settings, open_database
from hub.cli.progress import bar_of
from hub.cli.say import in_words, say, say_json
from hub.errors import NotFound
from hub.model.migrate import require_current
from sync.chains import Walk, chains, walk_chain


@click.group()
def raw() -> None:
    """What was received and sent, as it was: raw messages."""


@raw.command()
@click.option("--chain", help="This chain alone, such as customs.responses.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def verify(chain: str | None, as_json: bool) -> None:
    """Walk the hash chains of raw messages, link by link, and name each message that is not what it was.

    Exits with 1 where one is broken. Nothing is written, and the hub may run meanwhile.

    Proven is that no message was changed, put in, taken out or moved between the first of its chain and the last: its
    body, what it was asked about and its place. Not proven: that the newest messages are all there, for a chain whose
    end was cut off is a shorter chain that hangs together; that nobody wrote a whole chain anew; and what is noted
    beside the body (address, status, times). For these compare with a backup, or with numbers noted elsewhere.
    """
    database = open_database(load_settings())
    try:
        require_current(database)
        kept = chains(database)
        if chain is not None and chain not in kept:
            raise NotFound("chain", chain)
        asked = kept if chain is None else {chain: kept[chain]}
        with _progress(sum(asked.values())) as passed:
            walks = [walk_chain(database, one, passed) for one in asked]
    finally:
        database.close()
    if as_json:
        say_json(_as_json(walks))
    else:
        _tell(walks)
    sys.exit(1 if any(one.broken for one in walks) else 0)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    noun, done = in_words("条报文", "messages"), 0

    def passed(more: int) -> None:
        nonlocal done
        done += more
        tell()

    with bar_of(total, lambda: done, lambda: f"{done:,} / {total:,} {noun}") as tell:
        yield passed


def _tell(walks: list[Walk]) -> None:
    if not walks:
        say(in_words("尚无原始报文。", "No raw message is kept yet."))
    for one in walks:
        right = (
            in_words("完好", "whole")
            if not one.broken
            else in_words(f"损坏 {one.broken:,} 处", f"{one.broken:,} broken")
        )
        count = in_words(f"{one.messages:,} 条", f"{one.messages:,} message{'s' * (one.messages != 1)}")
        say(f"{'✗' if one.broken else '✓'} {shown(one.chain)}  {count}  {right}")
        for link in one.links:
            say(f"    #{link.seq}: {shown(in_words(link.zh, link.en))}")
        if one.broken > len(one.links):
            more = one.broken - len(one.links)
            say(in_words(f"    另有 {more:,} 处未列出", f"    and {more:,} more that are not listed"))
    if any(one.broken for one in walks):
        say(
            in_words(
                "  → 停止对数据库的其他改动，与备份逐条比对所列报文；其记录可由备份恢复后重放。",
                "  → Let nobody else change the database; compare these messages with a backup, restore and replay.",
            ),
            to_error=True,
        )


def _as_json(walks: list[Walk]) -> dict[str, object]:
    return {
        "whole": not any(one.broken for one in walks),
        "chains": [
            {
                "chain": one.chain,
                "messages": one.messages,
                "broken": one.broken,
                "links": [
                    {"seq": link.seq, "what": link.what, "words": in_words(link.zh, link.en)} for link in one.links
                ],
                "unlisted": one.broken - len(one.links),
            }
            for one in walks
        ],
    }


COMMANDS = (raw,)
