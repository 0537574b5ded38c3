"""What staff see and order: sync jobs, runs, quarantine."""

from __future__ import annotations

import json
from typing import Any

import graphene

from hub.model import SyncRun
from hub.operate.standing import JobStanding, job_standings, quarantine, runs, totals
from hub_graphql.context import Context, at_most
from hub_graphql.maps import MappedColumn, TypeMap
from hub_graphql.orders import SyncOrder, kept_of
from hub_graphql.scalars import DateTime
from hub_graphql.states import JOB_STATE, RUN_STATE

SYNC_RUN = TypeMap(
    "SyncRun",
    SyncRun,
    "One run of a job. received = merged + unchanged + superseded + quarantined.",
    {
        "id": MappedColumn(graphene.String, "UUIDv7 of the run"),
        "job": MappedColumn(graphene.String, "Name of the job"),
        "kind": MappedColumn(graphene.String, "incremental, send or replay"),
        "state": MappedColumn(RUN_STATE, "How it goes or went"),
        "started_at": MappedColumn(DateTime, "When it began"),
        "ended_at": MappedColumn(DateTime, "When it ended", required=False),
        "pages": MappedColumn(graphene.Int, "Pages fetched, or answers heard"),
        "received": MappedColumn(graphene.Int, "Records in them"),
        "merged": MappedColumn(graphene.Int, "Records that changed something"),
        "unchanged": MappedColumn(graphene.Int, "Records that were known"),
        "superseded": MappedColumn(graphene.Int, "Records that a newer one had overtaken"),
        "quarantined": MappedColumn(graphene.Int, "Records that could not be read"),
        "sent": MappedColumn(graphene.Int, "Papers handed over"),
        "error_code": MappedColumn(graphene.String, "Why it failed", required=False),
        "error": MappedColumn(graphene.String, "Why it failed, in words", required=False),
    },
)


class Totals(graphene.ObjectType):
    """Counters of a job. received = merged + unchanged + superseded + quarantined."""

    runs = graphene.Int(required=True)
    failed = graphene.Int(required=True)
    received = graphene.Int(required=True)
    merged = graphene.Int(required=True)
    unchanged = graphene.Int(required=True)
    superseded = graphene.Int(required=True)
    quarantined = graphene.Int(required=True)
    sent = graphene.Int(required=True)


class SyncJobType(graphene.ObjectType):
    """One stream that is pulled, the papers of one connector that are sent, or work of the hub's own (`hub`)."""

    class Meta:
        name = "SyncJob"

    name = graphene.String(required=True, description="Such as customs.responses, customs.send or hub.advance")
    connector = graphene.String(required=True)
    state = JOB_STATE(required=True)
    every_seconds = graphene.Float(required=True, description="How often it runs")
    delay_seconds = graphene.Float(
        description="Measured delay: age of the last success, or of the oldest paper waiting"
    )
    promise_seconds = graphene.Float(required=True, description="Delay that is promised")
    last_success_at = DateTime()
    data_as_of = DateTime(description="As of when the data of the source is")
    failures = graphene.Int(required=True, description="Failed runs since the last success")
    error_code = graphene.String()
    error = graphene.String(description="The last error, in plain words")
    paused_reason = graphene.String()
    rests_until = DateTime(description="Its authority asked to be left alone until then")
    ordered = graphene.List(
        graphene.NonNull(SyncOrder), required=True, description="Orders that wait, in the order they were given"
    )
    totals = graphene.Field(graphene.NonNull(lambda: Totals), description="Counters over all runs that are kept")
    quarantined = graphene.Int(required=True, description="Records that wait in quarantine")
    waiting = graphene.Int(required=True, description="Papers that are ready to go out")
    runs = graphene.List(
        graphene.NonNull(lambda: SYNC_RUN.graphene_type), required=True, first=graphene.Int(default_value=24)
    )

    @staticmethod
    def resolve_totals(job: SyncJobType, info: Any) -> Totals:
        context: Context = info.context
        return Totals(**totals(context.connection, context.caller, str(job.name)))

    @staticmethod
    def resolve_ordered(job: SyncJobType, info: Any) -> list[SyncOrder]:
        return kept_of(info.context, str(job.name))

    @staticmethod
    def resolve_runs(job: SyncJobType, info: Any, first: int) -> Any:
        context: Context = info.context
        return runs(context.connection, context.caller, str(job.name), at_most(100, first))


class QuarantinedType(graphene.ObjectType):
    """A record that could not be read."""

    class Meta:
        name = "Quarantined"

    connector = graphene.String(required=True)
    stream = graphene.String(required=True)
    field = graphene.String(required=True, description="Field that could not be read")
    reason = graphene.String(required=True)
    raw_message = graphene.String(required=True, description="Id of the raw message it stands in")
    position = graphene.Int(required=True, description="Its place in the page; -1 for the page as a whole")
    record = graphene.String(required=True, description="The record as JSON")
    quarantined_at = DateTime(required=True)


def job_type(standing: JobStanding) -> SyncJobType:
    row = standing.row
    return SyncJobType(
        name=row.name,
        connector=row.connector,
        state=standing.state.value,
        every_seconds=row.every,
        delay_seconds=standing.delay,
        promise_seconds=row.promise,
        last_success_at=row.last_success_at,
        data_as_of=row.data_as_of,
        failures=row.failures,
        error_code=row.error_code,
        error=row.error,
        paused_reason=row.paused_reason,
        rests_until=standing.rests_until,
        quarantined=standing.quarantined,
        waiting=standing.waiting,
    )


class StaffQuery:
    """Mixed into the query root."""

    sync_jobs = graphene.List(graphene.NonNull(SyncJobType), required=True, description="All jobs, by name")
    sync_runs = graphene.List(
        graphene.NonNull(lambda: SYNC_RUN.graphene_type),
        required=True,
        job=graphene.String(),
        first=graphene.Int(default_value=24),
        description="Runs, newest first",
    )
    quarantine = graphene.List(
        graphene.NonNull(QuarantinedType),
        required=True,
        first=graphene.Int(default_value=50),
        description="Records that could not be read, newest first",
    )

    @staticmethod
    def resolve_sync_jobs(root: Any, info: Any) -> list[SyncJobType]:
        context: Context = info.context
        context.caller.must("see jobs")
        return [job_type(standing) for standing in job_standings(context.connection, context.caller, context.now)]

    @staticmethod
    def resolve_sync_runs(root: Any, info: Any, first: int, job: str | None = None) -> Any:
        context: Context = info.context
        context.caller.must("see jobs")
        return runs(context.connection, context.caller, job, at_most(500, first))

    @staticmethod
    def resolve_quarantine(root: Any, info: Any, first: int) -> list[QuarantinedType]:
        context: Context = info.context
        context.caller.must("see jobs")
        return [
            QuarantinedType(
                connector=row.connector,
                stream=row.stream,
                field=row.field,
                reason=row.reason,
                raw_message=row.raw_id,
                position=row.position,
                record=json.dumps(row.record, ensure_ascii=False),
                quarantined_at=row.quarantined_at,
            )
            for row in quarantine(context.connection, context.caller, at_most(500, first))
        ]
