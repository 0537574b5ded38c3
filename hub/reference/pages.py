"""The pages of docs/, made when somebody reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path

from hub.reference import html
from hub.reference.tables import Tables
from hub.settings import Setting

INSTALLED = Path(__file__).resolve().parents[1] / "_docs"
CHECKED_OUT = Path(__file__).resolve().parents[2] / "docs"


class Pages:
    """Pages by name, `access` or `adr/0005-a-push-is-a-page`. `asked`: what the installed connectors want set."""

    def __init__(self, asked: Sequence[Setting], folder: Path | None = None) -> None:
        self.folder = folder or (INSTALLED if INSTALLED.is_dir() else CHECKED_OUT)
        self._tables = Tables(asked)
        self._made: dict[str, str] = {}

    @cached_property
    def files(self) -> Mapping[str, Path]:
        """The pages that there are; what is not among them is read from nowhere."""
        found = sorted(self.folder.rglob("*.md"), key=lambda path: (len(path.parts), path))
        return {path.relative_to(self.folder).with_suffix("").as_posix(): path for path in found}

    def text(self, name: str) -> str:
        """A page in Markdown, with its tables. KeyError where there is none; WordsMissing where a table lacks words."""
        return self._tables.filled(self.files[name].read_text("utf-8"))

    def html(self, name: str) -> str:
        """A page for a browser. KeyError where there is none."""
        if name not in self._made:
            self._made[name] = html.rendered(self.text(name), name, self.files)
        return self._made[name]

    def index(self) -> str:
        """The list of pages, each with its titles."""
        rows = "".join(f"<li>{self._titles(name)}</li>\n" for name in self.files)
        body = f'<h1>文档 · <span lang="en">Documentation</span></h1>\n<ul>\n{rows}</ul>\n'
        return html.page("豫货出海 · 文档 · Documentation", body, "zh", home="")

    def whole(self) -> dict[str, str]:
        """Every page by the name of its file."""
        return {html.HOME: self.index()} | {name + html.SUFFIX: self.html(name) for name in self.files}

    def _titles(self, name: str) -> str:
        titles = html.titles(self.files[name].read_text("utf-8"))
        return " · ".join(
            f'<a href="{name}{html.SUFFIX}" lang="{html.language_of(one)}">{escape(one)}</a>' for one in titles
        )
