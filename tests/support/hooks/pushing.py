"""Pushes to the hub as the airport makes them."""

from __future__ import annotations

import json

import requests

from tests.support.world import NOTIFY_TOKEN, World

DOOR = "/hooks/airport/notifications"


def notice(number: int = 0) -> bytes:
    iri = {"@id": f"http://airport.example/logistics-objects/{number}"}
    event = {"@id": "api:LOGISTICS_EVENT_RECEIVED"}
    return json.dumps({"@type": "api:Notification", "api:hasEventType": event, "api:hasLogisticsObject": iri}).encode()


def push(world: World, body: bytes = b"", token: str = NOTIFY_TOKEN, path: str = DOOR) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/ld+json", "Accept-Language": "en"}
    return requests.post(f"{world.address}{path}", data=body or notice(), headers=headers, timeout=10)
