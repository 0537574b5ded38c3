"""Commands of an enterprise for trades that are entered: trace, amend, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from connectors.sdk.inside.shown import shown
from hub.cli.client import Client, client_options
from hub.cli.say import beijing, code_in_words, console, in_words, say, say_problems, table

TRACE = """
query Trace($number: String, $orderNumber: String) {
  trade(number: $number, orderNumber: $orderNumber) {
    number orderNumber state trace { at step kind reference rawMessage words }
    waitsFor { authorityName kind name since awaited attention { message wayOut path } }
  }
}"""


@click.command()
@click.argument("number")
@client_options
def trace(client: Client, number: str) -> None:
    """Show every step of the trade NUMBER (the hub's, or your own order number), and what it waits for."""
    trade = client.ask(TRACE, trade_by_number(number))["trade"]
    rows = [
        (
            beijing(step["at"]),
            code_in_words(step["step"]),
            step["kind"],
            step["reference"],
            step["rawMessage"],
            step["words"],
        )
        for step in trade["trace"]
    ]
    columns = ("Beijing time", "step", "paper", "reference", "raw message", "details")
    title = shown(f"{trade['number']}  {trade['orderNumber']}  {code_in_words(trade['state'])}")
    console().print(table(columns, rows, title))
    for wait in trade["waitsFor"]:
        say(_waiting(wait))


def _waiting(wait: Mapping[str, Any]) -> str:
    """A paper that is not done: since when, at whom, for what; or what is asked of a person, and the way out."""
    place = in_words("等待", "waits")
    said = f"{place}  {beijing(wait['since'])}  {wait['kind']}  {wait['authorityName']}: {wait['name']}"
    if wait["awaited"]:
        said += f" ({wait['awaited']})"
    if asked := wait["attention"]:
        path = f" ({asked['path']})" if asked["path"] else ""
        said += f" – {asked['message']} → {asked['wayOut']}{path}"
    return shown(said)


AMEND = """
mutation Amend($number: String!, $version: Int!, $changes: [ChangeInput!]!) {
  amendTrade(number: $number, version: $version, changes: $changes) {
    same trade { number orderNumber version state documents { name state version } }
    errors { path code message wayOut }
  }
}"""
VERSION = """
query($number: String, $orderNumber: String) {
  trade(number: $number, orderNumber: $orderNumber) { number version }
}"""
CANCEL = (
    "mutation($number: String!, $reason: String!) { cancelTrade(number: $number, reason: $reason) { number state } }"
)


@click.command()
@click.argument("number")
@click.argument("changes", nargs=-1, required=True, metavar="PATH=VALUE...")
@client_options
def amend(client: Client, number: str, changes: tuple[str, ...]) -> None:
    """Mend single places of the trade NUMBER, such as goods[1].hsCode=6704200000.

    Only the papers that the change reaches go out again, in a new version. A paper that is past recall says so, and
    what is still possible.
    """
    wanted = [dict(zip(("path", "value"), change.split("=", 1), strict=True)) for change in changes if "=" in change]
    if len(wanted) != len(changes):
        raise click.UsageError("a change is PATH=VALUE, such as goods[1].hsCode=6704200000")
    trade = _find(client, number)
    answer = client.ask(AMEND, {"number": trade["number"], "version": trade["version"], "changes": wanted})[
        "amendTrade"
    ]
    if answer["errors"]:
        say_problems(number, [(error["path"], error) for error in answer["errors"]])
        raise click.ClickException(in_words("未作任何更改", "nothing was changed"))
    amended = answer["trade"]
    number, version = amended["number"], amended["version"]
    say(in_words(f"✓ {number} 现为第 {version} 版", f"✓ {number} is version {version} now"))
    for document in amended["documents"]:
        if document["version"] > 1:
            version = in_words(f"第 {document['version']} 版", f"version {document['version']}")
            say(shown(f"    {document['name']}: {version}, {code_in_words(document['state'])}"))


@click.command()
@click.argument("number")
@click.option("--reason", required=True, help="Why; it goes to the authorities and to the audit log.")
@client_options
def cancel(client: Client, number: str, reason: str) -> None:
    """Take the trade NUMBER back, before it departs. What an authority has is withdrawn, the last paper first."""
    answer = client.ask(CANCEL, {"number": _find(client, number)["number"], "reason": reason})["cancelTrade"]
    if answer["state"] == "cancelled":
        words = in_words("已取消", "is cancelled")
    else:
        words = in_words("正在取消：yuhub trace 显示进度", "is being cancelled: `yuhub trace` shows how far")
    say(f"{answer['number']} {words}")


def _find(client: Client, number: str) -> dict[str, Any]:
    found: dict[str, Any] = client.ask(VERSION, trade_by_number(number))["trade"]
    return found


def trade_by_number(number: str) -> dict[str, str]:
    """The hub's number, or the enterprise's own."""
    return {"number" if number.startswith("YH") and len(number) == 17 else "orderNumber": number}


COMMANDS = (trace, amend, cancel)
