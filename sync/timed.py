"""A plugin's reading, within a limit of time: a loop that never ends stops its own stream and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from threading import Event
from typing import TypeVar

from connectors.sdk.errors import BadData
from connectors.sdk.inside.deadline import TooLate, within
from connectors.sdk.members import Told, reason_of
from sync.services import Services

LOG = logging.getLogger("yuhub.sync")
Result = TypeVar("Result")


class TooSlow(BadData):
    """The reading of a page did not end in time."""


def in_time(services: Services, chain: str, raw_id: str, read: Callable[[Event], Result]) -> Result:
    """What a connector reads in a page. `read` is given what is set once nobody waits for it any more.

    BadData for whatever it raises; TooSlow where it does not end within `page_seconds`: a thread cannot be killed, it
    is left alone and counted.
    """
    late = Event()

    def call() -> Result:
        try:
            return read(late)
        except BadData:
            raise
        except BaseException as error:
            raise BadData(f"the page cannot be read; {reason_of(error)}") from error

    try:
        return within(services.page_seconds, call)
    except TooLate:
        late.set()
        services.abandoned[chain] += 1
        LOG.warning("%s: reading %s does not end; thread left alone, no. %d", chain, raw_id, services.abandoned[chain])
        limit = f"{services.page_seconds:g} s"
        raise TooSlow(f"the connector's fault: reading the page did not end within {limit}") from None


def until(late: Event, told: Iterable[Told]) -> Iterator[Told]:
    """What is told, until nobody waits for it any more."""
    for one in told:
        if late.is_set():
            return
        yield one
