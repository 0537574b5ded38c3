"""Why a paper has the value that it has: who typed it, which authority said it, what a computation read."""

from __future__ import annotations

from typing import Any

import pytest

from hub.access import Role
from tests.support.cli.shells import Typed
from tests.support.flow.exporter import Exporter
from tests.support.world import World, demo_file

WHY = """query($n: String!, $k: String, $f: String!, $v: Int) { why(number: $n, kind: $k, field: $f, version: $v) {
  number kind field standing value version sentAt newestVersion source origin asOf computation meaning how rules
  reads { source origin value typedBy typedAt entryVersion validFrom authority code heardAt rawMessage download }
  lacks { what whom kinds authorities path } } }"""
WIGS = "xuchang-wigs-to-chicago"
INVENTORY = "customs.inventory"


@pytest.fixture
def exporter(small_world: World) -> Exporter:
    return Exporter(small_world)


def why(exporter: Exporter, number: str, field: str, kind: str | None = INVENTORY, **more: Any) -> Any:
    asked = {"n": number, "k": kind, "f": field, "v": more.get("version")}
    return exporter.world.ask(WHY, more.get("key", exporter.key), more.get("language", "en"), **asked)["why"]


def refused(exporter: Exporter, number: str, field: str, kind: str | None = INVENTORY, key: str = "") -> Any:
    (error,) = exporter.world.post(WHY, key or exporter.key, n=number, k=kind, f=field).json()["errors"]
    return error


def released(exporter: Exporter) -> str:
    number = exporter.enters(WIGS)
    exporter.world.until(lambda: bool(exporter.paper(number, "customs.waybill_list")["state"] != "planned"))
    return number


def test_a_value_that_was_typed_names_who_typed_it_where_and_when(exporter: Exporter) -> None:
    number = released(exporter)
    found = why(exporter, number, "goods[1].hs_code")
    (read,) = found["reads"]
    assert (found["standing"], found["version"], found["origin"]) == ("sent", 1, "typed in the entry")
    assert found["sentAt"] > read["typedAt"]
    assert read["source"] == "entry:goods[1].hsCode"
    assert read["value"] == found["value"]
    assert (read["typedBy"], read["entryVersion"]) == (demo_file("enterprises", "xuchang-hair")["uscc"], 1)


def test_a_value_of_the_tariff_names_its_edition_and_the_message_that_told_it(exporter: Exporter) -> None:
    number = released(exporter)
    found = why(exporter, number, "goods[0].legal_unit", language="zh")
    (read,) = found["reads"]
    assert (found["source"], found["origin"]) == ("tariff:unit1", "税则")
    assert (read["authority"], read["value"]) == ("customs", found["value"])
    assert read["validFrom"]
    assert read["rawMessage"]


def test_a_value_that_was_worked_out_names_what_was_read_and_the_rule(exporter: Exporter) -> None:
    number = released(exporter)
    found = why(exporter, number, "goods[0].legal_quantity")
    assert found["computation"] == "legal_quantity"
    assert found["rules"] == ["海关总署公告2019年第18号"]
    assert {one["source"] for one in found["reads"]} >= {"entry:goods[0].netWeight", "tariff:unit1"}
    assert all(one["value"] for one in found["reads"])
    assert why(exporter, number, "platform_code")["rules"] == ["202205 edition"]
    whole = why(exporter, number, "net_weight")
    assert {one["source"] for one in whole["reads"]} >= {"entry:goods[0].netWeight", "entry:goods[1].netWeight"}


def test_a_value_that_an_authority_gave_leads_to_its_response(exporter: Exporter) -> None:
    number = released(exporter)
    found = why(exporter, number, "parcels[0].inventory_number", "customs.waybill_list")
    (read,) = found["reads"]
    assert (read["authority"], read["value"], bool(read["code"])) == ("customs", found["value"], True)
    assert read["download"].startswith("/responses/")
    assert read["rawMessage"]


def test_a_value_that_is_missing_names_what_it_waits_for_and_who_brings_it(exporter: Exporter) -> None:
    number = exporter.enters(WIGS)
    found = why(exporter, number, "parcels[0].inventory_number", "customs.waybill_list")
    assert (found["standing"], found["value"], found["version"]) == ("missing", None, None)
    assert {"what": "inventory_number, which an authority gives", "whom": "authority", "kinds": [INVENTORY],
            "authorities": ["China Customs"], "path": None} in found["lacks"]  # fmt: skip
    planned = why(exporter, number, "net_weight")
    assert planned["standing"] == "planned"
    assert planned["value"]
    assert planned["lacks"][0]["kinds"] == ["customs.order"]


