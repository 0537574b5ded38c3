"""Orders of registrars and owners from the command line go over the API, with their key."""

from __future__ import annotations

from hub.access import Role
from tests.cli.shells import Typed
from tests.gateway.town import Town
from tests.support.world import World, demo_file

NEIGHBOUR = demo_file("enterprises", "zhengzhou-trousers")["uscc"]
OWNERS = '{ auditLog(action: "receipt.owner") { actor reason before enterprise } }'


def test_a_registrar_corrects_whose_money_it_is(yuhub: Typed, small_world: World) -> None:
    town = Town(small_world)
    town.move_in()
    number = str(town.unclear())
    order = ("receipt", "correct-owner", number, NEIGHBOUR, "--reason", "the bank wrote the wrong account")
    hub = {"YUHUB_HUB": small_world.address}
    assert "FORBIDDEN" in yuhub(*order, expect=1, YUHUB_KEY=town.owner, **hub)
    registrar = small_world.issue("a registrar", Role.REGISTRAR)
    assert f"is {NEIGHBOUR}'s now" in yuhub(*order, YUHUB_KEY=registrar, **hub)
    rows = small_world.ask(OWNERS, small_world.staff)["auditLog"]
    assert {(row["actor"], row["reason"]) for row in rows} == {("a registrar", "the bank wrote the wrong account")}
    assert len(rows) == 2, "both enterprises read of it"
