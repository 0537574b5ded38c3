"""Reading what authorities send: everything hostile or broken ends in BadData, everything declared is read."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sdk import BadData
from connectors.sdk.codecs import DEEPEST, children, read_json, read_typed, read_xml, write_json, write_xml

WIG = "人发制假发"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "alias bomb": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l11;</a>',
    "quadratic bomb": f'<!DOCTYPE a [<!ENTITY l "{"x" * 100_000}">]><a>{"&l;" * 10_000}</a>',
    "bomb in an attribute": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l11;"/>',
    "external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file://{file}">]><a>&x;</a>',
    "parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "file://{file}"> %x;]><a/>',
    "external document type": '<!DOCTYPE a SYSTEM "file://{file}"><a/>',
    "empty document type": "<!DOCTYPE a><a/>",
    "unknown entity": "<a>&x;</a>",
    "huge depth": "<a>" * 100_000 + "</a>" * 100_000,
    "depth": "<a>" * 300 + "</a>" * 300,
    "half": "<a><b></a>",
    "two roots": "<a/><b/>",
    "nothing": "",
    "JSON": '{"a": 1}',
    "a control character": "<a>\x00</a>",
    "unknown encoding": '<?xml version="1.0" encoding="EBCDIC-XX"?><a/>',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_xml_is_refused(text: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("sesame")
    with pytest.raises(BadData) as caught:
        read_xml(text.replace("{file}", str(secret)).encode())
    assert "sesame" not in caught.value.text


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK", "GB2312", "GB18030", "UTF-16", "Big5"])
def test_xml_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>{"髮" if encoding == "Big5" else WIG}</a>'
    assert read_xml(text.encode(encoding)).text == text[text.index("<a>") + 3 : -4]


@pytest.mark.parametrize("declared", ['<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0"?>', ""])
def test_gbk_that_says_it_is_utf_8_is_refused_and_not_garbled(declared: str) -> None:
    with pytest.raises(BadData, match="not well-formed XML"):
        read_xml(f"{declared}<a>{WIG}</a>".encode("gbk"))


def test_children_are_named_without_namespace_and_comments_are_not_content() -> None:
    words = f"<c:words>{WIG[:2]}<!-- 2 -->{WIG[2:]}</c:words>"
    body = f"<c:a xmlns:c='urn:c'><!-- 1 --><c:code> 120 </c:code>{words}<c:none/><?go on?></c:a>"
    root = read_xml(body.encode())
    assert children(root) == {"code": "120", "words": WIG, "none": ""}
    assert children(read_xml(write_xml(root))) == children(root)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a/>",
        b'{"a": 1',
        b"{'a': 1}",
        b'{"a": 1}{"b": 2}',
        f'{{"a": "{WIG}"}}'.encode("gbk"),
        b"9" * 5000,  # Python refuses to read so long a number
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1),
        b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=["nothing", "XML", "half", "Python", "two", "GBK", "long number", "deep list", "deep object", "abyss"],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(BadData, match="JSON"):
        read_json(body)


def test_json_as_deep_as_allowed_is_read() -> None:
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST)


@pytest.mark.parametrize("text", ["[{" * 99, '\\"[', "\\", WIG], ids=["brackets", "quote", "backslash", "wide"])
def test_what_stands_in_a_text_nests_nothing(text: str) -> None:
    rows = [{"text": text, "list": []}] * DEEPEST
    assert read_json(json.dumps(rows).encode()) == rows
    assert read_json(json.dumps(rows).encode("utf-16")) == rows


@pytest.mark.parametrize("read", [read_json, read_typed])
def test_what_is_too_deep_is_refused_before_it_is_read(read: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(read)
    monkeypatch.setattr("connectors.sdk.codecs.json.loads", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(BadData, match="deeper"):
        read(b"[" * 100_000)


@given(st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: "." in f"{number}"))
def test_a_decimal_loses_no_digit(number: Decimal) -> None:
    read = read_json(f'{{"rate": {number}}}'.encode())["rate"]
    assert isinstance(read, Decimal)
    assert read.as_tuple() == number.as_tuple()


def test_what_is_written_as_json_is_read_again() -> None:
    value = {"name": WIG, "rate": Decimal("7.0288"), "lines": [1, None, True]}
    assert read_json(write_json(value)) == value | {"rate": "7.0288"}  # amounts travel as text
