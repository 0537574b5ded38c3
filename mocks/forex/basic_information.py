"""基础信息: for each credit the bank makes a 申报号码 and says what it knows, element by element of file A.

Written from the reporting interface of the banks (涉外收入申报单—基础信息). What it leaves open is a habit of the bank.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mocks.forex.parity import yuan_for_one
from mocks.forex.payments import Credit
from mocks.objection import Objection
from mocks.pace import Pace

BEIJING = timezone(timedelta(hours=8))
REGION, BANK, BRANCH = "410100", "0105", "01"
LETTERS, LAST_SERIAL = "NPQRST", 999  # of firms; persons have U to W
ONE = Decimal(1)

ELEMENTS = (
    "ACTIONTYPE", "ACTIONDESC", "RPTNO", "CUSTYPE", "CUSTCOD", "IDCODE", "CUSTNM", "OPPUSER", "TXCCY", "TXAMT",
    "EXRATE", "LCYAMT", "LCYACC", "FCYAMT", "FCYACC", "OTHAMT", "OTHACC", "METHOD", "BUSCODE", "INCHARGECCY",
    "INCHARGEAMT", "OUTCHARGECCY", "OUTCHARGEAMT",
)  # fmt: skip
"""File A, in its order."""
OF_THE_ROW = ("ACTIONTYPE", "ACTIONDESC")
IF_TOLD = ("CUSTCOD", "CUSTNM")
"""The stand-in does not know whose an account is unless the payment says it; then it compares nothing."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Habits:
    """What banks do differently. `numbered_after`: seconds from the credit to its number.

    `own_reference`: BUSCODE is the bank's own business number and not the reference of its credit notification.
    `settled_percent`: so much of a remittance is sold for yuan at once, where its currency has a parity.
    """

    numbered_after: float = 3600
    own_reference: bool = False
    settled_percent: int = 0


class Numbers:
    """Which numbers the bank gave, and what it said with each. A row is never changed: a later one takes its place."""

    def __init__(self, pace: Pace, habits: Habits) -> None:
        self._pace, self._habits = pace, habits
        self._lock = threading.Lock()
        self._pending: list[tuple[datetime, Credit, Mapping[str, str]]] = []
        self._rows: list[Row] = []
        self._serials: Counter[str] = Counter()

    def expect(self, credit: Credit, payment: Mapping[str, str]) -> None:
        """The credit gets its number some time after it is booked."""
        with self._lock:
            due = self._pace.after(credit.booked_at, self._habits.numbered_after)
            self._pending.append((due, credit, payment))

    def write(self, row: Row) -> Row:
        """A row as somebody at the bank writes it by hand: a change, a deletion, or a number of another day."""
        with self._lock:
            self._settle()
            return self._append(row, self._pace.now())

    def published(self, after: int, limit: int) -> list[Row]:
        with self._lock:
            self._settle()
            return self._rows[after : after + limit]

    def check(self, declaration: Mapping[str, str]) -> None:
        """A declaration repeats what the bank said under its number; Objection names the first that differs."""
        with self._lock:
            self._settle()
            row = self._last(declaration["RPTNO"])
        if row is None:
            raise Objection("NUMBER", "RPTNO", "the bank never gave this number")
        if row["ACTIONTYPE"] == "D":
            raise Objection("NUMBER", "RPTNO", "the bank has taken this number back")
        for name in ELEMENTS:
            said, given = row.get(name), declaration.get(name)
            if name in OF_THE_ROW or (name in IF_TOLD and said is None):
                continue
            if said != given:
                raise Objection("BASIC", name, f"the basic information under this number says {said}, not {given}")

    def _settle(self) -> None:
        now = self._pace.now()
        ripe = sorted((one for one in self._pending if one[0] <= now), key=lambda one: one[0])
        self._pending = [one for one in self._pending if one[0] > now]
        for made_at, credit, payment in ripe:
            self._append(self._basic(credit, payment), made_at)

    def _append(self, row: Row, at: datetime) -> Row:
        before = self._last(str(row.get("RPTNO")))
        stamp = at.isoformat()
        made_at = before["madeAt"] if before else stamp
        written = {"madeAt": made_at, "writtenAt": stamp, **row, "sequence": len(self._rows) + 1}
        self._rows.append(written)
        return written

    def _last(self, number: str) -> Row | None:
        return next((row for row in reversed(self._rows) if row.get("RPTNO") == number), None)

    def _number(self, credit: Credit) -> str:
        day = f"{credit.booked_at.astimezone(BEIJING):%y%m%d}"
        self._serials[day] += 1
        letter, rest = divmod(self._serials[day] - 1, LAST_SERIAL)
        return f"{REGION}{BANK}{BRANCH}{day}{LETTERS[letter]}{rest + 1:03d}"

    def _basic(self, credit: Credit, payment: Mapping[str, str]) -> Row:
        row = {
            "ACTIONTYPE": "A",
            "RPTNO": self._number(credit),
            "CUSTYPE": "C",
            "CUSTCOD": payment.get("beneficiaryCode"),
            "CUSTNM": payment.get("beneficiaryName"),
            "OPPUSER": f"(JW){credit.payer}"[:128],
            "TXCCY": credit.currency,
            "TXAMT": str(_whole(credit.amount)),
            **self._went_to(credit),
            "METHOD": "T",
            "BUSCODE": f"BIZ{credit.reference[2:]}" if self._habits.own_reference else credit.reference,
        }
        if kept := int(credit.charges.quantize(ONE, ROUND_HALF_UP)):
            row |= {"OUTCHARGECCY": credit.currency, "OUTCHARGEAMT": str(kept)}
        return {name: value for name, value in row.items() if value is not None}

    def _went_to(self, credit: Credit) -> Row:
        """Yuan are neither sold nor kept as foreign exchange; of the rest a part is sold, and what is left is kept."""
        whole = _whole(credit.amount)
        if credit.currency == "CNY":
            return {"OTHAMT": str(whole), "OTHACC": credit.account}
        rate = yuan_for_one(self._pace, credit.currency)
        sold = whole * self._habits.settled_percent // 100 if rate else 0
        went: Row = {}
        if sold:
            went = {"EXRATE": f"{rate:f}", "LCYAMT": str(sold), "LCYACC": f"{credit.account[-29:]}CNY"}
        if whole > sold:
            went |= {"FCYAMT": str(whole - sold), "FCYACC": credit.account}
        return went


def _whole(amount: Decimal) -> int:
    """Whole units, and never none: a remittance is above zero."""
    return max(1, int(amount.quantize(ONE, ROUND_HALF_UP)))
