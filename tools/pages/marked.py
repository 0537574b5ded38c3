"""Pages with tables between markers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tools.pages import flow, model, reference
from tools.pages.words import WordsMissing

PAGES = sorted((Path(__file__).resolve().parents[2] / "docs").glob("*.md"))
MARKED = re.compile(r"(<!-- table: (?P<name>\w+)(?: (?P<language>zh|en))? -->\n).*?(<!-- /table -->)", re.DOTALL)

SPOKEN: dict[str, Callable[[str], str]] = {
    "steps": flow.steps,
    "plan": flow.plan,
    "milestones": flow.milestones,
    "states": flow.states,
    "ranks": flow.ranks,
    "recall": flow.recall,
    "streams": flow.streams,
    "tables": model.tables,
    "sources": model.sources,
    "acts": reference.acts,
    "actions": reference.actions,
    "errors": reference.errors,
    "failures": reference.failures,
    "rates": reference.rates,
    "settings": reference.settings,
    "connector_settings": reference.connector_settings,
    "variables": reference.variables,
    "limits": reference.limits,
}
"""Tables that there are one of for each language."""

SHARED: dict[str, Callable[[], str]] = {
    "shared_columns": model.shared_columns,
    "columns": model.columns,
    "papers": model.papers,
    "computations": model.computations,
    "units": reference.units,
}
"""Tables that both languages share."""


def rewritten(page: Path) -> str:
    """A page with its tables as the code has them now."""
    return MARKED.sub(lambda found: f"{found[1]}\n{_made(found)}\n\n{found[4]}", page.read_text("utf-8"))


def _made(found: re.Match[str]) -> str:
    name, language = found["name"], found["language"]
    if language and name in SPOKEN:
        return SPOKEN[name](language)
    if not language and name in SHARED:
        return SHARED[name]()
    raise WordsMissing(f"no table is called {name} {language or ''}".rstrip())
