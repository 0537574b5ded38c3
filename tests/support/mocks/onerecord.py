"""Waybills as a shipper sends them to the airport, and short ways to ask it about them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.mocks.wire import Wire

Client = FlaskClient | Wire
Answer = TestResponse | Response

DOOR = {"Authorization": "Bearer airport-demo-token"}
JSON_LD = "application/ld+json; version=2.3.0"
BASE = "http://localhost/"
OWN = BASE + "logistics-objects/7c2f8d4e-5a83-4b4e-9d0a-3a1f0c5b9e11"
CODES = ["BKD", "RCS", "PRE", "MAN", "DEP", "ARR", "RCF", "NFD", "DLV"]


def place(code: str) -> dict[str, Any]:
    return {"@type": "cargo:Location", "cargo:locationCodes": [{"@type": "cargo:CodeListElement", "cargo:code": code}]}


def paper(to: str = "ORD", kilograms: Any = 300.12, own: str | None = None) -> dict[str, Any]:
    unit = {"@id": "https://onerecord.iata.org/ns/code-lists/MeasurementUnitCode#KGM"}
    node = {
        "@context": {"cargo": "https://onerecord.iata.org/ns/cargo#"},
        "@type": "cargo:Waybill",
        "cargo:waybillType": {"@id": "cargo:DIRECT"},
        "cargo:departureLocation": place("CGO"),
        "cargo:arrivalLocation": place(to),
        "cargo:shippingRefNo": "YH-2026-0217",
        "cargo:shipment": {
            "@type": "cargo:Shipment",
            "cargo:goodsDescription": "Wigs of synthetic hair",
            "cargo:totalGrossWeight": {"@type": "cargo:Value", "cargo:numericalValue": kilograms, "cargo:unit": unit},
            "cargo:pieces": [{"@type": "cargo:Piece"}, {"@type": "cargo:Piece"}],
        },
    }
    return node | ({"@id": own} if own else {})


def leave(client: Client, node: Any, content_type: str = JSON_LD) -> Answer:
    return client.post("/logistics-objects/", data=json.dumps(node), content_type=content_type, headers=DOOR)


def look(client: Client, iri: str, **headers: str) -> Answer:
    return client.get(iri.removeprefix(BASE.rstrip("/")), headers={**DOOR, **headers})


def read(client: Client, iri: str) -> dict[str, Any]:
    answer = look(client, iri)
    assert answer.status_code == 200
    assert answer.content_type == JSON_LD
    node: dict[str, Any] = json.loads(answer.data)
    return node


def events(client: Client, iri: str) -> list[dict[str, Any]]:
    collection = read(client, f"{iri}/logistics-events")
    assert collection["@type"] == "api:Collection"
    items: list[dict[str, Any]] = collection["api:hasItem"]
    assert collection["api:hasTotalItems"] == len(items)
    return items


def happened(client: Client, iri: str, kind: str = "ACTUAL") -> list[str]:
    """The status codes told so far, by time and each once."""
    told = {event["@id"]: event for event in events(client, iri) if event["cargo:eventTimeType"]["@id"][6:] == kind}
    by_time = sorted(told.values(), key=lambda event: (event["cargo:eventDate"]["@value"], event["@id"]))
    return [event["cargo:eventCode"]["@id"].partition("#")[2] for event in by_time]


def when(node: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(node["@value"])


def movement(waybill: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = waybill["cargo:referredBookingOption"]["cargo:activitySequences"][0]["cargo:activity"]
    return found


def faults(answer: Answer) -> list[str]:
    error = json.loads(answer.data)
    assert answer.content_type == JSON_LD
    assert error["@type"] == "api:Error"
    assert error["api:hasTitle"]
    assert {detail["api:hasCode"] for detail in error["api:hasErrorDetail"]} == {str(answer.status_code)}
    return [detail["api:hasMessage"] for detail in error["api:hasErrorDetail"]]


def change(iri: str = OWN, *, value: Any = "cargo:CANCELLED", **operation: Any) -> dict[str, Any]:
    """An `api:Change` that sets the booking status; `operation` replaces parts of its one operation, without `api:`."""
    datatype = "https://onerecord.iata.org/ns/cargo#BookingStatus"
    adding = {
        "@type": "api:Operation",
        "api:op": {"@id": "api:ADD"},
        "api:s": iri,
        "api:p": "https://onerecord.iata.org/ns/cargo#bookingStatus",
        "api:o": [{"@type": "api:OperationObject", "api:hasDatatype": datatype, "api:hasValue": value}],
    }
    return {
        "@context": {"api": "https://onerecord.iata.org/ns/api#", "cargo": "https://onerecord.iata.org/ns/cargo#"},
        "@type": "api:Change",
        "api:hasLogisticsObject": {"@id": iri},
        "api:hasRevision": {"@type": "http://www.w3.org/2001/XMLSchema#positiveInteger", "@value": "1"},
        "api:hasOperation": [adding | {f"api:{name}": given for name, given in operation.items()}],
    }


def house(number: int, kilograms: Any = 100, items: list[Any] | None = None) -> dict[str, Any]:
    """The house waybill of one of several shippers, with one piece."""
    node = paper(kilograms=kilograms, own=f"{BASE}logistics-objects/house-{number}")
    node |= {"cargo:waybillType": {"@id": "cargo:HOUSE"}, "cargo:shippingRefNo": f"H-{number}"}
    piece = {"@type": "cargo:Piece", "@id": f"{BASE}logistics-objects/piece-{number}"}
    node["cargo:shipment"]["cargo:pieces"] = [piece | ({"cargo:containedItems": items} if items else {})]
    del node["@context"]
    return node


def master(*houses: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A master waybill over these; its pieces are theirs."""
    shipments = [one["cargo:shipment"] for one in houses]
    weights = [one["cargo:totalGrossWeight"]["cargo:numericalValue"] for one in shipments]
    node = paper(kilograms=sum(weights), own=OWN, **more)
    node |= {"cargo:waybillType": {"@id": "cargo:MASTER"}, "cargo:houseWaybills": list(houses)}
    pieces = [piece for one in shipments for piece in one["cargo:pieces"]]
    node["cargo:shipment"]["cargo:pieces"] = [{"@id": piece["@id"]} for piece in pieces]
    return node


