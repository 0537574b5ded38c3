"""The records of a page, whether JSON or XML: put in another order, told twice, changed, and written again."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any, Protocol

from lxml import etree

from mocks.listing import Listing

NEW_FIELD, NEW_VALUE = "addedField", "新增字段"


class Rows(Protocol):
    """What faults do with a page. A row is whatever the format calls one."""

    rows: list[Any]

    def map(self, row: Any, name: str, change: Callable[[str], str]) -> None:
        """Changes the texts of a field."""

    def remove(self, row: Any, name: str) -> None: ...

    def retype(self, row: Any, name: str) -> None:
        """Another kind of value under the old name: an object where there was a text or a number."""

    def add(self, row: Any) -> None: ...

    def write(self) -> bytes: ...


def read_rows(content: bytes, listing: Listing) -> Rows | None:
    """The records of an answer; None where it is no such page."""
    try:
        return XmlRows(content, listing) if content.lstrip()[:1] == b"<" else JsonRows(content, listing)
    except (ValueError, KeyError, TypeError, etree.XMLSyntaxError):
        return None


class JsonRows:
    def __init__(self, content: bytes, listing: Listing) -> None:
        self._page = json.loads(content)
        self._name = listing.rows
        self.rows: list[Any] = list(self._page[listing.rows])

    def map(self, row: Any, name: str, change: Callable[[str], str]) -> None:
        value = row.get(name)
        if isinstance(value, dict) and isinstance(value.get("@value"), str):  # JSON-LD
            value["@value"] = change(value["@value"])
        elif isinstance(value, str):
            row[name] = change(value)

    def remove(self, row: Any, name: str) -> None:
        row.pop(name, None)

    def retype(self, row: Any, name: str) -> None:
        if name in row:
            row[name] = {"value": row[name]}

    def add(self, row: Any) -> None:
        row[NEW_FIELD] = NEW_VALUE

    def write(self) -> bytes:
        return json.dumps(self._page | {self._name: self.rows}, ensure_ascii=False).encode()


class XmlRows:
    """Elements that repeat. What stands in base64 inside them is opened first and closed again at the end."""

    def __init__(self, content: bytes, listing: Listing) -> None:
        self._root = etree.fromstring(content)
        self.rows: list[Any] = list(self._root.iterfind(f"{{*}}{listing.rows}"))
        self._inside = listing.inside
        for row in self.rows:
            for holder in self._holders(row):
                holder.append(etree.fromstring(b64decode(holder.text or "")))
                holder.text = None

    def map(self, row: Any, name: str, change: Callable[[str], str]) -> None:
        for element in row.iter(f"{{*}}{name}"):
            if element.text:
                element.text = change(element.text)

    def remove(self, row: Any, name: str) -> None:
        for element in [*row.iter(f"{{*}}{name}")]:
            element.getparent().remove(element)

    def retype(self, row: Any, name: str) -> None:
        for element in row.iter(f"{{*}}{name}"):
            inner = etree.SubElement(element, "value")
            inner.text, element.text = element.text, None

    def add(self, row: Any) -> None:
        for holder in self._holders(row) or [row]:
            for entity in holder[0] if self._inside else [holder]:
                etree.SubElement(entity, f"{{{etree.QName(entity).namespace or ''}}}{NEW_FIELD}").text = NEW_VALUE

    def write(self) -> bytes:
        for row in [*self._root]:
            self._root.remove(row)
        for row in self.rows:
            self._root.append(row)
            for holder in self._holders(row):
                message = holder[0]
                holder.remove(message)
                holder.text = b64encode(etree.tostring(message, xml_declaration=True, encoding="UTF-8")).decode()
        return etree.tostring(self._root, xml_declaration=True, encoding="UTF-8")

    def _holders(self, row: Any) -> list[Any]:
        return list(row.iter(f"{{*}}{self._inside}")) if self._inside else []


def copied(rows: Sequence[Any]) -> list[Any]:
    return [deepcopy(row) for row in rows]


def shifted(text: str, by: timedelta) -> str:
    """A time in ISO 8601 or as YYYYMMDDhhmmss[mmm], moved and written as it was."""
    if text.isdecimal() and len(text) in (14, 17):
        moment = datetime.strptime(text[:14], "%Y%m%d%H%M%S") + by  # noqa: DTZ007 - the zone does not matter here
        return moment.strftime("%Y%m%d%H%M%S") + text[14:]
    try:
        moment = datetime.fromisoformat(text) + by
    except ValueError:
        return text
    return moment.isoformat().replace("+00:00", "Z") if text.endswith("Z") else moment.isoformat()
