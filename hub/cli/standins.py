"""Starting the stand-in authorities, for demonstrations and by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import click

from hub.cli.ports import probe

AUTHORITIES = {"customs": 0, "tax": 1, "forex": 2, "rail": 3, "airport": 4}
"""Authority → offset of its usual port."""


def standing_in(stack: ExitStack, paces: Mapping[str, float], ports: Mapping[str, int] | None = None) -> dict[str, str]:
    """Starts the stand-ins until the stack is closed; their addresses by authority. PortTaken before any is started."""
    for port in (ports or {}).values():
        probe("127.0.0.1", port)
    serving, hostile, pace_of, desks = _stand_ins()
    return {
        code: stack.enter_context(serving(hostile(desks[code](pace_of(pace))), port=(ports or {}).get(code, 0)))
        for code, pace in paces.items()
    }


def _stand_ins() -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any], dict[str, Callable[..., Any]]]:
    """Imported late: only a demonstration needs the stand-ins and the test server that carries them."""
    try:
        from mocks.serve import serving
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"{missing.name} is missing. → pip install 'yuhub[demo]'") from None
    from mocks.airport.app import create_app as airport
    from mocks.customs.app import create_app as customs
    from mocks.forex.app import create_app as forex
    from mocks.hostile import Hostile
    from mocks.pace import Pace
    from mocks.rail.app import create_app as rail
    from mocks.tax.app import create_app as tax

    return serving, Hostile, Pace, {"airport": airport, "customs": customs, "forex": forex, "rail": rail, "tax": tax}
