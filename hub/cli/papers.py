"""Commands that fetch files: a paper as it goes over the wire, and what an authority said to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hub.cli.client import Client, client_options
from hub.cli.people import trade_by_number
from hub.cli.say import say, say_bytes

PAPERS = """
query Papers($number: String, $orderNumber: String) {
  trade(number: $number, orderNumber: $orderNumber) {
    documents { kind number download events { code words download } }
  }
}"""

SETTLE = """
mutation($number: String!, $again: Boolean!, $reason: String!) {
  settlePaper(number: $number, again: $again, reason: $reason) { number }
}"""


@click.command()
@click.argument("number")
@click.argument("kind")
@click.option("--version", type=click.IntRange(min=1), help="An earlier version; the newest where it is not given.")
@click.option("--heard", is_flag=True, help="What the authority said last instead, as it was heard.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; else it is printed.")
@client_options
def paper(client: Client, number: str, kind: str, version: int | None, heard: bool, output: Path | None) -> None:
    """Fetch the paper KIND of the trade NUMBER, such as customs.inventory, exactly as it was sent.

    Of several papers of a kind the last one is meant.
    """
    document = _document(client, number, kind)
    path = _heard(document) if heard else document["download"]
    if path is None:
        raise click.ClickException(f"{kind} is not written yet: `yuhub trace {number}` shows what it waits for")
    body = client.fetch(f"{path}/{version}" if version and not heard else path)
    if output is None:
        say_bytes(body)
        return
    try:
        output.write_bytes(body)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from None
    say(f"✓ {output}  {len(body)} bytes")


def _document(client: Client, number: str, kind: str) -> dict[str, Any]:
    trade = client.ask(PAPERS, trade_by_number(number))["trade"]
    found: list[dict[str, Any]] = [one for one in trade["documents"] if one["kind"] == kind]
    if not found:
        kinds = ", ".join(sorted({one["kind"] for one in trade["documents"]}))
        raise click.ClickException(f"this trade has no {kind}; it has {kinds}")
    return found[-1]


def _heard(document: dict[str, Any]) -> str:
    if not document["events"]:
        raise click.ClickException(f"nothing was heard of {document['number']} yet")
    return str(document["events"][-1]["download"])


@click.command()
@click.argument("number")
@click.option("--again/--leave", required=True, help="Declare it as it would be now, or leave what went out.")
@click.option("--reason", required=True, help="Why; it goes to the audit log.")
@client_options
def settle(client: Client, number: str, again: bool, reason: str) -> None:
    """Settle the paper NUMBER, which is out and is otherwise by what is known now: `yuhub trace` shows the papers."""
    client.ask(SETTLE, {"number": number, "again": again, "reason": reason})
    say(f"{number}: {'goes out again, as a change' if again else 'stays as it went out'}")


COMMANDS = (paper, settle)
