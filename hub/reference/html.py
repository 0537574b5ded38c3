"""A page of Markdown as a page of HTML: no scripts, headings with anchors, the language of each part."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 0 auto;
  max-width: 70rem; padding: 1rem }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { border: 1px solid #8886; padding: .2rem .6rem; text-align: left; vertical-align: top }
pre { background: #8882; overflow-x: auto; padding: .8rem }
code { font-family: ui-monospace, Consolas, monospace; font-size: .9em }
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of a page."""
SUFFIX = ".html"
HOME = "index" + SUFFIX
CHINESE = re.compile(r"[一-鿿]")
BETWEEN = re.compile(r"[\u3000-\u303f一-鿿\uff00-\uffef]{2}")
REMARK = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(slots=True)
class PageSection:
    """What stands under one title, in one language."""

    language: str
    tokens: list[Token] = field(default_factory=list)


def language_of(text: str) -> str:
    return "zh" if CHINESE.search(text) else "en"


def titles(text: str) -> list[str]:
    """The titles of a page of Markdown: as a rule one in each language."""
    tokens = PARSER.parse(text)
    return [tokens[at + 1].content for at, one in enumerate(tokens) if one.type == "heading_open" and one.tag == "h1"]


def page(title: str, body: str, language: str, home: str = HOME) -> str:
    """A whole page; `home` is the way to the list of pages, empty where it is this one."""
    back = f'<nav><a href="{home}">文档 · Documentation</a></nav>\n' if home else ""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{back}{body}</body>\n</html>\n"
    )


def rendered(text: str, name: str, names: Collection[str]) -> str:
    """A page of Markdown. Links to other pages, which `names` has, lead there; links to source files are only text."""
    tokens = PARSER.parse(REMARK.sub("", text))
    _name_headings(tokens)
    for token in tokens:
        if token.children:
            token.children = list(_links(_closed_up(token.children), posixpath.dirname(name), names))
    parts = list(_parts(tokens))
    body = "".join(
        f'<section lang="{part.language}">\n{PARSER.renderer.render(part.tokens, PARSER.options, {})}</section>\n'
        for part in parts
    )
    return page(
        next(iter(titles(text)), name), body, parts[0].language, posixpath.relpath(HOME, posixpath.dirname(name) or ".")
    )


def _name_headings(tokens: list[Token]) -> None:
    """Anchors as they are made on the web."""
    taken: list[str] = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            slug = re.sub(r"[^\w\- ]", "", inline.content.strip().lower()).replace(" ", "-")
            opening.attrSet("id", f"{slug}-{again}" if (again := taken.count(slug)) else slug)
            taken.append(slug)


def _parts(tokens: list[Token]) -> Iterator[PageSection]:
    part = PageSection("zh")
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            if part.tokens:
                yield part
            part = PageSection(language_of(tokens[at + 1].content))
        part.tokens.append(token)
    yield part


def _closed_up(tokens: list[Token]) -> list[Token]:
    """Without the breaks of lines between two Chinese characters, which would be seen as a blank."""
    said = ["", *(token.content for token in tokens), ""]
    return [
        token
        for at, token in enumerate(tokens)
        if token.type != "softbreak" or not BETWEEN.fullmatch(said[at][-1:] + said[at + 2][:1])
    ]


def _links(tokens: list[Token], folder: str, names: Collection[str]) -> Iterator[Token]:
    leads = True
    for token in tokens:
        if token.type == "link_open":
            target = _target(str(token.attrs["href"]), folder, names)
            leads = bool(target)
            token.attrSet("href", target)
        if leads or token.type not in ("link_open", "link_close"):
            yield token
        leads = leads or token.type == "link_close"


def _target(href: str, folder: str, names: Collection[str]) -> str:
    """Where a link leads on the web; empty for a file that is no page."""
    if re.match(r"[a-z]+:|#", href):
        return href
    path, hash_, anchor = href.partition("#")
    meant, suffix = posixpath.splitext(posixpath.normpath(posixpath.join(folder, path)))
    if suffix != ".md" or meant not in names:
        return ""
    return path.removesuffix(suffix) + SUFFIX + hash_ + anchor
