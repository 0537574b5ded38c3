"""The bank's basic information (基础信息): under which 申报号码 each remittance is to be declared.

The elements are those of file A (涉外收入申报单—基础信息) of the banks' reporting interface. The bank alone makes the
number; the enterprise completes the rest (申报信息) within five working days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from connectors.sdk import Ask, BadData, Http, Page
from connectors.sdk.json_service import JsonRows
from connectors.sdk.members import Told
from connectors.sdk.paging import by_cursor, last_of
from connectors.sdk.records import BasicInformation

PAGE = 50
ELEMENTS = {
    "RPTNO": "report_number",
    "CUSTYPE": "payee_kind",
    "CUSTCOD": "payee_code",
    "CUSTNM": "payee_name",
    "OPPUSER": "payer",
    "TXCCY": "currency",
    "TXAMT": "amount",
    "EXRATE": "settlement_rate",
    "LCYAMT": "settled_amount",
    "LCYACC": "settled_account",
    "FCYAMT": "foreign_amount",
    "FCYACC": "foreign_account",
    "OTHAMT": "other_amount",
    "OTHACC": "other_account",
    "METHOD": "method",
    "BUSCODE": "bank_reference",
    "INCHARGECCY": "home_charge_currency",
    "INCHARGEAMT": "home_charge",
    "OUTCHARGECCY": "abroad_charge_currency",
    "OUTCHARGEAMT": "abroad_charge",
}
"""Element of file A → field of our record, and of the paper that repeats it."""
AMOUNTS = tuple(name for name in ELEMENTS if name.endswith("AMT"))
WHOLE = re.compile(r"[0-9]{1,22}")
TOGETHER = (
    ("LCYAMT", "EXRATE", "LCYACC"),
    ("FCYAMT", "FCYACC"),
    ("OTHAMT", "OTHACC"),
    ("INCHARGEAMT", "INCHARGECCY"),
    ("OUTCHARGEAMT", "OUTCHARGECCY"),
)
"""Elements that come together or not at all."""
PARTS = ("LCYAMT", "FCYAMT", "OTHAMT")
REVOKED = {"A": False, "C": False, "D": True}
"""ACTIONTYPE: new, changed, deleted. R (申报无误) is the bank's own feedback, which says nothing to us."""


class BasicInformationList(JsonRows):
    """What the bank has made, changed and taken back, oldest first; the cursor is the last sequence."""

    name = "basic_information"
    records = (BasicInformation,)
    rows = "rows"

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        last = last_of("rows", "sequence")
        return by_cursor(http, "bop/basic-information", ask.cursor, last, lambda after: {"after": after, "limit": PAGE})

    def read_row(self, row: dict[str, Any], page: Page) -> Iterator[Told]:
        return _read(row)


def _read(row: Mapping[str, Any]) -> Iterator[Told]:
    action = row.get("ACTIONTYPE")
    if not isinstance(action, str) or action not in REVOKED:
        raise BadData(f"unknown ACTIONTYPE {action!r}: A, C or D is agreed", field="ACTIONTYPE")
    said = {name: _as_text(row[name]) for name in ELEMENTS if row.get(name) not in (None, "")}
    _check(said)
    yield (
        BasicInformation,
        {ELEMENTS[name]: value for name, value in said.items()}
        | {
            "source_id": said.get("RPTNO"),
            "revoked": REVOKED[action],
            "made_at": row.get("madeAt"),
            "as_of": row.get("writtenAt"),
        },
    )


def _as_text(value: Any) -> Any:
    """Numbers as text; of what is neither, the schema says that the form is another."""
    return str(value) if type(value) in (int, Decimal) else value


def _check(said: Mapping[str, Any]) -> None:
    """What no field can say by itself: amounts are whole, and what belongs together is there together."""
    for name in AMOUNTS:
        if isinstance(said.get(name), str) and not WHOLE.fullmatch(said[name]):
            raise BadData(f"{name} {said[name]!r}: whole units of the currency are agreed", field=name)
    for group in TOGETHER:
        absent = [name for name in group if name not in said]
        if absent and len(absent) < len(group):
            raise BadData(f"{', '.join(group)} belong together, and {', '.join(absent)} is not there", field=absent[0])
    if not any(name in said for name in PARTS):
        raise BadData(f"one of {', '.join(PARTS)} says where the money went, and none is there", field=PARTS[0])