def test_an_amended_value_names_who_amended_it_and_the_earlier_version_is_still_told(exporter: Exporter) -> None:
    number = exporter.enters("xuchang-wrong-classification")
    exporter.world.until(lambda: bool(exporter.sees(number)["state"] == "attention"))
    before = why(exporter, number, "goods[1].quantity", "customs.order")
    amended = exporter.amends(number, **{"goods[1].hsCode": "6704200000", "goods[1].quantity": "90"})
    assert amended["data"]["amendTrade"]["errors"] == []
    waits = why(exporter, number, "goods[1].quantity", "customs.order")
    assert (waits["version"], waits["newestVersion"], waits["value"]) == (1, 2, before["value"])
    assert waits["reads"] == before["reads"]

    exporter.world.until(lambda: bool(exporter.paper(number, "customs.order")["state"] == "done"))
    after = why(exporter, number, "goods[1].quantity", "customs.order")
    assert (after["version"], after["value"], after["reads"][0]["entryVersion"]) == (2, "90", 2)
    earlier = why(exporter, number, "goods[1].quantity", "customs.order", version=1)
    assert (earlier["value"], earlier["reads"]) == (before["value"], before["reads"])
    unchanged = why(exporter, number, "goods[0].quantity", "customs.order")
    assert (unchanged["version"], unchanged["reads"][0]["entryVersion"]) == (2, 1)


def test_an_unknown_paper_or_field_is_answered_with_near_ones_and_the_list(exporter: Exporter) -> None:
    number = exporter.enters(WIGS)
    kind = refused(exporter, number, "net_weight", "customs.inventry")
    assert kind["extensions"]["code"] == "PAPER_KIND_UNKNOWN"
    assert "Near to it: customs.inventory" in kind["extensions"]["wayOut"]
    field = refused(exporter, number, "goods[0].legalQuantity")
    assert field["extensions"]["code"] == "PAPER_FIELD_UNKNOWN"
    assert "goods[0].legal_quantity" in field["extensions"]["wayOut"]
    assert "goods[0…2].hs_code" in field["extensions"]["wayOut"]
    assert refused(exporter, number, "goods[3].hs_code")["extensions"]["code"] == "PAPER_FIELD_UNKNOWN"
    unnamed = refused(exporter, number, "net_weight", None)
    assert unnamed["extensions"]["code"] == "PAPER_KIND_UNNAMED"
    assert "customs.inventory" in unnamed["extensions"]["wayOut"]


def test_only_who_may_see_the_paper_may_ask(exporter: Exporter) -> None:
    world, number = exporter.world, exporter.enters(WIGS)
    other = world.exporter("luoyang-furniture")
    assert refused(exporter, number, "net_weight", key=other)["extensions"]["code"] == "NOT_FOUND"
    paper = world.document(INVENTORY).number
    assert refused(exporter, paper, "net_weight", None, key=other)["extensions"]["code"] == "NOT_FOUND"
    belt = world.issue("xuchang-hair", Role.BELT)
    assert refused(exporter, number, "net_weight", key=belt)["extensions"]["code"] == "FORBIDDEN"
    assert (
        why(exporter, paper, "net_weight", None)["value"]
        == why(exporter, number, "net_weight", key=world.staff)["value"]
    )


def test_the_command_says_it_in_both_languages(exporter: Exporter, yuhub: Typed) -> None:
    number = released(exporter)
    said = {"YUHUB_HUB": exporter.world.address, "YUHUB_KEY": exporter.key}
    english = yuhub("why", number, INVENTORY, "goods[0].legal_quantity", **said)
    assert "version 1, sent" in english
    assert "under: 海关总署公告2019年第18号" in english
    assert "tariff:unit1 = " in english
    chinese = yuhub("why", number, INVENTORY, "goods[0].hs_code", YUHUB_LANGUAGE="zh", **said)
    assert "录入时填写" in chinese
    assert '"standing": "sent"' in yuhub("why", number, INVENTORY, "goods[0].hs_code", "--json", **said)
    assert "PAPER_FIELD_UNKNOWN" in yuhub("why", number, INVENTORY, "nonsense", expect=1, **said)
