"""Forms that pages have, and what may be done to a page of each: its rows turned, a value made odd, a row put beside.

JSON (an object or a list), NDJSON (a value a line) and CSV are read to values and written anew; XML is a tree. A page
in another form is left as it is, and whoever asks about it is told that there is nothing to ask.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, Protocol

from lxml import etree

MARK = b"\xef\xbb\xbf"
ODDITIES: tuple[Any, ...] = (None, 7, "x", True, [], {}, ["x"], "9" * 5000, "\x00")
"""What may stand in place of a value."""
PLACE_HOLDERS: tuple[Any, ...] = (None, {}, "x")
ESCAPED = "with every other letter escaped"
DELIMITERS = ",;\t|"
EXACT = "\x00number:"
WRITTEN_EXACT = re.compile(r'"\\u0000number:([^"]*)"')


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


def form_of(body: bytes) -> Form | None:
    """The form of a page; None where it is none of those that are known."""
    body = body.removeprefix(MARK)
    start = body.lstrip()[:1]
    try:
        if start == b"<":
            return _Tree(body)
        return _json(body) if start in (b"{", b"[") else _csv(body)
    except (ValueError, csv.Error, etree.XMLSyntaxError):
        return None


@dataclass(frozen=True, slots=True)
class _Values:
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


def _json(body: bytes) -> _Values:
    text = body.decode()
    try:
        said = json.loads(text)
    except ValueError:
        return _ndjson([line for line in text.splitlines() if line.strip()])
    value = _exact(text)
    return _Values(value, _dumped, said, ((ESCAPED, _dumped(value, True)),))


def _ndjson(lines: Sequence[str]) -> _Values:
    said, values = [json.loads(line) for line in lines], [_exact(line) for line in lines]
    return _Values(
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


def _csv(body: bytes) -> _Values:
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

            return _Values(table[1:], write, table)
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


class _Tree:
    """A page of XML."""

    may_be_nothing = False

    def __init__(self, body: bytes) -> None:
        self.body = body
        self._read()

    def plain(self) -> Any:
        parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False)
        return etree.tostring(etree.fromstring(self.body, parser), method="c14n")

    def turned(self) -> bytes | None:
        root = self._read()
        root[:] = reversed(root)
        return etree.tostring(root) if len(root) > 1 else None

    def with_odd_last(self) -> bytes | None:
        root = self._read()
        if len(root) == 0:
            return None
        tag = root[-1].tag
        del root[-1]
        etree.SubElement(root, tag)
        return etree.tostring(root)

    def drifted(self) -> Iterator[tuple[str, bytes]]:
        for number in range(1, len([*self._read().iter("{*}*")])):
            yield from _spoilt(self._read, number, (None, "", "x", "9" * 5000))

    def listed(self) -> Iterator[Listed]:
        elements = [*self._read().iter("{*}*")]
        number_of = {id(element): number for number, element in enumerate(elements)}
        for parent in elements:
            for tag in dict.fromkeys(child.tag for child in parent.iterchildren("{*}*")):
                alike = [*parent.iterfind(tag)]
                name, only = etree.QName(alike[0]).localname, len(alike) == 1
                for row in alike[:1] + alike[1:][-1:]:
                    number = number_of[id(row)]
                    others = self._with(number, row if only else None, beside=only)
                    yield Listed(name, only, others, self._odd(number, row, beside=only))

    def _odd(self, number: int, row: etree._Element, *, beside: bool) -> Iterator[tuple[str, bytes]]:
        def read() -> etree._Element:
            return copy.deepcopy(row)

        for inner in range(len([*row.iter("{*}*")])):
            for what, spoilt in _spoilt(read, inner, (None, "x") if inner else ("", "x", "9" * 5000)):
                yield what, self._with(number, etree.fromstring(spoilt, None), beside=beside)

    def _with(self, number: int, row: etree._Element | None, *, beside: bool) -> bytes:
        """The page with a row behind the element of this number, or else in its place."""
        root = self._read()
        place = [*root.iter("{*}*")][number]
        if row is not None:
            place.addnext(copy.deepcopy(row))
        parent = place.getparent()
        if not beside and parent is not None:
            parent.remove(place)
        return etree.tostring(root)

    def encoded(self) -> Iterator[tuple[str, bytes]]:
        for how, encoding in (("in GBK", "GBK"), (ESCAPED, "US-ASCII")):
            written = io.BytesIO()
            etree.ElementTree(self._read()).write(written, encoding=encoding, xml_declaration=True)
            yield how, written.getvalue()
        yield "with a byte order mark", MARK + self.body

    def _read(self) -> etree._Element:
        return etree.fromstring(self.body, None)


def _spoilt(
    read: Callable[[], etree._Element], number: int, texts: Sequence[str | None]
) -> Iterator[tuple[str, bytes]]:
    """A tree again and again, each time with this element taken out (None), or with a text for all its content."""
    for text in texts:
        root = read()
        element = [*root.iter("{*}*")][number]
        name, parent = etree.QName(element).localname, element.getparent()
        if text is None and parent is not None:
            parent.remove(element)
        else:
            element[:] = []
            element.text = text
        yield f"{name} {'taken out' if text is None else f'= {text[:20]!r}'}", etree.tostring(root)
