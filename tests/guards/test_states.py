"""What may be done in which state stands in one table: nobody else lists states."""

from __future__ import annotations

import ast

from sqlalchemy import inspect

from hub.model import Base
from tests.support.guards.sources import PACKAGES, modules, name, tree

TABLES = {"connectors/sdk/states.py", "hub/model/row_states.py"}
OF_PAPERS_AND_TRADES = {"State", "TradeState"}


def listed(node: ast.AST) -> int:
    """How many states a list names, or how many are compared with in one condition."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        named: list[ast.expr] = node.elts
    elif isinstance(node, ast.BoolOp):
        named = [side for one in node.values if isinstance(one, ast.Compare) for side in one.comparators]
    else:
        return 0
    states = [one.value for one in named if isinstance(one, ast.Attribute)]
    return sum(isinstance(one, ast.Name) and one.id in OF_PAPERS_AND_TRADES for one in states)


def test_states_are_listed_in_their_tables_alone() -> None:
    found = [
        f"{name(path)}:{node.lineno}"
        for path in modules(*PACKAGES)
        if name(path) not in TABLES
        for node in ast.walk(tree(path))
        if listed(node) > 1 and isinstance(node, ast.expr)
    ]
    assert found == []
    assert any(listed(node) > 1 for node in ast.walk(tree(next(p for p in modules("hub") if name(p) in TABLES))))


def test_a_row_has_the_names_that_its_class_declares() -> None:
    """`hub.dossiers.rows.rows_of` hands rows on as their class."""
    for table in Base.__subclasses__():
        assert {one.key for one in inspect(table).column_attrs} == {*table.__table__.c.keys()}
