"""Commands of an enterprise: enter, trace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from hub.cli.client import Client, client_options
from hub.cli.say import beijing, console, table
from hub.errors import FileUnreadable

BATCH = 100
ENTER = """
mutation Enter($inputs: [TradeInput!]!, $enterprise: String) {
  enterTrades(inputs: $inputs, enterprise: $enterprise) {
    same trade { number orderNumber state } errors { path code message wayOut }
  }
}"""
TRACE = """
query Trace($number: String, $orderNumber: String) {
  trade(number: $number, orderNumber: $orderNumber) {
    number orderNumber state trace { at step kind reference rawMessage words }
  }
}"""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--enterprise", help="USCC of the enterprise, where the key acts for several.")
@client_options
def enter(client: Client, file: Path, enterprise: str | None) -> None:
    """Enter the trades of a JSON FILE: one trade, or a list of them.

    Every error of a trade is said at once, with its place, and nothing of it is stored; the other trades go in.
    Entering the same file again changes nothing.
    """
    trades = read_trades(file)
    refused = 0
    with click.progressbar(
        range(0, len(trades), BATCH), label=f"{len(trades)} trades", hidden=len(trades) <= BATCH
    ) as bar:
        for start in bar:
            answers = client.ask(ENTER, {"inputs": trades[start : start + BATCH], "enterprise": enterprise})
            for place, answer in enumerate(answers["enterTrades"], start=start):
                refused += bool(answer["errors"])
                _say_answer(place, trades[place], answer)
    if refused:
        raise click.ClickException(f"{refused} of {len(trades)} trades were refused; nothing of them was stored")


@click.command()
@click.argument("number")
@client_options
def trace(client: Client, number: str) -> None:
    """Show every step of the trade NUMBER: the hub's number, or your own order number."""
    trade = client.ask(TRACE, by_number(number))["trade"]
    rows = [
        (beijing(step["at"]), step["step"], step["kind"], step["reference"], step["rawMessage"], step["words"])
        for step in trade["trace"]
    ]
    columns = ("Beijing time", "step", "paper", "reference", "raw message", "")
    title = f"{trade['number']}  {trade['orderNumber']}  {trade['state']}"
    console().print(table(columns, rows, title))


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
    trade = _find(client, number)
    wanted = [dict(zip(("path", "value"), change.split("=", 1), strict=True)) for change in changes if "=" in change]
    if len(wanted) != len(changes):
        raise click.UsageError("a change is PATH=VALUE, such as goods[1].hsCode=6704200000")
    answer = client.ask(AMEND, {"number": trade["number"], "version": trade["version"], "changes": wanted})[
        "amendTrade"
    ]
    if answer["errors"]:
        _say_answer(0, {"orderNumber": number}, answer)
        raise click.ClickException("nothing was changed")
    amended = answer["trade"]
    click.echo(f"✓ {amended['number']} is version {amended['version']} now")
    for document in amended["documents"]:
        if document["version"] > 1:
            click.echo(f"    {document['name']}: version {document['version']}, {document['state']}")


@click.command()
@click.argument("number")
@click.option("--reason", required=True, help="Why; it goes to the authorities and to the audit log.")
@client_options
def cancel(client: Client, number: str, reason: str) -> None:
    """Take the trade NUMBER back, before it departs. What an authority has is withdrawn, the last paper first."""
    answer = client.ask(CANCEL, {"number": _find(client, number)["number"], "reason": reason})["cancelTrade"]
    words = "is cancelled" if answer["state"] == "cancelled" else "is being cancelled: `yuhub trace` shows how far"
    click.echo(f"{answer['number']} {words}")


def _find(client: Client, number: str) -> dict[str, Any]:
    found: dict[str, Any] = client.ask(VERSION, by_number(number))["trade"]
    return found


def by_number(number: str) -> dict[str, str]:
    """The hub's number, or the enterprise's own."""
    return {"number" if number.startswith("YH") and len(number) == 17 else "orderNumber": number}


def read_trades(file: Path) -> list[Any]:
    """The trades of a JSON file. FileUnreadable says what is wrong with it."""
    try:
        content = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise FileUnreadable(file=str(file), cause=error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise FileUnreadable(file=str(file), cause="not UTF-8") from None
    except json.JSONDecodeError as error:
        raise FileUnreadable(file=str(file), cause=f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    trades = content if isinstance(content, list) else [content]
    if not all(isinstance(trade, dict) for trade in trades):
        raise FileUnreadable(file=str(file), cause="a trade is a JSON object")
    return trades


def _say_answer(place: int, typed: dict[str, Any], answer: dict[str, Any]) -> None:
    order = typed.get("orderNumber") or f"trade {place + 1}"
    if answer["trade"]:
        entered = "entered before, the same" if answer["same"] else "entered"
        click.echo(f"✓ {order}  {answer['trade']['number']}  {entered}")
        return
    click.echo(f"✗ {order}  {len(answer['errors'])} errors, nothing stored", err=True)
    for error in answer["errors"]:
        click.echo(f"    {error['path'] or '(registration)'}: {error['message']}  [{error['code']}]", err=True)
        click.echo(f"      → {error['wayOut']}", err=True)


COMMANDS = (enter, trace, amend, cancel)
