"""Starting the stand-in authorities, for demonstrations and by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any

import click

from hub.cli.ports import probe

AUTHORITIES = {"customs": 0, "tax": 1, "forex": 2, "rail": 3, "airport": 4}
"""Authority → offset of its usual port."""


def standing_in(
    stack: ExitStack,
    paces: Mapping[str, float],
    ports: Mapping[str, int] | None = None,
    signed_with: str = "",
) -> dict[str, str]:
    """Starts the stand-ins until the stack is closed; their addresses by authority. PortTaken before any is started.

    With the number of a certificate, customs takes messages that are signed with it and no others.
    """
    for port in (ports or {}).values():
        probe("127.0.0.1", port)
    open_one = _stand_ins(signed_with)
    return {code: stack.enter_context(open_one(code, pace, (ports or {}).get(code, 0))) for code, pace in paces.items()}


def _stand_ins(signed_with: str) -> Callable[[str, float, int], AbstractContextManager[str]]:
    """Opens one by its code, pace and port. Imported late: only a demonstration needs them and what carries them."""
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
    from mocks.rail.app import create_app as rail
    from mocks.tax.app import create_app as tax

    if signed_with:
        customs = partial(customs, signatures=SignatureDesk(demanded=True, registered=(signed_with,)))
    desks: dict[str, Callable[..., Any]]
    desks = {"airport": airport, "customs": customs, "forex": forex, "rail": rail, "tax": tax}
    return lambda code, pace, port: serving(Hostile(desks[code](Pace(pace))), port=port)
