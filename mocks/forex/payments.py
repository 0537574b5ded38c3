"""Somebody abroad pays, the bank credits: the payments that were announced and the notifications that follow."""

from __future__ import annotations

import hashlib
import re
import threading
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from mocks.forex.telling import AMOUNT, SWITCHES, Telling, read_telling
from mocks.objection import Objection, read_object
from mocks.pace import Pace

MINUTE = 60
OLDEST, NEWEST = 2, 13  # versions of camt.05x; one more is for whoever asks what is done with an unknown one
CREDITED_AFTER = 30 * MINUTE
REPEATED_AFTER = 15 * MINUTE  # counted from the credit
REPEATED_ONE_IN = 4
REVERSED_AFTER = 24 * 60 * MINUTE  # counted from the credit

LETTER = r"[^\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]"  # what XML can carry in one line

# name, how it must look, mandatory; lengths are those of camt.054 (Max140Text, Max35Text, Max34Text)
PAYMENT: tuple[tuple[str, str, bool], ...] = (
    ("amount", AMOUNT, True),
    ("currency", r"[A-Z]{3}", True),
    ("payer", LETTER + r"{1,140}", True),
    ("payerCountry", r"[A-Z]{2}", True),
    ("remittance", LETTER + r"{1,140}", True),
    ("endToEndId", LETTER + r"{1,35}", True),
    ("beneficiaryAccount", r"[0-9A-Za-z-]{1,34}", True),
    ("charges", AMOUNT, False),
    ("beneficiaryName", LETTER + r"{1,128}", False),
    ("beneficiaryCode", r"[0-9A-Z]{9}|[0-9A-Z]{18}", False),
    *((name, look, False) for name, look in SWITCHES),
)


@dataclass(frozen=True)
class Credit:
    """A payment on its way into the account: `instructed` left the payer, `charges` were kept on the way.

    `taken_back`: the bank books it out again.
    """

    reference: str
    uetr: str
    instructed: Decimal
    charges: Decimal
    currency: str
    payer: str
    payer_country: str
    remittance: str
    end_to_end_id: str
    account: str
    booked_at: datetime
    told: Telling = field(default_factory=Telling)
    taken_back: bool = False

    @property
    def amount(self) -> Decimal:
        return self.instructed if self.told.charges_currency else self.instructed - self.charges


def read_payment(body: str) -> dict[str, str]:
    given = read_object(body, "FORMAT", parse_float=str, parse_int=str)
    payment: dict[str, str] = {}
    for name, look, mandatory in PAYMENT:
        value = given.get(name)
        if value is None and not mandatory:
            continue
        if not isinstance(value, str) or not re.fullmatch(look, value, re.ASCII):
            raise Objection("FORMAT", name, f"{name} does not look like {look}")
        payment[name] = value
    if Decimal(payment["amount"]) <= Decimal(payment.get("charges", "0")):
        raise Objection("AMOUNT", "charges" if "charges" in payment else "amount", "nothing would be left to credit")
    if not OLDEST <= int(payment.get("version", "08")) <= NEWEST + 1:
        raise Objection("FORMAT", "version", f"{OLDEST:02d} to {NEWEST} are known, and {NEWEST + 1} to nobody yet")
    return payment


class Account:
    """What the bank has announced, in the order in which it did; a sequence is never given twice or changed."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lock = threading.Lock()
        self._count = 0
        self._pending: list[tuple[datetime, Credit]] = []
        self._announced: list[Credit] = []

    def expect(self, payment: dict[str, str]) -> Credit:
        with self._lock:
            now = self._pace.now()
            self._settle(now)
            self._count += 1
            credit = self._credit(payment, self._count, self._pace.after(now, CREDITED_AFTER))
            self._pending.append((credit.booked_at, credit))
            if credit.told.reversal.strip():
                gone_at = self._pace.after(credit.booked_at, REVERSED_AFTER)
                self._pending.append((gone_at, replace(credit, booked_at=gone_at, taken_back=True)))
            if self._pace.draw(f"repeat/{credit.end_to_end_id}", REPEATED_ONE_IN) == 0:
                self._pending.append((self._pace.after(credit.booked_at, REPEATED_AFTER), credit))
            return credit

    def announced(self, after: int, limit: int) -> list[tuple[int, Credit]]:
        with self._lock:
            self._settle(self._pace.now())
            return list(enumerate(self._announced[after : after + limit], start=after + 1))

    def _settle(self, now: datetime) -> None:
        ripe = sorted((entry for entry in self._pending if entry[0] <= now), key=lambda entry: entry[0])
        self._pending = [entry for entry in self._pending if entry[0] > now]
        self._announced.extend(credit for _, credit in ripe)

    def _credit(self, payment: dict[str, Any], serial: int, booked_at: datetime) -> Credit:
        end_to_end = payment["endToEndId"]
        digest = hashlib.sha256(f"{self._pace.seed}/{serial}/{end_to_end}".encode()).digest()
        told = read_telling(payment)
        return Credit(
            reference=f"IR{booked_at:%y%m%d}{serial:08d}" if told.reference is None else told.reference,
            uetr=str(uuid.UUID(bytes=digest[:16], version=4)),
            instructed=Decimal(payment["amount"]),
            charges=Decimal(payment.get("charges", "0")),
            currency=payment["currency"],
            payer=payment["payer"],
            payer_country=payment["payerCountry"],
            remittance=payment["remittance"],
            end_to_end_id=end_to_end,
            account=payment["beneficiaryAccount"],
            booked_at=booked_at,
            told=told,
        )
