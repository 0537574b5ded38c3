"""The legal quantity between entry and paper: asked where it was typed, waited for where the tariff comes later."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hub.access import Role
from hub.access.acts import OWNERS
from hub.access.caller import Caller
from hub.entry.accept import enter
from hub.entry.amend import amend
from hub.entry.registration import register
from hub.errors.saying import words
from hub.model import Document, PaperVersion, Trade
from hub.progress.advance import touch_waiting
from tests.support.entry.office import Office, found, typed_trade
from tests.support.world import World, demo_file

SHOES = {
    "mode": "0110", "goods[0].hsCode": "6403990090", "goods[0].name.zh": "皮鞋", "goods[0].quantity": "40",
    "goods[0].unit": "个", "goods[1].unit": "pcs", "purchases": [],
}  # fmt: skip
"""40 pieces of what customs counts in pairs and in kilograms, under a declaration that waits for nothing."""


def declared(office: Office, number: str | None) -> dict[str, tuple[str, str]]:
    """Value and source of the legal quantities that the declaration has."""
    (evidence,) = office.rows(
        select(PaperVersion.evidence)
        .join(Document, Document.id == PaperVersion.document_id)
        .join(Trade, Trade.id == Document.subject_id)
        .where(Trade.number == number, Document.kind == "customs.declaration")
    )[-1]
    return {one["name"]: (one["value"], one["source"]) for one in evidence if one["name"].endswith("_quantity")}


def test_who_enters_pieces_of_what_is_counted_in_pairs_is_asked(office: Office) -> None:
    (answer,) = office.enters(typed_trade(SHOES))
    assert found(answer) == {("goods[0].legalQuantity", "LEGAL_QUANTITY")}
    (problem,) = answer.problems
    assert problem.words("zh") == "海关对 6403990090 按“双”计法定数量，售出单位“个”不能换算成它"
    assert problem.way_out("en") == "Fill in legalQuantity, in pair"
    assert office.holds() == office.before


def test_every_line_is_asked_at_once(office: Office) -> None:
    shoes = {f"goods[{line}].hsCode": "6403990090" for line in (1, 2)} | {"goods[2].name.zh": "鞋"}
    (answer,) = office.enters(typed_trade(SHOES | shoes))
    assert found(answer) == {(f"goods[{line}].legalQuantity", "LEGAL_QUANTITY") for line in (0, 1, 2)}


def test_what_is_stated_is_declared_and_says_who_said_it(new_office: Office) -> None:
    (answer,) = new_office.enters(typed_trade(SHOES | {"goods[0].legalQuantity": "20"}))
    assert answer.problems == []
    assert declared(new_office, answer.number) == {
        "goods[0].legal_quantity": ("20", "computed:legal_quantity (entry:goods[].legalQuantity)"),
        "goods[0].second_quantity": ("6", "computed:second_quantity (entry:goods[].netWeight)"),
        "goods[1].legal_quantity": ("5", "computed:legal_quantity (entry:goods[].netWeight)"),
        "goods[2].legal_quantity": ("7.2", "computed:legal_quantity (entry:goods[].netWeight)"),
    }


def test_a_conversion_is_told_by_the_source_of_the_value(new_office: Office) -> None:
    """T-shirts are counted in items, and customs' table makes twelve of a dozen."""
    shirts = {
        "goods[0].hsCode": "6109100010",
        "goods[0].name.zh": "T恤",
        "goods[0].quantity": "5",
        "goods[0].unit": "打",
    }
    (answer,) = new_office.enters(typed_trade(SHOES | shirts))
    assert answer.problems == []
    assert declared(new_office, answer.number)["goods[0].legal_quantity"] == (
        "60",
        "computed:legal_quantity (5 打 × 12 = 60 件)",
    )


def test_a_list_asks_like_a_declaration(office: Office) -> None:
    (answer,) = office.enters(typed_trade(SHOES | {"mode": "9610"}))
    assert found(answer) == {("goods[0].legalQuantity", "LEGAL_QUANTITY")}


