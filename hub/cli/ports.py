"""Is a port free?"""

from __future__ import annotations

import socket

import click

from hub.errors import PortTaken

PORT = click.IntRange(0, 65_535)
"""Type of an option; 0 takes any free one."""


def probe(host: str, port: int) -> None:
    """PortTaken before anything is started; port 0 is always free."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            raise PortTaken(host=host, port=port) from None
