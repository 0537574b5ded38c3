"""Jobs: one for each stream that is pulled and one for each connector that sends, derived from the manifests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, delete, select

from connectors.sdk.connector import Connector
from connectors.sdk.manifest import JobSpec
from hub.model import SyncJob, SyncRun
from hub.model.upsert import insert_into

SEND = "send"


def job_name(connector: str, stream: str | None) -> str:
    return f"{connector}.{stream or SEND}"


def split_name(job: str) -> tuple[str, str | None]:
    """Connector and stream; no stream means that it sends."""
    connector, _, stream = job.partition(".")
    return connector, None if stream == SEND else stream


def write_jobs(connection: Connection, connectors: Mapping[str, Connector], pace: float) -> None:
    """Brings the job rows up to the manifests; what staff changed (paused, cursor) stays."""
    rows = [_row(code, stream, spec, pace) for code, stream, spec in _specs(connectors)]
    if rows:
        statement = insert_into(connection, SyncJob)
        changing = {name: statement.excluded[name] for name in ("every", "promise", "connector", "stream")}
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changing), rows)
    names = [row["name"] for row in rows]
    never_run = ~select(SyncRun.id).where(SyncRun.job == SyncJob.name).exists()
    connection.execute(delete(SyncJob).where(SyncJob.name.not_in(names), never_run))


def _specs(connectors: Mapping[str, Connector]) -> Iterator[tuple[str, str | None, JobSpec]]:
    for code, connector in connectors.items():
        for stream, spec in connector.manifest.streams.items():
            yield code, stream, spec
        if connector.manifest.send:
            yield code, None, connector.manifest.send


def _row(code: str, stream: str | None, spec: JobSpec, pace: float) -> dict[str, Any]:
    return {
        "name": job_name(code, stream),
        "connector": code,
        "stream": stream,
        "every": spec.every.total_seconds() / pace,
        "promise": spec.promise.total_seconds(),
        "cursor": "",
        "lease_token": 0,
        "failures": 0,
    }