def operation(name: str, value: Any, op: str = "ADD", s: str = OWN) -> dict[str, Any]:
    """An operation on a property of a waybill or its shipment."""
    objects = [{"@type": "api:OperationObject", "api:hasValue": value}]
    return {
        "@type": "api:Operation",
        "api:op": {"@id": f"api:{op}"},
        "api:s": s,
        "api:p": f"https://onerecord.iata.org/ns/cargo#{name}",
        "api:o": objects,
    }


def send_change(client: Client, node: Any, iri: str = OWN, content_type: str = JSON_LD) -> Answer:
    path = iri.removeprefix(BASE.rstrip("/"))
    return client.patch(path, data=json.dumps(node), content_type=content_type, headers=DOOR)


def item(sku: str, quantity: Any, unit: Any = "PCE") -> dict[str, Any]:
    amount = {"@type": "cargo:Value", "cargo:numericalValue": quantity, "cargo:unit": unit}
    product = {"@type": "cargo:Product", "cargo:uniqueIdentifier": sku}
    return {"@type": "cargo:Item", "cargo:ofProduct": product, "cargo:itemQuantity": amount}


def stocking(to: str, warehouse: str, *pieces: list[Any], own: str = OWN) -> dict[str, Any]:
    """A waybill for goods that go to a warehouse; each piece is given by its items."""
    node = paper(to, own=own)
    node["cargo:shipment"]["cargo:deliveryLocation"] = place(warehouse)
    node["cargo:shipment"]["cargo:pieces"] = [
        {"@type": "cargo:Piece", "cargo:containedItems": items} for items in pieces or [[item("W-1", 300)]]
    ]
    return node
