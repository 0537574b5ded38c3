"""Goods that go to an overseas warehouse by air: said on the waybill, counted when they are in."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError
from pytest_httpserver import HTTPServer

from connectors.airport.codes import IN_STOCK, REFERENCE, WAYBILL
from connectors.sdk import Ask
from connectors.sdk.codecs import read_json, write_json
from tests.support.connectors.parts import Meet, changed, connector, document, handed_over, loaded, page, sample_paper

PAPER = sample_paper("airport.waybill-warehouse")
TRADE = "YH26010900000005C"


def shipment(**head: Any) -> dict[str, Any]:
    found = read_json(document(WAYBILL).encode([changed(PAPER, head)]).body)["cargo:shipment"]
    assert isinstance(found, dict)
    return found


def test_what_goes_to_a_warehouse_says_which_and_what_is_inside() -> None:
    pieces = shipment(pieces=3)["cargo:pieces"]
    assert ["cargo:containedItems" in piece for piece in pieces] == [True, False, False]
    items = pieces[0]["cargo:containedItems"]
    assert [item["cargo:ofProduct"]["cargo:uniqueIdentifier"] for item in items] == ["HC-CAB-4D", "HC-OFF-2D"]
    assert [item["cargo:itemQuantity"]["cargo:numericalValue"] for item in items] == ["20", "15"]


def test_what_goes_to_the_buyer_names_no_warehouse() -> None:
    sent = shipment(delivery_warehouse=None)
    assert "cargo:deliveryLocation" not in sent
    assert sent["cargo:pieces"] == [{"@type": "cargo:Piece"}] * 2


def test_goods_are_followed_into_the_warehouse(meet: Meet) -> None:
    stand_in = meet("airport")
    address = handed_over(stand_in.connector, PAPER)["about_value"]
    assert stand_in.pulls("stock") == []
    stand_in.clock.forward(timedelta(days=20))
    levels = stand_in.pulls("stock")
    assert [(level["warehouse"], level["sku"], level["quantity"], level["unit"]) for level in levels] == [
        ("ORD01", "HC-CAB-4D", Decimal(20), "item"),
        ("ORD01", "HC-OFF-2D", Decimal(15), "item"),
    ]
    assert {(level["about_kind"], level["about_value"]) for level in levels} == {(REFERENCE, TRADE)}
    assert document(WAYBILL).references(PAPER)[REFERENCE] == TRADE  # so the levels find the trade
    said = {event["code"] for event in stand_in.pulls("events", address) if event["noun"] == "document_event"}
    assert {"DLV", IN_STOCK} <= said


# Reading stock


def level(**changes: Any) -> dict[str, Any]:
    row = {"sequence": 1, "warehouse": "ORD01", "sku": "W-1", "reference": TRADE, "quantity": 20, "unit": "item"}
    return {**row, "asOf": "2026-01-10T05:25:00.000Z", **changes}


def stock(*levels: dict[str, Any]) -> list[dict[str, Any]]:
    return loaded(connector("airport").streams["stock"].read(page(write_json({"levels": list(levels)}))))


@pytest.mark.parametrize("unit", ["item", "https://vocabulary.uncefact.org/UnitMeasureCode#item"])
def test_a_unit_is_read_plain_and_from_its_list(unit: str) -> None:
    assert [one["unit"] for one in stock(level(unit=unit))] == ["item"]


def test_a_level_is_one_row_for_each_article_warehouse_and_shipment() -> None:
    rows = stock(level(), level(quantity=18), level(sku="W-2"), level(reference="YH2"), level(warehouse="LUX01"))
    keys = [row["source_id"] for row in rows]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"sku": ""}, "source_id"),
        ({"reference": None}, "about_value"),
        ({"quantity": "many"}, "quantity"),
        ({"asOf": "soon"}, "as_of"),
    ],
)
def test_a_level_that_lacks_something_cannot_be_read(broken: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        stock(level(**broken))
    assert field in refused.value.messages_dict


def test_stock_is_fetched_from_the_cursor_on(httpserver: HTTPServer) -> None:
    for after, rows in {"7": [level(sequence=8), level(sequence=9)], "9": []}.items():
        httpserver.expect_ordered_request(
            "/warehouse-stock", query_string={"after": after, "limit": "100"}
        ).respond_with_json({"levels": rows, "next": None})
    airport = connector("airport", base_url=httpserver.url_for("/"))
    with closing(airport.open()) as http:
        assert [one.cursor for one in airport.streams["stock"].pages(http, Ask("7"))] == ["9"]
    httpserver.check_assertions()
