"""A stand-in of ebPay for tests and demonstrations: payments page by page, notices, settlements in windows."""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import requests
from flask import Flask, Response, jsonify, request

KEY = "ebpay-demo-key"
RATES = {"USD": Decimal("7.0123"), "EUR": Decimal("8.1790"), "CNY": Decimal(1)}
WINDOW = timedelta(hours=4)
"""What waits is settled each time that so much of the day has gone by: at 0:00, 4:00, 8:00 … UTC."""
KEPT = ("id", "request", "payment", "amount", "currency", "order", "orderTotal")
SETTLED, WAITING, WITHDRAWN = "SETTLED", "WAITING", "WITHDRAWN"
Answer = tuple[Response, int]
Told = tuple[dict[str, Any], int]
Notice = tuple[dict[str, str], bytes]
Now = Callable[[], datetime]


def now_utc() -> datetime:
    return datetime.now(UTC)


@dataclass
class Books:
    """What ebPay remembers: payments and outcomes in the order in which they came, applications by number."""

    now: Now
    payments: list[dict[str, Any]] = field(default_factory=list)
    settlements: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    certificates: dict[str, dict[str, Any]] = field(default_factory=dict)
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

    def apply(self, wish: Mapping[str, Any]) -> Told:
        """The application, and 201 where it is new; 409 where it is settled already, 422 where it is wrong.

        Another request for what waits takes its place.
        """
        with self.lock:
            known = self.settlements.get(wish["id"])
            if known and known["request"] == wish["request"]:
                return known, 200
            if known and known["status"] == SETTLED:
                return {"message": "settled already"}, 409
            wrong = self._objection(wish)
            if wrong:
                return {"field": wrong[0], "message": wrong[1]}, 422
            taken = {name: wish[name] for name in KEPT}
            self.settlements[wish["id"]] = taken | {"status": WAITING, "at": self.now().isoformat()}
            return self.settlements[wish["id"]], 200 if known else 201

    def withdraw(self, number: str) -> Told:
        """Takes back what waits; 409 where it is settled already."""
        with self.lock:
            known = self.settlements.get(number)
            if known is None:
                return {"message": "not known"}, 404
            if known["status"] == SETTLED:
                return {"message": "settled already"}, 409
            if known["status"] == WAITING:
                self._conclude(known, WITHDRAWN, self.now(), request=None)
            return known, 200

    def settle(self, before: datetime | None = None) -> None:
        """Settles what came before a time, by default before the window that opened last."""
        now = self.now()
        opened = now - timedelta(seconds=now.timestamp() % WINDOW.total_seconds())
        with self.lock:
            for known in self.settlements.values():
                if known["status"] == WAITING and datetime.fromisoformat(known["at"]) < (before or opened):
                    rate = RATES[known["currency"]]
                    yuan = (Decimal(known["amount"]) * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
                    self._conclude(known, SETTLED, before or opened, rate=str(rate), yuan=str(yuan))

    def certify(self, wish: Mapping[str, Any]) -> Told:
        """A certificate of what was settled for an order; 422 where nothing was."""
        with self.lock:
            if wish["id"] in self.certificates:
                return self.certificates[wish["id"]], 200
            orders = {one["order"] for one in self.settlements.values() if one["status"] == SETTLED}
            if wish["order"] not in orders:
                return {"field": "order", "message": "nothing was settled for it"}, 422
            issued = {"id": wish["id"], "certificate": f"EPC{len(self.certificates) + 1:09d}"}
            self.certificates[wish["id"]] = issued
            return issued, 201

    def _conclude(self, known: dict[str, Any], status: str, at: datetime, **more: Any) -> None:
        known |= {"status": status, "at": at.isoformat(), **more}
        told = {name: known[name] for name in ("id", "request", "status", "at", "rate", "yuan") if name in known}
        self.outcomes.append({"sequence": len(self.outcomes) + 1} | told)

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
        books.settle()
        if request.path.startswith("/_control/") or request.headers.get("Ebpay-Key") == key:
            return None
        return jsonify(message="unknown key"), 401

    @app.get("/payments")
    def list_payments() -> Response:
        after, limit = int(request.args.get("after", "0")), min(int(request.args.get("limit", "50")), 200)
        changed = books.changed(request.args.get("changedFrom"), request.args.get("changedBefore"))
        return jsonify(payments=[one for one in changed if one["sequence"] > after][:limit])

    @app.get("/outcomes")
    def list_outcomes() -> Response:
        after, limit = int(request.args.get("after", "0")), min(int(request.args.get("limit", "50")), 200)
        return jsonify(outcomes=books.outcomes[after:][:limit])

    take_papers(app, books)

    @app.get("/_control/about")
    def show_about() -> Response:
        return jsonify(standIn=True, authority="ebpay")

    @app.post("/_control/payments")
    def pay() -> Answer:
        return jsonify(books.collect(json.loads(request.get_data()))), 201

    return app


def take_papers(app: Flask, books: Books) -> None:
    """Where papers are handed in, asked about and taken back."""

    @app.post("/settlements")
    def take_settlement() -> Answer:
        return _said(books.apply(json.loads(request.get_data())))

    @app.post("/settlements/<number>/withdraw")
    def withdraw_settlement(number: str) -> Answer:
        return _said(books.withdraw(number))

    @app.post("/certificates")
    def take_certificate() -> Answer:
        return _said(books.certify(json.loads(request.get_data())))

    @app.get("/<any(settlements, certificates):kind>/<number>")
    def show(kind: str, number: str) -> Answer:
        found = getattr(books, kind).get(number)
        return _said((found, 200) if found else ({"message": "not known"}, 404))


def _said(told: Told) -> Answer:
    return jsonify(told[0]), told[1]


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
