"""The stand-ins as the rules meet them: with something to say on every stream, and a word on what they have served.

What they served is read from their own answers, whole and without the connector: a text or two from each row.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from connectors.sdk.testing import Twin
from tests.support.world import APPS, Clock, ClockPace

ENVELOPE = "message"
"""In customs' books a message is an entry of its own, beside the papers in it."""
ALL = 100_000
RECEIVER = "DXPENT0000412026"
PAYMENTS = [
    {
        "amount": f"{number}12.50",
        "currency": "USD",
        "payer": f"Lakeside Beauty Supply {number} LLC",
        "payerCountry": "US",
        "remittance": f"XC-2026010{number}-0042",
        "endToEndId": f"XC-{number}",
        "beneficiaryAccount": "41050171860800001234",
    }
    for number in range(1, 6)
]
SAMPLES = Path(__file__).resolve().parents[3] / "connectors"
SAID = json.loads((SAMPLES / "forex" / "samples" / "basic_information.received.json").read_text("utf-8"))
"""What the bank said of the remittance that the sample declares: under no other number would it take the paper."""
NUMBERED = 3
Thing = tuple[str, ...]


def twin(code: str) -> Twin:
    """The stand-in of an authority, with the connector's clock; later is twenty days on."""
    clock = Clock()
    return Twin(
        app=lambda: opened(code, clock),
        accepted=accepted,
        now=clock,
        later=lambda app: clock.forward(timedelta(days=20)),
        served=lambda app, stream: SERVED[f"{code}.{stream}"](Asked(app.test_client(), code)),
    )


def opened(code: str, clock: Clock) -> Flask:
    app: Flask = APPS[code](ClockPace(clock=clock))
    if code == "forex":
        for number in range(1, NUMBERED + 1):
            row = SAID["rows"][0] | {"RPTNO": f"410100010501260109N{number:03d}"}
            assert app.test_client().post("/_control/basic-information", json=row).status_code == 201
        for payment in PAYMENTS:
            assert app.test_client().post("/_control/payments", json=payment).status_code == 202
    return app


def accepted(app: Any) -> int:
    return sum(entry.kind != ENVELOPE for entry in app.extensions["ledger"].entries(outcome="accepted"))


class Asked(NamedTuple):
    """A stand-in that is asked by hand."""

    client: FlaskClient
    code: str

    def get(self, path: str, **query: str | int) -> bytes:
        answer = self.client.get(path, query_string=query, headers=SIGNED[self.code](self.client))
        assert answer.status_code == 200, answer.text
        return answer.data

    def rows(self, path: str, group: str, **query: str | int) -> list[Any]:
        rows: list[Any] = json.loads(self.get(path, **query))[group]
        return rows


def rail_token(client: FlaskClient) -> dict[str, str]:
    who = {"client_id": "rail-demo", "client_secret": "rail-demo-secret"}
    answer = client.post("/oauth/token", data={"grant_type": "client_credentials", **who})
    return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}


SIGNED: dict[str, Callable[[FlaskClient], dict[str, str]]] = {
    "airport": lambda client: {"Authorization": "Bearer airport-demo-token"},
    "customs": lambda client: {"Authorization": "Bearer demo-customs-token"},
    "forex": lambda client: {"Authorization": "Basic Zm9yZXgtZGVtbzpmb3JleC1kZW1vLXBhc3N3b3Jk"},
    "rail": rail_token,
    "tax": lambda client: {"X-API-Key": "tax-demo-key"},
}


def listed(path: str, group: str, *names: str, **query: str | int) -> Callable[[Asked], list[Thing]]:
    return lambda asked: [tuple(str(row[name]) for name in names) for row in asked.rows(path, group, **query)]


def remittances(asked: Asked) -> Iterator[Thing]:
    """Every remittance in the mailbox, by what it says."""
    for data in etree.fromstring(asked.get("/dxp/messages", receiver=RECEIVER, limit=ALL)).iter("{*}Data"):
        for said in etree.fromstring(b64decode(data.text or "")).iter("{*}returnStatus"):
            parent = said.getparent()
            assert parent is not None
            yield str(said.text), str(parent.findtext("{*}returnInfo"))


def credited(asked: Asked) -> Iterator[Thing]:
    for reference in etree.fromstring(asked.get("/notifications/camt.054", limit=ALL)).iter("{*}AcctSvcrRef"):
        yield (str(reference.text),)


def parity(asked: Asked) -> Iterator[Thing]:
    for row in asked.rows("/parity/ccpr.json", "records"):
        foreign, _, yuan = row["vrtEName"].partition("/")
        if yuan == "CNY":
            yield foreign[-3:], row["price"]


def waybills(asked: Asked) -> Iterator[Thing]:
    for entry in asked.client.application.extensions["ledger"].entries("waybill", "accepted"):
        told = json.loads(asked.get(entry.key))
        yield entry.key, f"{told['cargo:waybillPrefix']}-{told['cargo:waybillNumber']}"


def flown(asked: Asked) -> Iterator[Thing]:
    for entry in asked.client.application.extensions["ledger"].entries("waybill", "accepted"):
        for event in asked.rows(f"{entry.key}/logistics-events", "api:hasItem"):
            yield (event["@id"],)


SERVED: dict[str, Callable[[Asked], Any]] = {
    "airport.waybills": waybills,
    "airport.events": flown,
    "airport.stock": listed("/warehouse-stock", "levels", "warehouse", "sku", "reference", limit=ALL),
    "customs.responses": remittances,
    "customs.declarations": listed("/declarations/results", "results", "copNo", "status", limit=ALL),
    "customs.tariffs": listed("/tariffs", "rows", "hsCode", "validFrom", size=ALL),
    "forex.credits": credited,
    "forex.parity": parity,
    "forex.basic_information": listed("/bop/basic-information", "rows", "RPTNO", limit=ALL),
    "rail.changes": listed("/bookings/changes", "changes", "bookingReference", "status", limit=ALL),
    "rail.events": listed("/events", "events", "eventID", limit=ALL),
    "rail.stock": listed("/stock", "levels", "warehouse", "sku", "reference", limit=ALL),
    "rail.warehouses": listed("/warehouses", "warehouses", "code"),
    "rail.schedules": listed("/schedules", "schedules", "trainNumber", "to", "freeTeu", limit=ALL, **{"from": "CNZGZ"}),
    "tax.results": listed("/refunds/results", "results", "relation", "status", limit=ALL),
    "tax.rates": listed("/rates", "rows", "hsCode", "validFrom", size=ALL),
}
"""Stream → what its stand-in has served on it."""
