"""Trades as JSON: NDJSON with one on each line, or one JSON file with one of them or a list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.sdk.codecs import DEEPEST, once, read_typed, too_deep
from connectors.sdk.errors import BadData
from hub.entry.files.lines import LONGEST
from hub.entry.files.typed import FileProblem, TypedTrade
from hub.errors import EntryProblem, HubError

LARGEST_JSON = 64 * 1024 * 1024
ERRORS, UNREAD = "errors", "unread"
"""What a line of refused trades has besides the trade: the reasons, and a line that is no JSON as it stood."""


def read_line(line: bytes | None) -> tuple[Any, EntryProblem | None]:
    """The trade on a line, or why there is none. `None` is a line that is too long to be held."""
    if line is None:
        return None, EntryProblem("", "LINE_UNREADABLE", {"cause": "line too long", "most": LONGEST})
    try:
        return read_typed(line), None
    except BadData as error:
        cause = str(error).removeprefix("not JSON: ")
        return None, EntryProblem("", "LINE_UNREADABLE", {"cause": "not json", "said": cause})


def read_ndjson(lines: Iterable[tuple[int, bytes | None]]) -> Iterator[TypedTrade]:
    """A trade for each line that is not blank."""
    for number, line in lines:
        if line is not None and not line.strip(b"\xef\xbb\xbf \t"):
            continue
        trade, problem = read_line(line)
        if isinstance(trade, dict) and isinstance(trade.get(UNREAD), str):
            line = trade[UNREAD].encode()  # a refused line that somebody mended where it stood, or did not
            trade, problem = read_line(line)
        if isinstance(trade, dict):
            trade.pop(ERRORS, None)
        typed = TypedTrade(number, trade)
        if problem:
            typed.faults.append(FileProblem(0, problem))
            typed.text = (line or b"").decode("utf-8", "replace")
        yield typed


def read_json_file(file: Path) -> list[Any]:
    """The trades of a JSON file. FILE_UNREADABLE says what is wrong with it, and where."""
    try:
        size = file.stat().st_size
        if size > LARGEST_JSON:
            raise HubError(
                "FILE_TOO_LARGE", file=str(file), what="json", value=size // 2**20, limit=LARGEST_JSON // 2**20
            )
        text = file.read_text("utf-8-sig")
        if too_deep(text):
            raise HubError("FILE_UNREADABLE", file=str(file), cause="nested", most=DEEPEST)
        content = json.loads(text, parse_float=Decimal, object_pairs_hook=once)
    except OSError as error:
        raise HubError("FILE_UNREADABLE", file=str(file), cause=error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise HubError("FILE_UNREADABLE", file=str(file), cause="not utf-8") from None
    except json.JSONDecodeError as error:
        raise HubError(
            "FILE_UNREADABLE", file=str(file), cause=f"line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except (ValueError, ArithmeticError) as error:
        raise HubError("FILE_UNREADABLE", file=str(file), cause=str(error)) from None
    trades = content if isinstance(content, list) else [content]
    if not all(isinstance(trade, dict) for trade in trades):
        raise HubError("FILE_UNREADABLE", file=str(file), cause="no object")
    return trades
