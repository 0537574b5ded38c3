"""The hub serves its pages at `/docs`: made from the code, for browsers, with nothing that runs."""

from __future__ import annotations

import posixpath
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.errors import WORDS
from hub.model import Base
from hub.reference.html import rendered
from hub.reference.page_tables import Tables
from hub.reference.pages import Pages
from hub.reference.words import WordsMissing
from hub.settings import TABLE
from tests.support.docs.pages import MADE
from tests.support.world import World


class Read(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str, name: str) -> list[str]:
        return [attrs[name] or "" for one, attrs in self.tags if one == tag and name in attrs]


@pytest.fixture
def browser(small_world: World) -> FlaskClient:
    return small_world.hub.web().test_client()


def shown(answer: TestResponse) -> str:
    assert answer.content_type == "text/html; charset=utf-8"
    return answer.get_data(as_text=True)


def test_whoever_reads_comes_from_the_list_to_every_page_without_a_key(browser: FlaskClient) -> None:
    assert browser.get("/docs").location == "/docs/"
    listed = shown(browser.get("/docs/"))
    assert shown(browser.get("/docs/index.html")) == listed
    assert ">错误</a>" in listed
    assert ">Errors</a>" in listed
    pages = set(Read(listed).all("a", "href"))
    assert pages == {f"{name}.html" for name in MADE.files}
    for page in pages:
        answer = browser.get(f"/docs/{page}")
        assert answer.status_code == 200
        assert {"script", "img", "iframe", "link"}.isdisjoint(tag for tag, _ in Read(shown(answer)).tags)


def test_nothing_on_a_page_may_run_or_be_fetched(browser: FlaskClient) -> None:
    policy = browser.get("/docs/errors.html").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "script-src" not in policy


def test_each_language_is_marked_and_chinese_comes_first(browser: FlaskClient) -> None:
    page = Read(shown(browser.get("/docs/limits.html")))
    assert page.all("html", "lang") == ["zh"]
    assert page.all("section", "lang") == ["zh", "en"]
    assert Read(shown(browser.get("/docs/adr/0005-a-push-is-a-page.html"))).all("section", "lang") == ["en"]


def test_the_tables_are_what_the_code_says(browser: FlaskClient) -> None:
    errors, model, settings, files = (
        shown(browser.get(f"/docs/{name}.html")) for name in ("errors", "unified-model", "settings", "files")
    )
    assert [code for code in WORDS if errors.count(f"<td><code>{code}</code></td>") < 2] == []
    assert [name for name in Base.metadata.tables if f"<code>{name}</code></h4>" not in model] == []
    assert [one.variable for one in TABLE if settings.count(f"<code>{one.variable}</code>") < 2] == []
    assert settings.count("<code>YUHUB_CUSTOMS_BASE_URL</code>") == 2
    assert files.count("<code>goods[].hsCode</code>") >= 2


def test_every_link_of_a_page_leads_somewhere() -> None:
    made = MADE.whole()
    for name, page in made.items():
        for href in Read(page).all("a", "href"):
            if not re.match(r"https?:", href):
                path, _, anchor = href.partition("#")
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
                assert target in made, f"{name} → {href}"
                assert not anchor or f'id="{unquote(anchor)}"' in made[target], f"{name} → {href}"


@pytest.mark.parametrize("path", ["nothing.html", "errors", "errors.md", "adr/%2e%2e/%2e%2e/README.html"])
def test_a_page_that_there_is_not_says_so_with_the_way_out(browser: FlaskClient, path: str) -> None:
    answer = browser.get(f"/docs/{path}", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "There is nothing at /docs/" in shown(answer)
    assert 'href="/docs/index.html"' in shown(answer)
    said = shown(browser.get("/docs/nothing.html", headers={"Accept-Language": "zh"}))
    assert "没有 /docs/nothing.html" in said


def test_what_a_page_quotes_is_text() -> None:
    page = rendered("# A\n\n<script>x</script> `<b>` [y](javascript:x) [z](../hub/app.py)\n<!-- run -->\n", "a", {"a"})
    assert "<script>" not in page
    assert "<b>" not in page
    assert "javascript:" not in "".join(Read(page).all("a", "href"))
    assert "hub/app.py" not in page
    assert "run" not in page


def test_a_marker_that_no_table_is_called_by_is_an_error() -> None:
    with pytest.raises(WordsMissing, match="no table is called stepz zh"):
        Tables([]).filled("<!-- table: stepz zh -->")
    with pytest.raises(KeyError):
        Pages([]).text("stepz")


def test_a_line_that_is_broken_between_chinese_characters_shows_no_blank() -> None:
    shown = rendered("# 页\n\n主管部门来的\n每一行，\nof the 海关\n系统\n", "page.md", ())
    assert "主管部门来的每一行，\nof the 海关系统" in shown
