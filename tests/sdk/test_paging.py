"""Ways in which sources page: every page once, none asked for twice, and no source that goes round in circles."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.sdk import (
    BadData,
    ConnectorError,
    Http,
    NeedsCredentials,
    OutcomeUnknown,
    Page,
    Retriable,
)
from connectors.sdk.codecs import read_json, write_json
from connectors.sdk.inside.rate_limits import RateLimits, Restraint
from connectors.sdk.paging import by_cursor, by_number, by_object, in_body, key_of
from tests.support.sdk.line import NOON, Line


@pytest.fixture
def http(httpserver: HTTPServer, line: Line) -> Http:
    return line(httpserver.url_for("/"))


def serve(server: HTTPServer, answer: Callable[[Request], bytes]) -> None:
    server.expect_request("/list").respond_with_handler(lambda request: Response(answer(request)))


def asked(server: HTTPServer, name: str) -> list[str]:
    return [request.args[name] for request, _ in server.log]


def last_of(page: Page) -> str | None:
    rows = read_json(page.body)["rows"]
    return str(rows[-1]) if rows else None


def pages_after(http: Http, cursor: str) -> list[Page]:
    pages = by_cursor(http, "list", cursor, last_of, lambda after: {"after": after, "limit": 2})
    return list(islice(pages, 10))


def test_pages_follow_the_cursor_until_one_is_empty(http: Http, httpserver: HTTPServer) -> None:
    rows = ["a", "b", "c", "d", "e"]
    serve(httpserver, lambda request: write_json({"rows": [row for row in rows if row > request.args["after"]][:2]}))
    assert [page.cursor for page in pages_after(http, "")] == ["b", "d", "e"]
    assert asked(httpserver, "after") == ["", "b", "d", "e"]
    httpserver.clear_log()
    assert [read_json(page.body)["rows"] for page in pages_after(http, "d")] == [["e"]]
    assert asked(httpserver, "after") == ["d", "e"]


def test_a_source_that_repeats_itself_is_stopped(http: Http, httpserver: HTTPServer) -> None:
    serve(httpserver, lambda request: write_json({"rows": ["a", "b"]}))
    with pytest.raises(BadData, match="the source repeats itself"):
        pages_after(http, "")
    assert asked(httpserver, "after") == ["", "b"]


@pytest.mark.parametrize("body", [b"<html/>", b"{}", b"[]", b'{"rows": 1}', b'{"rows": {"a": 1}}'])
def test_a_page_that_cannot_be_read_is_handed_on_with_the_cursor_before_it(
    http: Http, httpserver: HTTPServer, body: bytes
) -> None:
    """It is kept and refused there; the next run asks for it again."""
    serve(httpserver, lambda request: body if request.args["after"] else write_json({"rows": ["a"]}))
    assert [(page.cursor, page.body) for page in pages_after(http, "")][1:] == [("a", body)]
    assert asked(httpserver, "after") == ["", "a"]


@pytest.mark.parametrize(("beside", "handed_on"), [({}, 0), ({"total": 0}, 0), ({"notice": "closed on Sunday"}, 1)])
def test_a_source_that_says_its_token_again_has_nothing_new(
    http: Http, httpserver: HTTPServer, beside: dict[str, object], handed_on: int
) -> None:
    serve(httpserver, lambda request: write_json({"rows": [], "next": request.args["after"], **beside}))
    pages = list(by_cursor(http, "list", "c1", in_body("next"), lambda after: {"after": after}))
    assert [page.cursor for page in pages] == ["c1"] * handed_on
    assert asked(httpserver, "after") == ["c1"]


def test_a_token_that_is_said_again_beside_records_leads_back(http: Http, httpserver: HTTPServer) -> None:
    serve(httpserver, lambda _: write_json({"rows": ["c1"], "errors": [], "next": "c1"}))
    with pytest.raises(BadData, match="names itself as the next"):
        list(by_cursor(http, "list", "c1", in_body("next"), lambda after: {"after": after}))


def test_numbered_pages_are_asked_for_up_to_the_last(http: Http, httpserver: HTTPServer) -> None:
    serve(httpserver, lambda request: write_json({"pages": 3, "page": int(request.args["page"])}))
    pages = list(by_number(http, "list", lambda page: int(read_json(page.body)["pages"]), lambda n: {"page": n}))
    assert [(page.part, read_json(page.body)["page"]) for page in pages] == [
        ("page 1", 1),
        ("page 2", 2),
        ("page 3", 3),
    ]
    assert asked(httpserver, "page") == ["1", "2", "3"] * 2  # walked again: nobody edited meanwhile


def test_a_record_that_slips_onto_a_page_that_was_read_is_found_by_walking_again(
    http: Http, httpserver: HTTPServer
) -> None:
    """The first record is edited once its page was read: it moves to the end, and the others move up."""
    rows = ["a", "b", "c", "d"]

    def answer(request: Request) -> bytes:
        number = int(request.args["page"])
        page = write_json({"pages": 2, "rows": rows[2 * number - 2 : 2 * number]})
        if len(httpserver.log) == 0:
            rows.append(rows.pop(0))
        return page

    serve(httpserver, answer)
    pages = by_number(http, "list", lambda page: int(read_json(page.body)["pages"]), lambda n: {"page": n})
    assert [read_json(page.body)["rows"] for page in pages] == [["a", "b"], ["d", "a"], ["b", "c"]]


def test_pages_whose_number_never_settles_are_refused(http: Http, httpserver: HTTPServer) -> None:
    serve(httpserver, lambda request: write_json({"pages": int(request.args["page"]) + 1}))
    pages = by_number(http, "list", lambda page: int(read_json(page.body)["pages"]), lambda n: {"page": n})
    with pytest.raises(BadData, match="does not end"):
        list(pages)
    assert len(httpserver.log) < 10


def test_a_source_that_goes_round_in_circles_is_stopped(http: Http, httpserver: HTTPServer) -> None:
    circle = {"": "a", "a": "b", "b": "a"}
    serve(httpserver, lambda request: write_json({"rows": [circle[request.args["after"]]]}))
    with pytest.raises(BadData, match="leads back to 'a'"):
        pages_after(http, "")


@pytest.mark.parametrize("body", [b"<html/>", b"{}", b'{"pages": "many"}', b'{"pages": null}'])
def test_a_number_of_pages_that_cannot_be_read_ends_with_that_page(
    http: Http, httpserver: HTTPServer, body: bytes
) -> None:
    serve(httpserver, lambda request: body)
    pages = list(by_number(http, "list", lambda page: int(read_json(page.body)["pages"]), lambda n: {"page": n}))
    assert [page.body for page in pages] == [body]


def test_an_object_that_is_not_there_has_no_page(http: Http, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/objects/1", headers={"Accept": "text/plain"}).respond_with_data("one")
    httpserver.expect_request("/objects/2").respond_with_data("gone", status=404)
    httpserver.expect_request("/objects/3").respond_with_data("three")
    addresses = [httpserver.url_for(f"/objects/{number}") for number in (1, 2, 3)]
    pages = list(by_object(http, addresses, {"Accept": "text/plain"}))
    assert [(page.part, page.body) for page in pages] == [(addresses[0], b"one"), (addresses[2], b"three")]


@pytest.mark.parametrize(
    ("status", "raised"),
    [(410, BadData), (403, NeedsCredentials), (500, OutcomeUnknown), (302, BadData), (400, BadData)],
)
def test_an_object_that_is_answered_with_an_error_does_not_keep_the_others_from_being_asked_about(
    http: Http, httpserver: HTTPServer, status: int, raised: type[ConnectorError]
) -> None:
    for number in (1, 3):
        httpserver.expect_request(f"/objects/{number}").respond_with_data(str(number))
    httpserver.expect_request("/objects/2").respond_with_data("", status=status)
    httpserver.expect_request("/objects/4").respond_with_data("", status=410)
    pages, error = until_an_error(http, httpserver, 4)
    assert pages == [b"1", b"3"]
    assert type(error) is raised
    assert str(error) == error.text
    assert error.text.endswith(f"(HTTP {status}), about {httpserver.url_for('/objects/2')}")


@pytest.mark.parametrize(
    ("status", "headers", "raised"),
    [
        (401, {}, NeedsCredentials),
        (429, {}, Retriable),
        (429, {"Retry-After": "600"}, Retriable),
        (503, {"Retry-After": "600"}, Retriable),
    ],
)
def test_what_would_be_said_of_every_object_stops_at_once(
    http: Http, httpserver: HTTPServer, status: int, headers: dict[str, str], raised: type[ConnectorError]
) -> None:
    httpserver.expect_request("/objects/1").respond_with_data("1")
    httpserver.expect_request("/objects/2").respond_with_data("", status=status, headers=headers)
    pages, error = until_an_error(http, httpserver, 3)
    assert (pages, type(error)) == ([b"1"], raised)
    assert not [request for request, _ in httpserver.log if request.path == "/objects/3"]


def test_an_authority_that_is_left_alone_is_asked_about_no_further_object(httpserver: HTTPServer, line: Line) -> None:
    restraint = Restraint(RateLimits(failures=4), lambda: NOON)
    httpserver.expect_request("/objects/1").respond_with_data("1")
    pages, error = until_an_error(line(httpserver.url_for("/"), restraint=restraint), httpserver, 9)
    assert pages == [b"1"]
    assert type(error) is OutcomeUnknown
    assert len(httpserver.log) == 5  # one answer, and the four failures that open the breaker


def test_an_address_of_another_host_is_one_bad_object(http: Http, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/objects/1").respond_with_data("1")
    pages = by_object(http, ["http://elsewhere.example/1", "http://[", httpserver.url_for("/objects/1")], {})
    assert next(pages).body == b"1"
    with pytest.raises(BadData, match=r"refused to go to .*, about http://elsewhere.example/1"):
        next(pages)


def until_an_error(http: Http, server: HTTPServer, last: int) -> tuple[list[bytes], ConnectorError]:
    """What the objects 1 … say; those that nobody expects fail."""
    server.expect_request(re.compile("/objects/.*")).respond_with_data("", status=500)
    read: list[bytes] = []
    try:
        for page in by_object(http, [server.url_for(f"/objects/{number}") for number in range(1, last + 1)], {}):
            read.append(page.body)
    except ConnectorError as error:
        return read, error
    pytest.fail("nothing was raised")


def test_a_last_page_without_a_cursor_is_handed_on_and_asked_for_again(http: Http, httpserver: HTTPServer) -> None:
    """The source names the cursor of the next page, and on the last page none."""
    rows = ["a", "b", "c", "d", "e"]

    def answer(request: Request) -> bytes:
        start = int(request.args["after"] or 0)
        return write_json({"rows": rows[start : start + 2], "next": start + 2 if start + 2 < len(rows) else None})

    serve(httpserver, answer)
    pages = list(by_cursor(http, "list", "", lambda page: read_json(page.body)["next"], lambda at: {"after": at}))
    assert [row for page in pages for row in read_json(page.body)["rows"]] == rows
    assert [page.cursor for page in pages] == ["2", "4", "4"]
    rows += ["f", "g"]
    pages = list(by_cursor(http, "list", "4", lambda page: read_json(page.body)["next"], lambda at: {"after": at}))
    assert [row for page in pages for row in read_json(page.body)["rows"]] == ["e", "f", "g"]


@pytest.mark.parametrize(
    ("parts", "key"), [(("a", 1), "a/1"), (("a",), "a"), (("a", None), None), (("", "b"), None), ((0, "b"), "0/b")]
)
def test_a_key_lacks_no_part(parts: tuple[object, ...], key: str | None) -> None:
    assert key_of(*parts) == key
