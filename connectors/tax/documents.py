"""The refund filing: heading, 出口明细 and 进货明细, tied line by line by 关联号."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from connectors.sdk import Document, Http, Message, Page, Paper
from connectors.sdk.codecs import read_json, write_json
from connectors.sdk.papers import Value
from connectors.sdk.records import DocumentEvent, Draft
from connectors.tax.codes import REFUND

CODES = {200: "received", 202: "received", 409: "DUPLICATE", 422: "INVALID"}


class RefundFiling(Document):
    """One filing for one trade, known by the 关联号 of its first export line."""

    kinds = (REFUND,)
    says_back = True

    def references(self, paper: Paper) -> Mapping[str, str]:
        return {REFUND: relation_of(paper)}

    def encode(self, papers: Sequence[Paper]) -> Message:
        paper = papers[0]
        filing = {
            "heading": _named(paper.head),
            "exports": [_named(line) for line in paper.lines["exports"]],
            "purchases": [_named(line) for line in paper.lines["purchases"]],
        }
        return Message(write_json(filing), "application/json")

    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        return http.post("refunds", message.body, message.content_type, answers=(409, 422))

    def find(self, http: Http, paper: Paper) -> Page | None:
        answer = http.get(f"refunds/by-relation/{relation_of(paper)}", answers=(404,))
        return None if answer.status == 404 else answer

    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Draft]:
        values, code = read_json(answer.body), CODES.get(answer.status, str(answer.status))
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
        path = words.partition(":")[0].removeprefix("heading.")
        return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", path) or None


def relation_of(paper: Paper) -> str:
    return str(paper.lines["exports"][0]["relation"])


def _named(values: Mapping[str, Value]) -> dict[str, str]:
    """Our field names in the bureau's camelCase, values as text."""
    return {re.sub(r"_(\w)", lambda letter: letter[1].upper(), name): _text(value) for name, value in values.items()}


def _text(value: Value) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)
