"""What owners order for their enterprise with their key: brokers, consents, webhooks. The API checks and audits it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from connectors.sdk.inside.shown import shown
from connectors.sdk.instants import BEIJING
from hub.access.acts import LENT, USUAL
from hub.cli.client import Client, client_options
from hub.cli.mandates import DAY
from hub.cli.say import beijing, coloured, console, in_words, say, table
from hub.notices.queue import EVENTS

OF = click.option("--enterprise", help="USCC, where the key acts for several enterprises.")
ACT, USED = click.Choice([str(act) for act in LENT]), [str(act) for act in USUAL]
ENDS = click.option("--ends", type=DAY, help="Beijing time at which it ends by itself.")
TYPES = {
    "account": "String!", "acts": "[MandateAct!]", "purpose": "String!", "endsAt": "DateTime", "url": "String!",
    "events": "[String!]!", "enterprise": "String!", "id": "ID!",
}  # fmt: skip
"""Types of what mutations are given."""


def order(client: Client, mutation: str, inside: str = "", **given: Any) -> Any:
    """What the API answers to a mutation."""
    if ends := given.pop("ends", None):
        given["endsAt"] = ends.replace(tzinfo=BEIJING).isoformat()
    given = {name: value for name, value in given.items() if value is not None}
    heads = ", ".join(f"${name}: {'Int!' if isinstance(value, int) else TYPES[name]}" for name, value in given.items())
    call = ", ".join(f"{name}: ${name}" for name in given)
    return client.ask(f"mutation({heads}) {{ {mutation}({call}) {inside} }}", given)[mutation]


def listing(
    group: click.Group, name: str, field: str, about: str, none: tuple[str, str], cells: Mapping[str, str]
) -> None:
    """A command that lists a field of the API: heading → what stands below it, the first of these that there is.

    `none` is said where there is nothing, in Chinese and in English.
    """

    def command(client: Client) -> None:
        found = client.ask(f"{{ {field} {{ {' '.join(cells.values())} }} }}")[field]
        if not found:
            say(in_words(*none))
            return
        console().print(table(list(cells), [tuple(told(one, names) for names in cells.values()) for one in found]))

    command.__doc__ = about
    group.add_command(click.command(name)(client_options(command)))


def told(one: Mapping[str, Any], names: str) -> Any:
    value = next((one[name] for name in names.split() if one[name]), "")
    if names.endswith("At"):
        return beijing(value)
    if names == "state":
        return coloured(value)
    if value is True:
        return in_words("是", "yes")
    return ", ".join(value) if isinstance(value, list) else str(value)


@click.group()
def broker() -> None:
    """Who acts for your enterprise. Wants its owner's key (YUHUB_KEY)."""


@broker.command()
@click.argument("account")
@click.option("--act", "acts", type=ACT, multiple=True, default=USED, show_default=True, help="May be repeated.")
@ENDS
@OF
@client_options
def appoint(client: Client, **given: Any) -> None:
    """Offer ACCOUNT a mandate, which it accepts; what it holds already is changed at once."""
    order(client, "appointBroker", **given)
    way = "yuhub broker accept USCC"
    say(in_words(f"已邀请：对方接受后生效（{way}）", f"Asked: it holds once it is accepted (`{way}`)"))


@broker.command()
@click.argument("account")
@OF
@client_options
def dismiss(client: Client, account: str, enterprise: str | None) -> None:
    """End at once what ACCOUNT may do, or an offer; its webhooks go with it."""
    order(client, "dismissBroker", account=account, enterprise=enterprise)
    say(f"{shown(account)}: {in_words('已结束', 'ended')}")


def answering(name: str, mutation: str, about: str, done: tuple[str, str]) -> None:
    """A command with which a broker answers an enterprise."""

    def command(client: Client, uscc: str) -> None:
        order(client, mutation, enterprise=uscc)
        say(f"{shown(uscc)}: {in_words(*done)}")

    command.__doc__ = about
    broker.add_command(click.command(name)(click.argument("uscc")(client_options(command))))


answering("accept", "acceptMandate", "Take up what USCC offers you. Wants the broker's key.", ("已接受", "accepted"))
answering("leave", "leaveMandate", "Give up what you do for USCC, or turn it down.", ("已退出", "left"))
listing(
    broker, "list", "mandates", "Who acts for your enterprises, for whom you act; newest first, over ones included.",
    ("没有代理：yuhub broker appoint ACCOUNT", "Nobody acts for anybody: yuhub broker appoint ACCOUNT"),
    {
        "enterprise": "enterprise", "account": "account", "acts": "acts", "owner": "isOwner", "state": "state",
        "granted": "grantedAt", "accepted": "acceptedAt", "ends": "endedAt endsAt",
    },
)  # fmt: skip


@click.group()
def consent() -> None:
    """Which belt platforms see your trades. Wants the owner's key (YUHUB_KEY)."""


@consent.command()
@click.argument("account")
@click.option("--purpose", required=True, help="For what; the access log repeats it.")
@ENDS
@OF
@client_options
def grant(client: Client, **given: Any) -> None:
    """Let ACCOUNT, a belt platform, see your trades."""
    number = order(client, "grantConsent", **given)
    say(in_words(f"授权编号 {number}", f"Consent {number}"))


@consent.command()
@click.argument("number", type=int)
@client_options
def withdraw(client: Client, number: int) -> None:
    """End the consent NUMBER (`yuhub consent list`) at once."""
    order(client, "withdrawConsent", id=number)
    say(in_words(f"授权 {number} 已撤回", f"Consent {number} is withdrawn"))


listing(
    consent, "list", "consents", "Consents that you gave, or got; withdrawn ones too.",
    ("没有授权：yuhub consent grant ACCOUNT --purpose …", "No consent: yuhub consent grant ACCOUNT --purpose …"),
    {
        "number": "id", "enterprise": "enterprise", "account": "account", "purpose": "purpose", "granted": "grantedAt",
        "ends": "withdrawnAt endsAt",
    },
)  # fmt: skip


@click.group()
def webhook() -> None:
    """Where your programs are told of events. Wants a key that may (YUHUB_KEY)."""


@webhook.command()
@click.argument("url")
@click.option("--event", "events", type=click.Choice(EVENTS), multiple=True, required=True, help="May be repeated.")
@OF
@client_options
def add(client: Client, **given: Any) -> None:
    """Be told of events at URL. The secret of the signatures is shown once."""
    made = order(client, "addWebhook", "{ id secret }", **given)
    say(f"webhook {made['id']}", to_error=True)
    say(made["secret"])


@webhook.command()
@click.argument("number")
@client_options
def remove(client: Client, number: str) -> None:
    """Be told no more at the webhook NUMBER (`yuhub webhook list`); what waits is given up."""
    order(client, "removeWebhook", id=number)
    say(in_words(f"webhook {number} 已删除", f"Webhook {number} is removed"))


listing(
    webhook, "list", "webhooks", "Your webhooks, oldest first.",
    ("没有 webhook：yuhub webhook add URL --event …", "No webhook: yuhub webhook add URL --event …"),
    {"number": "id", "address": "url", "events": "events", "since": "createdAt"},
)  # fmt: skip
listing(
    webhook, "deliveries", "webhookDeliveries", "The newest notices: where each stands, why the last attempt failed.",
    ("还没有通知", "There is no notice yet"),
    {"number": "id", "since": "createdAt", "event": "event", "state": "state", "attempts": "attempts",
     "error": "error"},
)  # fmt: skip

COMMANDS = (broker, consent, webhook)
