"""Consolidations (集拼) from the command line, over the API with the caller's key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from connectors.sdk.codecs import read_asked
from connectors.sdk.errors import BadData
from hub.cli.client import Client, client_options
from hub.cli.say import beijing, coloured, console, in_words, say, say_json, table
from hub.errors import HubError

SEEN = "number kind name state holder departure origin destination packages weight closesAt"
LIST = f"{{ consolidations(first: 100) {{ {SEEN} }} }}"
SHOW = f"""query($number: String!) {{ consolidation(number: $number) {{ {SEEN}
  lines {{ number packages weight state released why }}
  documents {{ kind name number state reference }} }} }}"""
OPEN = f"mutation($input: ConsolidationInput!) {{ openConsolidation(input: $input) {{ {SEEN} }} }}"
CHANGES = {
    "join": "mutation($number: String!, $trades: [String!]!) { joinConsolidation(number: $number, trades: $trades)",
    "leave": "mutation($number: String!, $trades: [String!]!, $reason: String!) "
    "{ leaveConsolidation(number: $number, trades: $trades, reason: $reason)",
    "close": "mutation($number: String!) { closeConsolidation(number: $number)",
    "reopen": "mutation($number: String!) { reopenConsolidation(number: $number)",
}
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@click.group()
def consolidation() -> None:
    """Which trades travel together. Wants a key that may carry them (YUHUB_KEY)."""


@consolidation.command("open")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@client_options
def open_one(client: Client, file: Path) -> None:
    """Open one that trades may join, as FILE says.

    FILE is the ConsolidationInput of GraphQL as JSON: kind, mode, from, to, departure and consignee; office, warehouse
    and closesAt where there are any.
    """
    try:
        typed = read_asked(file.read_text("utf-8"))
    except (BadData, UnicodeDecodeError) as error:
        raise HubError("FILE_UNREADABLE", file=str(file), cause=str(error)) from None
    say(client.ask(OPEN, {"input": typed})["openConsolidation"]["number"])


def _changed(client: Client, name: str, number: str, **given: Any) -> None:
    answer = client.ask(f"{CHANGES[name]} {{ number state }} }}", {"number": number, **given})
    (one,) = answer.values()
    say(f"{number}: {coloured(one['state']).plain if one else in_words('已办理', 'done')}")


@consolidation.command()
@click.argument("number")
@click.argument("trades", nargs=-1, required=True)
@client_options
def join(client: Client, number: str, trades: tuple[str, ...]) -> None:
    """TRADES join NUMBER: all of them, or none."""
    _changed(client, "join", number, trades=list(trades))


@consolidation.command()
@click.argument("number")
@click.argument("trades", nargs=-1, required=True)
@click.option("--reason", required=True, help="Stays with the lines, and in the audit log.")
@client_options
def leave(client: Client, number: str, trades: tuple[str, ...], reason: str) -> None:
    """TRADES leave NUMBER, which has not moved: all of them, or none."""
    _changed(client, "leave", number, trades=list(trades), reason=reason)


@consolidation.command()
@click.argument("number")
@client_options
def close(client: Client, number: str) -> None:
    """Nobody joins NUMBER any more; its papers are written."""
    _changed(client, "close", number)


@consolidation.command()
@click.argument("number")
@client_options
def reopen(client: Client, number: str) -> None:
    """Trades may join NUMBER again, which has not moved."""
    _changed(client, "reopen", number)


@consolidation.command("list")
@AS_JSON
@client_options
def list_all(client: Client, as_json: bool) -> None:
    """Those that you hold or have trades in, newest first."""
    found = client.ask(LIST)["consolidations"]
    if as_json:
        say_json(found)
        return
    if not found:
        say(in_words("没有集拼：yuhub consolidation open FILE", "No consolidation: yuhub consolidation open FILE"))
        return
    rows = [
        (one["number"], one["name"], coloured(one["state"]), one["departure"] or "", _load(one), _closes(one))
        for one in found
    ]
    console().print(table(("number", "kind", "state", "departure", "load", "ends"), rows))


@consolidation.command()
@click.argument("number")
@AS_JSON
@client_options
def show(client: Client, number: str, as_json: bool) -> None:
    """One with the trades in it that you see, and its papers."""
    one = client.ask(SHOW, {"number": number})["consolidation"]
    if as_json:
        say_json(one)
        return
    heads = ("number", "state", "load", "released", "why")
    yes, no = in_words("是", "yes"), in_words("否", "no")
    lines = [
        (line["number"], coloured(line["state"]), _load(line), yes if line["released"] else no, line["why"] or "")
        for line in one["lines"]
    ]
    papers = [
        (paper["number"], paper["name"], coloured(paper["state"]), paper["reference"] or "")
        for paper in one["documents"]
    ]
    console().print(f"{one['number']}  {one['name']}  {coloured(one['state']).plain}  {one['departure'] or ''}")
    console().print(table(heads, lines))
    console().print(table(("number", "paper", "state", "reference"), papers))


def _load(one: Any) -> str:
    """Packages and kilograms; empty where they are the holder's to see."""
    return "" if one["packages"] is None else f"{one['packages']} / {one['weight']} kg"


def _closes(one: Any) -> str:
    return str(beijing(one["closesAt"])) if one["closesAt"] else ""


COMMANDS = (consolidation,)
