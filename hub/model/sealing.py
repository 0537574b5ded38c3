"""The columns that hold secrets, and what brings all of them under the newest key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update

from hub.errors import SecretsKeyMissing
from hub.model.enterprise import Webhook
from hub.model.operation import SecretsKey
from hub.model.upsert import insert_new
from hub.secrets import Keyring
from hub.secrets.keyring import is_sealed, key_of

SEALED = ((Webhook, "secret"),)
"""Table and column. What stands in a row is bound to it: `place_of`."""


def place_of(table: Any, column: str, id_: int) -> str:
    return f"{table.__tablename__}.{column}:{id_}"


def require_keys(connection: Connection, keyring: Keyring) -> None:
    """SecretsKeyMissing where the database was written with a key that is not here: another file, another machine."""
    known = connection.scalars(select(SecretsKey.id).order_by(SecretsKey.id)).all()
    if missing := [id_ for id_ in known if not keyring.has(id_)]:
        raise SecretsKeyMissing(keys=", ".join(missing), file=keyring.where)


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
    chosen = [one for one in _kept(connection) if wants(one[3])]
    for table, column, id_, kept in chosen:
        place = place_of(table, column, id_)
        secret = keyring.open(kept, place) if is_sealed(kept) else kept
        connection.execute(update(table).where(table.id == id_).values({column: keyring.seal(secret, place)}))
    return len(chosen)


def lost(connection: Connection, keyring: Keyring) -> list[tuple[Any, int]]:
    """Table and id of each secret that no key opens."""
    kept = _kept(connection)
    return [(table, id_) for table, _, id_, sealed in kept if is_sealed(sealed) and not keyring.has(key_of(sealed))]


def _kept(connection: Connection) -> Iterator[tuple[Any, str, int, str]]:
    for table, column in SEALED:
        for row in connection.execute(select(table.id, getattr(table, column)).order_by(table.id)).all():
            if row[1]:
                yield table, column, row[0], row[1]
