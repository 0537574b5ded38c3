"""The stand-in as the rules meet it: the payment of the samples has been collected, and more behind it."""

from __future__ import annotations

from typing import Any

from ebpay_stand_in import create_app
from flask import Flask

from connectors.sdk.testing import Twin

COLLECTED = {
    "merchantAccount": "41050171860800001234",
    "amount": "6245.00",
    "currency": "USD",
    "payer": "Lakeside Beauty Supply LLC",
    "payerCountry": "US",
    "memo": "order XC-20260108-0042",
}


MORE = (
    {"amount": "120.50", "memo": "order XC-20260108-0043"},
    {"amount": "88.00", "memo": "order XC-20260108-0044", "status": "PENDING"},
    {"amount": "19.90", "currency": "EUR", "payer": "Haarstudio Berlin GmbH", "payerCountry": "DE"},
    {"amount": "6245.00", "orderReference": "XC-20260108-0045"},
)


def opened() -> Flask:
    app = create_app()
    for payment in ({}, *MORE):
        app.extensions["books"].collect(COLLECTED | payment)
    return app


def settled(app: Any) -> int:
    return len(app.extensions["books"].settlements)


def served(app: Any, stream: str) -> list[tuple[str, str]]:
    """The payments that the stream has to bring: what is pending may still fail."""
    credited = [one for one in app.extensions["books"].payments if one["status"] == "CREDITED"]
    return [(one["id"], one["reference"]) for one in credited]


TWIN = Twin(app=opened, accepted=settled, served=served)
