"""Commands of an administrator, on the machine that holds the database: settings, migrate, enterprise, key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import select, update

from connectors.sdk.masking import MASKED, Mask
from connectors.sdk.shown import shown
from hub.access import Caller, Role, issue_key
from hub.app import Hub, build, load_settings, open_database
from hub.cli.say import console, language, say, table
from hub.entry.files.ndjson import read_json_file
from hub.entry.registration import register
from hub.errors import EntryRefused, NotFound, SandboxOnly
from hub.model import Account, ApiKey, Enterprise
from hub.model.migrate import migrate as bring_to_newest
from hub.operate.enterprises import Decision, decide_on

LOCAL = Caller("administrator at the machine", Role.ADMINISTRATOR)
"""Who can read the database's file needs no key."""


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
    say(f"The database is at revision {bring_to_newest(database)}.")
    database.close()


@click.group()
def enterprise() -> None:
    """Register enterprises and decide on those that applied."""


@enterprise.command("add")
@click.argument("file", type=click.Path(path_type=Path))
def add_enterprise(file: Path) -> None:
    """Register the enterprise of a JSON FILE, or renew its registration; a new one gets its first key."""
    with opened() as hub:
        now = hub.desk.now()
        registrations = read_json_file(file)
        if len(registrations) != 1:
            raise click.UsageError(f"{file} holds {len(registrations)} registrations; give one enterprise in each file")
        (typed,) = registrations
        try:
            with hub.database.write() as connection:
                id_, new = register(connection, typed, now)
                key = issue_key(connection, typed["uscc"], Role.ENTERPRISE, [id_], now) if new else None
        except EntryRefused as error:
            for problem in error.problems:
                say(f"  {shown(problem.path)}: {shown(problem.words(language()))}", to_error=True)
                say(f"    → {shown(problem.way_out(language()))}", to_error=True)
            raise
    name = shown(typed["nameZh"])
    say(f"{name} is registered." if new else f"The registration of {name} is renewed.")
    if key:
        say(f"Its key (shown once): {key}")


@enterprise.command("list")
def list_enterprises() -> None:
    """All registered enterprises."""
    with opened() as hub, hub.database.read() as connection:
        columns = Enterprise.uscc, Enterprise.customs_code, Enterprise.name_zh, Enterprise.state
        found = connection.execute(select(*columns).order_by(Enterprise.id)).all()
    if not found:
        say("No enterprise is registered yet: yuhub enterprise add FILE")
        return
    console().print(table(("USCC", "customs code", "name", "state"), [tuple(row) for row in found]))


@enterprise.command("decide")
@click.argument("uscc")
@click.argument("decision", type=click.Choice([one.value for one in Decision]))
@click.option("--reason", required=True, help="Goes to the audit log.")
def decide(uscc: str, decision: str, reason: str) -> None:
    """Approve, refuse or suspend the enterprise USCC; only an approved one may enter trades."""
    with opened() as hub, hub.database.write() as connection:
        decide_on(connection, LOCAL, uscc, Decision(decision), reason, hub.desk.now())
    say(f"{shown(uscc)} is {decision}.")


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
def issue(account: str, role: str, uscc: tuple[str, ...]) -> None:
    """A new key for ACCOUNT, which is opened where it is not known. The key is shown once.

    An integrator's key does what an enterprise's does, in a sandbox (YUHUB_SANDBOX=true) and nowhere else.
    """
    if not account.strip():
        raise click.UsageError("the account wants a name")
    with opened() as hub, hub.database.write() as connection:
        if role == Role.INTEGRATOR and not hub.settings["sandbox"]:
            raise SandboxOnly
        found = {
            row.uscc: row.id
            for row in connection.execute(select(Enterprise.uscc, Enterprise.id).where(Enterprise.uscc.in_(uscc)))
        }
        for one in uscc:
            if one not in found:
                raise NotFound("enterprise", one)
        say(issue_key(connection, account, Role(role), list(found.values()), hub.desk.now()))


@key.command("revoke")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """Revoke the key that begins with PREFIX (12 characters, as `yuhub key list` shows it)."""
    with opened() as hub, hub.database.write() as connection:
        revoked = connection.execute(
            update(ApiKey)
            .where(ApiKey.prefix == prefix[:12], ApiKey.revoked_at.is_(None))
            .values(revoked_at=hub.desk.now())
        )
        if not revoked.rowcount:
            raise NotFound("key", prefix)
    say(f"{shown(prefix[:12])} is revoked.")


@key.command("list")
def list_keys() -> None:
    """All keys, by their first characters."""
    with opened() as hub, hub.database.read() as connection:
        found = connection.execute(
            select(ApiKey.prefix, Account.name, Account.role, ApiKey.created_at, ApiKey.revoked_at)
            .join(Account, Account.id == ApiKey.account_id)
            .order_by(ApiKey.id)
        ).all()
    rows = [
        (
            row.prefix,
            row.name,
            row.role,
            f"{row.created_at:%F %R}",
            f"revoked {row.revoked_at:%F}" if row.revoked_at else "",
        )
        for row in found
    ]
    console().print(table(("key", "account", "role", "issued (UTC)", ""), rows))


COMMANDS = (settings, migrate, enterprise, key)
