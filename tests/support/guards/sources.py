"""The source files of the repository, as text and as syntax trees."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("hub", "connectors", "graphql", "sync", "mocks", "tools")
LEFT_BEHIND = {"__pycache__", "var", "dist", "build", ".git", ".venv", ".hypothesis"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def files() -> Iterator[Path]:
    """Every file of the repository, without what runs leave behind."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [one for one in folders if one not in LEFT_BEHIND and not one.endswith("_cache")]
        yield from (Path(folder, one) for one in names if one not in LEFT_BEHIND)


@cache
def modules(*packages: str) -> tuple[Path, ...]:
    return tuple(sorted(path for package in packages for path in (ROOT / package).rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def texts(path: Path) -> frozenset[str]:
    """Every string that stands in a module; of one that is put together, the part that is fixed, with `{}` between."""
    return frozenset(_texts(path))


def _texts(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
