"""Codes and their parameters put into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hub.errors.terms import AWAITED, CAUSES, LACKS, LEFT, ORIGINS, TERMS
from hub.errors.texts import WORDS


def lack(text: str, language: str) -> str:
    """`tariff:6704200000` in words, with what stands between slashes by itself; a path of the entry stands as it is."""
    name, _, value = text.partition(":")
    told = LACKS.get(text) or LACKS.get(name)
    if told is None:
        return text
    return told[0 if language == "zh" else 1].format(*value.split("/"), value=value)


def term(name: str, language: str) -> str:
    return TERMS[name][0 if language == "zh" else 1]


def came_from(kind: str, language: str) -> str:
    """A kind of source in words; one that only a connector knows stands as it is."""
    return ORIGINS[kind][0 if language == "zh" else 1] if kind in ORIGINS else kind


def in_log(language: str) -> str:
    """Instead of what callers over the network are not told."""
    return "（见枢纽日志）" if language == "zh" else "(see the hub's log)"


def awaited(milestone: str, language: str) -> str:
    """What has to happen; a milestone that only a connector knows stands as it is."""
    return AWAITED[milestone][0 if language == "zh" else 1] if milestone in AWAITED else milestone


def left_because(why: str, language: str, milestone_name: Callable[[str, str], str]) -> str:
    """Why a trade left a consolidation: by itself in our words (`held`, `awaits:released`), else as a person said."""
    name, _, milestone = why.partition(":")
    if name not in LEFT:
        return why
    return LEFT[name][0 if language == "zh" else 1].format(awaited=milestone_name(milestone, language))


def words(code: str, language: str, parameters: Mapping[str, Any]) -> str:
    wording = WORDS[code]
    return (wording.zh if language == "zh" else wording.en).format(**_spoken(parameters, language))


def way_out(code: str, language: str, parameters: Mapping[str, Any]) -> str:
    """What to do; an authority's own `remedy` goes before what we say in general."""
    wording, said = WORDS[code], _spoken(parameters, language)
    return said.get("remedy") or (wording.way_zh if language == "zh" else wording.way_en).format(**said)


def _spoken(parameters: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Parameters that are themselves words of ours, in the language; `…_en` stands in for a text that has two."""
    said, place = dict(parameters), 0 if language == "zh" else 1
    if parameters.get("cause") in CAUSES:
        said["cause"] = CAUSES[parameters["cause"]][place].format(**parameters)
    elif isinstance(parameters.get("cause"), str):
        said["cause"] = lack(parameters["cause"], language)
    if (what := parameters.get("what", parameters.get("measure"))) in TERMS:
        said["what"] = TERMS[what][place]
    for name, value in parameters.items():
        if isinstance(value, list):
            said[name] = ("、" if language == "zh" else "; ").join(lack(str(one), language) for one in value)
    if language != "zh":
        said |= {name.removesuffix("_en"): value for name, value in parameters.items() if name.endswith("_en")}
    return said
