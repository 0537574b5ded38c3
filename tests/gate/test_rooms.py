"""Each kind of caller has a room of its own: a flood of one shuts out no other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from threading import Event
from typing import Any

import pytest
import requests
from flask import Flask, Response, request

from hub.access.caller import Role
from hub.cli.serve import serving_front
from hub.gate.front import Front
from hub.gate.rooms import SIZES, Room, Rooms, Size
from tests.support.refusals import refuses
from tests.support.world import World

KINDS = {
    "public": ("POST", "/graphql", ""),
    "wrong keys": ("POST", "/graphql", "nobody"),
    "enterprises": ("POST", "/graphql", Role.ENTERPRISE),
    "belts": ("GET", "/papers/X", Role.BELT),
    "staff": ("POST", "/graphql", Role.OPERATOR),
    "bulk": ("POST", "/trades", Role.ENTERPRISE),
    "strangers' bulk": ("POST", "/trades", ""),
    "hooks": ("POST", "/hooks/airport/notifications", ""),
    "ready": ("GET", "/health/ready", ""),
}
TOGETHER = [{"public", "wrong keys", "strangers' bulk"}, {"enterprises", "belts"}]
ROOMY = {name: size._replace(places=50) for name, size in SIZES.items()}


class Held:
    """A server whose application lets nobody go who says that he is of the flood."""

    def __init__(self, proxies: int = 0, sizes: Mapping[str, Size] = ROOMY) -> None:
        self.came, self.go_on = Event(), Event()
        app = Flask("held", static_folder=None)

        def answer(path: str) -> Response:
            if "Flood" in request.headers:
                self.came.set()
                assert self.go_on.wait(120)
            return Response("here")

        app.add_url_rule("/<path:path>", "answer", answer, methods=["GET", "POST"])
        self.front = Front(app, role_of=lambda key: Role(key) if key in [*Role] else None, sizes=sizes, proxies=proxies)
        self.address = ""

    def ask(self, kind: str, **headers: str) -> requests.Response:
        method, path, key = KINDS[kind]
        headers |= {"Authorization": f"Bearer {key}"} if key else {}
        return requests.request(method, f"{self.address}{path}", headers=headers, timeout=120)


@pytest.fixture
def held() -> Iterator[Held]:
    made = Held()
    with serving_front(made.front, "127.0.0.1", 0) as made.address:
        yield made
        made.go_on.set()


@pytest.mark.parametrize("flood", KINDS)
def test_a_flood_of_one_kind_shuts_out_no_other(held: Held, flood: str) -> None:
    others = [kind for kind in KINDS if kind != flood and not any({kind, flood} <= group for group in TOGETHER)]
    with ThreadPoolExecutor(60) as crowd:
        asked = [crowd.submit(held.ask, flood, Flood="yes") for _ in range(60)]
        first = next(one for one in iter_done(asked))  # some are refused: the room is full
        assert first.status_code == 503
        assert int(first.headers["Retry-After"]) > 0
        assert first.json()["errors"][0]["extensions"]["code"] == "ROOM_FULL"
        assert {kind: held.ask(kind).status_code for kind in others} == dict.fromkeys(others, 200)
        assert requests.get(f"{held.address}/health/live", timeout=120).status_code == 200
        held.go_on.set()
        assert sorted({one.result().status_code for one in asked}) == [200, 503]


def iter_done(asked: list[Any]) -> Iterator[requests.Response]:
    from concurrent.futures import as_completed

    for one in as_completed(asked, timeout=120):
        yield one.result()


def test_one_address_does_not_fill_a_room() -> None:
    async def fill() -> tuple[int, int]:
        rooms = Rooms(None, {"hooks": Size(1, places=10, of_one_address=4)})
        room = await rooms.find("a", "POST", "/hooks/x/y", "")
        go_on = Event()
        asked = [asyncio.create_task(room.run(address, go_on.wait)) for address in "aaaaaab"]
        await asyncio.sleep(0)
        go_on.set()
        done = await asyncio.gather(*asked, return_exceptions=True)
        rooms.close()
        return sum(one is True for one in done[:6]), sum(one is True for one in done[6:])

    assert asyncio.run(fill()) == (4, 1)


def test_what_one_address_says_and_does_not_end_fills_no_room() -> None:
    room = Room("hooks", Size(1))
    with ExitStack() as held:
        for _ in range(16):
            held.enter_context(room.hearing("a"))(2**20)
        with refuses("ROOM_FULL"):
            held.enter_context(room.hearing("a"))(1)
        with room.hearing("b") as hear:
            hear(2**20)
    with room.hearing("a") as hear:
        hear(2**20)
    room.close()


def test_a_caller_names_itself_no_address_before_the_one_that_the_proxy_names() -> None:
    """A proxy may say what it adds in a header of its own."""
    held = Held(proxies=1, sizes=ROOMY | {"hooks": Size(2, places=10, of_one_address=1)})
    with serving_front(held.front, "127.0.0.1", 0) as held.address, ThreadPoolExecutor(1) as crowd:
        first = crowd.submit(held.ask, "hooks", Flood="yes", **{"X-Forwarded-For": "192.0.2.1"})
        assert held.came.wait(120)
        line = HTTPConnection(held.address.removeprefix("http://"))
        line.putrequest("POST", "/hooks/airport/notifications")
        line.putheader("X-Forwarded-For", "198.51.100.7")
        line.putheader("X-Forwarded-For", "192.0.2.1")
        line.endheaders()
        second = line.getresponse().status
        held.go_on.set()
        assert (second, first.result().status_code) == (503, 200)


def test_a_customer_of_ipv6_has_as_much_room_as_one_address() -> None:
    held = Held(proxies=1, sizes=ROOMY | {"hooks": Size(1, places=10, of_one_address=1)})
    with serving_front(held.front, "127.0.0.1", 0) as held.address, ThreadPoolExecutor(1) as crowd:
        first = crowd.submit(held.ask, "hooks", Flood="yes", **{"X-Forwarded-For": "2001:db8:1:2::1"})
        assert held.came.wait(120)
        second = held.ask("hooks", **{"X-Forwarded-For": "2001:db8:1:2:aaaa::9"})
        held.go_on.set()
        assert (second.status_code, first.result().status_code) == (503, 200)


def test_the_room_goes_by_the_role_that_the_key_has_in_the_database(small_world: World) -> None:
    world = small_world
    enterprise = world.exporter()
    shown = {
        f"Bearer {world.staff}": "staff",
        f"Bearer {enterprise}": "enterprises",
        f"bearer  {enterprise}": "enterprises",  # as whoever signs it in reads the header
        enterprise: "public",
        "Bearer yh_nobodys": "public",
    }

    async def rooms_of() -> dict[str, str]:
        rooms = Rooms(world.hub.role_of, SIZES)
        found = {header: (await rooms.find("a", "POST", "/graphql", header)).name for header in shown}
        rooms.close()
        return found

    assert asyncio.run(rooms_of()) == shown
