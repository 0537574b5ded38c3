"""Separate rooms: each kind of caller has threads of its own, so that a flood of one kind uses up no other's."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from hub.access.caller import OFFICE, Role
from hub.access.knocking import key_in
from hub.errors import HubError

Result = TypeVar("Result")
RoleOf = Callable[[str], Role | None]
"""The role behind a key; None where it is nobody's."""
LONGEST_WAIT = 10.0
"""Seconds; whoever waited so long is told to come back, and nothing is done."""
ROOM_BYTES = 64 * 2**20
ADDRESS_BYTES = ROOM_BYTES // 4
"""What all callers of a room, and those of one address, may have said and nobody has read yet."""
REMEMBERED, REMEMBERED_SECONDS = 4096, 60.0


class Size(NamedTuple):
    """How many are served at once, how many may be there in all, and how many of them from one address."""

    threads: int
    places: int = 2_000
    of_one_address: int = 1_000


SIZES = {
    "live": Size(1),  # whether the process is there
    "ready": Size(1),
    "doors": Size(2),  # whose a key is that was not seen lately
    "hooks": Size(3),  # what authorities push
    "staff": Size(3),
    "enterprises": Size(6),
    "bulk": Size(12, places=200, of_one_address=4),  # trades by the thousand, as slowly as they may come
    "public": Size(3),  # whoever shows no key, or one that is nobody's
}
"""Together about as many as the database has connections for; those in bulk wait for their callers most of the time."""
ROOM_OF_ROLE = {Role.ANONYMOUS: "public", **dict.fromkeys(OFFICE, "staff")}


class Room:
    """Threads for one kind of caller, and a place to wait for them."""

    def __init__(self, name: str, size: Size) -> None:
        self.name, self.size, self.inside, self.heard = name, size, 0, 0
        self._by_address: Counter[str] = Counter()
        self._heard_of: Counter[str] = Counter()
        self._pool = ThreadPoolExecutor(size.threads, thread_name_prefix=f"web {name}")

    def must_have_place(self, address: str) -> None:
        """ROOM_FULL where whoever comes now would not be served soon."""
        beside = self._by_address[address]
        if self.inside >= self.size.places or beside >= self.size.of_one_address or self.heard >= ROOM_BYTES:
            raise HubError("ROOM_FULL")

    async def run(self, address: str, call: Callable[[], Result]) -> Result:
        """What `call` says, in a thread of the room. ROOM_FULL where none is free in time."""
        self.must_have_place(address)
        came = time.monotonic()

        def in_time() -> Result:
            if time.monotonic() - came > LONGEST_WAIT:
                raise HubError("ROOM_FULL")
            return call()

        self.inside += 1
        self._by_address[address] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, in_time)
        finally:
            self.inside -= 1
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]

    @contextmanager
    def hearing(self, address: str) -> Iterator[Callable[[int], None]]:
        """Counts bytes that are held for a caller, until it is answered. ROOM_FULL where all hold too many, or those
        of its address do.
        """
        held = 0

        def hear(more: int) -> None:
            nonlocal held
            if self.heard + more > ROOM_BYTES or self._heard_of[address] + more > ADDRESS_BYTES:
                raise HubError("ROOM_FULL")
            held += more
            self.heard += more
            self._heard_of[address] += more

        try:
            yield hear
        finally:
            self.heard -= held
            self._heard_of[address] -= held
            if not self._heard_of[address]:
                del self._heard_of[address]

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


class Rooms:
    """Says which room a request belongs to: by its path, and by the role behind its key."""

    def __init__(self, role_of: RoleOf | None, sizes: Mapping[str, Size]) -> None:
        self._rooms = {name: Room(name, size) for name, size in sizes.items()}
        self._role_of = role_of or (lambda key: Role.ENTERPRISE)
        self._known: OrderedDict[bytes, tuple[float, Role]] = OrderedDict()

    async def find(self, address: str, method: str, path: str, authorization: str) -> Room:
        """The room. A key that is not known yet is looked up in a room of its own; ROOM_FULL where that is full."""
        if path.startswith("/hooks/"):
            return self._rooms["hooks"]
        if path.startswith("/health/"):
            return self._rooms["live" if path == "/health/live" else "ready"]
        key = key_in(authorization)
        role = await self._role(address, key) if key else Role.ANONYMOUS
        name = ROOM_OF_ROLE.get(role, "enterprises")
        return self._rooms["bulk" if (method, path, name) == ("POST", "/trades", "enterprises") else name]

    def close(self) -> None:
        for room in self._rooms.values():
            room.close()

    async def _role(self, address: str, key: str) -> Role:
        """Rooms go by it and nothing else: what a caller may do is asked of the database each time."""
        digest = hashlib.sha256(key.encode("utf-8", "replace")).digest()
        known = self._known.get(digest)
        if known and time.monotonic() < known[0]:
            return known[1]
        role = await self._rooms["doors"].run(address, lambda: self._role_of(key))
        if role is None:
            return Role.ANONYMOUS
        self._known[digest] = time.monotonic() + REMEMBERED_SECONDS, role
        self._known.move_to_end(digest)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return role
