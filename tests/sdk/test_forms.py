"""Forms of pages: each is turned, written in other encodings, made odd in one place, and nothing else changes."""

from __future__ import annotations

import json

import pytest

from connectors.sdk.testing.forms import Form, form_of
from connectors.sdk.testing.samples import comparable

OBJECT = '{"data": {"rows": [{"a": 1.10}, {"a": "郑州"}]}, "next": null}'.encode()
ARRAY = b'[{"a": 1}, {"a": 2}]'
NDJSON = '{"a": 1.10}\n{"a": "郑州"}\n'.encode()
CSV = '单号;数量\r\nA-1;"2;5"\r\nA-2;3\r\n'.encode()
XML = "<rows><row><a>1</a></row><row><a>郑州</a></row></rows>".encode()
FORMS = {"object": OBJECT, "array": ARRAY, "ndjson": NDJSON, "csv": CSV, "xml": XML}


def form(body: bytes) -> Form:
    found = form_of(body)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("body", "turned"),
    [
        (OBJECT, '{"data": {"rows": [{"a": "郑州"}, {"a": 1.10}]}, "next": null}'.encode()),
        (ARRAY, b'[{"a": 2}, {"a": 1}]'),
        (NDJSON, '{"a": "郑州"}\n{"a": 1.10}\n'.encode()),
        (CSV, '单号;数量\r\nA-2;3\r\nA-1;"2;5"\r\n'.encode()),
        (XML, b"<rows><row><a>&#37073;&#24030;</a></row><row><a>1</a></row></rows>"),
        (b'{"rows": [1]}', None),
        (b"<rows><row/></rows>", None),
    ],
)
def test_rows_are_turned_and_nothing_else(body: bytes, turned: bytes | None) -> None:
    assert form(body).turned() == turned


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_other_encodings_say_the_same(body: bytes) -> None:
    written = dict(form(body).encoded())
    assert "with a byte order mark" in written
    assert all(comparable(one) == comparable(body) for one in written.values())


@pytest.mark.parametrize(("name", "least"), [("object", 40), ("array", 30), ("ndjson", 30), ("csv", 50), ("xml", 8)])
def test_every_value_is_made_odd_in_its_turn(name: str, least: int) -> None:
    drifted = dict(form(FORMS[name]).drifted())
    assert len(set(drifted.values())) >= least


@pytest.mark.parametrize(
    ("name", "place"), [("object", "data.rows"), ("array", "the page"), ("csv", "the page"), ("xml", "row")]
)
def test_a_row_is_put_beside_the_others_and_made_odd(name: str, place: str) -> None:
    beside = [one for one in form(FORMS[name]).beside() if one.name == place]
    assert len(beside) == 2, "the first row, and the last"
    assert [one.twice.count("郑州".encode()) + one.twice.count(b"&#37073;") for one in beside] in ([1, 2], [0, 0])
    odd = [(what, body) for one in beside for what, body in one.odd]
    assert {what.rpartition(" ")[2] for what, _ in odd} >= {"others"}
    assert len(odd) > 5


def test_a_line_of_ndjson_may_be_cut() -> None:
    (first, _) = form(NDJSON).beside()
    assert NDJSON + b'{"a": \n' in [body for _, body in first.odd]


@pytest.mark.parametrize(
    "body", [b"", b"\x00\xff", b"only one line", b"<broken", b'{"a": ', b"PK\x03\x04binary", b"a,b\n1\n"]
)
def test_what_is_in_no_form_is_left_alone(body: bytes) -> None:
    assert form_of(body) is None
    assert comparable(body) == body.strip()


def test_numbers_are_compared_as_numbers_and_written_as_they_were() -> None:
    assert comparable(b'{"a": 1.10}') == comparable(b'{"a":1.1}')
    assert dict(form(b'{"a": 1.10, "b": 2}').encoded())["with a byte order mark"].endswith(b'{"a": 1.10, "b": 2}')
    assert json.loads(form(b'[{"a": 12.50}, {"a": 3.0}]').turned() or b"") == [{"a": 3.0}, {"a": 12.5}]
