"""The settlement application (结汇申请): have what was collected for an order turned into yuan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connector_ebpay.codes import SETTLEMENT
from connectors.sdk import Document, Http, Message, Page, Paper, Problem
from connectors.sdk.codecs import read_json, write_json
from connectors.sdk.records import DocumentEvent, Draft

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
REFUSED = 422


class SettlementApplication(Document):
    """One application for one payment, known by the number of our paper: sent again, it is answered the same."""

    kinds = (SETTLEMENT,)
    says_back = True

    def references(self, paper: Paper) -> Mapping[str, str]:
        return {SETTLEMENT: paper.number}

    def check(self, paper: Paper) -> list[Problem]:
        length = len(str(paper.head.get("remark") or ""))
        if length <= LONGEST_REMARK:
            return []
        zh = f"remark：长度不得超过 {LONGEST_REMARK}，现为 {length}"
        return [Problem("remark", "FORMAT", zh, f"remark: at most {LONGEST_REMARK} characters, not {length}")]

    def encode(self, papers: Sequence[Paper]) -> Message:
        (paper,) = papers
        values = {name: paper.head[field] for name, field in FIELDS.items() if field in paper.head}
        return Message(write_json({"id": paper.number, **values}), "application/json")

    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        return http.post("settlements", message.body, message.content_type, answers=(REFUSED,))

    def find(self, http: Http, paper: Paper) -> Page | None:
        answer = http.get(f"settlements/{paper.number}", answers=(404,))
        return None if answer.status == 404 else answer

    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Draft]:
        (paper,) = papers
        told = read_json(answer.body)
        refused = answer.status == REFUSED
        code = "REFUSED" if refused else told["status"]
        yield (
            DocumentEvent,
            {
                "source_id": f"{paper.number}/{paper.guid}/{code}",
                "as_of": answer.received_at,
                "about_kind": SETTLEMENT,
                "about_value": paper.number,
                "guid": paper.guid,
                "code": code,
                "words": f"{told['field']}: {told['message']}" if refused else "",
                "happened_at": answer.received_at if refused else told["settledAt"],
                "answers": {} if refused else {"rate": told["rate"], "yuan": told["yuan"]},
            },
        )

    def field_named(self, words: str) -> str | None:
        return FIELDS.get(words.partition(":")[0])
