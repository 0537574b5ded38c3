"""The settlement application (结汇申请), and the request of a certificate of what was settled (结汇水单)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector_ebpay.codes import CERTIFICATE, SETTLEMENT
from connectors.sdk import Paper, Problem
from connectors.sdk.json_service import STATE, JsonSubmission, filled

FIELDS = {
    "payment": "payment",
    "amount": "amount",
    "currency": "currency",
    "merchantAccount": "account",
    "beneficiary": "beneficiary",
    "beneficiaryCode": "beneficiary_code",
    "order": "order_number",
    "orderTotal": "order_total",
    "receivedOn": "received_on",
    "remark": "remark",
}
CERTIFIED = {"order": "order_number", "beneficiary": "beneficiary", "beneficiaryCode": "beneficiary_code"}
"""ebPay's field → field of our paper."""
LONGEST_REMARK = 140
TOO_LATE, WRONG = 409, 422


class SettlementApplication(JsonSubmission):
    """One application for one payment, known by the number of our paper.

    Each version has its guid as `request`: the same one sent again is answered the same, another one takes the place of
    what waits. Once it is settled, it is neither changed nor withdrawn.
    """

    kinds = (SETTLEMENT,)
    path, found_at, undo = "settlements", "settlements/{}", "withdraw"
    agreed = ("status",)
    codes, fields = {TOO_LATE: STATE, WRONG: "REFUSED"}, FIELDS

    def reference(self, paper: Paper) -> str:
        return paper.number

    def check(self, paper: Paper) -> list[Problem]:
        length = len(str(paper.head.get("remark") or ""))
        if length <= LONGEST_REMARK:
            return []
        zh = f"remark：长度不得超过 {LONGEST_REMARK}，现为 {length}"
        return [Problem("remark", "FORMAT", zh, f"remark: at most {LONGEST_REMARK} characters, not {length}")]

    def content(self, paper: Paper) -> Any:
        return {"id": paper.number, "request": paper.guid, **filled(FIELDS, paper.head)}

    def is_this(self, told: Mapping[str, Any], paper: Paper) -> bool:
        return told.get("request") == paper.guid

    def code(self, status: int, told: Mapping[str, Any], paper: Paper) -> str:
        return super().code(status, told, paper) if status in self.codes else str(told["status"])

    def given(self, told: Mapping[str, Any], paper: Paper) -> dict[str, Any]:
        return {"happened_at": told["at"]} if "at" in told else {}


class CertificateRequest(JsonSubmission):
    """One certificate for one order, known by the number of our paper."""

    kinds = (CERTIFICATE,)
    path, found_at = "certificates", "certificates/{}"
    agreed = ("certificate",)
    codes, taken, fields = {WRONG: "REFUSED"}, "ISSUED", CERTIFIED

    def reference(self, paper: Paper) -> str:
        return paper.number

    def content(self, paper: Paper) -> Any:
        return {"id": paper.number, **filled(CERTIFIED, paper.head)}

    def given(self, told: Mapping[str, Any], paper: Paper) -> dict[str, Any]:
        number = told.get("certificate")
        return {"references": {"ebpay.certificate_number": number}} if number else {}
