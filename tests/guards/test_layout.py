"""Rules of the whole repository that no other tool holds."""

from __future__ import annotations

import ast
import re

from tests.support.guards.sources import PACKAGES, ROOT, files, modules, name, tree

LONGEST = 300
MAY_BE_LONGER = {
    "hub/errors/texts.py": "one table of all errors: two would hide a code that stands twice",
}
WORKPLACES = re.compile(rb"/(?:home|Users|root|work)/[\w.]|pypi[.]org|python[h]osted|index-[u]rl|/opt/p[y]pi|npm[j]s")
"""Folders of somebody's machine, and hosts of package registries."""


def test_nothing_in_graphql_shadows_graphql_core() -> None:
    """With an `__init__.py` in it the folder would be the package `graphql`, and graphene could not start."""
    assert [name(path) for path in (ROOT / "graphql").glob("*.py")] == []


def test_no_source_file_is_longer_than_a_reader_can_hold() -> None:
    longer = {
        name(path)
        for path in modules(*PACKAGES)
        if "migrations/versions" not in name(path) and len(path.read_text("utf-8").splitlines()) > LONGEST
    }
    assert longer == MAY_BE_LONGER.keys()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path for path in modules(*PACKAGES, "tests", "examples", "benchmarks") if not ast.get_docstring(tree(path))
    ]
    assert [name(path) for path in silent if path.read_text("utf-8").strip()] == []


def test_everything_that_the_sdk_offers_is_described() -> None:
    """The rules of its contract suite are described where they are listed."""
    silent = [
        f"{name(path)}: {node.name}"
        for path in modules("connectors/sdk")
        if path.parent.name == "sdk"
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_file_names_somebodys_machine() -> None:
    found = {name(path): hits for path in files() if (hits := WORKPLACES.findall(path.read_bytes()))}
    assert found == {}
