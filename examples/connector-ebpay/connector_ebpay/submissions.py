"""The settlement application (结汇申请): have what was collected for an order turned into yuan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector_ebpay.codes import SETTLEMENT
from connectors.sdk import Paper, Problem
from connectors.sdk.json_service import JsonSubmission

FIELDS = {
    "payment": "payment",
    "amount": "amount",
    "currency": "currency",
    "merchantAccount": "account",
    "beneficiary": "beneficiary",
    "beneficiaryCode": "beneficiary_code",
    "order": "order_number",
    "receivedOn": "received_on",
    "remark": "remark",
}
"""ebPay's field → field of our paper."""
LONGEST_REMARK = 140
REFUSED = {422: "REFUSED"}


class SettlementApplication(JsonSubmission):
    """One application for one payment, known by the number of our paper: sent again, it is answered the same."""

    kinds = (SETTLEMENT,)
    path, found_at = "settlements", "settlements/{}"
    agreed = ("status", "settledAt", "rate", "yuan")
    codes, fields = REFUSED, FIELDS

    def reference(self, paper: Paper) -> str:
        return paper.number

    def check(self, paper: Paper) -> list[Problem]:
        length = len(str(paper.head.get("remark") or ""))
        if length <= LONGEST_REMARK:
            return []
        zh = f"remark：长度不得超过 {LONGEST_REMARK}，现为 {length}"
        return [Problem("remark", "FORMAT", zh, f"remark: at most {LONGEST_REMARK} characters, not {length}")]

    def content(self, paper: Paper) -> Any:
        return {
            "id": paper.number,
            **{name: paper.head[field] for name, field in FIELDS.items() if field in paper.head},
        }

    def code(self, status: int, told: Mapping[str, Any], paper: Paper) -> str:
        return REFUSED.get(status) or str(told["status"])

    def given(self, told: Mapping[str, Any], paper: Paper) -> dict[str, Any]:
        if "settledAt" not in told:
            return {}
        return {"happened_at": told["settledAt"], "answers": {"rate": told["rate"], "yuan": told["yuan"]}}
