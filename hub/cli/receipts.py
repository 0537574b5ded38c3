"""`yuhub receipt`: what registrars correct of money that came in."""

from __future__ import annotations

import click

from connectors.sdk.shown import shown
from hub.cli.client import Client, client_options
from hub.cli.say import in_words, say

CORRECT = """
mutation($receipt: Int!, $enterprise: String!, $reason: String!) {
  correctReceiptOwner(receipt: $receipt, enterprise: $enterprise, reason: $reason) }"""


@click.group()
def receipt() -> None:
    """Money that came in. Wants a registrar's or an administrator's key (YUHUB_KEY)."""


@receipt.command("correct-owner")
@click.argument("number", type=int)
@click.argument("uscc")
@click.option("--reason", required=True, help="Why; it goes to the audit log.")
@client_options
def correct_owner(client: Client, number: int, uscc: str, reason: str) -> None:
    """The receipt NUMBER (`id` of `receipts`) is USCC's: it is for no trade of its former owner any more."""
    client.ask(CORRECT, {"receipt": number, "enterprise": uscc, "reason": reason})
    say(in_words(f"收汇 {number} 现归 {shown(uscc)}", f"The receipt {number} is {shown(uscc)}'s now"))


COMMANDS = (receipt,)
