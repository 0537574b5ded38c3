"""Talking to the stand-in bank: a payment, what the bank says of the remittance, and its declaration."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient

DOOR = {"Authorization": "Basic " + b64encode(b"forex-demo:forex-demo-password").decode()}
THURSDAY = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)

PAYMENT = {
    "amount": "6000.00",
    "currency": "USD",
    "payer": "Golden Wigs LLC",
    "payerCountry": "US",
    "remittance": "Invoice INV-2026-0217",
    "endToEndId": "E2E-0217",
    "beneficiaryAccount": "41050167280800001234",
}

NUMBER = "410100010501260924N001"
SAID = {
    "ACTIONTYPE": "A",
    "RPTNO": NUMBER,
    "CUSTYPE": "C",
    "CUSTCOD": "91410100725845019Y",
    "CUSTNM": "河南示例进出口有限公司",
    "OPPUSER": "(JW)Golden Wigs LLC",
    "TXCCY": "USD",
    "TXAMT": "6000",
    "EXRATE": "6.7489",
    "LCYAMT": "2000",
    "LCYACC": "41050167280800001234",
    "FCYAMT": "4000",
    "FCYACC": "41050167280800005678",
    "METHOD": "T",
    "BUSCODE": "IR2609240001",
}
"""What the bank said of the remittance that is declared here."""
DECLARATION = {
    **SAID,
    "COUNTRY": "USA",
    "PAYTYPE": "O",
    "TXCODE": "121010",
    "TC1AMT": "6000",
    "TXREM": "一般贸易",
    "ISREF": "N",
    "CRTUSER": "李明",
    "INPTELC": "037112345678",
    "RPTDATE": "20260925",
}


def declared(**changes: str | int | None) -> dict[str, Any]:
    return {name: value for name, value in {**DECLARATION, **changes}.items() if value is not None}


def say(client: FlaskClient, **changes: str | int | None) -> None:
    """The bank writes a row of basic information."""
    row = {name: value for name, value in {**SAID, **changes}.items() if value is not None}
    assert client.post("/_control/basic-information", json=row).status_code == 201


def rows(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/bop/basic-information?{query}", headers=DOOR)
    assert answer.status_code == 200
    return list(answer.get_json()["rows"])
