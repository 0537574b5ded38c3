"""The door to the pages: `/docs`, for whoever reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from html import escape

from flask import Blueprint, Response, redirect, request

from hub.access.signing_in import language_of
from hub.errors import HubError, describe
from hub.reference.html import HOME, POLICY, SUFFIX, page
from hub.reference.pages import Pages
from hub.settings import Setting


class DocsDoor:
    """Serves `GET /docs/` and `GET /docs/<page>.html`. `asked` says what the installed connectors want set."""

    def __init__(self, asked: Callable[[], Sequence[Setting]], language: str) -> None:
        self.asked = asked
        self.language = language

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.asked())

    def blueprint(self) -> Blueprint:
        routes = Blueprint("docs", __name__)
        routes.add_url_rule("/docs", "home", lambda: redirect("/docs/"))
        routes.add_url_rule("/docs/", "index", lambda: _answer(self.pages.index()))
        routes.add_url_rule(f"/docs/{HOME}", "named", lambda: _answer(self.pages.index()))
        routes.add_url_rule("/docs/<path:name>", "page", self.serve)
        return routes

    def serve(self, name: str) -> Response:
        meant = name.removesuffix(SUFFIX)
        if meant == name or meant not in self.pages.files:
            return self._nothing_there()
        return _answer(self.pages.html(meant))

    def _nothing_there(self) -> Response:
        """The way out for whoever reads: in words, with the list of pages."""
        language = language_of(request, self.language)
        said = describe(HubError("PATH_UNKNOWN", path=request.path[:200]), language)
        body = f"<h1>404</h1>\n<p>{escape(said['message'])}</p>\n<p>{escape(said['extensions']['wayOut'])}</p>\n"
        return _answer(page("404", body, language, home=f"/docs/{HOME}"), 404)


def _answer(text: str, status: int = 200) -> Response:
    return Response(text, status, {"Content-Security-Policy": POLICY}, content_type="text/html; charset=utf-8")
