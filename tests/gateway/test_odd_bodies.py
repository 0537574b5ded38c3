"""Bodies that are nearly GraphQL: each is refused with what is wrong with it, and none breaks anything."""

from __future__ import annotations

import json

import pytest
import requests

from connectors.sdk.codecs import read_asked, read_json, read_typed
from connectors.sdk.errors import BadData
from hub.entry.paths import apply_changes
from tests.support.world import World

JSON = "application/json"
BELTS = '{"query": "{ belts { code } }", "variables": %s}'
DEEP = "[" * 30_000 + "]" * 30_000
DEEPER_THAN_AGREED = "[" * 65 + "]" * 65

ODD = {
    "nested deep": (BELTS % f'{{"a": {DEEP}}}').encode(),
    "nested somewhat deep": (BELTS % f'{{"a": {DEEPER_THAN_AGREED}}}').encode(),
    "objects nested deep": (BELTS % ('{"a":' * 10_000 + "1" + "}" * 10_000)).encode(),
    "only brackets": DEEP.encode(),
    "never closed": b"[" * 60_000,
    "a float of a million digits": (BELTS % '{"a": 1e999999}').encode(),
    "minus a huge float": (BELTS % '{"a": -1e400}').encode(),
    "a whole number of ten thousand digits": (BELTS % f'{{"a": {"9" * 10_000}}}').encode(),
    "NaN": (BELTS % '{"a": NaN}').encode(),
    "Infinity": (BELTS % '{"a": -Infinity}').encode(),
    "one name twice": b'{"query": "{ belts { code } }", "query": "{ trades { number } }"}',
    "one name twice deep inside": (BELTS % '{"a": [{"b": 1, "b": 2}]}').encode(),
    "half a character": (BELTS % '{"a": "\\ud800"}').encode(),
    "half a character in a name": (BELTS % '{"\\udc00": 1}').encode(),
    "NUL": (BELTS % '{"a": "x\\u0000y"}').encode(),
    "NUL in the query": b'{"query": "{ trade(number: \\"\\\\u0000\\") { number } }"}',
    "NUL in the query, otherwise": b'{"query": "{ trade(number: \\"\\\\u{0}\\") { number } }"}',
    "NUL as it is": b'{"query": "{ belts { code } }\x00"}',
    "a mark at its start": b"\xef\xbb\xbf" + (BELTS % "{}").encode(),
    "UTF-16": (BELTS % "{}").encode("utf-16"),
    "GBK": '{"query": "{ trade(orderNumber: \\"订单\\") { number } }"}'.encode("gbk"),
    "a text": b'"{ belts { code } }"',
    "a list of questions": b'[{"query": "{ belts { code } }"}]',
    "an operation that is no name": b'{"query": "{ belts { code } }", "operationName": 7}',
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_an_odd_body_is_refused_with_what_is_wrong(small_world: World, body: bytes) -> None:
    headers = {"Content-Type": JSON, "Accept-Language": "en"}
    answer = requests.post(f"{small_world.address}/graphql", data=body, headers=headers, timeout=60)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, "BODY_UNREADABLE")
    assert len(answer.content) < 1_000


def test_odd_variables_of_a_get_are_refused_alike(small_world: World) -> None:
    for variables in ("[" * 5_000, '{"a": NaN}', '{"a": 1, "a": 2}', '{"a": "\\ud800"}', "{"):
        asked = {"query": "{ belts { code } }", "variables": variables}
        answer = requests.get(f"{small_world.address}/graphql", params=asked, timeout=60)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BODY_UNREADABLE")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{" + "a{" * 900 + "b" + "}" * 901, "QUERY_TOO_LARGE"),
        ("{ trades(first: " + "[" * 900 + "]" * 900 + ") { number } }", "QUERY_TOO_LARGE"),
        ("query($a: " + "[" * 900 + "Int" + "]" * 900 + ") { belts { code } }", "QUERY_TOO_LARGE"),
        ("{" * 5_000, "QUERY_TOO_LARGE"),
        ('{ a(b: "' + "x" * 100, "GRAPHQL_INVALID"),
        ("{ trades(first: " + "9" * 10_000 + ") { number } }", "GRAPHQL_INVALID"),
        ("{ trades(first: 1e999999) { number } }", "GRAPHQL_INVALID"),
        ('{ trade(number: "\\uD800") { number } }', "GRAPHQL_INVALID"),
    ],
)
def test_an_odd_question_is_refused_before_any_work(small_world: World, query: str, code: str) -> None:
    answer = small_world.post(query, small_world.staff)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (JSON, 200), ("application/json; charset=utf-8", 200), ('Application/JSON;charset="UTF-8"', 200), ("", 415),
        ("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("multipart/form-data; boundary=x", 415),
        ("application/json; charset=gbk", 415), ("application/json; charset=utf-16", 415), ("nonsense", 415),
        ("application/jsonx", 415),
    ],
)  # fmt: skip
def test_what_a_body_is_has_to_be_said(small_world: World, kind: str, status: int) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = requests.post(f"{small_world.address}/graphql", data=(BELTS % "{}").encode(), headers=headers, timeout=30)
    assert answer.status_code == status
    if status == 415:
        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == "MEDIA_TYPE"
        assert JSON in error["extensions"]["wayOut"]


def test_an_odd_line_of_trades_is_refused_alone(small_world: World) -> None:
    odd = [
        DEEP,
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        f'{{"a": {"9" * 10_000}}}',
        '{"a": "\\ud800"}',
        '{"a": "\\u0000"}',
        "7",
    ]
    headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {small_world.exporter()}"}
    body = "\n".join(odd).encode()
    answer = requests.post(f"{small_world.address}/trades", data=body, headers=headers, timeout=60)
    assert answer.status_code == 200
    lines = [json.loads(line) for line in answer.content.splitlines()]
    assert [line["line"] for line in lines] == list(range(1, len(odd) + 1))
    assert all(line["errors"] for line in lines)


def test_a_value_to_amend_that_is_nested_deep_names_its_place() -> None:
    for value in (DEEP, "[" * 100_000, '{"a": NaN}', '{"a": 1, "a": 2}'):
        _, (problem,) = apply_changes({"goods": []}, [("goods", value)])
        assert (problem.path, problem.code) == ("goods", "NO_SUCH_PLACE")


@pytest.mark.parametrize("read", [read_json, read_typed, read_asked])
def test_no_reader_of_json_goes_deeper_than_agreed(read: object) -> None:
    assert callable(read)
    for deep in (DEEP, "[" * 100_000, DEEPER_THAN_AGREED, '{"a":' * 100_000):
        with pytest.raises(BadData):
            read(deep.encode())
    assert read(("[" * 64 + "]" * 64).encode())
