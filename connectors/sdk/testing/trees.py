"""Pages that are trees: XML."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lxml import etree

from connectors.sdk.testing.form import ESCAPED, MARK, Listed


class Tree:
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
