"""The hub knows authorities and kinds of paper by their packages alone: none is named where papers are worked on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.connectors.parts import CONNECTORS
from tests.support.guards.sources import modules, name, tree

DEMONSTRATION = ("hub/cli/stories.py", "hub/cli/demo.py", "hub/cli/demo_together.py", "hub/cli/standins.py")
"""They play trades of this province with the authorities that come along."""
HISTORY = "hub/model/migrations/versions/"
"""What was once kept under a name is found under that name."""
ALSO_A_MODE = {"rail"}
"""Codes that are words of the trade, too: goods go by rail."""
KIND = re.compile(rf"({'|'.join(CONNECTORS)})\.[a-z_]+")
PACKAGE = re.compile(rf"connectors\.({'|'.join(CONNECTORS)})(\.|$)")


def named(path: Path) -> Iterator[str]:
    """Authorities, kinds of paper and packages of connectors that a module names, with the line."""
    said = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            if node.value in CONNECTORS.keys() - ALSO_A_MODE or KIND.fullmatch(node.value):
                yield f"{name(path)}:{node.lineno} {node.value}"
        elif isinstance(node, ast.ImportFrom) and PACKAGE.match(node.module or ""):
            yield f"{name(path)}:{node.lineno} {node.module}"
        elif isinstance(node, ast.Import):
            yield from (f"{name(path)}:{node.lineno} {one.name}" for one in node.names if PACKAGE.match(one.name))


def test_no_authority_and_no_kind_of_paper_is_named_in_the_hub() -> None:
    files = [path for path in modules("hub", "sync", "graphql") if not name(path).startswith((HISTORY, *DEMONSTRATION))]
    assert [one for path in files for one in named(path)] == []


def test_what_is_named_is_found() -> None:
    found = {name(path) for path in modules("hub", "connectors") if [*named(path)]}
    assert {"hub/cli/demo.py", "connectors/customs/codes.py", "connectors/tax/connector.py"} <= found
