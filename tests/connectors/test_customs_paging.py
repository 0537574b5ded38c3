"""From where on our mailbox is read: the id of the last message that has one."""

from __future__ import annotations

from contextlib import closing

import pytest
from pytest_httpserver import HTTPServer

from connectors.sdk import Ask, BadData, Page
from tests.support.connectors.ceb_mailbox import ABOUT, GOOD, encoded, told
from tests.support.connectors.ceb_responses import envelopes
from tests.support.connectors.parts import connector


def served(httpserver: HTTPServer, answers: dict[str, str]) -> list[Page]:
    """The pages of a mailbox that answers so after each cursor, in this order."""
    for after, answer in answers.items():
        httpserver.expect_ordered_request(
            "/dxp/messages",
            query_string={"receiver": "DXPENT0000412026", "after": after, "limit": "200"},
            headers={"Authorization": "Bearer demo-customs-token"},
        ).respond_with_data(answer, content_type="application/xml")
    source = connector("customs", base_url=httpserver.url_for("/"))
    with closing(source.open()) as http:
        pages = list(source.streams["responses"].pages(http, Ask(next(iter(answers)))))
    httpserver.check_assertions()
    return pages


def numbered(*ids: str | None) -> str:
    """A page whose messages have these ids; None: no SvNo at all."""
    body = envelopes(*[encoded(GOOD)] * len(ids), first=900)
    for place, one in enumerate(ids, start=900):
        heading = f"<SvNo><MsgId>{place}</MsgId></SvNo>"
        body = body.replace(heading, "" if one is None else heading.replace(str(place), one))
    return body


LONE = numbered(None).removeprefix("<DxpMessages>").removesuffix("</DxpMessages>")


def test_the_mailbox_is_emptied_from_the_cursor_on(httpserver: HTTPServer) -> None:
    content = encoded(GOOD)
    pages = served(
        httpserver,
        {"4": envelopes(content, content, first=5), "6": envelopes(content, first=7), "7": "<DxpMessages/>"},
    )
    assert [one.cursor for one in pages] == ["6", "7"]


@pytest.mark.parametrize("ids", [("5", "6", None), ("5", "6", " "), ("5", "6", ""), (" 6 ",), ("6", "6"), (None, "6")])
def test_the_last_id_of_a_page_is_where_the_mailbox_is_read_on(
    httpserver: HTTPServer, ids: tuple[str | None, ...]
) -> None:
    (only,) = served(httpserver, {"4": numbered(*ids), "6": "<DxpMessages/>"})
    assert only.cursor == "6"
    assert len(told(only)[0]) == len(ids)


@pytest.mark.parametrize("body", [numbered(None), numbered("", None), LONE], ids=["one", "two", "no page around it"])
def test_a_page_without_an_id_is_handed_on_and_the_cursor_stays(httpserver: HTTPServer, body: str) -> None:
    (only,) = served(httpserver, {"4": body})
    assert only.cursor == "4"
    assert {one["about_value"] for one in told(only)[0]} == {ABOUT}


def test_an_id_that_comes_again_on_the_next_page_loses_no_message_and_is_said(httpserver: HTTPServer) -> None:
    for body in (numbered("5", "6"), numbered("6")):
        httpserver.expect_ordered_request("/dxp/messages").respond_with_data(body, content_type="application/xml")
    source = connector("customs", base_url=httpserver.url_for("/"))
    with closing(source.open()) as http:
        pages = source.streams["responses"].pages(http, Ask("4"))
        assert [len(told(one)[0]) for one in (next(pages), next(pages))] == [2, 1]
        with pytest.raises(BadData, match="repeats itself"):
            next(pages)


def test_an_empty_mailbox_has_no_page(httpserver: HTTPServer) -> None:
    assert served(httpserver, {"4": "<DxpMessages/>"}) == []
