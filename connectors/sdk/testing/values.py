"""Pages that are values: JSON (an object or a list), NDJSON (a value a line) and CSV."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from connectors.sdk.testing.form import ESCAPED, MARK, Listed

ODDITIES: tuple[Any, ...] = (None, 7, "x", True, [], {}, ["x"], "9" * 5000, "\x00")
"""What may stand in place of a value."""
PLACE_HOLDERS: tuple[Any, ...] = (None, {}, "x")
DELIMITERS = ",;\t|"
EXACT = "\x00number:"
WRITTEN_EXACT = re.compile(r'"\\u0000number:([^"]*)"')


@dataclass(frozen=True, slots=True)
class Values:
    """A page that is values: `write` makes a page of them, `said` is what they are to compare by."""

    value: Any
    write: Callable[[Any], bytes]
    said: Any
    words: tuple[tuple[str, bytes], ...] = ()
    broken: tuple[Any, ...] = ()
    may_be_nothing: bool = False

    def plain(self) -> Any:
        return self.said

    def turned(self) -> bytes | None:
        whole = copy.deepcopy(self.value)
        lists = [one for one in _shallowest(whole) if len(one) > 1]
        for one in lists:
            one.reverse()
        return self.write(whole) if lists else None

    def with_odd_last(self) -> bytes | None:
        whole = copy.deepcopy(self.value)
        lists = [one for one in _shallowest(whole) if one]
        for one in lists:
            one[-1] = [""] * len(one[-1]) if isinstance(one[-1], list) else {}
        return self.write(whole) if lists else None

    def drifted(self) -> Iterator[tuple[str, bytes]]:
        for path in _paths(self.value):
            name = ".".join(map(str, path))
            yield f"{name} taken out", self.write(_changed(self.value, path, drop=True))
            for odd in ODDITIES:
                yield f"{name} = {str(odd)[:20]!r}", self.write(_changed(self.value, path, odd))

    def listed(self) -> Iterator[Listed]:
        for path, rows in _lists(self.value):
            name = ".".join(map(str, path)) or "the page"
            if len(rows) == 1:
                yield Listed(
                    name, True, self._with(path, rows * 2), self._odd(path, rows[0], partial(_between, rows, []))
                )
            for number in (0, len(rows) - 1) if len(rows) > 1 else ():
                before, after = rows[:number], rows[number + 1 :]
                among = partial(_between, before, after)
                yield Listed(name, False, self._with(path, before + after), self._odd(path, rows[number], among))

    def _odd(self, path: Sequence[Any], row: Any, among: Callable[[Any], list[Any]]) -> Iterator[tuple[str, bytes]]:
        for odd in (*ODDITIES, *self.broken):
            yield f"a row that is {str(odd)[:20]!r}", self._with(path, among(odd))
        for inner in _paths(row):
            name = ".".join(map(str, inner))
            yield f"a row without {name}", self._with(path, among(_changed(row, inner, drop=True)))
            for odd in PLACE_HOLDERS:
                yield f"a row with {name} = {odd!r}", self._with(path, among(_changed(row, inner, odd)))

    def _with(self, path: Sequence[Any], rows: list[Any]) -> bytes:
        return self.write(_changed(self.value, path, rows) if path else rows)

    def encoded(self) -> Iterator[tuple[str, bytes]]:
        yield from self.words
        yield "with a byte order mark", MARK + self.write(self.value)


def _between(before: list[Any], after: list[Any], row: Any) -> list[Any]:
    return [*before, row, *after]


class _Raw(str):
    """A line that is written as it is."""

    __slots__ = ()


def read_json_page(body: bytes) -> Values:
    text = body.decode()
    try:
        said = json.loads(text)
    except ValueError:
        return _ndjson([line for line in text.splitlines() if line.strip()])
    value = _exact(text)
    return Values(value, _dumped, said, ((ESCAPED, _dumped(value, True)),))


def _ndjson(lines: Sequence[str]) -> Values:
    said, values = [json.loads(line) for line in lines], [_exact(line) for line in lines]
    return Values(
        values, _lines, said, ((ESCAPED, _lines(values, True)),), broken=(_Raw('{"a": '),), may_be_nothing=True
    )


def _exact(text: str) -> Any:
    """The value, with every number that has a fraction as it is written."""
    return json.loads(text, parse_float=lambda number: EXACT + number)


def _dumped(value: Any, ascii_only: bool = False) -> bytes:
    if isinstance(value, _Raw):
        return value.encode()
    return WRITTEN_EXACT.sub(r"\1", json.dumps(value, ensure_ascii=ascii_only)).encode()


def _lines(values: Any, ascii_only: bool = False) -> bytes:
    listed = values if isinstance(values, list) else [values]
    return b"".join(_dumped(value, ascii_only) + b"\n" for value in listed)


def read_csv_page(body: bytes) -> Values:
    """Rows of as many cells each, under a heading that stays as it is."""
    try:
        encoding, text = "utf-8", body.decode()
    except UnicodeDecodeError:
        encoding, text = "gb18030", body.decode("gb18030")
    for delimiter in DELIMITERS:
        table = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True) if row]
        if len(table) > 1 and len(table[0]) > 1 and len({len(row) for row in table}) == 1:
            end = "\r\n" if "\r\n" in text else "\n"

            def write(rows: Any, delimiter: str = delimiter, heading: list[str] = table[0], end: str = end) -> bytes:
                written = io.StringIO()
                listed = rows if isinstance(rows, list) else [rows]
                csv.writer(written, delimiter=delimiter, lineterminator=end).writerows(
                    [heading, *(row if isinstance(row, list) else [row] for row in listed)]
                )
                return written.getvalue().encode(encoding)

            return Values(table[1:], write, table)
    raise ValueError("no table")


def _shallowest(value: Any) -> list[list[Any]]:
    """The lists that stand nearest to the outside, all in one depth."""
    level = [value]
    while level:
        lists = [one for one in level if isinstance(one, list)]
        if lists:
            return lists
        level = [inner for one in level if isinstance(one, dict) for inner in one.values()]
    return []


def _lists(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], list[Any]]]:
    """Every list with the way to it; of what is listed, the first is looked into."""
    if isinstance(value, list):
        yield before, value
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, child in inner:
        yield from _lists(child, (*before, key))


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value; of a list only its first two."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, child in inner:
        yield (*before, key)
        yield from _paths(child, (*before, key))


def _changed(value: Any, path: Sequence[Any], new: Any = None, *, drop: bool = False) -> Any:
    whole = copy.deepcopy(value)
    place = whole
    for key in path[:-1]:
        place = place[key]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = new
    return whole
