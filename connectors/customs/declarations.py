"""The customs declaration (报关单) of 0110, 9710 and 9810: sent as JSON, because no transport of it is published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import fields

from connectors.customs.codes import TRANSLATIONS, no_code
from connectors.customs.kinds import DECLARATION
from connectors.customs.rows import object_of, rows_of
from connectors.sdk import Ask, BadData, Bug, Document, Http, Message, Moment, Page, Paper, Problem, Stream
from connectors.sdk.codecs import read_agreed, write_json
from connectors.sdk.members import Told, each
from connectors.sdk.paging import by_cursor, key_of
from connectors.sdk.papers import Value
from connectors.sdk.records import SAID, DocumentEvent, Draft

B2B_PAPERS = "10000004"  # 随附单据 category: 跨境B2B出口单证
ANSWERS = {409: "DUPLICATE", 422: "INVALID"}
OF_A_CANCELLATION = "cancel."
"""Before the code of a refusal that is of the cancellation, and not of the declaration."""
RESULTS = "results"
PAGE = 100

HEAD = {
    "customsOffice": "customs_office",
    "portOffice": "port_office",
    "mode": "supervision_mode",
    "destinationPort": "destination_port",
    "terms": "terms",
    "currency": "currency",
    "freight": "freight",
    "insurance": "insurance",
    "packages": "packages",
    "grossKilograms": "gross_weight",
    "netKilograms": "net_weight",
    "exportDate": "export_date",
}
COUNTRY = "country letters"
CODED = {
    "destinationCountry": ("destination_country", COUNTRY),
    "transportMode": ("transport_mode", "transport"),
    "packaging": ("packaging", "packaging"),
}
"""Name in the declaration → field of our paper, and the table that its word is looked up in."""
LINE = {
    "line": "line",
    "hsCode": "hs_code",
    "name": "name",
    "specification": "specification",
    "quantity": "quantity",
    "legalQuantity": "legal_quantity",
    "legalUnit": "legal_unit",
    "secondQuantity": "second_quantity",
    "secondUnit": "second_unit",
    "unitPrice": "price",
    "total": "total",
}
"""Name in the declaration → field of our paper."""
CODED_LINE = {"originCountry": ("origin", COUNTRY), "unit": ("unit", "unit")}
NAMES = {
    "consignee_country": "境外收货人国别",
    "destination_country": "运抵国",
    "transport_mode": "运输方式",
    "packaging": "包装种类",
    "origin": "原产国",
    "unit": "计量单位",
}
"""Field of our paper → what customs calls it, where a word may have no code."""
LABELS = {
    "商品编码": "hs_code",
    "商品名称": "name",
    "规格型号": "specification",
    "申报数量": "quantity",
    "法定数量": "legal_quantity",
    "法定计量单位": "legal_unit",
    "单价": "price",
    "总价": "total",
    "毛重": "gross_weight",
    "净重": "net_weight",
    "随附单据编号": "order_number",
    "件数": "packages",
    "币制": "currency",
}
"""Official label, as a return names it → field of our paper."""


class DeclarationDocument(Document):
    """One declaration, known by our number (copNo)."""

    kinds = (DECLARATION,)
    says_back = True
    withdraws = True

    def references(self, paper: Paper) -> Mapping[str, str]:
        return {DECLARATION: paper.number}

    def check(self, paper: Paper) -> list[Problem]:
        problems = list(_uncoded(paper.head, [("consignee_country", COUNTRY), *CODED.values()], ""))
        for index, line in enumerate(paper.lines.get("goods", ())):
            problems += _uncoded(line, CODED_LINE.values(), f"goods[{index}].")
        return problems

    def encode(self, papers: Sequence[Paper]) -> Message:
        paper = papers[0]
        if paper.action == "withdraw":
            return Message(write_json({"reason": paper.reason}), "application/json")
        return Message(write_json(self._declaration(paper)), "application/json")

    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        path = "declarations"
        if papers[0].action == "withdraw":
            path = f"declarations/by-number/{papers[0].number}/cancel"
        return http.post(path, message.body, message.content_type, answers=(409, 422))

    def find(self, http: Http, paper: Paper) -> Page | None:
        if paper.action != "new":
            return None  # only whether it is there can be asked, not which version
        answer = http.get(f"declarations/by-number/{paper.number}", answers=(404,))
        return None if answer.status == 404 else answer

    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Draft]:
        agreed = ("copNo",) if answer.status < 400 else ()
        paper, values = papers[0], read_agreed(answer.body, *agreed)
        if paper.action == "withdraw" and answer.status < 400:
            return  # the result follows
        code = "STATE" if values.get("code") == "STATE" else ANSWERS.get(answer.status, "received")
        words = {
            "INVALID": f"{values.get('field', '')}: {values.get('message', '')}",
            "STATE": str(values.get("message", "")),
        }.get(code, "")
        if paper.action == "withdraw" and code != "STATE":
            code = OF_A_CANCELLATION + code
        yield (
            DocumentEvent,
            {
                "source_id": f"{paper.number}/{paper.guid}/{code}",
                "as_of": answer.received_at,
                "about_kind": DECLARATION,
                "about_value": paper.number,
                "guid": paper.guid,
                "code": code,
                "words": words,
                "happened_at": answer.received_at,
            },
        )

    def field_named(self, words: str) -> str | None:
        """A refusal names a path before a colon, a return the official label with a row number."""
        path = words.partition(":")[0]
        place, inside, name = path.rpartition("].")
        if inside and name in LINE:
            return f"{place}].{LINE[name]}"
        if inside and name in CODED_LINE:
            return f"{place}].{CODED_LINE[name][0]}"
        if path in HEAD:
            return HEAD[path]
        if path in CODED:
            return CODED[path][0]
        row = re.search(r"商品序号\[(\d+)\]", words)
        named = [(f"{label}[" in words, len(label), field) for label, field in LABELS.items() if label in words]
        if not named:
            return None
        field = max(named)[2]
        return f"goods[{int(row[1]) - 1}].{field}" if row and field in LINE.values() else field

    def _declaration(self, paper: Paper) -> dict[str, Any]:
        head = paper.head
        order = head.get("order_number")
        return {
            "copNo": paper.number,
            "action": paper.action,
            **{name: _text(head.get(field)) for name, field in HEAD.items()},
            **_coded(head, CODED),
            "packages": head["packages"],
            "declarant": {"code": head["declarant_code"], "name": head["declarant_name"]},
            "consignor": {"code": head["seller_code"], "name": head["seller_name"]},
            "producer": {"code": head["owner_code"], "name": head["owner_name"]},
            "consignee": {"name": head["consignee"]} | _coded(head, {"country": ("consignee_country", COUNTRY)}),
            "attachments": [{"category": B2B_PAPERS, "number": order}] if order else [],
            "goods": [
                {name: _text(line.get(field)) for name, field in LINE.items()}
                | {"line": line["line"]}
                | _coded(line, CODED_LINE)
                for line in paper.lines["goods"]
            ],
        }


class Result(DocumentEvent):
    code = fields.String(required=True, data_key="status", validate=SAID)
    happened_at = Moment(required=True, data_key="at")


class Declarations(Stream):
    """Results of declarations, oldest first; the cursor is the last sequence."""

    name = "declarations"
    records = (Result,)

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_cursor(
            http,
            "declarations/results",
            ask.cursor,
            _last_sequence,
            lambda after: {"after": after or "0", "limit": PAGE},
        )

    def read(self, page: Page) -> Iterator[Told]:
        yield from each(rows_of(page, RESULTS), _read_result)


def _read_result(row: Any) -> Iterator[Told]:
    result = object_of(row, "result")
    entry_id = result.get("entryId")
    identifiers = {"entryId": entry_id} if entry_id else {}
    yield (
        Result,
        {
            "source_id": key_of(result.get("copNo"), result.get("status"), result.get("at")),
            "as_of": result.get("at"),
            "at": result.get("at"),
            "about_kind": DECLARATION,
            "about_value": result.get("copNo"),
            "status": result.get("status"),
            "words": result.get("words") or "",
            "answers": identifiers,
            "references": {f"customs.{name}": value for name, value in identifiers.items()},
        },
    )


def _last_sequence(page: Page) -> str | None:
    """The last sequence of a page, None where the page is empty. BadData where not one of its results has one."""
    rows = rows_of(page, RESULTS)
    numbers = [row.get("sequence") for row in rows if isinstance(row, dict)]
    last = next((number for number in reversed(numbers) if type(number) in (int, str) and str(number).strip()), None)
    if rows and last is None:
        raise BadData("not one result of the page has a sequence: from where on are they read?", field="sequence")
    return None if last is None else str(last)


def _coded(values: Mapping[str, Value], coded: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    for problem in _uncoded(values, coded.values(), ""):
        raise Bug(problem.rule_en, field=problem.field)
    return {name: TRANSLATIONS[code][str(values[field])] for name, (field, code) in coded.items()}


def _uncoded(values: Mapping[str, Value], coded: Iterable[tuple[str, str]], place: str) -> Iterator[Problem]:
    """What customs has no code for."""
    for field, code in coded:
        if field in values and str(values[field]) not in TRANSLATIONS[code]:
            zh, en = no_code(code, str(values[field]))
            yield Problem(place + field, "NO_CODE", f"{NAMES[field]}：{zh}", f"{field}: {en}")


def _text(value: Value) -> str | None:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)
