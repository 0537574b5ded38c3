"""Ways in which sources page: every page once, none asked for twice, and no source that goes round in circles."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.sdk import BadData, Http, Page
from connectors.sdk.codecs import read_json, write_json
from connectors.sdk.paging import by_cursor, by_number, by_object, key_of
from tests.sdk.line import Line


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
    ("parts", "key"), [(("a", 1), "a/1"), (("a",), "a"), (("a", None), None), (("", "b"), None), ((0, "b"), "0/b")]
)
def test_a_key_lacks_no_part(parts: tuple[object, ...], key: str | None) -> None:
    assert key_of(*parts) == key
