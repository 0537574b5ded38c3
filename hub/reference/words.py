"""Words in both languages for what the code names, and the markdown that tables are made of."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("words.toml")


class WordsMissing(Exception):
    """The code has something that words.toml does not name."""


@cache
def glossary() -> dict[str, dict[str, Any]]:
    """The sections of words.toml."""
    return tomllib.loads(FILE.read_text("utf-8"))


def say(section: str, name: str, language: str, english: str = "") -> str:
    """What something is, in a language. `english` is what the code says of it, where the file has Chinese alone."""
    if name not in glossary()[section]:
        raise WordsMissing(f"hub/reference/words.toml: [{section}] has no words for {name}")
    said = glossary()[section][name]
    if isinstance(said, str):
        return said if language == "zh" else english
    return str(said[0 if language == "zh" else 1])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A markdown table; a bar inside a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def titles(language: str, zh: str, en: str) -> list[str]:
    """Titles of columns, `表、含义` or `table, meaning`, in a language."""
    return zh.split("、") if language == "zh" else en.split(", ")


def joined(language: str, said: Iterable[str]) -> str:
    return ("、" if language == "zh" else ", ").join(said) or "—"


def code(text: object) -> str:
    return f"`{text}`" if str(text) else ""


def codes(texts: Iterable[object]) -> str:
    return " ".join(map(code, texts))


def sentence(docstring: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((docstring or "").split("\n\n")[0].split())


def whole(docstring: str | None) -> str:
    """A docstring on one line."""
    return " ".join((docstring or "").split())
