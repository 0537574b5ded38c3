"""国际收支 remittance declarations: the rules between elements, and what was declared under which RPTNO."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from stdnum.cn import uscc

from mocks.forex.basic_information import Numbers
from mocks.forex.elements import check_elements
from mocks.objection import Objection, read_object
from mocks.pace import Pace

Declaration = dict[str, str]
Check = tuple[str, str, Callable[[Declaration], bool], str]

USCC_LENGTH = 18


def _amount(declaration: Declaration, *names: str) -> int:
    return sum(int(declaration.get(name, "0")) for name in names)


def _real_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return True


def _paid_on(declaration: Declaration) -> str:
    return "20" + declaration["RPTNO"][12:18]


def _code_of_company(declaration: Declaration) -> bool:
    code = declaration.get("CUSTCOD", "")
    return len(code) != USCC_LENGTH or bool(uscc.is_valid(code))


# code, element, what must hold, the words for a person; in this order, the first that does not hold is answered
CHECKS: tuple[Check, ...] = (
    ("MANDATORY", "ACTIONDESC", lambda d: d["ACTIONTYPE"] not in "CD" or "ACTIONDESC" in d, "a reason with C and D"),
    ("DATE", "RPTNO", lambda d: _real_day(_paid_on(d)), "carries no date"),
    ("CLASS", "RPTNO", lambda d: (d["RPTNO"][18] in "UVW") == (d["CUSTYPE"] != "C"), "serial is of another class"),
    ("MANDATORY", "CUSTCOD", lambda d: d["CUSTYPE"] != "C" or "CUSTCOD" in d, "mandatory for a company"),
    ("MANDATORY", "IDCODE", lambda d: d["CUSTYPE"] == "C" or "IDCODE" in d, "mandatory for a person"),
    ("CHECKDIGIT", "CUSTCOD", _code_of_company, "check character of the credit code is wrong"),
    ("AMOUNT", "LCYAMT", lambda d: any(n in d for n in ("LCYAMT", "FCYAMT", "OTHAMT")), "one of the three is needed"),
    (
        "AMOUNT",
        "TXAMT",
        lambda d: _amount(d, "LCYAMT", "FCYAMT", "OTHAMT") <= _amount(d, "TXAMT"),
        "less than LCYAMT + FCYAMT + OTHAMT",
    ),
    ("TXCODE", "TXCODE2", lambda d: d.get("TXCODE2") != d["TXCODE"], "must differ from TXCODE"),
    ("AMOUNT", "TC1AMT", lambda d: _amount(d, "TC1AMT", "TC2AMT") == _amount(d, "TXAMT"), "TC1AMT + TC2AMT is TXAMT"),
    ("DATE", "RPTDATE", lambda d: _real_day(d["RPTDATE"]), "no such day"),
    ("DATE", "RPTDATE", lambda d: d["RPTDATE"] >= _paid_on(d), "before the date in RPTNO"),
)

STATUS = {"A": "accepted", "C": "changed", "D": "deleted"}


def read_declaration(body: str) -> Declaration:
    """Every value is text, amounts are integers in text; an empty text counts as left out."""
    given = read_object(body, "FORMAT")
    for name, value in given.items():
        if value is not None and not isinstance(value, str):
            raise Objection("FORMAT", name, "text wanted")
    declaration = {name: value for name, value in given.items() if value}
    check_elements(declaration)
    for code, element, holds, message in CHECKS:
        if not holds(declaration):
            raise Objection(code, element, message)
    return declaration


@dataclass(frozen=True)
class Declared:
    """The declaration as it stands now."""

    status: str
    at: str
    content: Declaration

    def as_json(self) -> dict[str, Any]:
        return {
            "RPTNO": self.content["RPTNO"],
            "status": self.status,
            "at": self.at,
            "declaration": self.content,
        }


class Register:
    """Declarations by RPTNO, each under a number that the bank gave. It is used once, even after a deletion."""

    def __init__(self, pace: Pace, numbers: Numbers) -> None:
        self._pace, self._numbers = pace, numbers
        self._lock = threading.Lock()
        self._declared: dict[str, Declared] = {}

    def enter(self, declaration: Declaration) -> bool:
        """Takes the declaration over; False where a new one comes under a number that is used.

        Objection where the bank did not give the number, or gave it to another remittance.
        """
        self._numbers.check(declaration)
        number, action = declaration["RPTNO"], declaration["ACTIONTYPE"]
        with self._lock:
            present = self._declared.get(number)
            if action == "A":
                if present:
                    return False
            elif present is None or present.status == "deleted":
                raise Objection("UNKNOWN", "RPTNO", "nothing declared under this number that could be changed")
            if action in STATUS:
                self._declared[number] = Declared(STATUS[action], self._pace.now().isoformat(), declaration)
        return True

    def find(self, number: str) -> Declared | None:
        with self._lock:
            return self._declared.get(number)

    def holdings(self) -> dict[str, dict[str, str]]:
        """What became of each number that something was declared under."""
        with self._lock:
            return {"declarations": {number: one.status for number, one in self._declared.items()}}
