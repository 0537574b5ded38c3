"""Starting the stand-in authorities, for demonstrations and by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any, NamedTuple

import click

from hub.cli.ports import bound

AUTHORITIES = {"customs": 0, "tax": 1, "forex": 2, "rail": 3, "airport": 4}
"""Authority → offset of its usual port."""


class StandIns(NamedTuple):
    """What they are made of: applications by authority, and what serves, paces, spoils and repeats."""

    serving: Callable[..., Any]
    repeating: Callable[..., Any]
    hostile: Callable[..., Any]
    pace: Callable[..., Any]
    desks: Mapping[str, Callable[..., Any]]


def standing_in(
    stack: ExitStack,
    paces: Mapping[str, float],
    ports: Mapping[str, int] | None = None,
    signed_with: str = "",
) -> dict[str, str]:
    """Starts the stand-ins until the stack is closed; their addresses by authority. PORT_TAKEN before any is started.

    With the number of a certificate, customs takes messages that are signed with it and no others.
    """
    for port in (ports or {}).values():
        bound("127.0.0.1", port).close()
    made, addresses = _stand_ins(signed_with), {}
    for code, pace in paces.items():
        app = made.desks[code](made.pace(pace))
        addresses[code] = stack.enter_context(made.serving(made.hostile(app), port=(ports or {}).get(code, 0)))
        if "notices" in app.extensions:  # it pushes, once somebody wants to be told
            stack.enter_context(made.repeating(app.extensions["notices"].tell))
    return addresses


def _stand_ins(signed_with: str) -> StandIns:
    """Imported late: only a demonstration needs the stand-ins and the test server that carries them."""
    try:
        from mocks.serve import serving
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"{missing.name} is missing. → pip install 'yuhub[demo]'") from None
    from mocks.airport.app import create_app as airport
    from mocks.customs.app import create_app as customs
    from mocks.customs.signature import SignatureDesk
    from mocks.forex.app import create_app as forex
    from mocks.hostile import Hostile
    from mocks.pace import Pace
    from mocks.push import repeating
    from mocks.rail.app import create_app as rail
    from mocks.tax.app import create_app as tax

    if signed_with:
        customs = partial(customs, signatures=SignatureDesk(demanded=True, registered=(signed_with,)))
    desks: dict[str, Callable[..., Any]]
    desks = {"airport": airport, "customs": customs, "forex": forex, "rail": rail, "tax": tax}
    return StandIns(serving, repeating, Hostile, Pace, desks)
