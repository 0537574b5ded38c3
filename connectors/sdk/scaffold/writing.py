"""Writes the package from its templates."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
ENDING = ".tmpl"
PACKAGE = "package"
"""Folder of the template that is called as the package."""


def write_package(name: str, into: Path, zh: str = "", en: str = "") -> Path:
    """Writes `connector-<name>` into a folder; its path.

    ValueError where it is no name for a connector, FileExistsError where the folder is taken: nothing is written then.
    """
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ValueError(name)
    home = into / f"connector-{name.replace('_', '-')}"
    if home.exists():
        raise FileExistsError(home)
    words = {
        "name": name,
        "Class": "".join(part.capitalize() for part in name.split("_")),
        "package": f"connector_{name}",
        "distribution": home.name,
        "zh": _quoted(zh or f"{name} 示例机构"),
        "en": _quoted(en or f"{name.replace('_', ' ').capitalize()} (example)"),
        "VARIABLE": f"YUHUB_{name.upper()}",
        "yuhub": version("yuhub"),
    }
    for path, text in list(_rendered(files(__package__) / "template", words)):
        file = home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return home


def _rendered(template: Traversable, words: dict[str, str], place: str = "") -> Iterator[tuple[str, str]]:
    for entry in sorted(template.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            folder = words["package"] if entry.name == PACKAGE else entry.name
            yield from _rendered(entry, words, f"{place}{folder}/")
        elif entry.name.endswith(ENDING):
            name = Template(entry.name.removesuffix(ENDING)).substitute(words)
            yield place + name, Template(entry.read_text("utf-8")).substitute(words)


def _quoted(text: str) -> str:
    """A name as it can stand between quotes of TOML and in a line of Markdown."""
    return " ".join(text.split()).replace("\\", "").replace('"', "'")
