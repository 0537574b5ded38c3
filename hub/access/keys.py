"""API keys: shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from hub.access.acts import USUAL, Act
from hub.access.audit import record
from hub.access.caller import Caller, Role
from hub.access.consent import BY_CONSENT, in_force
from hub.access.mandates import give, has_owner, held
from hub.access.meant import uscc_of
from hub.errors import HubError, NotFound, Unauthenticated
from hub.model import Account, ApiKey
from hub.model.upsert import insert_new

PREFIX = "yh_"
PREFIX_LENGTH = 12
LOOKS_LIKE_ONE = re.compile(r"yh_[A-Za-z0-9_-]{43}")
NOBODYS = "0" * 64
"""In place of the digest of a key that is not there."""


def issue_key(
    connection: Connection, account: str, role: Role, enterprises: Sequence[int], now: datetime, by: Caller,
    acts: Collection[Act] = USUAL, *, again: bool = False,
) -> str:  # fmt: skip
    """A new key of a new account. The key itself is not kept.

    For each of the enterprises the account becomes the owner where there is none, else a broker with these acts.
    Somebody may have the account already: then ACCOUNT_KNOWN, or with `again` another key for what it may do already;
    it acts for nobody else by that (ACCOUNT_ELSEWHERE) and has one role (ROLE_DIFFERS). 256 random bits, so a fast
    digest is enough: nothing to guess.
    """
    new = insert_new(connection, Account).values(name=account, role=role, created_at=now).returning(Account.id)
    account_id = connection.scalar(new)
    if account_id is None:
        account_id = _known(connection, account, role, enterprises, now, again=again)
    else:
        for enterprise_id in enterprises:
            owner = not has_owner(connection, enterprise_id, now)
            give(connection, account, enterprise_id, acts, now, by.name, owner=owner)
    key = PREFIX + secrets.token_urlsafe(32)
    connection.execute(
        insert(ApiKey).values(account_id=account_id, prefix=key[:PREFIX_LENGTH], digest=digest_of(key), created_at=now)
    )
    for concerned in enterprises or held(connection, account, now) or (None,):
        record(
            connection, by, "key.issue", account, now, before={"key": key[:PREFIX_LENGTH], "role": role.value},
            enterprise_id=concerned,
        )  # fmt: skip
    return key


def revoke_all(connection: Connection, account: str, now: datetime) -> int:
    """Revokes every key of an account; how many there were. NotFound where there is no such account."""
    account_id = connection.scalar(select(Account.id).where(Account.name == account))
    if account_id is None:
        raise NotFound("account", account)
    those = ApiKey.account_id == account_id, ApiKey.revoked_at.is_(None)
    return connection.execute(update(ApiKey).where(*those).values(revoked_at=now)).rowcount


def find_caller(connection: Connection, key: str, now: datetime) -> Caller:
    """The caller behind a key, with the consents in force. Unauthenticated where the key is unknown or revoked."""
    row = connection.execute(
        select(ApiKey.digest, ApiKey.prefix, Account.id, Account.name, Account.role)
        .join(Account, Account.id == ApiKey.account_id)
        .where(ApiKey.prefix == key[:PREFIX_LENGTH], ApiKey.revoked_at.is_(None))
    ).one_or_none()
    right = hmac.compare_digest(row.digest if row else NOBODYS, digest_of(key))  # the same work where there is none
    if row is None or not right:
        raise Unauthenticated
    role = Role(row.role)
    consents = tuple(in_force(connection, row.name, now).items()) if role in BY_CONSENT else ()
    return Caller(row.name, role, held(connection, row.name, now), row.prefix, consents)


def as_of_now(connection: Connection, caller: Caller, now: datetime) -> Caller:
    """The caller with what it may do by now, amid something long. Unauthenticated once its key is revoked."""
    key = select(ApiKey.id).where(ApiKey.prefix == caller.key, ApiKey.revoked_at.is_(None))
    if connection.scalar(key) is None:
        raise Unauthenticated
    return replace(caller, mandates=held(connection, caller.name, now))


def prefix_of(text: str) -> str:
    """The part of a key that names it and is no secret; empty where a text does not look like a key of ours."""
    return text[:PREFIX_LENGTH] if LOOKS_LIKE_ONE.fullmatch(text) else ""


def _known(
    connection: Connection, account: str, role: Role, enterprises: Sequence[int], now: datetime, *, again: bool
) -> int:
    row = connection.execute(select(Account.id, Account.role).where(Account.name == account)).one()
    if row.role != role:
        raise HubError("ROLE_DIFFERS", account=account, known=row.role, role=role.value)
    acts_for = held(connection, account, now)
    if not again:
        raise HubError("ACCOUNT_KNOWN", account=account, enterprises=uscc_of(connection, acts_for) or "-")
    if others := set(enterprises) - set(acts_for):
        raise HubError("ACCOUNT_ELSEWHERE", account=account, enterprises=uscc_of(connection, others))
    known: int = row.id
    return known


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
