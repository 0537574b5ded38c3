"""The secrets of webhooks, each bound to its row, and what brings all of them under the newest key."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, select, text, update

from hub.errors import HubError
from hub.model.enterprise import Webhook
from hub.model.operation import SecretsKey
from hub.model.upsert import insert_new
from hub.secrets import Keyring
from hub.secrets.keyring import is_sealed, key_of


def place_of(webhook_id: int) -> str:
    return f"webhook.secret:{webhook_id}"


def require_keys(connection: Connection, keyring: Keyring) -> None:
    """SECRETS_KEY_MISSING where the database was written with a key that is not here: another file, another machine."""
    known = connection.scalars(select(SecretsKey.id).order_by(SecretsKey.id)).all()
    if missing := [id_ for id_ in known if not keyring.has(id_)]:
        raise HubError("SECRETS_KEY_MISSING", keys=", ".join(missing), file=keyring.where)


def seal_plain(connection: Connection, keyring: Keyring) -> int:
    """Encrypts what is plain; how many. From now on nobody begins here who does not have the newest key."""
    sealed = _seal(connection, keyring, lambda kept: not is_sealed(kept))
    connection.execute(insert_new(connection, SecretsKey).values(id=keyring.newest))
    return sealed


def seal_all(connection: Connection, keyring: Keyring) -> int:
    """Encrypts what is plain, and anew what is under an older key; how many. Only the newest key is needed then."""
    sealed = _seal(connection, keyring, lambda kept: not is_sealed(kept) or key_of(kept) != keyring.newest)
    connection.execute(delete(SecretsKey))
    connection.execute(insert(SecretsKey).values(id=keyring.newest))
    return sealed


def _seal(connection: Connection, keyring: Keyring, wants: Callable[[str], bool]) -> int:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete=ON"))  # so that the old text is overwritten in the file
    chosen = [one for one in _kept(connection) if wants(one[1])]
    for id_, kept in chosen:
        secret = keyring.open(kept, place_of(id_)) if is_sealed(kept) else kept
        connection.execute(update(Webhook).where(Webhook.id == id_).values(secret=keyring.seal(secret, place_of(id_))))
    return len(chosen)


def lost(connection: Connection, keyring: Keyring) -> list[int]:
    """Ids of the webhooks whose secret no key opens."""
    return [id_ for id_, kept in _kept(connection) if is_sealed(kept) and not keyring.has(key_of(kept))]


def _kept(connection: Connection) -> list[tuple[int, str]]:
    chosen = select(Webhook.id, Webhook.secret).where(Webhook.secret != "").order_by(Webhook.id)
    return [(row.id, row.secret) for row in connection.execute(chosen)]
