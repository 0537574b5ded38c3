"""Single values of a message: texts, truth values, moments. BadData names the element that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from lxml import etree
from marshmallow import ValidationError

from connectors.sdk import BadData, Moment

Element = etree._Element

FILLERS = frozenset({
    "NOTPROVIDED", "NOTAVAILABLE", "NOTAPPLICABLE", "NONREF", "NOREF", "NOREFERENCE", "NONE", "NULL", "NA", "NIL",
    "UNKNOWN",
})  # fmt: skip
"""What banks write where a value is mandatory and there is none, without blanks and signs."""
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
DAY = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)
END_OF_DAY = re.compile(r"(\d{4}-\d\d-\d\d)T24:00:00(?:\.0+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
MOMENT = Moment()


@cache
def _any_namespace(path: str) -> str:
    return "/".join(step if step == "." else f"{{*}}{step}" for step in path.split("/"))


def find(element: Element, path: str) -> Element | None:
    """The first element at a path of local names."""
    return element.find(_any_namespace(path))


def find_all(element: Element, path: str) -> list[Element]:
    return element.findall(_any_namespace(path))


def lone_of(entry: Element) -> Element | None:
    """The transaction of an entry that has a single one."""
    transactions = find_all(entry, "NtryDtls/TxDtls")
    return transactions[0] if len(transactions) == 1 else None


def element_said(element: Element | None) -> str:
    """The text of an element, without blanks around it and with single ones within."""
    return " ".join((element.text or "").split()) if element is not None else ""


def text(element: Element, *paths: str) -> str:
    """The first of these that is not empty; empty where all are."""
    return next((found for path in paths if (found := element_said(find(element, path)))), "")


def is_given(value: str) -> bool:
    """Whether a value says anything: NOTPROVIDED, NONREF, 0000 and their like do not."""
    bare = "".join(filter(str.isalnum, value)).upper()
    return bare not in FILLERS and bool(bare.strip("0"))


def element_given(element: Element, *paths: str) -> str:
    """The first of these that says anything; empty where none does."""
    return next(iter(all_given(element, *paths)), "")


def all_given(element: Element, *paths: str) -> Iterator[str]:
    for path in paths:
        yield from (value for one in find_all(element, path) if is_given(value := element_said(one)))


def truth(element: Element, name: str) -> bool:
    """An optional xs:boolean; what is left out is not so."""
    value = text(element, name)
    if not value:
        return False
    if value not in BOOLEANS:
        raise BadData(f"{name} {value!r} is no xs:boolean (true, 1, false, 0)", field=name)
    return BOOLEANS[value]


def moment(element: Element, *names: str) -> datetime | None:
    """The first of these dates or times that is there, each as `Dt`, `DtTm` or text of its own; None without any.

    A day begins at its own offset; without an offset days and times are Beijing's.
    """
    for name in names:
        value = text(element, f"{name}/DtTm", f"{name}/Dt", name)
        if value:
            return _moment(value, name)
    return None


def _moment(value: str, name: str) -> datetime:
    day, midnight = DAY.fullmatch(value), END_OF_DAY.fullmatch(value)
    if whole := day or midnight:
        value = f"{whole[1]}T00:00:00{whole[2] or ''}"
    try:
        return MOMENT.read(value) + timedelta(days=1 if midnight else 0)
    except ValidationError as error:
        raise BadData(f"{name}: {error.messages[0]}", field=name) from None