def test_the_same_content_in_another_spelling_is_the_same_trade(new_office: Office) -> None:
    """And so is what was entered before there was anything to state."""
    (first,) = new_office.enters(typed_trade())
    for unit in ("个", "PCS", "007", "Pieces"):
        changes: dict[str, Any] = {f"goods[{line}].unit": unit for line in range(3)}
        (again,) = new_office.enters(typed_trade(changes | {"goods[0].legalQuantity": None}))
        assert (again.number, again.same, again.problems) == (first.number, True, [])
    (kept,) = new_office.rows(select(Trade.entry))[0]
    assert kept["goods"][0]["unit"] == "piece"
    assert not {"legalQuantity", "legalQuantity2"} & kept["goods"][0].keys()


@pytest.mark.parametrize(
    ("path", "typed", "near"),
    [
        ("goods[0].unit", "peice", "个 piece"),
        ("goods[0].unit", "千克千克", "千克 kilogram"),
        ("buyer.country", "USA", "US"),
        ("buyer.country", "Serbai", "RS"),
        ("goods[1].origin", "中国", "CN"),
    ],
)
def test_an_unknown_code_is_told_the_nearest(office: Office, path: str, typed: str, near: str) -> None:
    (answer,) = office.enters(typed_trade({path: typed}))
    assert found(answer) == {(path, "UNKNOWN_CODE")}
    (problem,) = answer.problems
    assert f"相近：{near}" in problem.way_out("zh")
    assert f"nearest: {near}" in problem.way_out("en")


@pytest.mark.parametrize("country", ["RS", "GH", "EC", "PA"])
def test_a_country_that_was_refused_once_goes_in(new_office: Office, country: str) -> None:
    (answer,) = new_office.enters(typed_trade({"buyer.country": country, "destinationCountry": "US"}))
    assert answer.problems == []


@pytest.mark.parametrize("currency", ["RUB", "TWD", "MYR", "IDR", "KZT"])
def test_a_currency_without_a_source_is_refused_with_that_reason(office: Office, currency: str) -> None:
    (answer,) = office.enters(typed_trade({"currency": currency}))
    assert found(answer) == {("currency", "AUTHORITY_RULE")}
    for problem in answer.problems:
        assert f"{currency} 的海关币制代码无公开出处，枢纽不猜测" in problem.words("zh")
        assert f"no source gives customs' code of {currency}, and none is guessed" in problem.words("en")


# Where the tariff comes after the trade


def test_a_paper_waits_for_what_only_the_exporter_knows_and_amending_fills_it(small_world: World) -> None:
    world = small_world
    with world.hub.database.write() as connection:
        exporter, _ = register(connection, demo_file("enterprises", "xuchang-hair"), world.clock())
    caller = Caller("exporter", Role.ENTERPRISE, {exporter: OWNERS})
    (answer,) = enter(world.hub.database, world.hub.desk, caller, [typed_trade(SHOES)])
    assert answer.problems == []
    assert answer.number
    assert lacked(world, "en") == (
        "planned",
        "The paper lacks: the tariff of 6403990090; the tariff of 6704110000; the tariff of 6704200000",
    )

    world.run("customs.tariffs", "tax.rates", "forex.parity")
    touch_waiting(world.hub.database)
    world.run("customs.send")
    assert lacked(world, "zh") == ("planned", "单证缺少：第 1 项商品以“双 pair”计的法定数量")
    assert lacked(world, "en") == ("planned", "The paper lacks: the legal quantity of goods line 1 in 双 pair")
    assert world.taken("customs", "declaration", outcome=None) == []

    other = [("freight", "121.00")]
    refused = amend(world.hub.database, world.hub.desk, caller, answer.number, 1, other)
    assert found(refused) == {("goods[0].legalQuantity", "LEGAL_QUANTITY")}
    mended = amend(world.hub.database, world.hub.desk, caller, answer.number, 1, [("goods[0].legalQuantity", "20")])
    assert mended.problems == []
    assert lacked(world, "en") == ("ready", "")


def lacked(world: World, language: str) -> tuple[str, str]:
    """The state of the declaration, and what it waits for a person with."""
    document = world.document("customs.declaration")
    attention = document.attention
    return document.state, words(attention["code"], language, attention) if attention else ""
