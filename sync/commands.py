"""Obeying the command rows that staff wrote."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Row, select, update

from connectors.sdk.inside.masking import Mask
from hub.errors import DatabaseBusy, DatabaseConflict, DatabaseUnavailable, DiskFull, HubError
from hub.model import Command, SyncJob
from hub.model.operation import OWN
from hub.operate.outcomes import BEGUN, LEFT_OUT, PAGES, PAPERS, RAN
from hub.operate.waiting_orders import OrderState, holds_up
from sync import run_ledger
from sync.engine import ORDER, Engine
from sync.jobs import split_name
from sync.lease import LeaseLostError
from sync.replay import replay
from sync.services import Services

LOG = logging.getLogger("yuhub.sync")
KEPT_OVER = (LeaseLostError, DatabaseBusy, DatabaseConflict, DatabaseUnavailable, DiskFull)
"""What an order outlasts: another run has the job, or the database did not take what was done."""
MOST = 2_000
"""Characters of an outcome."""


def obey_commands(services: Services, engine: Engine) -> int:
    """Begins the commands that nothing holds up, in the order in which they were given; returns how many.

    One that is held up (a rest, a run under way, a pause that came later) is kept, and those to the same job behind it.
    So is one whose process dies over it: it was carried out once what became of it is noted.
    """
    with services.database.read() as connection:
        waiting = connection.execute(
            select(Command.__table__).where(Command.obeyed_at.is_(None)).order_by(Command.id)
        ).all()
    held, begun = set[str](), 0
    for command in waiting:
        free = command.job not in held and not _is_held_up(services, command)
        held.add(command.job)
        if free and engine.submit(command.job, ORDER, command=command.id):
            note_outcome(services, command.id, BEGUN)
            begun += 1
    return begun


def carry_out(services: Services, command_id: int, run: Callable[[str], str]) -> None:
    """In a thread of its connector: a replay takes long, and the orders to others do not wait for it.

    `run` runs a job, and says what became of it.
    """
    with services.database.read() as connection:
        command = connection.execute(select(Command.__table__).where(Command.id == command_id)).one()
    if command.obeyed_at is not None:
        return  # between the look at the orders and this moment
    try:
        outcome = ACTIONS[command.action](services, command, run)
    except KEPT_OVER as error:
        LOG.warning("%s %s is kept: %s", command.action, command.job, error)
        return
    except HubError as error:
        outcome = f"{error.code}: {error.words('en')}"
    except Exception as error:  # noqa: BLE001 - whatever a replay comes upon is what became of it
        connector = services.connectors.get(split_name(command.job)[0])
        outcome = ": ".join(run_ledger.describe_error(error, connector.mask if connector else Mask(())))
        LOG.warning("%s %s: %s", command.action, command.job, outcome)
    if outcome is not None:
        note_outcome(services, command.id, outcome)


def note_outcome(services: Services, command: int, outcome: str) -> None:
    """Writes down that a command was carried out, and what became of it, or that it was begun."""
    obeyed_at = None if outcome == BEGUN else services.now()
    with services.database.write() as connection:
        waits = update(Command).where(Command.id == command, Command.obeyed_at.is_(None))
        connection.execute(waits.values(obeyed_at=obeyed_at, outcome=outcome[:MOST]))


def _is_held_up(services: Services, command: Row[Any]) -> bool:
    with services.database.read() as connection:
        job = connection.execute(select(SyncJob.__table__).where(SyncJob.name == command.job)).one_or_none()
    return holds_up(job, command.action, services.now()) is not OrderState.NEXT


def _run(services: Services, command: Row[Any], run: Callable[[str], str]) -> str | None:
    """A run that was skipped was none: somebody else held the job in this moment, and the order is kept."""
    if split_name(command.job)[0] not in (OWN, *services.connectors):
        return LEFT_OUT
    outcome = run(command.job)
    return None if outcome == "skipped" else RAN.format(outcome)


def _replay(services: Services, command: Row[Any], _: object) -> str:
    pages = replay(services, command.job, services.now(), quarantined_only=not command.parameters.get("all"))
    return (PAPERS if split_name(command.job)[1] is None else PAGES).format(pages)


ACTIONS: Mapping[str, Callable[[Services, Row[Any], Callable[[str], str]], str | None]] = {
    "run": _run,
    "replay": _replay,
}
