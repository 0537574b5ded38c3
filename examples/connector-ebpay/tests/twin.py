"""The stand-in as the rules meet it: the payment of the samples has been collected, and more behind it."""

from __future__ import annotations

from datetime import timedelta
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


EARLIER = {
    "id": "EARLIER",
    "request": "R-1",
    "payment": "EP000000000002",
    "amount": "120.50",
    "currency": "USD",
    "orderTotal": "120.50",
}
"""What was settled before for the order of the samples, so that a certificate can be had."""


def opened() -> Flask:
    app = create_app()
    books = app.extensions["books"]
    for payment in ({}, *MORE):
        books.collect(COLLECTED | payment)
    books.apply(EARLIER | {"order": "XC-20260108-0042"})
    settle(app)
    books.apply(EARLIER | {"id": "WITHDRAWN", "order": "XC-20260108-0043"})
    books.withdraw("WITHDRAWN")
    return app


def settle(app: Any) -> None:
    """The next window opens."""
    books = app.extensions["books"]
    books.settle(books.now() + timedelta(seconds=1))


def taken(app: Any) -> int:
    books = app.extensions["books"]
    return len({*books.settlements, *books.certificates} - {"EARLIER", "WITHDRAWN"})


def served(app: Any, stream: str) -> list[tuple[str, str]]:
    """What the stream has to bring: outcomes, or the payments that were credited; what is pending may still fail."""
    books = app.extensions["books"]
    if stream == "settlements":
        return [(one["id"], one["status"]) for one in books.outcomes]
    return [(one["id"], one["reference"]) for one in books.payments if one["status"] == "CREDITED"]


TWIN = Twin(app=opened, accepted=taken, later=settle, served=served)
