"""Commands of an administrator at the machine: who acts for which enterprise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
from sqlalchemy import select

from connectors.sdk.inside.shown import shown
from connectors.sdk.instants import BEIJING
from hub.access.acts import COVERS, LENT, USUAL, Act
from hub.access.at_the_machine import LOCAL
from hub.access.mandates import mandate_in_force, offered
from hub.access.meant import find_registered
from hub.cli.admin import opened
from hub.cli.say import code_in_words, console, in_words, language, minute, say, table
from hub.model import Account, Enterprise, Mandate
from hub.model.row_states import EnterpriseState
from hub.operate import appointing

DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.group()
def mandate() -> None:
    """Who acts for which enterprise, and in what."""


@mandate.command("list")
@click.option("--enterprise", "uscc", help="USCC; without it, all of them.")
@click.option("--over", is_flag=True, help="Those that are over too.")
def list_mandates(uscc: str | None, over: bool) -> None:
    """Mandates in force and offers that wait; with --over, history too."""
    with opened() as hub, hub.database.read() as connection:
        now = hub.desk.now()
        chosen = select(Mandate.__table__, Enterprise.uscc, Enterprise.state)
        chosen = chosen.join(Enterprise, Enterprise.id == Mandate.enterprise_id)
        if uscc:
            chosen = chosen.where(Mandate.enterprise_id == find_registered(connection, uscc))
        if not over:
            chosen = chosen.where(mandate_in_force(now) | offered(now))
        found = connection.execute(chosen.order_by(Enterprise.uscc, Mandate.id)).all()
    if not found:
        say(
            in_words(
                "没有代理授权：yuhub key issue ACCOUNT --role enterprise --enterprise USCC",
                "Nobody acts for anybody: yuhub key issue ACCOUNT --role enterprise --enterprise USCC",
            )
        )
        return
    rows = [
        (
            row.uscc,
            row.account,
            _held(row),
            minute(row.granted_at),
            minute(row.accepted_at) or in_words("待接受", "offered"),
            minute(row.ended_at or row.ends_at),
        )
        for row in found
    ]
    console().print(table(("enterprise", "account", "acts", "granted", "accepted", "ends"), rows))
    place = 0 if language() == "zh" else 1
    for act in LENT:
        say(f"{act}: {COVERS[act][place]}")


@mandate.command("grant")
@click.argument("account")
@click.option("--enterprise", "uscc", required=True, help="USCC of for whom it acts.")
@click.option(
    "--act", "acts", type=click.Choice([act.value for act in LENT]), multiple=True,
    default=[act.value for act in USUAL], show_default=True,
    help="What it may do; may be repeated.",
)  # fmt: skip
@click.option("--owner", is_flag=True, help="It does everything, beside the owners that there are.")
@click.option("--ends", type=DAY, help="Beijing time at which it ends by itself.")
def grant(account: str, uscc: str, acts: tuple[str, ...], owner: bool, ends: datetime | None) -> None:
    """Let ACCOUNT act for an enterprise at once, in place of what it held. The account has to be there already."""
    if owner and ends:
        raise click.UsageError(in_words("所有者没有期限", "an owner has no end"))
    with opened() as hub, hub.database.write() as connection:
        if connection.scalar(select(Account.id).where(Account.name == account)) is None:
            who, way = shown(account), f"yuhub key issue {shown(account)} --role enterprise --enterprise {shown(uscc)}"
            raise click.UsageError(in_words(f"没有账号 {who}：{way}", f"there is no account {who}: {way}"))
        wanted = [Act(act) for act in acts]
        until = ends.replace(tzinfo=BEIJING) if ends else None
        appointing.grant(
            connection, LOCAL, find_registered(connection, uscc), account, wanted, until, hub.desk.now(), owner=owner
        )
    who, firm = shown(account), shown(uscc)
    say(in_words(f"{who} 现在代理 {firm}。", f"{who} acts for {firm} now."))


@mandate.command("end")
@click.argument("account")
@click.option("--enterprise", "uscc", required=True, help="USCC of for whom it acts.")
@click.option("--reason", required=True, help="Goes to the audit log.")
def end(account: str, uscc: str, reason: str) -> None:
    """End at once what ACCOUNT may do for an enterprise, an owner too where another is left."""
    with opened() as hub, hub.database.write() as connection:
        enterprise_id = find_registered(connection, uscc)
        appointing.end(connection, LOCAL, enterprise_id, account, hub.desk.now(), owner=True, reason=reason)
    who, firm = shown(account), shown(uscc)
    say(in_words(f"{who} 不再代理 {firm}。", f"{who} acts for {firm} no more."))


def _held(row: Any) -> str:
    """What an account may do; and of an enterprise that may not act, which one it is and why, as it is listed."""
    held = in_words("所有者", "owner") if row.is_owner else ", ".join(row.acts)
    return held if row.state == EnterpriseState.APPROVED else f"{held} ({row.enterprise_id} {code_in_words(row.state)})"


COMMANDS = (mandate,)
