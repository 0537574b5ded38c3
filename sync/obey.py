"""Obeying the command rows that staff wrote."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Row, select, update

from hub.errors import HubError
from hub.model import Command
from sync import ledger
from sync.jobs import split_name
from sync.local import LocalEngine
from sync.parts import Parts
from sync.replay import replay

LOG = logging.getLogger("yuhub.sync")


def obey_commands(parts: Parts, engine: LocalEngine) -> int:
    """Carries out the commands that wait, in the order in which they were given; returns how many."""
    with parts.database.read() as connection:
        waiting = connection.execute(
            select(Command.__table__).where(Command.obeyed_at.is_(None)).order_by(Command.id)
        ).all()
    for command in waiting:
        try:
            outcome = ACTIONS[command.action](parts, engine, command)
        except HubError as error:
            outcome = error.words("en")
        except Exception as error:  # noqa: BLE001 - whatever a replay comes upon, the orders behind it are obeyed
            outcome = ": ".join(ledger.describe(error, parts.connectors[split_name(command.job)[0]].mask))
            LOG.warning("%s %s: %s", command.action, command.job, outcome)
        with parts.database.write() as connection:
            connection.execute(
                update(Command).where(Command.id == command.id).values(obeyed_at=parts.now(), outcome=outcome)
            )
    return len(waiting)


def _run(parts: Parts, engine: LocalEngine, command: Row[Any]) -> str:
    return "enqueued" if engine.enqueue(command.job, parts.now()) else "runs already"


def _replay(parts: Parts, engine: LocalEngine, command: Row[Any]) -> str:
    pages = replay(parts, command.job, parts.now(), quarantined_only=not command.parameters.get("all"))
    return f"{pages} {'papers tried anew' if split_name(command.job)[1] is None else 'pages read again'}"


ACTIONS: Mapping[str, Callable[[Parts, LocalEngine, Row[Any]], str]] = {"run": _run, "replay": _replay}
