"""Commands about the keys that encrypt kept secrets, on the machine that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import click
from sqlalchemy import Connection, select, update

from connectors.sdk.http import utc_now
from hub.access.at_the_machine import LOCAL
from hub.access.audit import write_audit
from hub.app import load_settings, open_database
from hub.cli.say import in_words, say
from hub.model import SecretsKey, Webhook
from hub.model.migrate import require_current
from hub.model.sealing import lost, require_keys, seal_all
from hub.notices.queue import remove_webhook
from hub.secrets import Keyring, new_key, open_keyring
from hub.secrets.origin import add_key, is_file
from hub.settings import Settings

LOST = "the key of its secret is lost: add the webhook anew"


@click.group()
def secrets() -> None:
    """Keys that encrypt the secrets in the database: show them, make one, change them."""


@secrets.command("key")
def key() -> None:
    """A new key for YUHUB_SECRETS_KEY. It is kept nowhere else."""
    say(new_key())


@secrets.command("list")
def list_keys() -> None:
    """Ids of the keys that are here, newest first, and of those with which the database was written."""
    settings = load_settings()
    with _database(settings) as connection:
        known = sorted(connection.scalars(select(SecretsKey.id)))
        keyring = open_keyring(settings, known)
        gone = [id_ for id_ in known if not keyring.has(id_)]
    say(in_words("密钥（新的在前）：", "Keys, newest first: ") + f"{', '.join(keyring.ids)} ({keyring.where})")
    say(in_words("数据库所用：", "The database uses:  ") + (", ".join(known) or "—"))
    if gone:
        say(in_words("缺少：", "Missing:            ") + ", ".join(gone))


@secrets.command()
@click.option("--without-lost", is_flag=True, help="Remove the webhooks whose secret no key opens any more.")
def rotate(*, without_lost: bool) -> None:
    """Encrypt every secret anew under the newest key: a new one in the file, or the first of YUHUB_SECRETS_KEY.

    Older keys stay where they are, for processes that still run and for copies of the database.
    """
    settings = load_settings()
    with _database(settings) as connection:
        known = [] if without_lost else list(connection.scalars(select(SecretsKey.id)))
        keyring = open_keyring(settings, known)
        removed = _remove_lost(connection, keyring) if without_lost else []
        if not without_lost:
            require_keys(connection, keyring)
        if is_file(settings):
            keyring = add_key(settings)
        count = seal_all(connection, keyring)
        write_audit(
            connection, LOCAL, "secrets.rotate", keyring.newest, utc_now(), before={"keys": known, "lost": removed}
        )
    for id_ in removed:
        say(in_words(f"webhook {id_} 的密钥已遗失，已移除", f"Webhook {id_} is removed, its key is lost"))
    say(
        in_words(
            f"{count} 项保密内容已改用密钥 {keyring.newest} 加密（{keyring.where}）",
            f"{count} secrets are encrypted anew, with the key {keyring.newest} ({keyring.where}).",
        )
    )


@contextmanager
def _database(settings: Settings) -> Iterator[Connection]:
    """A transaction in a database of this program's schema."""
    with closing(open_database(settings)) as database:
        require_current(database)
        with database.write() as connection:
            yield connection


def _remove_lost(connection: Connection, keyring: Keyring) -> list[int]:
    removed = lost(connection, keyring)
    for id_ in removed:
        remove_webhook(connection, id_, utc_now(), LOST)
        connection.execute(update(Webhook).where(Webhook.id == id_).values(secret=""))
    return removed


COMMANDS = (secrets,)
