"""Forms of pages: each is turned, written in other encodings, made odd in one place, and nothing else changes."""

from __future__ import annotations

import json

import pytest

from connectors.sdk.testing.form import Form
from connectors.sdk.testing.forms import form_of
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
def test_a_row_among_others_is_made_odd_and_they_stay_as_they_are(name: str, place: str) -> None:
    listed = [one for one in form(FORMS[name]).listed() if one.name == place]
    assert [one.only for one in listed] == [False, False], "the first row, and the last"
    odd = [body for one in listed for _, body in one.odd]
    assert len(odd) > 5
    for one in listed:
        assert len(one.others) < len(FORMS[name])


def test_beside_an_only_row_its_copy_is_made_odd() -> None:
    (only,) = form(b'{"rows": [{"a": 1}]}').listed()
    assert (only.only, only.others) == (True, b'{"rows": [{"a": 1}, {"a": 1}]}')
    assert b'{"rows": [{"a": 1}, null]}' in [body for _, body in only.odd]
    only = next(one for one in form(b"<rows><row><a>1</a></row></rows>").listed() if one.name == "row")
    assert (only.only, only.others) == (True, b"<rows><row><a>1</a></row><row><a>1</a></row></rows>")
    assert b"<rows><row><a>1</a></row><row/></rows>" in [
        body.replace(b"<row></row>", b"<row/>") for _, body in only.odd
    ]


def test_a_line_of_ndjson_may_be_cut() -> None:
    (first, last) = form(NDJSON).listed()
    assert '{"a": \n{"a": "郑州"}\n'.encode() in [body for _, body in first.odd]
    assert b'{"a": 1.10}\n{"a": \n' in [body for _, body in last.odd]


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
