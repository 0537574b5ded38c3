"""Orders of registrars and owners from the command line go over the API, with their key."""

from __future__ import annotations

import json
from pathlib import Path

from hub.access import Role
from tests.support.cli.shells import Typed
from tests.support.consolidations.quay import TYPED, Quay
from tests.support.gateway.town import Town
from tests.support.world import World, demo_file

NEIGHBOUR = demo_file("enterprises", "zhengzhou-trousers")["uscc"]
OWNER = demo_file("enterprises", "xuchang-hair")["uscc"]
OWNERS = '{ auditLog(action: "remittance.owner") { actor reason before enterprise } }'


def test_a_registrar_corrects_whose_money_it_is(yuhub: Typed, small_world: World) -> None:
    town = Town(small_world)
    town.move_in()
    number = str(town.unclear())
    order = ("remittance", "correct-owner", number, NEIGHBOUR, "--reason", "the bank wrote the wrong account")
    hub = {"YUHUB_HUB": small_world.address}
    assert "FORBIDDEN" in yuhub(*order, expect=1, YUHUB_KEY=town.owner, **hub)
    registrar = small_world.issue("a registrar", Role.REGISTRAR)
    assert f"is {NEIGHBOUR}'s now" in yuhub(*order, YUHUB_KEY=registrar, **hub)
    rows = small_world.ask(OWNERS, small_world.staff)["auditLog"]
    assert {(row["actor"], row["reason"]) for row in rows} == {("a registrar", "the bank wrote the wrong account")}
    assert len(rows) == 2, "both enterprises read of it"


def test_an_owner_appoints_and_consents_from_the_command_line(yuhub: Typed, small_world: World) -> None:
    hub = {"YUHUB_HUB": small_world.address, "YUHUB_KEY": small_world.exporter()}
    ends = ("--ends", "2026-06-01T08:00")
    assert "yuhub consent grant" in yuhub("consent", "list", **hub)
    yuhub("broker", "appoint", "henan-broker", "--act", "enter", "--act", "money", *ends, **hub)
    row, mine = yuhub("broker", "list", **hub).splitlines()[1:]
    assert row.split()[1:6] == ["henan-broker", "read,", "enter,", "money", "offered"]
    assert row.rstrip().endswith("06-01 08:00:00")
    assert "yes" in mine.split()
    assert "待接受" in yuhub("broker", "list", YUHUB_LANGUAGE="zh", **hub)
    theirs = hub | {"YUHUB_KEY": small_world.issue("henan-broker", Role.ENTERPRISE)}
    assert "accepted" in yuhub("broker", "accept", OWNER, **theirs)
    assert "有效" in yuhub("broker", "list", YUHUB_LANGUAGE="zh", **theirs)
    assert "NOT_FOUND" in yuhub("broker", "accept", NEIGHBOUR, expect=1, **theirs)
    yuhub("broker", "dismiss", "henan-broker", **hub)
    assert "NOT_FOUND" in yuhub("broker", "leave", OWNER, expect=1, **theirs)
    assert "ended" in yuhub("broker", "list", **hub)
    assert "NOT_FOUND" in yuhub("broker", "dismiss", "henan-broker", expect=1, **hub)
    assert "ENTRY_REFUSED" in yuhub("broker", "appoint", "x", "--ends", "2020-01-01", expect=1, **hub)
    number = yuhub("consent", "grant", "belt", "--purpose", "a look", **hub).split()[-1]
    assert "a look" in yuhub("consent", "list", **hub)
    yuhub("consent", "withdraw", number, **hub)
    assert "NOT_FOUND" in yuhub("consent", "withdraw", number, expect=1, **hub)
    assert "PURPOSE_MISSING" in yuhub("consent", "grant", "belt", "--purpose", " ", expect=1, **hub)


def test_an_owner_adds_and_removes_webhooks_from_the_command_line(yuhub: Typed, small_world: World) -> None:
    hub = {"YUHUB_HUB": small_world.address, "YUHUB_KEY": small_world.exporter()}
    assert "yuhub webhook add" in yuhub("webhook", "list", **hub)
    assert "没有通知" in yuhub("webhook", "deliveries", YUHUB_LANGUAGE="zh", **hub)
    said = yuhub("webhook", "add", "https://8.8.8.8/", "--event", "trade.finished", "--event", "paper.rejected", **hub)
    assert "whsec_" in said
    number = said.partition("webhook ")[2].split()[0]
    listed = yuhub("webhook", "list", **hub)
    assert "https://8.8.8.8/  paper.rejected, trade.finished" in listed
    small_world.ask("mutation($id: ID!) { testWebhook(id: $id) { id } }", hub["YUHUB_KEY"], id=number)
    assert "waiting" in yuhub("webhook", "deliveries", **hub)
    yuhub("webhook", "remove", number, **hub)
    assert "8.8.8.8" not in yuhub("webhook", "list", **hub)


def test_a_forwarder_works_from_the_command_line(yuhub: Typed, small_world: World, tmp_path: Path) -> None:
    quay, file = Quay(small_world, trades=2), tmp_path / "flight.json"
    file.write_text(json.dumps({**TYPED, "enterprise": quay.holder_uscc}), "utf-8")
    hub = {"YUHUB_HUB": small_world.address, "YUHUB_KEY": quay.keys["holder"]}
    assert "yuhub consolidation open FILE" in yuhub("consolidation", "list", **hub)
    number = yuhub("consolidation", "open", str(file), **hub).strip()
    assert "CONSOLIDATION_TAKEN" in yuhub("consolidation", "open", str(file), expect=1, **hub)
    assert "open" in yuhub("consolidation", "join", number, *quay.trades, **hub)
    yuhub("consolidation", "leave", number, quay.trades[1], "--reason", "it waits", **hub)
    assert "it waits" in yuhub("consolidation", "show", number, **hub)
    assert "CA1037/2026-01-10" in yuhub("consolidation", "list", **hub)
    assert "已封闭" in yuhub("consolidation", "close", number, **hub | {"YUHUB_LANGUAGE": "zh"})
    assert "open" in yuhub("consolidation", "reopen", number, **hub)
    (one,) = json.loads(yuhub("consolidation", "list", "--json", **hub))
    assert (one["number"], one["packages"]) == (number, 3)
