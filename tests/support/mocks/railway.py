"""Bookings at the stand-in of the railway."""

from __future__ import annotations

import copy
from typing import Any

from flask import Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.mocks.wire import Wire

GRANT = {"grant_type": "client_credentials"}
CLIENT = {"client_id": "rail-demo", "client_secret": "rail-demo-secret"}
REFERENCE = "YH-2026-0217-R1"


def order(reference: str = REFERENCE, **changes: Any) -> dict[str, Any]:
    """A booking to Duisburg, with changes to cells by path such as `goods[1].sku`; None takes the cell away."""
    paper: dict[str, Any] = {
        "bookingReference": reference,
        "from": "CNZGZ",
        "to": "DEDUI",
        "readyAt": "2026-03-02T09:00:00+08:00",
        "shipper": {"name": "河南示例进出口有限公司", "address": "郑州市经开区航海东路1号"},
        "consignee": {"name": "Muster Handels GmbH", "address": "Hafenstr. 1, Duisburg", "country": "DE"},
        "goods": [goods(1, "WIG-01", "300.00"), goods(2, "WIG-02", 120)],
        "packages": 21,
        "grossKilograms": "4180.5",
        "deliveryWarehouse": "DUI01",
    }
    return changed(paper, changes)


def goods(line: int, sku: str, quantity: Any) -> dict[str, Any]:
    what = {"description": "Wigs of synthetic hair", "hsCode": "6704190000", "unit": "件"}
    return {"line": line, "sku": sku, **what, "quantity": quantity, "grossKilograms": 2090.25}


def consolidated(reference: str = REFERENCE, **changes: Any) -> dict[str, Any]:
    """A booking of three shippers' consignments, of 10 packages and 1000 kg each."""
    paper = order(reference)
    shipper = paper["shipper"]
    paper |= {"packages": 30, "grossKilograms": "3000", "goods": None}
    paper["consignments"] = [
        {
            "consignmentReference": f"C-{number}",
            "shipper": {**shipper, "name": f"河南某企业{number}"},
            "packages": 10,
            "grossKilograms": "1000",
            "goods": [goods(1, "WIG-01", "100.00")],
        }
        for number in (1, 2, 3)
    ]
    return changed(paper, changes)


def changed(paper: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    paper = copy.deepcopy(paper)
    for path, value in changes.items():
        steps = path.replace("[", ".").replace("]", "").split(".")
        place: Any = paper
        for step in steps[:-1]:
            place = place[int(step) if step.isdigit() else step]
        if value is None:
            del place[steps[-1]]
        else:
            place[steps[-1]] = value
    return paper


def token(client: FlaskClient | Wire) -> dict[str, str]:
    answer = client.post("/oauth/token", data={**GRANT, **CLIENT})
    assert answer.status_code == 200
    return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}


def book(client: FlaskClient | Wire, paper: Any) -> TestResponse | Response:
    return client.post("/bookings", json=paper, headers=token(client))


def look(client: FlaskClient | Wire, path: str) -> Any:
    answer = client.get(path, headers=token(client))
    assert answer.status_code == 200
    return answer.get_json()


def changes(client: FlaskClient | Wire) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = look(client, "/bookings/changes?limit=500")["changes"]
    return rows


def standing(client: FlaskClient | Wire, reference: str = REFERENCE) -> dict[str, Any]:
    row: dict[str, Any] = look(client, f"/bookings/by-reference/{reference}")
    return row
