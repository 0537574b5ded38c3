"""Connectors as they come from `yuhub connector new`, each with a name of its own, sound or with something changed."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from connectors.sdk import Connector
from connectors.sdk.inside.registry import connector_in
from connectors.sdk.scaffold import write_package
from connectors.sdk.testing import Twin

NUMBERS = itertools.count(1)


class Change(NamedTuple):
    """In this file of the package, one text in place of another (None: of all); the file goes where there is none."""

    file: str
    old: str | None = ""
    new: str | None = None


class Made(NamedTuple):
    connector: type[Connector]
    twin: Twin
    home: Path


Make = Callable[..., Made]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Writes a package, changes it and loads it."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)

    def made(*changes: Change) -> Made:
        name = f"made_{next(NUMBERS)}"
        home = write_package(name, tmp_path, "示例", "Example")
        apply(home, name, changes)
        return Made(connector_in(home), twin_of(home, name), home)

    yield made
    for module in set(sys.modules) - before:
        if "made_" in module:
            del sys.modules[module]


def apply(home: Path, name: str, changes: Sequence[Change]) -> None:
    for change in changes:
        folder = home if change.file.startswith("tests/") else home / f"connector_{name}"
        file = folder / change.file.replace("NAME", name)
        if change.new is None:
            file.unlink()
            continue
        if change.old is None:
            file.write_text(change.new, "utf-8")
            continue
        text = file.read_text("utf-8")
        old = change.old.replace("NAME", name)
        assert old in text, f"{change.file} does not hold {old!r}"
        file.write_text(text.replace(old, change.new.replace("NAME", name)), "utf-8")


def twin_of(home: Path, name: str) -> Twin:
    spec = importlib.util.spec_from_file_location(f"twin_of_{name}", home / "tests" / "twin.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    twin = module.TWIN
    assert isinstance(twin, Twin)
    return twin
