"""The pages that people read, taken apart: prose, code, commands, links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hub.app import settings_of_connectors
from hub.reference.pages import Pages
from hub.reference.tables import MARKER

ROOT = Path(__file__).resolve().parents[3]
PLACES = ("*.md", "docs/**/*.md", "demo/**/*.md", "*/README.md", "connectors/*/README.md", "examples/*/README.md")
PAGES = sorted({page for place in PLACES for page in ROOT.glob(place)})
MADE = Pages(settings_of_connectors()[0], ROOT / "docs")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def text(page: Path) -> str:
    """As it is read: with the tables that are made from the code."""
    read = page.read_text("utf-8")
    return MADE.text(page.relative_to(MADE.folder).with_suffix("").as_posix()) if MARKER.search(read) else read


def blocks(page: Path, language: str) -> list[str]:
    return [body for marked, body in FENCED.findall(text(page)) if marked == language]


def inline(page: Path) -> list[str]:
    """What stands between single backticks."""
    return INLINE.findall(prose(page))


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return FENCED.sub("", text(page))


def written_by_hand(page: Path) -> str:
    """The prose without the tables that are made from the code."""
    return FENCED.sub("", page.read_text("utf-8"))


def commands(page: Path, program: str) -> Iterator[list[str]]:
    """Every line that begins a program, as the words after its name."""
    typed = [line.partition(" #")[0] for body in blocks(page, "sh") for line in body.splitlines()]
    for line in (*typed, *inline(page)):
        for found in re.finditer(rf"(?:^|[\s/(]){program}(?= |$)([^&|;)]*)", line):
            yield shlex.split(found[1])


def links(page: Path) -> list[str]:
    """Links to places of this repository."""
    return [link for link in LINK.findall(prose(page)) if not re.match(r"[a-z]+:", link)]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made on the web."""
    found: list[str] = []
    for heading in HEADING.findall(prose(page)):
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        found.append(f"{slug}-{again}" if (again := found.count(slug)) else slug)
    return set(found)
