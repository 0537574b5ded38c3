"""The refund filing: heading, 出口明细 and 进货明细, tied line by line by 关联号."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from connectors.sdk import Document, Http, Message, Page, Paper
from connectors.sdk.codecs import read_agreed, read_json, write_json
from connectors.sdk.papers import Value
from connectors.sdk.records import DocumentEvent, Draft
from connectors.sdk.units import UNITS
from connectors.tax.codes import REFUND

CODES = {200: "received", 202: "received", 409: "DUPLICATE", 422: "INVALID"}
ENDED = ("refused", "withdrawn")
PATH = re.compile(r"(heading\.)?[a-z][A-Za-z]*(\[\d+\]\.[a-z][A-Za-z]*)?")


class RefundFiling(Document):
    """One filing for one trade, known by the 关联号 of its first export line."""

    kinds = (REFUND,)
    says_back = True
    withdraws = True

    def references(self, paper: Paper) -> Mapping[str, str]:
        return {REFUND: relation_of(paper)}

    def encode(self, papers: Sequence[Paper]) -> Message:
        paper = papers[0]
        if paper.action == "withdraw":
            return Message(write_json({"reason": paper.reason}), "application/json")
        filing = {
            "heading": _named(paper.head),
            "exports": [_named(line) for line in paper.lines["exports"]],
            "purchases": [_named(line) for line in paper.lines["purchases"]],
        }
        return Message(write_json(filing), "application/json")

    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        path = "refunds"
        if papers[0].action == "withdraw":
            path = f"refunds/by-relation/{relation_of(papers[0])}/withdraw"
        return http.post(path, message.body, message.content_type, answers=(409, 422))

    def find(self, http: Http, paper: Paper) -> Page | None:
        if paper.action == "withdraw":
            return None  # asking twice to withdraw does no harm
        answer = http.get(f"refunds/by-relation/{relation_of(paper)}", answers=(404,))
        gone = answer.status == 404 or read_json(answer.body).get("status") in ENDED
        return None if gone else answer  # an earlier filing that was refused is not this one

    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Draft]:
        agreed = ("filingNumber",) if answer.status < 400 else ()
        values, code = read_agreed(answer.body, *agreed), CODES.get(answer.status, str(answer.status))
        if papers[0].action == "withdraw":
            if answer.status < 400:
                return  # the result follows
            code = "STATE"
        filing = values.get("filingNumber")
        yield (
            DocumentEvent,
            {
                "source_id": f"{relation_of(papers[0])}/{papers[0].guid}/{code}",
                "as_of": answer.received_at,
                "about_kind": REFUND,
                "about_value": relation_of(papers[0]),
                "guid": papers[0].guid,
                "code": code,
                "words": f"{values.get('field', '')}: {values.get('message', '')}" if code == "INVALID" else "",
                "happened_at": answer.received_at,
                "references": {"tax.filing": filing} if filing else {},
                "answers": {"filingNumber": filing} if filing else {},
            },
        )

    def field_named(self, words: str) -> str | None:
        """The bureau names a path such as `purchases[1].taxableAmount`, before a colon."""
        path, colon, _ = words.partition(":")
        if not colon or not PATH.fullmatch(path):
            return None
        return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", path.removeprefix("heading."))


def relation_of(paper: Paper) -> str:
    return str(paper.lines["exports"][0]["relation"])


def _named(values: Mapping[str, Value]) -> dict[str, str]:
    """Our field names in the bureau's camelCase, values as text."""
    named = {re.sub(r"_(\w)", lambda letter: letter[1].upper(), name): _text(value) for name, value in values.items()}
    return named | ({"unit": UNITS[named["unit"]].zh} if "unit" in named else {})


def _text(value: Value) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)
