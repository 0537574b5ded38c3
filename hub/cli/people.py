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
    key = "number" if number.startswith("YH") and len(number) == 17 else "orderNumber"
    trade = client.ask(TRACE, {key: number})["trade"]
    rows = [
        (beijing(step["at"]), step["step"], step["kind"], step["reference"], step["rawMessage"], step["words"])
        for step in trade["trace"]
    ]
    columns = ("Beijing time", "step", "paper", "reference", "raw message", "")
    title = f"{trade['number']}  {trade['orderNumber']}  {trade['state']}"
    console().print(table(columns, rows, title))


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


COMMANDS = (enter, trace)
