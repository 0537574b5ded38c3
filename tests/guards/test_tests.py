"""How tests are written: what several use lies in tests/support, none passes without asking, none goes by the clock."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.guards.sources import ROOT, modules, name, tree
from tests.support.thorough import PATTERNS

CLOCKS = {"monotonic", "perf_counter", "process_time", "time"}
"""Of the module `time`; what they say depends on how busy the machine is."""


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Everything in a function but what stands in functions inside it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from own_nodes(node)


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def reads_a_clock(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in CLOCKS
        and isinstance(one.func.value, ast.Name) and one.func.value.id == "time"
        for one in ast.walk(node)
    )  # fmt: skip


def is_long(node: ast.Module | ast.FunctionDef) -> bool:
    """Whether it is marked so as a whole, by a decorator or by `pytestmark`."""
    marks = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    for one in node.body if isinstance(node, ast.Module) else ():
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "pytestmark":
            marks = one.value.elts if isinstance(one.value, ast.List) else [one.value]
    return any(ast.unparse(mark) == "pytest.mark.long" for mark in marks)


def goes_by_the_clock(function: ast.FunctionDef) -> bool:
    """An assert compares a clock, or what was read from one."""
    read = {
        target.id
        for node in own_nodes(function)
        if isinstance(node, ast.Assign) and reads_a_clock(node.value)
        for names in node.targets
        for target in ast.walk(names)
        if isinstance(target, ast.Name)
    }
    return any(
        reads_a_clock(node.test) or any(isinstance(one, ast.Name) and one.id in read for one in ast.walk(node.test))
        for node in own_nodes(function)
        if isinstance(node, ast.Assert)
    )


def asks_nothing_before_it_returns(function: ast.FunctionDef) -> bool:
    nodes = [*own_nodes(function)]
    asked = [node.lineno for node in nodes if isinstance(node, ast.Assert)]
    returns = [node.lineno for node in nodes if isinstance(node, ast.Return)]
    return bool(returns) and min(returns) < min(asked, default=min(returns) + 1)


def test_what_several_tests_use_lies_in_support() -> None:
    others = {
        name(path)
        for path in modules("tests")
        if not path.name.startswith("test_")
        and path.name != "conftest.py"
        and ROOT / "tests/support" not in path.parents
    }
    assert others == set()


def test_no_test_file_takes_from_another() -> None:
    taken = {
        f"{name(path)}: {node.module}"
        for path in modules("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module
        if node.module.startswith("tests.") and not node.module.startswith("tests.support")
    }
    assert taken == set()


def test_no_test_ends_before_it_has_asked_anything() -> None:
    """One that does not apply is not collected, or is skipped by a mark that says why."""
    silent = {
        f"{name(path)}: {function.name}"
        for path in modules("tests")
        for function in functions(path)
        if function.name.startswith("test_") and asks_nothing_before_it_returns(function)
    }
    assert silent == set()


def test_no_assert_goes_by_the_clock() -> None:
    clocked = {
        f"{name(path)}: {function.name}"
        for path in modules("tests")
        if not is_long(tree(path))
        for function in functions(path)
        if not is_long(function) and goes_by_the_clock(function)
    }
    assert clocked == set()


def test_every_pattern_of_thorough_tests_names_a_test_that_is_there() -> None:
    gone = []
    for pattern in PATTERNS:
        file, _, test = pattern.partition("::")
        body = (ROOT / "tests" / file).read_text("utf-8") if (ROOT / "tests" / file).is_file() else ""
        if not re.search(rf"(?m)^(def )?{re.split('[*(]', test)[0] or 'def test'}", body):
            gone.append(pattern)
    assert gone == []
