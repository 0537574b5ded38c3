"""A stand-in of ebPay for tests and demonstrations: payments page by page, notices, settlements."""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import requests
from flask import Flask, Response, jsonify, request

KEY = "ebpay-demo-key"
RATES = {"USD": Decimal("7.0123"), "EUR": Decimal("8.1790"), "CNY": Decimal(1)}
Answer = tuple[Response, int]
Notice = tuple[dict[str, str], bytes]
Now = Callable[[], datetime]


def now_utc() -> datetime:
    return datetime.now(UTC)


@dataclass
class Books:
    """What ebPay remembers: payments in the order in which they came, settlements by number."""

    now: Now
    payments: list[dict[str, Any]] = field(default_factory=list)
    settlements: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def collect(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        """A buyer pays."""
        at = self.now().isoformat()
        with self.lock:
            sequence = len(self.payments) + 1
            payment = {
                "id": f"pay-{sequence:08d}",
                "reference": f"EP{sequence:012d}",
                "sequence": sequence,
                "status": wish.get("status", "CREDITED"),
                "merchantAccount": wish["merchantAccount"],
                "amount": {"value": wish["amount"], "currency": wish["currency"]},
                "fee": wish.get("fee", "0.00"),
                "payer": {"name": wish["payer"], "country": wish["payerCountry"]},
                "memo": wish.get("memo", ""),
                "orderReference": wish.get("orderReference"),
                "creditedAt": at,
                "updatedAt": at,
            }
            self.payments.append(payment)
        return payment

    def changed(self, since: str | None, until: str | None) -> list[dict[str, Any]]:
        """The payments that changed in a window of time, the end of it left out."""
        begins = datetime.fromisoformat(since) if since else datetime.min.replace(tzinfo=UTC)
        ends = datetime.fromisoformat(until) if until else datetime.max.replace(tzinfo=UTC)
        return [one for one in self.payments if begins <= datetime.fromisoformat(one["updatedAt"]) < ends]

    def settle(self, wish: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        """The settlement, and 201 where it is new; 422 where the application is wrong."""
        with self.lock:
            if wish["id"] in self.settlements:
                return self.settlements[wish["id"]], 200
            wrong = self._objection(wish)
            if wrong:
                return {"field": wrong[0], "message": wrong[1]}, 422
            rate = RATES[wish["currency"]]
            yuan = (Decimal(wish["amount"]) * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
            settled = {
                "id": wish["id"],
                "payment": wish["payment"],
                "status": "SETTLED",
                "rate": str(rate),
                "yuan": str(yuan),
                "settledAt": self.now().isoformat(),
            }
            self.settlements[wish["id"]] = settled
            return settled, 201

    def _objection(self, wish: Mapping[str, Any]) -> tuple[str, str] | None:
        payment = next((one for one in self.payments if one["reference"] == wish.get("payment")), None)
        if payment is None or payment["status"] != "CREDITED":
            return "payment", "no such payment was credited"
        if wish.get("currency") not in RATES:
            return "currency", "not settled here"
        try:
            same = Decimal(str(wish.get("amount"))) == Decimal(payment["amount"]["value"])
        except InvalidOperation:
            same = False
        return None if same else ("amount", "differs from what was collected")


def create_app(key: str = KEY, now: Now = now_utc) -> Flask:
    """ebPay, behind its key."""
    app = Flask("ebpay", static_folder=None)
    books = app.extensions["books"] = Books(now)

    @app.before_request
    def check_key() -> Answer | None:
        if request.path.startswith("/_control/") or request.headers.get("Ebpay-Key") == key:
            return None
        return jsonify(message="unknown key"), 401

    @app.get("/payments")
    def list_payments() -> Response:
        after, limit = int(request.args.get("after", "0")), min(int(request.args.get("limit", "50")), 200)
        changed = books.changed(request.args.get("changedFrom"), request.args.get("changedBefore"))
        return jsonify(payments=[one for one in changed if one["sequence"] > after][:limit])

    @app.post("/settlements")
    def take_settlement() -> Answer:
        answer, status = books.settle(json.loads(request.get_data()))
        return jsonify(answer), status

    @app.get("/settlements/<number>")
    def show_settlement(number: str) -> Answer:
        found = books.settlements.get(number)
        return (jsonify(found), 200) if found else (jsonify(message="not known"), 404)

    @app.get("/_control/about")
    def show_about() -> Response:
        return jsonify(standIn=True, authority="ebpay")

    @app.post("/_control/payments")
    def pay() -> Answer:
        return jsonify(books.collect(json.loads(request.get_data()))), 201

    return app


def notice_of(
    payment: Mapping[str, Any], secret: str, at: datetime, delivery: str = ""
) -> tuple[dict[str, str], bytes]:
    """The headers and the body with which ebPay notifies of a payment."""
    body = json.dumps({"event": "payment.credited", "payment": payment}, ensure_ascii=False).encode()
    headers = {"Ebpay-Delivery": delivery or str(uuid.uuid4()), "Ebpay-Time": str(int(at.timestamp()))}
    signed = f"{headers['Ebpay-Delivery']}.{headers['Ebpay-Time']}.".encode() + body
    signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return {**headers, "Ebpay-Signature": signature, "Content-Type": "application/json"}, body


def main() -> None:
    """`ebpay-stand-in`: serves until Ctrl-C; with --hub and --secret it notifies the hub of each payment."""
    given = argparse.ArgumentParser(description=main.__doc__)
    given.add_argument("--port", type=int, default=8111)
    given.add_argument("--hub", help="address of the hub, such as http://127.0.0.1:8080")
    given.add_argument("--secret", default="", help="what YUHUB_EBPAY_HOOK_SECRET says")
    chosen = given.parse_args()
    app = create_app()

    @app.after_request
    def notify(answer: Response) -> Response:
        if chosen.hub and request.path == "/_control/payments" and answer.status_code == 201:
            headers, body = notice_of(json.loads(answer.get_data()), chosen.secret, now_utc())
            requests.post(f"{chosen.hub}/hooks/ebpay/payment-notice", data=body, headers=headers, timeout=5)
        return answer

    app.run("127.0.0.1", chosen.port)


if __name__ == "__main__":
    main()
