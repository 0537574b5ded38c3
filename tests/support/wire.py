"""A wire between the hub and a database server, which a test can hold still or cut."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import make_url

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: closing sends RST, and not FIN."""


class Wire:
    """Listens on loopback and carries bytes both ways. Held still, it takes connections and bytes, and says nothing."""

    def __init__(self, address: str) -> None:
        self.target = make_url(address)
        self._flows = threading.Event()
        self._flows.set()
        self._carriers: list[tuple[threading.Thread, tuple[socket.socket, socket.socket]]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._doorkeeper = threading.Thread(target=self._accept, daemon=True)
        self._doorkeeper.start()

    @property
    def address(self) -> str:
        port = self._listener.getsockname()[1]
        moved = self.target.set(host="127.0.0.1", port=port).difference_update_query(["host", "port"])
        return moved.render_as_string(hide_password=False)

    def hold_still(self) -> None:
        self._flows.clear()

    def let_go(self) -> None:
        self._flows.set()

    def cut(self) -> None:
        """Every connection is reset; new ones are taken."""
        carriers, self._carriers = self._carriers, []
        for carrier, ends in carriers:
            for end in ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RD)  # and so the carrier closes both
            carrier.join()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self.let_go()
        self._doorkeeper.join()
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = self._reach()
                near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                carrier = threading.Thread(target=self._join, args=(near, far), daemon=True)
                carrier.start()
                self._carriers.append((carrier, (near, far)))

    def _reach(self) -> socket.socket:
        host = str(self.target.query.get("host") or self.target.host)
        if not host.startswith("/"):
            return socket.create_connection((host, self.target.port or 5432))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{host}/.s.PGSQL.{self.target.port or 5432}")
        return far

    def _join(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            back = threading.Thread(target=self._carry, args=(far, near), daemon=True)
            back.start()
            self._carry(near, far)
            back.join()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self._flows.wait()
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RD)


@contextmanager
def wire_to(address: str) -> Iterator[Wire]:
    made = Wire(address)
    try:
        yield made
    finally:
        made.close()
