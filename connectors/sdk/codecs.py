"""Reading what authorities send: safely, with caps, and with one error class for all that cannot be read."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from itertools import accumulate
from typing import Any

from lxml import etree

from connectors.sdk.errors import BadData

DEEPEST = 64
NO_TEXT = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
"""An escape that may stand for half a character, or for NUL, which no database keeps."""
ILLEGIBLE = re.compile("[\ud800-\udfff\0]")
STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
BRACKET = re.compile(r"[][{}]")
STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


def read_xml(body: bytes, *agreed: str) -> etree._Element:
    """The root element. No entities, no network, no document type; BadData where it is not such XML.

    `agreed` are the names that a root may have here: an error that calls itself a success is no empty page.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise BadData(f"not well-formed XML: {error.msg}{_in_another_encoding(body)}") from None
    except ValueError as error:
        raise BadData(f"not XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadData("XML with a document type is refused: it can hide entities")
    if agreed and local_name(root) not in agreed:
        raise BadData(f"<{local_name(root)}> came where <{agreed[0]}> was agreed")
    return root


def write_xml(root: etree._Element) -> bytes:
    """UTF-8 with its declaration, as authorities expect XML."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def read_json(body: bytes) -> Any:
    """The value, with decimals kept exact. BadData where it is not JSON, or nested deeper than 64."""
    return _read_json(body, Decimal)


def read_asked(body: bytes | str) -> Any:
    """JSON that a caller wrote for us; a number with decimals is a float. BadData where it is not sound.

    Beyond `read_json` it has to be UTF-8 without a mark at its start, no name may come twice in an object, no number be
    too large for a float, and no text hold NUL or half a character.
    """
    try:
        text = body if isinstance(body, str) else body.decode()
    except UnicodeDecodeError as error:
        raise BadData(f"not UTF-8: {error.reason} at byte {error.start}") from None
    if text.startswith("\ufeff"):
        raise BadData("not JSON: a byte order mark (BOM) stands before it")
    value = _read_json(text, _finite, once)
    if NO_TEXT.search(text) and not _is_legible(value):
        raise BadData("a text in it holds NUL or half of a character (a lone surrogate)")
    return value


def read_typed(body: bytes) -> Any:
    """JSON that somebody typed, with decimals kept exact. BadData as `read_json`, and where a name comes twice."""
    return _read_json(body, Decimal, once)


def _read_json(
    body: bytes | str, number: Callable[[str], Any], pairs: Callable[[list[tuple[str, Any]]], Any] | None = None
) -> Any:
    try:
        text = body if isinstance(body, str) else body.decode(json.detect_encoding(body), "surrogatepass")
    except UnicodeDecodeError as error:
        raise BadData(f"not JSON: {error.reason} at byte {error.start}{_in_another_encoding(error.object)}") from None
    if too_deep(text):
        raise BadData(f"JSON nested deeper than {DEEPEST}")
    try:
        return json.loads(text, parse_float=number, parse_constant=_no_number, object_pairs_hook=pairs)
    except (ValueError, ArithmeticError) as error:
        raise BadData(f"not JSON: {error}") from None


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; readers differ in which of two values under one name they take, so there may be but one."""
    read = dict(pairs)
    if len(read) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"{twice[:100]!r} comes twice in one object")
    return read


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _is_legible(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_is_legible, value)) and all(map(_is_legible, value.values()))
    if isinstance(value, list):
        return all(map(_is_legible, value))
    return not isinstance(value, str) or not ILLEGIBLE.search(value)


def read_agreed(body: bytes, *names: str) -> dict[str, Any]:
    """A JSON object that has these members. BadData otherwise: an error that calls itself a success lacks them."""
    value = read_json(body)
    missing = [name for name in names if not (isinstance(value, dict) and value.get(name))]
    if missing or not isinstance(value, dict):
        raise BadData(f"the answer is not what was agreed: it lacks {', '.join(missing) or 'everything'}")
    return value


def read_list(body: bytes, name: str) -> list[Any]:
    """The list that a JSON object has under this name. BadData where there is none."""
    value = read_json(body)
    members = value.get(name) if isinstance(value, dict) else None
    if not isinstance(members, list):
        raise BadData(f"the page is not what was agreed: it has no list {name}", field=name)
    return members


def as_object(member: Any) -> dict[str, Any]:
    """A member of a list that has to be a JSON object. BadData where it is none."""
    if not isinstance(member, dict):
        raise BadData(f"a JSON object was agreed, and {type(member).__name__} came")
    return member


def _in_another_encoding(body: bytes) -> str:
    """Said of a body that is not the UTF-8 that it should be. It is not guessed at: a wrong guess spoils names."""
    try:
        body.decode()
    except UnicodeDecodeError:
        try:
            body.decode("gb18030")
        except UnicodeDecodeError:
            return "; it is not UTF-8"
        return "; it is not UTF-8, it may be GBK"
    return ""


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def write_json(value: Any) -> bytes:
    """UTF-8 without blanks; a decimal or a time is written as text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def local_name(element: etree._Element) -> str:
    """The tag without its namespace."""
    return etree.QName(element).localname


def children(element: etree._Element) -> dict[str, str]:
    """The texts of the direct children by local name; an empty element is an empty text."""
    return {local_name(child): (child.text or "").strip() for child in element if isinstance(child.tag, str)}


def too_deep(text: str) -> bool:
    """Whether lists and objects are nested over more than `DEEPEST` levels in what may be JSON.

    Counted before it is read: at the interpreter's own limit any callback of the collector fails too.
    """
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    return max(accumulate(map(STEPS.__getitem__, BRACKET.findall(STRING.sub("", text)))), default=0) > DEEPEST
