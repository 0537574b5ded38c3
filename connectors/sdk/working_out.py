"""Values of a connector's own papers that are worked out: pure functions in its `derive.py`, each told what it reads.

    @reads(name="entry:platform", registered="registration:platforms")
    def platform_code(name: str, registered: Mapping[str, str]) -> str: ...

A paper's file names it as `computed:platform_code`. The hub reads the sources and hands the values in: so it knows what
the value hangs on, and the function sees nothing else of a trade. A value is a text as it was typed, a Decimal, a date,
a datetime, or what JSON holds. With a question mark behind a source the value may be missing: it is None then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any


class Lacks(Exception):
    """What is needed is not known; the text says what, as `hub.errors.LACKS` reads it: `platform code:Amazon`.

    `path` is the place of the entry that it hangs on, where no later event will bring it: that is said at entry.
    """

    def __init__(self, what: str, path: str = "") -> None:
        super().__init__(what)
        self.path = path


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A function with the source of each of its parameters."""

    function: Callable[..., Any]
    sources: Mapping[str, str]

    def __call__(self, **values: Any) -> Any:
        return self.function(**values)


def reads(**sources: str) -> Callable[[Callable[..., Any]], WorkedOut]:
    """Says where each parameter of a function comes from."""
    return lambda function: WorkedOut(function, sources)


def worked_out_in(module: ModuleType) -> dict[str, WorkedOut]:
    """The functions of a `derive.py`, by name."""
    return {name: one for name, one in vars(module).items() if isinstance(one, WorkedOut)}
