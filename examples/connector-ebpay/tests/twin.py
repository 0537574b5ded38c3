"""The stand-in as the rules meet it: the payment of the samples has been collected."""

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


def opened() -> Flask:
    app = create_app()
    app.extensions["books"].collect(COLLECTED)
    return app


def settled(app: Any) -> int:
    return len(app.extensions["books"].settlements)


TWIN = Twin(app=opened, accepted=settled)
