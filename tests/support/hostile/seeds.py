"""Papers that stand at every authority already, so that each of its streams has something to tell."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from hub.model import Document, Reference
from tests.support.mocks import ceb, onerecord, refunds
from tests.support.mocks.declarations import declaration
from tests.support.sync.merging import owned
from tests.support.world import World, demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
HOW_MANY = 3
LONG_ENOUGH = timedelta(days=45)
RAIL_CLIENT = {"grant_type": "client_credentials", "client_id": "rail-demo", "client_secret": "rail-demo-secret"}


def sow(world: World) -> None:
    """Three papers of each kind, and time for the authorities to deal with them; one waybill is watched by the hub."""
    for number in range(1, HOW_MANY + 1):
        _customs(world, number)
        _tax(world, number)
        _forex(world, number)
        _rail(world, number)
        _airport(world, number)
    _watch_a_waybill(world)
    world.clock.forward(LONG_ENOUGH)


def _customs(world: World, number: int) -> None:
    desk = world.apps["customs"].test_client()
    message = ceb.message("CEB303", ceb.paper("CEB303", no=str(number)))
    sealed = ceb.envelope("CEB303Message", base64.b64encode(message.encode()).decode())
    ours = sealed.replace(ceb.SENDER, world.settings["customs.dxp_id"])
    _taken(desk.post("/dxp/messages", data=ours.encode(), headers=ceb.CREDENTIALS))
    _taken(desk.post("/declarations", json=declaration(str(number)), headers=ceb.CREDENTIALS))


def _tax(world: World, number: int) -> None:
    filing = refunds.filing(f"2026020010000000{number}")
    _taken(world.apps["tax"].test_client().post("/refunds", json=filing, headers=refunds.KEY))


def _forex(world: World, number: int) -> None:
    payment = {
        "amount": f"{number}00.00", "currency": "USD", "payer": "Müller & 王 Söhne", "payerCountry": "DE",
        "remittance": f"假发 order {number}", "endToEndId": f"E2E-{number}", "beneficiaryAccount": "4105017186",
    }  # fmt: skip
    _taken(world.apps["forex"].test_client().post("/_control/payments", json=payment))


def _rail(world: World, number: int) -> None:
    platform = world.apps["rail"].test_client()
    token = platform.post("/oauth/token", data=RAIL_CLIENT).get_json()["access_token"]
    goods = {
        "line": 1, "sku": f"WIG-{number}", "description": "Wigs 假发", "hsCode": "6704190000", "quantity": "10",
        "unit": "件", "grossKilograms": "50",
    }  # fmt: skip
    booking = {
        "bookingReference": f"BOOKING-{number}", "from": "CNZGZ", "to": "DEDUI", "readyAt": "2026-01-10T09:00:00+08:00",
        "shipper": {"name": "河南示例进出口有限公司", "address": "郑州市经开区航海东路1号"},
        "consignee": {"name": "Muster Handels GmbH", "address": "Hafenstr. 1, Duisburg", "country": "DE"},
        "goods": [goods], "packages": 5, "grossKilograms": "50", "deliveryWarehouse": "DUI01",
    }  # fmt: skip
    _taken(platform.post("/bookings", json=booking, headers={"Authorization": f"Bearer {token}"}))


def _airport(world: World, number: int) -> str:
    base = world.addresses["airport"]
    own = f"{base}/logistics-objects/7c2f8d4e-5a83-4b4e-9d0a-3a1f0c5b9e1{number}"
    node = onerecord.stocking("ORD", "ORD01", [onerecord.item(f"W-{number}", 10)], own=own)
    desk = world.apps["airport"].test_client()
    _taken(
        desk.post(
            "/logistics-objects/", json=node, content_type=onerecord.JSON_LD, headers=onerecord.DOOR, base_url=base
        )
    )
    return own


def _watch_a_waybill(world: World) -> None:
    """A trade of ours whose waybill went out: the streams that ask about single objects ask about it."""
    address = _airport(world, 9)
    entered = world.ask(ENTER, world.exporter(), input=demo_file("trades", "xuchang-wigs-to-chicago"))["enterTrade"]
    assert entered["errors"] == []
    with world.hub.database.write() as connection:
        paper = connection.execute(
            select(Document.id, Document.subject_id).where(Document.kind == "airport.waybill")
        ).one()
        connection.execute(update(Document).where(Document.id == paper.id).values(state="sent"))
        reference: dict[str, Any] = {"source": "airport", "kind": "airport.waybill", "value": address}
        connection.execute(insert(Reference).values(**reference, **owned(paper)))


def _taken(answer: TestResponse) -> None:
    assert answer.status_code in (201, 202), answer.text
