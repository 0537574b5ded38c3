"""Commands of an administrator, on the machine that holds the database: settings, migrate, key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Connection, select, update

from connectors.sdk.http import utc_now
from connectors.sdk.masking import MASKED, Mask
from connectors.sdk.shown import shown
from hub.access import Role, issue_key
from hub.access.acts import LENT, USUAL, Act
from hub.access.audit import record
from hub.access.keys import revoke_all
from hub.access.local import LOCAL
from hub.access.mandates import held
from hub.access.meant import find_registered
from hub.app import Hub, build, load_settings, open_database
from hub.cli.say import code_and_words, console, in_words, minute, say, table
from hub.errors import HubError, NotFound
from hub.model import Account, ApiKey
from hub.model.migrate import found_at
from hub.model.migrate import migrate as bring_to_newest


@contextmanager
def opened() -> Iterator[Hub]:
    hub = build(load_settings())
    try:
        yield hub
    finally:
        hub.close()


@click.command()
def settings() -> None:
    """Every setting: its value and where it came from; secrets are masked."""
    rows = []
    loaded = load_settings()
    mask = Mask(loaded.secrets)
    for one in loaded.chosen.values():
        value = MASKED if one.setting.secret and one.value else mask(str(one.value))
        rows.append((one.setting.name, value, one.origin, one.setting.variable, one.setting.help))
    console().print(table(("setting", "value", "from", "variable", "what it is"), rows))


@click.command()
def migrate() -> None:
    """Bring the database to the schema of this program."""
    database = open_database(load_settings())
    before, newest = found_at(database), bring_to_newest(database)
    with database.write() as connection:
        record(connection, LOCAL, "database.migrate", newest, utc_now(), before={"revision": before})
    say(in_words(f"数据库版本为 {newest}。", f"The database is at revision {newest}."))
    database.close()


@click.group()
def key() -> None:
    """Issue and revoke API keys."""


@key.command("issue")
@click.argument("account")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role if role != Role.ANONYMOUS]),
    required=True,
    help="What it may do.",
)
@click.option("--enterprise", "uscc", multiple=True, help="USCC that the account acts for; may be repeated.")
@click.option(
    "--act",
    "acts",
    type=click.Choice([act.value for act in LENT]),
    multiple=True,
    default=[act.value for act in USUAL],
    show_default=True,
    help="What it may do as a broker; may be repeated. The owner does everything.",
)
@click.option("--again", is_flag=True, help="One more key for an account that is there already.")
def issue(account: str, role: str, uscc: tuple[str, ...], acts: tuple[str, ...], again: bool) -> None:
    """A key for the new ACCOUNT; with --again one more for an account that is there. The key is shown once.

    For an enterprise that has no owner the account becomes that, else a broker; it is said which.

    A registrar decides on registrations; a viewer sees trades, jobs and the audit log; an operator orders jobs and
    settles money as well; an administrator does all of that; a belt sees what enterprises consent to.

    An integrator's key does what an enterprise's does, in a sandbox (YUHUB_SANDBOX=true) and nowhere else.
    """
    if not account.strip():
        raise click.UsageError("the account wants a name")
    with opened() as hub, hub.database.write() as connection:
        if role == Role.INTEGRATOR and not hub.settings["sandbox"]:
            raise HubError("SANDBOX_ONLY")
        found = {one: find_registered(connection, one) for one in uscc}
        now = hub.desk.now()
        lent = [Act(act) for act in acts]
        made = issue_key(connection, account, Role(role), list(found.values()), now, LOCAL, lent, again=again)
        holds = held(connection, account, now)
    for one, id_ in found.items():
        said = in_words("所有者", "the owner") if Act.OWN in holds[id_] else ", ".join(sorted(holds[id_]))
        say(f"{shown(account)} → {one}: {said}", to_error=True)
    say(made)


@key.command("revoke")
@click.argument("prefix", required=False)
@click.option("--account", help="Revoke every key of this account instead.")
def revoke(prefix: str | None, account: str | None) -> None:
    """Revoke the key that begins with PREFIX (12 characters, as `yuhub key list` shows it), or all of an account."""
    if (prefix is None) == (account is None):
        raise click.UsageError(
            in_words("给出密钥的 PREFIX，或用 --account 指定账号", "give the PREFIX of a key, or an --account")
        )
    with opened() as hub, hub.database.write() as connection:
        now = hub.desk.now()
        if account is not None:
            count = revoke_all(connection, account, now)
            _note_revoked(connection, account, {"keys": count}, now)
            who = shown(account)
            say(in_words(f"账号 {who} 的 {count} 把密钥已吊销。", f"{count} keys of {who} are revoked."))
            return
        found = connection.execute(
            select(ApiKey.id, ApiKey.prefix, Account.name)
            .join(Account, Account.id == ApiKey.account_id)
            .where(ApiKey.prefix == (prefix or "")[:12], ApiKey.revoked_at.is_(None))
        ).one_or_none()
        if found is None:
            raise NotFound("key", prefix or "")
        connection.execute(update(ApiKey).where(ApiKey.id == found.id).values(revoked_at=now))
        _note_revoked(connection, found.name, {"key": found.prefix}, now)
    gone = shown((prefix or "")[:12])
    say(in_words(f"{gone} 已吊销。", f"{gone} is revoked."))


def _note_revoked(connection: Connection, account: str, what: Mapping[str, Any], now: datetime) -> None:
    """Each enterprise that the account acts for reads of it."""
    for concerned in held(connection, account, now) or (None,):
        record(connection, LOCAL, "key.revoke", account, now, before=what, enterprise_id=concerned)


@key.command("list")
def list_keys() -> None:
    """All keys, by their first characters."""
    with opened() as hub, hub.database.read() as connection:
        found = connection.execute(
            select(ApiKey.prefix, Account.name, Account.role, ApiKey.created_at, ApiKey.revoked_at)
            .join(Account, Account.id == ApiKey.account_id)
            .order_by(ApiKey.id)
        ).all()
    if not found:
        way = "yuhub key issue ACCOUNT --role ROLE"
        say(in_words(f"还没有密钥：{way}", f"There is no key yet: {way}"))
        return
    rows = [
        (
            row.prefix,
            row.name,
            code_and_words(row.role),
            minute(row.created_at),
            minute(row.revoked_at),
        )
        for row in found
    ]
    console().print(table(("key", "account", "role", "issued (Beijing time)", "revoked"), rows))


COMMANDS = (settings, migrate, key)
