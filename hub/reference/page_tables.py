"""What may stand at a marker of a page: `<!-- table: steps zh -->`, or `<!-- table: units -->` for both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from hub.reference import flow_tables, law_tables, model, rules
from hub.reference.words import WordsMissing
from hub.setting_kinds import Setting

MARKER = re.compile(r"<!-- table: (?P<name>\w+)(?: (?P<language>zh|en))? -->")
SPOKEN: Mapping[str, Callable[[str], str]] = {
    "steps": flow_tables.steps,
    "plan": flow_tables.plan,
    "milestones": flow_tables.milestones,
    "states": flow_tables.states,
    "ranks": flow_tables.ranks,
    "recall": flow_tables.recall,
    "streams": flow_tables.streams,
    "tables": model.tables,
    "sources": model.sources,
    "rules": law_tables.rules,
    "anchors": law_tables.anchors,
    "acts": rules.acts,
    "actions": rules.actions,
    "errors": rules.errors,
    "failures": rules.failures,
    "rates": rules.rates,
    "settings": rules.settings,
    "variables": rules.variables,
    "limits": rules.limits,
    "file_columns": rules.file_columns,
}
"""Tables that there are one of for each language."""

SHARED: Mapping[str, Callable[[], str]] = {
    "shared_columns": model.shared_columns,
    "columns": model.columns,
    "papers": model.papers,
    "computations": model.computations,
    "units": rules.units,
}
"""Tables that both languages share."""


class Tables:
    """Makes the tables. `asked` are the settings that the installed connectors ask for."""

    def __init__(self, asked: Sequence[Setting]) -> None:
        self.spoken: Mapping[str, Callable[[str], str]] = {
            **SPOKEN,
            "connector_settings": partial(rules.settings, asked=asked),
        }

    def filled(self, text: str) -> str:
        """A page with a table at each marker. WordsMissing where no table is called so."""
        return MARKER.sub(self._made, text)

    def _made(self, found: re.Match[str]) -> str:
        name, language = found["name"], found["language"]
        if language and name in self.spoken:
            return self.spoken[name](language)
        if not language and name in SHARED:
            return SHARED[name]()
        raise WordsMissing(f"no table is called {name} {language or ''}".rstrip())
