"""Why a paper has the value that it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from connectors.sdk.inside.shown import shown
from hub.cli.client import Client, client_options
from hub.cli.say import beijing, code_in_words, in_words, say, say_json

WHY = """
query Why($number: String!, $kind: String, $field: String!, $version: Int) {
  why(number: $number, kind: $kind, field: $field, version: $version) {
    number kind name authorityName field standing value version sentAt newestVersion state
    source origin asOf computation meaning how rules
    reads { source origin value asOf typedBy typedAt entryVersion validFrom
            authority authorityName heardAt code rawMessage download }
    lacks { what whom kinds authorities path }
  }
}"""
STANDING: Mapping[str, tuple[str, str]] = {
    "sent": ("第 {version} 版，{sent} 发出", "version {version}, sent {sent}"),
    "written": ("第 {version} 版，尚未发出", "version {version}, which has not gone out"),
    "planned": ("单证尚未生成；此刻将填此值", "the paper is not written yet; it would be this now"),
    "missing": ("尚无此值", "there is no value yet"),
    "left_out": ("留空：无此值，单证也不要求", "left out: there is none, and the paper needs none"),
}
"""Standing of a value → Chinese, English."""


@click.command()
@click.argument("number")
@click.argument("words", nargs=-1, required=True, metavar="[KIND] FIELD")
@click.option("--version", type=click.IntRange(min=1), help="A version; else the newest that went out.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@client_options
def why(client: Client, number: str, words: tuple[str, ...], version: int | None, as_json: bool) -> None:
    """Say why FIELD of the paper KIND of NUMBER has its value: from where, by whom, as of when, under which rule.

    NUMBER is a trade's, and KIND such as customs.inventory; of several papers of a kind the last one is meant. Where
    NUMBER is a paper's own, KIND is left out. FIELD is such as net_weight or goods[2].legal_quantity, counted from 0.
    """
    if len(words) > 2:
        raise click.UsageError("what is asked is NUMBER [KIND] FIELD, such as YH… customs.inventory goods[0].hs_code")
    asked = {"number": number, "kind": words[0] if len(words) == 2 else None, "field": words[-1], "version": version}
    found = client.ask(WHY, asked)["why"]
    if as_json:
        say_json(found)
        return
    for line in (*_head(found), *_source(found), *map(_read, found["reads"]), *map(_lack, found["lacks"])):
        say(shown(line, most=2_000))


def _head(found: Mapping[str, Any]) -> Iterator[str]:
    value = "—" if found["value"] is None else found["value"]
    yield f"{found['field']} = {value}"
    standing = in_words(*STANDING[found["standing"]]).format(version=found["version"], sent=beijing(found["sentAt"]))
    yield f"  {found['name']} ({found['kind']}) {found['number']} → {found['authorityName']}: {standing}"
    if found["version"] and found["newestVersion"] > found["version"]:
        number, state = found["newestVersion"], code_in_words(found["state"])
        yield "  " + in_words(f"现为第 {number} 版：{state}", f"it is at version {number} now: {state}")


def _source(found: Mapping[str, Any]) -> Iterator[str]:
    as_of = in_words("，截至 ", ", as of ") + beijing(found["asOf"]) if found["asOf"] else ""
    yield f"  ← {found['origin']}  {found['source']}{as_of}"
    if found["meaning"]:
        yield f"    {found['meaning']}"
    if found["rules"]:
        yield "    " + in_words("依据：", "under: ") + "; ".join(found["rules"])


def _read(one: Mapping[str, Any]) -> str:
    path = one["source"].removeprefix("entry:")
    line = f"    {path} = {'—' if one['value'] is None else one['value']}  {one['origin']}"
    if one["typedBy"]:
        by, at, version = one["typedBy"], beijing(one["typedAt"]), one["entryVersion"]
        line += in_words(f"：{by} 于 {at}（第 {version} 版）", f" by {by} at {at}, version {version}")
    if one["authorityName"]:
        line += in_words("：", " of ") + one["authorityName"]
    if one["code"]:
        line += f" [{one['code']}]"
    if one["validFrom"]:
        line += in_words(f"，{one['validFrom']} 起生效的版本", f", the edition valid from {one['validFrom']}")
    if one["heardAt"]:
        line += in_words(f"，收于 {beijing(one['heardAt'])}", f", heard {beijing(one['heardAt'])}")
    if one["rawMessage"]:
        line += in_words("，原文 ", ", raw message ") + one["rawMessage"]
    return line + (f"  {one['download']}" if one["download"] else "")


def _lack(one: Mapping[str, Any]) -> str:
    whom = ", ".join(one["authorities"]) or in_words("主管部门", "an authority")
    if one["path"]:
        whom = in_words(f"由录入人补充 {one['path']}", f"who typed the entry says it at {one['path']}")
    kinds = f" ({', '.join(one['kinds'])})" if one["kinds"] else ""
    return in_words("  等待：", "  waits for: ") + f"{one['what']} → {whom}{kinds}"


COMMANDS = (why,)
