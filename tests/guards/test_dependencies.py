"""What our code imports is declared, and what is declared is imported."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.support.guards.sources import ROOT, modules, name, tree

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OURS = {"hub", "sync", "hub_graphql", "connectors", "mocks"}
ELSEWHERE = {
    "_typeshed": "of type checkers, imported for them alone",
    "pytest": "the suite that connectors are tested with runs in the pytest of whoever writes one",
}
UNSEEN = {"tzdata": "zoneinfo reads it where the system has no time zones"}


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", one)[0].lower().replace("_", "-") for one in requirements}


def imported(*packages: str) -> dict[str, str]:
    """The distributions that modules of packages come from, each with a file that imports it."""
    found = {}
    for path in modules(*packages):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found[node.module.partition(".")[0]] = name(path)
            elif isinstance(node, ast.Import):
                found |= {one.name.partition(".")[0]: name(path) for one in node.names}
    of = packages_distributions()
    others = {one: path for one, path in found.items() if one not in OURS | sys.stdlib_module_names | ELSEWHERE.keys()}
    return {of.get(one, [one])[0].lower().replace("_", "-"): path for one, path in others.items()}


def test_what_the_hub_imports_is_declared_and_what_is_declared_is_imported() -> None:
    found, named = imported("hub", "sync", "graphql", "connectors"), declared(PROJECT["dependencies"])
    assert {one: path for one, path in found.items() if one not in named} == {}
    assert named - found.keys() == UNSEEN.keys()


def test_what_the_stand_ins_import_is_declared_as_well() -> None:
    named = declared(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["demo"])
    assert {one: path for one, path in imported("mocks").items() if one not in named} == {}
