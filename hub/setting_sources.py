"""Settings of connectors that serve several sources: each source has all of them, under a name of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import groupby

from hub.errors import SettingsWrong
from hub.setting_kinds import Setting

SERVES = "serves"
MEANING = "Places of departure (UN/LOCODE) whose papers go to this source; empty: all others; none: no papers at all"


def code_of(name: str) -> str:
    """The connector's code in the name of a source, or of a setting."""
    return name.partition(".")[0].partition("@")[0]


def of_sources(
    asked: Iterable[Setting], sources: Collection[str], left_out: Collection[str], others: Iterable[Setting]
) -> list[Setting]:
    """What connectors ask for, once for each of the sources that one serves, each of which has `serves` beside it.

    SettingsWrong where a source's connector is not there, and where two settings, or one of the `others`, would have
    one variable. Connectors that are `left_out` may be named: they ask for nothing now.
    """
    table: list[Setting] = []
    for code, group in groupby(sorted(asked, key=lambda one: code_of(one.name)), lambda one: code_of(one.name)):
        settings, served = [*group], [one for one in sources if code_of(one) == code]
        for source in served or [code]:
            table += [replace(one, name=source + one.name.removeprefix(code)) for one in settings]
        table += [
            replace(settings[0], name=f"{one}.{SERVES}", kind="places", default="", help=MEANING, secret=False)
            for one in served
        ]
    if problems := [*_unknown(sources, table, left_out), *_contested([*others, *table] if sources else [])]:
        raise SettingsWrong([("sources", problem) for problem in problems])
    return table


def _unknown(sources: Collection[str], table: Iterable[Setting], left_out: Collection[str]) -> Iterable[str]:
    codes = {code_of(one.name) for one in table if "." in one.name}
    for source in sources:
        if code_of(source) not in codes and code_of(source) not in left_out:
            yield f"there is no connector {code_of(source)} for {source}; there are {', '.join(sorted(codes))}"


def _contested(table: Iterable[Setting]) -> Iterable[str]:
    names: dict[str, str] = {}
    for setting in table:
        other = names.setdefault(setting.variable, setting.name)
        if other != setting.name:
            yield f"{setting.variable} would be {other} and {setting.name}; call the source otherwise"
