"""`yuhub remittance`: what registrars correct of money that came in."""

from __future__ import annotations

import click

from connectors.sdk.inside.shown import shown
from hub.cli.client import Client, client_options
from hub.cli.say import in_words, say

CORRECT = """
mutation($remittance: Int!, $enterprise: String!, $reason: String!) {
  correctRemittanceOwner(remittance: $remittance, enterprise: $enterprise, reason: $reason) }"""


@click.group()
def remittance() -> None:
    """Money that came in. Wants a registrar's or an administrator's key (YUHUB_KEY)."""


@remittance.command("correct-owner")
@click.argument("number", type=int)
@click.argument("uscc")
@click.option("--reason", required=True, help="Why; it goes to the audit log.")
@client_options
def correct_owner(client: Client, number: int, uscc: str, reason: str) -> None:
    """The remittance NUMBER (`id` of `remittances`) is USCC's: it is for no trade of its former owner any more."""
    client.ask(CORRECT, {"remittance": number, "enterprise": uscc, "reason": reason})
    say(in_words(f"收汇 {number} 现归 {shown(uscc)}", f"The remittance {number} is {shown(uscc)}'s now"))


COMMANDS = (remittance,)
