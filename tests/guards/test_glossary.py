"""One word, one meaning: the glossary names what is there, no public name stands twice, former words stay away."""

from __future__ import annotations

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from connectors.sdk.records import RECORDS
from tests.support.guards.sources import ROOT, modules, name

GLOSSARY = ROOT / "docs" / "glossary.md"
PACKAGES = ("hub", "sync", "graphql", "connectors")
SURFACES = ("hub/cli/", "graphql/hub_graphql/")
"""What shows a subject may have a module of the subject's name."""
AUTHORITIES = tuple(f"connectors/{code}/" for code in ("airport", "customs", "forex", "rail", "tax"))
"""Plug-ins: each has the rooms that the SDK's template gives it, and nobody imports across."""
FORMER = {
    "receipt": re.compile(
        r"customs.receipt|CUSTOMS_RECEIPT|RECEIPTS?\b|CEB40[34]|Receipts|bop/receipts|DxpReceipt|of payment"
    ),
}
"""A former word → where it still stands, for it means something else there: 收款单 is a receipt of payment."""


class Named(NamedTuple):
    name: str
    kind: str
    file: str


def rows() -> Iterator[list[str]]:
    for line in GLOSSARY.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) >= 4 and "`" in line:
            yield cells


def test_the_glossary_names_what_is_there() -> None:
    named = [reference for cells in rows() for reference in re.findall(r"`([\w.:]+)`", cells[3])]
    assert len(named) > 50
    missing = [one for one in named if not _is_there(one)]
    assert missing == []


def _is_there(reference: str) -> bool:
    module, _, path = reference.partition(":")
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError:
        return False
    for part in filter(None, path.split(".")):
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def public_names() -> Iterator[Named]:
    for path in modules(*PACKAGES):
        if "migrations" in name(path):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                command = any(
                    "command" in ast.unparse(one) or "group" in ast.unparse(one) for one in node.decorator_list
                )
                yield Named(node.name, "command" if command else type(node).__name__, name(path))


def imported_bare() -> set[tuple[str, str]]:
    """(module, name) of all that is imported by its own name; the rest is always said together with its room."""
    found = set()
    for path in modules(*PACKAGES):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {(node.module, alias.name) for alias in node.names}
    return found


def twice(found: dict[str, set[str]]) -> dict[str, list[str]]:
    return {one: sorted(files) for one, files in sorted(found.items()) if len(files) > 1}


def test_a_public_class_has_a_name_of_its_own() -> None:
    nouns = {record.__name__ for record in RECORDS.values()}  # the model's row, and the record that fills it
    found = defaultdict(set)
    for one in public_names():
        if one.kind == "ClassDef" and one.name not in nouns:
            found[one.name].add(one.file)
    assert twice(found) == {}


def test_a_function_that_is_imported_by_its_name_alone_has_one_of_its_own() -> None:
    bare, found = imported_bare(), defaultdict(set)
    for one in public_names():
        module = one.file.removeprefix("graphql/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if one.kind == "FunctionDef" and any(
            one.name == said and (module == where or module.startswith(f"{where}.")) for where, said in bare
        ):
            found[one.name].add(one.file)
    assert twice(found) == {}


def test_a_module_has_a_name_of_its_own() -> None:
    found = defaultdict(set)
    for path in modules(*PACKAGES):
        if path.stem not in ("__init__", "__main__") and not name(path).startswith((*SURFACES, *AUTHORITIES)):
            found[path.stem].add(name(path))
    assert twice(found) == {}


@pytest.mark.parametrize("word", FORMER)
def test_a_former_word_does_not_come_back(word: str) -> None:
    places = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in modules(*PACKAGES)
        if "migrations" not in name(path)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(word, line, re.IGNORECASE) and not FORMER[word].search(line)
    ]
    assert places == []
