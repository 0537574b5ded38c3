"""Commands about rules: what they say of a file of trades, and of a trade that is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from hub.cli.client import Answer, Client, client_options
from hub.cli.entering import batches
from hub.cli.say import beijing, cell, code_in_words, console, in_words, language, say, say_json, table
from hub.entry.files.header import TableHeader
from hub.entry.files.opening import open_trades
from hub.entry.files.problem_words import reasons
from hub.entry.files.typed import TypedTrade

REJUDGED = """
query($number: String!) { rejudged(number: $number) {
  rule occasion version judgedAt since sinceNow equal differs found } }"""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--enterprise", help="USCC of the enterprise, where the key acts for several.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each trade, for programs.")
@client_options
def check(client: Client, file: Path, enterprise: str | None, as_json: bool) -> None:
    """Say what all rules make of the trades of FILE, as if they were entered now. Nothing is stored.

    FILE is as for `yuhub enter`. Exit code 0 says that none of them would be refused.
    """
    blocked = count = 0
    with open_trades(file) as opened, client.entering(enterprise, check=True) as ask:
        for batch in batches(opened.trades):
            sent = [line for typed, line in batch if not typed.faults]
            answers = iter(ask(sent) if sent else ())
            for typed, _ in batch:
                verdicts = _verdicts(typed, {} if typed.faults else next(answers), opened.header)
                count += 1
                blocked += any(one["severity"] == "block" for one in verdicts)
                _show(typed.order or str(typed.place), verdicts, as_json=as_json)
    if blocked:
        said = in_words(f"{count} 票中有 {blocked} 票将被退回", f"{blocked} of {count} would be refused")
        raise click.ClickException(said)


def _verdicts(typed: TypedTrade, answer: Answer, header: TableHeader | None) -> list[dict[str, Any]]:
    """What the hub said; of what the file itself spoils, its reasons."""
    spoilt = [reason.problem for reason in reasons(typed, answer.get("errors") or [], header, language())]
    return [*answer.get("verdicts", ()), *({"severity": "block", "rule": "", **one} for one in spoilt)]


def _show(order: str, verdicts: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    if as_json:
        say_json({"order": order, "verdicts": verdicts}, indent=None)
    elif verdicts:
        say(f"✗ {order}" if any(one["severity"] == "block" for one in verdicts) else f"! {order}")
        for one in verdicts:
            say(_said(one))
    else:
        say(in_words(f"✓ {order}  各项规则均通过", f"✓ {order}  every rule holds"))


def _said(one: Mapping[str, Any]) -> str:
    """A verdict: where, what stands there, what is wrong and what to do; below it the rule with its law."""
    place = f"{one['path']} = {one['value']}" if one.get("value") else one["path"]
    lines = [f"  {code_in_words(one['severity'])}  {place}".rstrip(), f"    {one['message']}", f"    → {one['wayOut']}"]
    law = [text for text in (one["rule"], one.get("source"), _edition(one)) if text]
    return "\n".join([*lines, *([f"    {' · '.join(law)}"] if one["rule"] else [])])


def _edition(one: Mapping[str, Any]) -> str:
    since, until = one.get("since") or "", one.get("until") or ""
    edition = f"{since} – {until}" if since or until else in_words("一直", "always")
    return edition + (in_words("（预计）", " (forecast)") if one.get("forecast") else "")


@click.group()
def rules() -> None:
    """What the rules said of trades that are stored."""


@rules.command()
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@client_options
def replay(client: Client, number: str, as_json: bool) -> None:
    """Judge the stored trade NUMBER anew: by what was known then, under the law of the days of its events.

    Says equal or different for every rule that was judged. Exit code 0 says that all are equal.
    """
    found = client.ask(REJUDGED, {"number": number})["rejudged"]
    if as_json:
        say_json(found)
    else:
        columns = ("Beijing time", "occasion", "version", "rule", "edition", "verdict", "found")
        console().print(table(columns, _replayed(found)))
    if different := sum(not one["equal"] for one in found):
        said = in_words(f"{len(found)} 项中有 {different} 项不同", f"{different} of {len(found)} are different")
        raise click.ClickException(said)


def _replayed(found: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Any]]:
    for one in found:
        edition = one["since"] or in_words("一直", "always")
        if one["since"] != one["sinceNow"]:
            edition += f" → {one['sinceNow'] or '—'}"
        same = in_words("相同", "equal") if one["equal"] else in_words("不同", "different")
        verdict = cell(f"{same} {', '.join(one['differs'])}".rstrip(), "" if one["equal"] else "red")
        occasion = code_in_words(one["occasion"])
        moment = beijing(one["judgedAt"])
        yield moment, occasion, str(one["version"]), one["rule"], edition, verdict, "; ".join(one["found"])


COMMANDS = (check, rules)
