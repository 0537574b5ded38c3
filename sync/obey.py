"""Obeying the command rows that staff wrote."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from sqlalchemy import Row, select, update

from connectors.sdk.masking import Mask
from hub.errors import HubError
from hub.model import Command, SyncJob
from hub.operate.kept import OrderState, holds_up
from sync import ledger
from sync.jobs import split_name
from sync.local import LocalEngine
from sync.parts import Parts
from sync.replay import replay

LOG = logging.getLogger("yuhub.sync")
ENQUEUED = "enqueued"
MOST = 2_000
"""Characters of an outcome."""


def obey_commands(parts: Parts, engine: LocalEngine) -> int:
    """Carries out the commands that nothing holds up, in the order in which they were given; returns how many.

    One that is held up (a rest, a run under way, a pause that came later) is kept, and those to the same job behind it.
    """
    with parts.database.read() as connection:
        waiting = connection.execute(
            select(Command.__table__).where(Command.obeyed_at.is_(None)).order_by(Command.id)
        ).all()
    held, obeyed = set[str](), 0
    for command in waiting:
        if command.job in held or _is_held_up(parts, command):
            held.add(command.job)
            continue
        try:
            outcome = ACTIONS[command.action](parts, engine, command)
        except HubError as error:
            outcome = error.words("en")
        except Exception as error:  # noqa: BLE001 - whatever a replay comes upon, the orders behind it are obeyed
            connector = parts.connectors.get(split_name(command.job)[0])
            outcome = ": ".join(ledger.describe(error, connector.mask if connector else Mask(())))
            LOG.warning("%s %s: %s", command.action, command.job, outcome)
        if outcome is None:
            held.add(command.job)
            continue
        if command.action != "run" or outcome != ENQUEUED:
            note_outcome(parts, command.id, outcome)
        obeyed += 1
    return obeyed


def note_outcome(parts: Parts, command: int, outcome: str) -> None:
    """Writes down that a command was carried out, and what became of it."""
    with parts.database.write() as connection:
        connection.execute(
            update(Command).where(Command.id == command).values(obeyed_at=parts.now(), outcome=outcome[:MOST])
        )


def _is_held_up(parts: Parts, command: Row[Any]) -> bool:
    with parts.database.read() as connection:
        job = connection.execute(select(SyncJob.__table__).where(SyncJob.name == command.job)).one_or_none()
    return holds_up(job, command.action, parts.now()) is not OrderState.NEXT


def _run(parts: Parts, engine: LocalEngine, command: Row[Any]) -> str | None:
    """Enqueues the job, and says what became of it when the run has ended; None where it waits or runs already."""
    if split_name(command.job)[0] not in parts.connectors:
        return "its connector is left out"
    future = engine.enqueue(command.job, parts.now())
    if future is None:
        return None
    note_outcome(parts, command.id, ENQUEUED)
    future.add_done_callback(lambda ended: _ran(parts, command, ended))
    return ENQUEUED


def _ran(parts: Parts, command: Row[Any], ended: Future[object]) -> None:
    """A run that was skipped was none: somebody else held the job in this moment, and the order is kept."""
    try:
        if ended.cancelled() or (ended.exception() is None and ended.result() == "skipped"):
            with parts.database.write() as connection:
                connection.execute(update(Command).where(Command.id == command.id).values(obeyed_at=None, outcome=None))
        else:
            note_outcome(parts, command.id, "broke" if ended.exception() else f"ran: {ended.result()}")
    except HubError as error:  # the database is away; that it was enqueued stands there
        LOG.warning("%s %s: %s", command.action, command.job, error.words())


def _replay(parts: Parts, engine: LocalEngine, command: Row[Any]) -> str:
    pages = replay(parts, command.job, parts.now(), quarantined_only=not command.parameters.get("all"))
    return f"{pages} {'papers tried anew' if split_name(command.job)[1] is None else 'pages read again'}"


ACTIONS: Mapping[str, Callable[[Parts, LocalEngine, Row[Any]], str | None]] = {"run": _run, "replay": _replay}
