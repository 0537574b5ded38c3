"""Ports to listen on."""

from __future__ import annotations

import socket

import click

from hub.errors import HubError

PORT = click.IntRange(0, 65_535)
"""Type of an option; 0 takes any free one."""
BACKLOG = 2048


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. PORT_TAKEN where another does, or where the address is none of this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sends at once on TCP it knows of
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise HubError("PORT_TAKEN", host=host, port=port) from None
    return listener
