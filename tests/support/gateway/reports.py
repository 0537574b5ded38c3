"""Rows of the report of what is still to come in."""

from __future__ import annotations

from typing import Any

from tests.support.gateway.till import ACCOUNT


def row(remittance: Any, serial: int = 7, **changes: Any) -> dict[str, Any]:
    """A row of basic information that is of this remittance in every respect."""
    amount = remittance["amount"].partition(".")[0]
    return {
        "ACTIONTYPE": "A", "RPTNO": f"410100010501260109N{serial:03d}", "CUSTYPE": "C",
        "OPPUSER": f"(JW){remittance['payer']}", "TXCCY": "USD", "TXAMT": amount, "FCYAMT": amount, "FCYACC": ACCOUNT,
        "METHOD": "T", "BUSCODE": remittance["bankReference"],
    } | changes  # fmt: skip
