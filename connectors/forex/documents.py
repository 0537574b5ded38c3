"""The 国际收支 declaration of a receipt from abroad, with the element names of the reporting interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pycountry

from connectors.forex.codes import DECLARATION
from connectors.sdk import Bug, Document, Http, Message, Page, Paper, Problem
from connectors.sdk.codecs import read_agreed, read_json, write_json
from connectors.sdk.papers import Value
from connectors.sdk.records import DocumentEvent, Draft

ACTIONS = {"new": "A", "change": "C"}
CODES = {200: "ACCEPTED", 201: "ACCEPTED", 409: "DUPLICATE", 422: "INVALID"}
FIELDS = {
    "RPTNO": "report_number",
    "CUSTCOD": "customer_code",
    "CUSTNM": "customer_name",
    "OPPUSER": "payer",
    "TXCCY": "currency",
    "TXAMT": "amount",
    "FCYAMT": "amount",
    "FCYACC": "account",
    "BUSCODE": "bank_reference",
    "COUNTRY": "payer_country",
    "TXCODE": "transaction_code",
    "TXREM": "transaction_note",
    "PAYTYPE": "payment_type",
    "CRTUSER": "reporter",
    "INPTELC": "reporter_telephone",
    "RPTDATE": "reported_on",
}
"""Element of the declaration → field of our paper."""
PREFIXES = {"OPPUSER": "(JW)"}  # the other side is abroad
LONGEST = {"CUSTNM": 128, "OPPUSER": 128, "BUSCODE": 22, "FCYACC": 32, "TXREM": 50, "CRTUSER": 20, "INPTELC": 20}


class ReceiptDeclaration(Document):
    """One declaration for one receipt, known by its RPTNO.

    It is never taken back: money that came in stays a fact when the sale falls through, and may be for other trades.
    """

    kinds = (DECLARATION,)
    says_back = True

    def references(self, paper: Paper) -> Mapping[str, str]:
        return {DECLARATION: str(paper.head["report_number"])}

    def check(self, paper: Paper) -> list[Problem]:
        problems = []
        country = paper.head.get("payer_country")
        if country is not None and not _country(str(country)):
            zh, en = f"COUNTRY：ISO 3166 中没有 {country}", f"COUNTRY: ISO 3166 has no {country}"
            problems.append(Problem("payer_country", "NO_CODE", zh, en))
        for name, longest in LONGEST.items():
            length = len(str(paper.head.get(FIELDS[name]) or "")) + len(PREFIXES.get(name, ""))
            if length > longest:
                zh = f"{name}：长度不得超过 {longest}，现为 {length}"
                problems.append(
                    Problem(FIELDS[name], "FORMAT", zh, f"{name}: at most {longest} characters, not {length}")
                )
        return problems

    def elements(self, paper: Paper) -> dict[str, str]:
        head = paper.head
        amount = _whole(head["amount"])
        reported_on = head["reported_on"]
        return {
            "ACTIONTYPE": ACTIONS[paper.action],
            "RPTNO": str(head["report_number"]),
            "CUSTYPE": "C",
            "CUSTCOD": str(head["customer_code"]),
            "CUSTNM": str(head["customer_name"]),
            "OPPUSER": f"{PREFIXES['OPPUSER']}{head['payer']}",
            "TXCCY": str(head["currency"]),
            "TXAMT": amount,
            "FCYAMT": amount,
            "FCYACC": str(head["account"]),
            "METHOD": "T",
            "BUSCODE": str(head["bank_reference"]),
            "COUNTRY": _country(str(head["payer_country"])),
            "PAYTYPE": str(head["payment_type"]),
            "TXCODE": str(head["transaction_code"]),
            "TC1AMT": amount,
            "TXREM": str(head["transaction_note"]),
            "ISREF": "N",
            "CRTUSER": str(head["reporter"]),
            "INPTELC": str(head["reporter_telephone"]),
            "RPTDATE": reported_on.strftime("%Y%m%d") if isinstance(reported_on, date) else str(reported_on),
        } | ({"ACTIONDESC": paper.reason or "更正"} if paper.action != "new" else {})

    def encode(self, papers: Sequence[Paper]) -> Message:
        elements = self.elements(papers[0])
        if not elements["COUNTRY"]:
            raise Bug(f"{papers[0].number}: no country {papers[0].head['payer_country']}", field="payer_country")
        return Message(write_json(elements), "application/json")

    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        return http.post("bop/receipts", message.body, message.content_type, answers=(409, 422))

    def find(self, http: Http, paper: Paper) -> Page | None:
        answer = http.get(f"bop/receipts/{paper.head['report_number']}", answers=(404,))
        if answer.status == 404 or read_json(answer.body).get("declaration") != self.elements(paper):
            return None  # what they have under this number is an earlier declaration, not this one
        return answer

    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Draft]:
        agreed = ("RPTNO",) if answer.status < 400 else ()
        values, code = read_agreed(answer.body, *agreed), CODES.get(answer.status, str(answer.status))
        number = str(papers[0].head["report_number"])
        words = f"{values.get('field', '')}: {values.get('message', '')}" if code == "INVALID" else ""
        yield (
            DocumentEvent,
            {
                "source_id": f"{number}/{papers[0].guid}/{code}",
                "as_of": answer.received_at,
                "about_kind": DECLARATION,
                "about_value": number,
                "guid": papers[0].guid,
                "code": code,
                "words": words,
                "happened_at": answer.received_at,
                "references": {"forex.rptno": number},
            },
        )

    def field_named(self, words: str) -> str | None:
        return FIELDS.get(words.partition(":")[0])


def _whole(amount: Value) -> str:
    """Amounts are declared in whole units of the currency."""
    return str(Decimal(str(amount)).quantize(Decimal(1), ROUND_HALF_UP))


def _country(code: str) -> str:
    """ISO 3166 alpha-3 of an alpha-2 or alpha-3 code; empty where there is none."""
    found = pycountry.countries.get(alpha_2=code) or pycountry.countries.get(alpha_3=code)
    return str(found.alpha_3) if found else ""
