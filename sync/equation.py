"""received = merged + unchanged + superseded + quarantined: for each source, stream and day, run by run.

Each run is also held against what was counted message by message, and what was set aside against the quarantine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from connectors.sdk.instants import day_of
from hub.model import Database, Quarantined, RawMessage, RawReading, SyncRun
from sync.jobs import split_name
from sync.verify_results import PartFound, VerifyPart

COUNTERS = ("received", "merged", "unchanged", "superseded", "quarantined")
ROWS = 1_000


def verify_counters(database: Database) -> PartFound:
    """Counts are rows of source, stream and day (Beijing, by the start of the run), the newest day first.

    Runs from before messages were counted one by one are `uncounted`: of them only the sum is proven.
    """
    found, days = PartFound(VerifyPart.COUNTERS), dict[tuple[str, str, str], dict[str, Any]]()
    with database.read() as connection:
        counted = {row.run_id: row for row in connection.execute(_by_run())}
        since = connection.scalar(select(func.min(SyncRun.started_at)).where(SyncRun.id.in_(select(RawReading.run_id))))
        columns = SyncRun.__table__.c
        chosen = select(columns.id, columns.job, columns.started_at, *(columns[name] for name in COUNTERS))
        for run in connection.execute(chosen.where(or_(SyncRun.pages > 0, SyncRun.received > 0))).yield_per(ROWS):
            old = since is None or run.started_at < since
            _add_to_day(days, run, old=old)
            for code, told in _wrong_with(run, counted.pop(run.id, None), old=old):
                found.tell(code, **told)
                _day_of_run(days, run)["holds"] = False
        for run_id, row in counted.items():
            if connection.scalar(select(SyncRun.id).where(SyncRun.id == run_id)) is None:
                found.tell("RUN_MISSING", run=run_id, received=row.received, messages=row.messages)
        for code, told in _wrong_with_messages(connection):
            found.tell(code, **told)
    found.counts = sorted(days.values(), key=lambda one: (one["source"], one["stream"]))
    found.counts.sort(key=lambda one: str(one["day"]), reverse=True)
    return found


def _by_run() -> Any:
    """Of each run, the sums of what was counted message by message."""
    columns = RawReading.__table__.c
    sums = (func.sum(columns[name]).label(name) for name in COUNTERS)
    return select(columns.run_id, func.count().label("messages"), *sums).group_by(columns.run_id)


def _day_of_run(days: dict[tuple[str, str, str], dict[str, Any]], run: Row[Any]) -> dict[str, Any]:
    source, stream = split_name(run.job)
    key = source, stream or "answers", day_of(run.started_at).isoformat()
    if key not in days:
        named = dict(zip(("source", "stream", "day"), key, strict=True))
        days[key] = {**named, "runs": 0, "uncounted": 0, **dict.fromkeys(COUNTERS, 0), "holds": True}
    return days[key]


def _add_to_day(days: dict[tuple[str, str, str], dict[str, Any]], run: Row[Any], *, old: bool) -> None:
    day = _day_of_run(days, run)
    day["runs"] += 1
    day["uncounted"] += old
    for name in COUNTERS:
        day[name] += getattr(run, name)


def _wrong_with(run: Row[Any], counted: Row[Any] | None, *, old: bool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """One fault for a run: its sum is wrong, or its messages say otherwise, or both in one."""
    said = {name: getattr(run, name) for name in COUNTERS}
    accounted = sum(said[name] for name in COUNTERS[1:])
    about = {"run": run.id, "job": run.job, "day": day_of(run.started_at).isoformat()}
    by_message = {name: getattr(counted, name) if counted else 0 for name in COUNTERS}
    differing = [] if old else [name for name in COUNTERS if said[name] != by_message[name]]
    if differing:
        sides = ", ".join(f"{name} {said[name]} ≠ {by_message[name]}" for name in differing)
        yield "RUN_RECOUNTED", {**about, "sides": sides}
    elif accounted != said["received"]:
        off = said["received"] - accounted
        yield "RUN_UNBALANCED", {**about, "received": said["received"], "accounted": accounted, "off": f"{off:+}"}


def _wrong_with_messages(connection: Connection) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What was set aside in any one run and does not lie in the quarantine."""
    once = (RawReading.quarantined + RawReading.times - 1) // RawReading.times
    most = (
        select(RawReading.raw_id, func.max(once).label("aside"))
        .where(RawReading.quarantined > 0)
        .group_by(RawReading.raw_id)
        .subquery()
    )
    lying = select(Quarantined.raw_id, func.count().label("kept")).group_by(Quarantined.raw_id).subquery()
    kept = func.coalesce(lying.c.kept, 0)
    short = (
        select(RawMessage.id, RawMessage.chain, most.c.aside, kept.label("kept"))
        .join(most, most.c.raw_id == RawMessage.id)
        .outerjoin(lying, lying.c.raw_id == RawMessage.id)
        .where(kept < most.c.aside)
        .order_by(RawMessage.chain, RawMessage.seq)
    )
    for row in connection.execute(short):
        yield "QUARANTINE_SHORT", {"message": row.id, "chain": row.chain, "aside": row.aside, "kept": row.kept}
