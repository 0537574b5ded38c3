"""Counting before anything is parsed: tokens of a text, values of JSON, and how deep they stand inside each other."""

from __future__ import annotations

import re
from typing import Any

TOKEN = re.compile(
    r'#[^\n\r]*|"""(?:\\"""|[^"]|"(?!""))*"""|"(?:\\.|[^"\\\n\r])*"|\.\.\.|[A-Za-z_]\w*|-?\d[\w.+-]*|[^\s,\ufeff]'
)


def tokens_of(text: str) -> tuple[int, int]:
    """How many tokens a document has, comments too, and how deep its brackets stand inside each other."""
    count = open_ = deepest = 0
    for found in TOKEN.finditer(text):
        first = text[found.start()]
        count += 1
        if first in "{[(":
            open_ += 1
            deepest = max(deepest, open_)
        elif first in "}])":
            open_ -= 1
    return count, deepest


def values_of(given: Any) -> tuple[int, int]:
    """How many values JSON has, and how deep they stand inside each other."""
    count = deepest = 0
    waiting = [(given, 0)]
    while waiting:
        value, depth = waiting.pop()
        deepest = max(deepest, depth)
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        count += len(inner)
        waiting += [(one, depth + 1) for one in inner]
    return count, deepest
