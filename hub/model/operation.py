"""What staff watch and order."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Row, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from connectors.sdk.http import Page
from hub.model.base import Base, Key

OWN = "hub"
"""The `connector` of the hub's own jobs; no connector is called so."""


class SyncJob(Base):
    """One stream that is pulled, or one connector's papers that are sent: `customs.responses`, `customs.send`.

    Or work of the hub's own, `hub.advance`: that has neither lease nor runs; its row alone says how it goes.

    `every` and `promise` are seconds. The lease with its token makes a run that lost it unable to finish anything.
    `pages_aside` is how many pages in a row were set aside whole; one that is read ends the row.
    """

    __tablename__ = "sync_job"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    connector: Mapped[str] = mapped_column(String(40))
    stream: Mapped[str | None] = mapped_column(String(40))
    every: Mapped[float]
    promise: Mapped[float]
    cursor: Mapped[str] = mapped_column(default="")
    paused_at: Mapped[datetime | None]
    paused_reason: Mapped[str | None]
    lease_run: Mapped[str | None] = mapped_column(String(36))
    lease_token: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    last_started_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    data_as_of: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    pages_aside: Mapped[int] = mapped_column(default=0, server_default="0")
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None]
    not_before: Mapped[datetime | None]


class SyncRun(Base):
    """One run of a job. received = merged + unchanged + superseded + quarantined."""

    __tablename__ = "sync_run"
    __table_args__ = (UniqueConstraint("job", "slot"), Index("ix_sync_run_started_at", "started_at"))
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    job: Mapped[str] = mapped_column(ForeignKey("sync_job.name"))
    kind: Mapped[str] = mapped_column(String(20))
    slot: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    pages: Mapped[int] = mapped_column(default=0)
    received: Mapped[int] = mapped_column(default=0)
    merged: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    superseded: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None]


class RawMessage(Base):
    """What was received or sent, as it was, compressed. One hash chain per (connector, stream).

    `seq` and `previous` are unique in a chain, so a fork is an error; `read_at` is empty until the page is merged.
    """

    __tablename__ = "raw_message"
    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        UniqueConstraint("chain", "previous"),
        Index("ix_raw_message_chain_read_at", "chain", "read_at"),
        Index("ix_raw_message_chain_part", "chain", "part"),
    )
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    chain: Mapped[str] = mapped_column(String(80))
    seq: Mapped[int]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    content_type: Mapped[str]
    url: Mapped[str]
    status: Mapped[int]
    part: Mapped[str] = mapped_column(String(200))
    cursor: Mapped[str]
    size: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    run_id: Mapped[str | None] = mapped_column(String(36))


class RawReading(Base):
    """What became of the records of a raw message in one run, as `SyncRun` counts it for all messages of the run.

    `times` is how often the run read it: a page that is set aside may come again at once.
    """

    __tablename__ = "raw_reading"
    run_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    raw_id: Mapped[str] = mapped_column(ForeignKey("raw_message.id"), primary_key=True, index=True)
    times: Mapped[int]
    received: Mapped[int]
    merged: Mapped[int]
    unchanged: Mapped[int]
    superseded: Mapped[int]
    quarantined: Mapped[int]


class Verification(Base):
    """The last result of one part of `yuhub verify`: when, whether it holds, what was counted and what was wrong.

    `unknown`: something could not be asked. `counts` are rows; `faults` are the first ones, each a code of `hub.errors`
    with its parameters, of `fault_count` in all.
    """

    __tablename__ = "verification"
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    verified_at: Mapped[datetime]
    holds: Mapped[bool]
    unknown: Mapped[bool]
    fault_count: Mapped[int]
    counts: Mapped[list[Any]]
    faults: Mapped[list[Any]]


def as_page(raw: Row[tuple[RawMessage]]) -> Page:
    """The page that a raw message was kept from."""
    return Page(
        body=zlib.decompress(raw.body),
        content_type=raw.content_type,
        url=raw.url,
        status=raw.status,
        received_at=raw.kept_at,
        part=raw.part,
        cursor=raw.cursor,
    )


class Quarantined(Base):
    """A record that could not be read: which field, why, and the raw message it stands in.

    `position` is its place in the page; -1 stands for the page as a whole. `resolved_at` is set by a replay.
    """

    __tablename__ = "quarantined"
    __table_args__ = (UniqueConstraint("raw_id", "position"),)
    id: Mapped[Key]
    connector: Mapped[str] = mapped_column(String(40))
    stream: Mapped[str] = mapped_column(String(40))
    noun: Mapped[str] = mapped_column(String(40))
    raw_id: Mapped[str] = mapped_column(ForeignKey("raw_message.id"))
    position: Mapped[int]
    field: Mapped[str]
    reason: Mapped[str]
    record: Mapped[dict[str, Any]]
    quarantined_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class Command(Base):
    """What somebody ordered. Scheduler and workers obey these rows; nobody calls them."""

    __tablename__ = "command"
    id: Mapped[Key]
    action: Mapped[str] = mapped_column(String(20))
    job: Mapped[str] = mapped_column(String(80))
    parameters: Mapped[dict[str, Any]]
    reason: Mapped[str]
    ordered_by: Mapped[str]
    ordered_at: Mapped[datetime]
    obeyed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class AuditEntry(Base):
    """Who did what, when, why, and what the state was before; `key` names the API key that was used.

    `enterprise_id` is the enterprise that it concerns. Written by `hub.access.audit` alone.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_enterprise_id_at", "enterprise_id", "at"),
    )
    id: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[str]
    role: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(12), default="", server_default="")
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str]
    reason: Mapped[str]
    before: Mapped[dict[str, Any]]
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"))


class Lease(Base):
    """Who does something that only one process may do: the scheduler."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str]
    token: Mapped[int]
    until: Mapped[datetime]


class SecretsKey(Base):
    """The id of a key under which secrets are encrypted here. Who does not have it must not begin with another."""

    __tablename__ = "secrets_key"
    id: Mapped[str] = mapped_column(String(8), primary_key=True)
