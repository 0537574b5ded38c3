"""Every way of paging, against a source that pages so: nothing is left out, and nothing goes on for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.sdk import BadData, Http, Page
from connectors.sdk.codecs import read_json, write_json
from connectors.sdk.paging import (
    Next,
    all_of,
    by_cursor,
    by_link,
    by_number,
    by_offset,
    by_watermark,
    count_of,
    follow_pages,
    in_body,
    in_header,
    last_of,
    next_link,
)
from tests.support.sdk.line import Line
from tests.support.together import together

LIMIT = 2
Row = dict[str, Any]


class Way(NamedTuple):
    """How a source pages, and how a stream follows it."""

    serve: Callable[[Request, list[Row]], Response]
    pages: Callable[[Http, str], Iterator[Page]]
    lasts: bool = True
    """Whether the next run goes on from the cursor; otherwise it asks for everything anew."""


def rows_of(page: Page) -> list[Row]:
    rows: list[Row] = read_json(page.body)["rows"]
    return rows


def answer(rows: list[Row], **more: Any) -> Response:
    return Response(write_json({"rows": rows, **more}))


def slice_of(request: Request, rows: list[Row], name: str = "offset") -> tuple[int, list[Row]]:
    start = int(request.args.get(name) or 0)
    return start, rows[start : start + LIMIT]


def ids(request: Request, rows: list[Row]) -> Response:
    return answer([row for row in rows if row["id"] > int(request.args.get("after") or 0)][:LIMIT])


def token_in_body(request: Request, rows: list[Row]) -> Response:
    """The last page names no token: the member is absent."""
    start, found = slice_of(request, rows, "token")
    more = start + LIMIT < len(rows)
    return answer(found, **({"paging": {"next": start + LIMIT}} if more else {}))


def token_null(request: Request, rows: list[Row]) -> Response:
    start, found = slice_of(request, rows, "token")
    return answer(found, paging={"next": str(start + LIMIT) if start + LIMIT < len(rows) else None})


def token_in_header(request: Request, rows: list[Row]) -> Response:
    start, found = slice_of(request, rows, "token")
    said = answer(found)
    if start + LIMIT < len(rows):
        said.headers["X-Next"] = str(start + LIMIT)
    return said


def links(request: Request, rows: list[Row]) -> Response:
    start, found = slice_of(request, rows)
    said = answer(found)
    said.headers["Link"] = f'<?offset=0>; rel="first", <?offset={start + LIMIT}>; rel=next; title="a, b; rel=x"'
    if start + LIMIT >= len(rows):
        said.headers["Link"] = '<?offset=0>; rel="first"'
    return said


def offsets(request: Request, rows: list[Row]) -> Response:
    return answer(slice_of(request, rows)[1])


def offsets_of_total(request: Request, rows: list[Row]) -> Response:
    return answer(slice_of(request, rows)[1], total=len(rows))


def numbers(request: Request, rows: list[Row]) -> Response:
    start = LIMIT * int(request.args["page"]) - LIMIT
    return answer(rows[start : start + LIMIT])


def numbers_then_404(request: Request, rows: list[Row]) -> Response:
    said = numbers(request, rows)
    return said if read_json(said.data)["rows"] else Response(b"no such page", 404)


def numbers_of_total(request: Request, rows: list[Row]) -> Response:
    said = numbers(request, rows)
    return answer(read_json(said.data)["rows"], pages=-(-len(rows) // LIMIT))


def from_on(request: Request, rows: list[Row]) -> Response:
    return answer([row for row in rows if row["at"] >= request.args["since"]][:3])


def after(request: Request, rows: list[Row]) -> Response:
    return answer([row for row in rows if row["at"] > request.args["since"]][:3])


def token(read: Callable[[Page], str | None], *, whole: bool = False) -> Callable[[Http, str], Iterator[Page]]:
    return lambda http, cursor: by_cursor(http, "list", cursor, read, lambda at: {"token": at}, whole=whole)


def watermark(*, inclusive: bool) -> Callable[[Http, str], Iterator[Page]]:
    return lambda http, cursor: by_watermark(
        http, "list", cursor, all_of("rows", "at"), lambda at: {"since": at}, limit=3, inclusive=inclusive
    )


WAYS: dict[str, Way] = {
    "id": Way(ids, lambda http, at: by_cursor(http, "list", at, last_of("rows", "id"), lambda at: {"after": at})),
    "token absent": Way(token_in_body, token(in_body("paging", "next"))),
    "token null": Way(token_null, token(in_body("paging", "next"))),
    "token header": Way(token_in_header, token(in_header("x-next"))),
    "token for one run": Way(token_null, token(in_body("paging", "next"), whole=True), lasts=False),
    "link": Way(links, lambda http, at: by_link(http, "list", at)),
    "link for one run": Way(links, lambda http, at: by_link(http, "list", "", whole=True), lasts=False),
    "offset": Way(offsets, lambda http, at: by_offset(http, "list", at, count_of("rows"), lambda at: {"offset": at})),
    "offset of a total": Way(
        offsets_of_total,
        lambda http, at: by_offset(
            http,
            "list",
            at,
            count_of("rows"),
            lambda at: {"offset": at},
            total=lambda page: int(read_json(page.body)["total"]),
        ),
    ),
    "number": Way(
        numbers,
        lambda http, at: by_number(http, "list", None, lambda number: {"page": number}, rows=count_of("rows")),
        lasts=False,
    ),
    "number, then 404": Way(
        numbers_then_404,
        lambda http, at: by_number(http, "list", None, lambda number: {"page": number}, rows=count_of("rows")),
        lasts=False,
    ),
    "number of a total": Way(
        numbers_of_total,
        lambda http, at: by_number(
            http, "list", lambda page: int(read_json(page.body)["pages"]), lambda number: {"page": number}
        ),
        lasts=False,
    ),
    "watermark, inclusive": Way(from_on, watermark(inclusive=True)),
    "watermark, exclusive": Way(after, watermark(inclusive=False)),
}
LASTING = {name: way for name, way in WAYS.items() if way.lasts}
each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@pytest.fixture
def http(httpserver: HTTPServer, line: Line) -> Http:
    return line(httpserver.url_for("/"))


def rows_until(last: int, at: str = "") -> list[Row]:
    return [{"id": number, "at": at or f"2026-01-{number:02}"} for number in range(1, last + 1)]


def serve(server: HTTPServer, reply: Callable[[Request], Response]) -> None:
    server.expect_request("/list").respond_with_handler(reply)


def drawn(pages: Iterator[Page]) -> list[Page]:
    return list(islice(pages, 20))


def until_an_error(pages: Iterator[Page]) -> tuple[list[Page], BadData]:
    read: list[Page] = []
    try:
        for page in islice(pages, 20):
            read.append(page)
    except BadData as error:
        return read, error
    pytest.fail("nothing was raised")


def found(pages: list[Page]) -> set[int]:
    return {row["id"] for page in pages for row in rows_of(page)}


@each_way
@pytest.mark.parametrize("number", [1, 2, 5, 6])
def test_every_record_comes_also_those_of_the_last_page(
    http: Http, httpserver: HTTPServer, way: Way, number: int
) -> None:
    serve(httpserver, lambda request: way.serve(request, rows_until(number)))
    assert found(drawn(way.pages(http, ""))) == set(range(1, number + 1))


@each_way
def test_where_there_is_nothing_no_page_comes_that_says_something(http: Http, httpserver: HTTPServer, way: Way) -> None:
    serve(httpserver, lambda request: way.serve(request, []) if way.serve is not numbers_then_404 else answer([]))
    assert found(drawn(way.pages(http, ""))) == set()
    assert len(httpserver.log) <= 2


@pytest.mark.parametrize("way", LASTING.values(), ids=LASTING)
@pytest.mark.parametrize("before", [0, 2, 3, 5])
def test_from_any_cursor_on_nothing_is_left_out_of_what_came_meanwhile(
    http: Http, httpserver: HTTPServer, way: Way, before: int
) -> None:
    rows = rows_until(before)
    serve(httpserver, lambda request: way.serve(request, rows))
    read = drawn(way.pages(http, ""))
    rows += rows_until(6)[before:]
    for number in range(len(read) + 1):
        cursor = read[number - 1].cursor if number else ""
        assert found(read[:number]) | found(drawn(way.pages(http, cursor))) == {1, 2, 3, 4, 5, 6}


@each_way
def test_a_source_that_says_the_same_for_ever_is_left(http: Http, httpserver: HTTPServer, way: Way) -> None:
    said: list[Response] = []

    def reply(request: Request) -> Response:
        said.append(said[0] if said else way.serve(request, rows_until(5)))
        return Response(said[0].data, headers={name: said[0].headers.get(name, "") for name in ("Link", "X-Next")})

    serve(httpserver, reply)
    if way is WAYS["number of a total"]:
        assert len(drawn(way.pages(http, ""))) == 3  # it says how many there are, and has as many
        return
    with pytest.raises(BadData, match=r"repeats itself|compare less exactly"):
        drawn(way.pages(http, ""))
    assert len(httpserver.log) == 2


@each_way
@pytest.mark.parametrize("body", [b"<p>Back soon</p>", b"[0]", b'{"rows": {"a": 1}}', b""])
def test_a_page_that_is_none_is_handed_on_where_the_stream_stood(
    http: Http, httpserver: HTTPServer, way: Way, body: bytes
) -> None:
    """The second page."""

    def reply(request: Request) -> Response:
        return Response(body) if len(httpserver.log) == 1 else way.serve(request, rows_until(6))

    serve(httpserver, reply)
    pages = drawn(way.pages(http, ""))
    assert [page.body for page in pages][1:] == [body]
    assert pages[1].cursor == pages[0].cursor


@pytest.mark.parametrize("raised", [ZeroDivisionError, RecursionError, SystemExit, StopIteration, LookupError, BadData])
def test_whatever_is_raised_over_its_paging_a_page_is_handed_on_and_says_why_none_follows(
    http: Http, httpserver: HTTPServer, raised: type[BaseException]
) -> None:
    def step(page: Page, at: str) -> Next:
        if at:
            raise raised("odd")
        return Next("1")

    serve(httpserver, lambda request: answer(rows_until(1), at=request.args["at"]))
    first, second = drawn(follow_pages(http, lambda at: ("list", {"at": at}), "", step))
    assert (first.cursor, first.stopped) == ("1", "")
    assert second.cursor == "1"
    assert second.stopped.startswith("list: what follows this page cannot be told")
    assert second.stopped.endswith("odd")


@pytest.mark.parametrize("inclusive", [True, False])
def test_records_of_one_time_on_both_sides_of_a_page_are_all_read(
    http: Http, httpserver: HTTPServer, inclusive: bool
) -> None:
    way = WAYS["watermark, inclusive" if inclusive else "watermark, exclusive"]
    rows = [{"id": number, "at": at} for number, at in enumerate(["01", "02", "02", "03", "03", "03x", "04"])]
    serve(httpserver, lambda request: way.serve(request, rows))
    pages = drawn(way.pages(http, ""))
    assert found(pages) == set(range(7))
    rows.append({"id": 8, "at": "04"})  # written after we had looked, and of the same time
    assert found(drawn(way.pages(http, pages[-1].cursor))) >= {8}


@pytest.mark.parametrize("inclusive", [True, False])
@pytest.mark.parametrize("most", [3, 2])
def test_a_page_full_of_one_time_is_handed_on_and_said(
    http: Http, httpserver: HTTPServer, inclusive: bool, most: int
) -> None:
    """Also where the source puts fewer records on a page than it was asked for."""
    rows = [{"id": number, "at": at} for number, at in enumerate(["01", "02", "02", "03", "03", "03", "03", "04"])]
    way = WAYS["watermark, inclusive" if inclusive else "watermark, exclusive"]

    def reply(request: Request) -> Response:
        return answer(read_json(way.serve(request, rows).data)["rows"][:most])

    serve(httpserver, reply)
    read, error = until_an_error(way.pages(http, ""))
    full = "02" if most == 2 else "03"
    assert f"all {most} records of the page are of {full}, and no page holds more" in str(error)
    assert found(read) == ({0, 1, 2} if most == 2 else set(range(6)))
    assert read[-1].cursor == (full if inclusive else f"0{int(full) - 1}")


def test_a_time_that_is_missing_on_one_record_stops_nothing(http: Http, httpserver: HTTPServer) -> None:
    rows: list[Any] = [*rows_until(2), {"id": 9}, *rows_until(4)[2:], None, *rows_until(5)[4:]]
    way = WAYS["watermark, inclusive"]

    def reply(request: Request) -> Response:
        since = request.args["since"]
        return answer([row for row in rows if (row or {}).get("at", "2026-01-03") >= since][:3])

    serve(httpserver, reply)
    pages = drawn(way.pages(http, ""))
    assert pages[-1].cursor == "2026-01-05"
    assert {row["id"] for page in pages for row in rows_of(page) if row} == {1, 2, 3, 4, 5, 9}


def test_the_cursor_is_that_of_the_last_record_that_has_one(http: Http, httpserver: HTTPServer) -> None:
    """A record without an id is one bad member; it never keeps the stream where it is."""
    rows: list[Any] = [*rows_until(2), {"name": "odd"}, None]
    serve(httpserver, lambda request: answer([] if request.args["after"] else rows))
    (page,) = drawn(WAYS["id"].pages(http, ""))
    assert (page.cursor, page.stopped) == ("2", "")
    httpserver.clear()
    serve(httpserver, lambda request: answer([{"name": "odd"}]))
    (page,) = drawn(WAYS["id"].pages(http, "7"))
    assert (page.cursor, page.stopped) == (
        "7",
        "list: what follows this page cannot be told: none of the 1 rows has id",
    )


def test_an_offset_into_a_list_that_has_shrunk_is_said(http: Http, httpserver: HTTPServer) -> None:
    serve(httpserver, lambda request: offsets_of_total(request, rows_until(3)))
    with pytest.raises(BadData, match="there are 3 records, and 5 were read"):
        drawn(WAYS["offset of a total"].pages(http, "5"))


@together(
    ("header", "address"),
    [
        ('<http://HOST/list?page=2>; rel="next"', "/list?page=2"),
        ("</list?page=2>;rel=next", "/list?page=2"),
        ('<list?page=2>; rel="prev next"', "/list?page=2"),
        ("<?page=2>; REL=Next", "/a/list?page=2"),
        ('<?page=1>; rel="prev",<?page=2>; rel="next"', "/a/list?page=2"),
        ('<?page=1>; title="say \\"hi\\"; rel=next, <x>"; rel=prev, <?page=2>; rel=next', "/a/list?page=2"),
        ("<?q=a,b;c=2>; rel=next", "/a/list?q=a,b;c=2"),
        ('<?page=1>; rel="next"; anchor="/other", <?page=2>; rel=next', "/a/list?page=2"),
        ('<?page=2>; rel="next"; rel="prev"', "/a/list?page=2"),
        ("<http://elsewhere.example/list>; rel=next", "http://elsewhere.example/list"),
        ('<?page=1>; rel="first"', None),
        ("", None),
    ],
)
def test_the_next_page_is_the_one_that_a_link_header_names(header: str, address: str | None) -> None:
    header, host = header.replace("HOST", "authority.example"), "http://authority.example:80/a/list"
    if header.startswith("<list"):
        address = "/a/list?page=2"
    page = Page(b"{}", "", host, 200, datetime(2026, 1, 9, tzinfo=UTC), {"link": header})
    assert next_link(page) == address


@pytest.mark.parametrize("header", ["next", "?page=2; rel=next", "<?page=2; rel=next"])
def test_a_link_header_that_is_none_is_no_last_page(http: Http, httpserver: HTTPServer, header: str) -> None:
    serve(httpserver, lambda request: Response(b"[]", headers={"Link": header}))
    (page,) = drawn(WAYS["link"].pages(http, ""))
    assert page.stopped.startswith("list: what follows this page cannot be told: the Link header cannot be read")


def test_a_link_to_another_host_is_not_followed(http: Http, httpserver: HTTPServer) -> None:
    serve(httpserver, lambda request: Response(b"[1]", headers={"Link": "<http://127.0.0.1:9/list>; rel=next"}))
    read, error = until_an_error(WAYS["link"].pages(http, ""))
    assert "refused to go to http://127.0.0.1" in str(error)
    assert [page.body for page in read] == [b"[1]"]


@pytest.mark.parametrize("said", [{"next": ["a"]}, {"next": True}, {"next": {}}, [], "x"])
def test_what_is_no_token_is_not_taken_for_the_end(http: Http, httpserver: HTTPServer, said: Any) -> None:
    serve(httpserver, lambda request: answer(rows_until(1), paging=said))
    (page,) = drawn(WAYS["token null"].pages(http, ""))
    assert "was agreed" in page.stopped
