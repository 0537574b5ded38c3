"""The customs declaration (报关单) of 0110, 9710 and 9810: sent as JSON, because no transport of it is published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from marshmallow import fields

from connectors.customs.codes import TRANSLATIONS, no_code
from connectors.customs.kinds import DECLARATION
from connectors.sdk import Ask, Bug, Http, Moment, Page, Paper, Problem
from connectors.sdk.json_service import STATE, JsonRows, JsonSubmission, plain_value
from connectors.sdk.members import Told
from connectors.sdk.paging import by_cursor, key_of, last_of
from connectors.sdk.papers import Value
from connectors.sdk.records import SAID, DocumentEvent

B2B_PAPERS = "10000004"  # 随附单据 category: 跨境B2B出口单证
OF_A_CANCELLATION = "cancel."
"""Before the code of a refusal that is of the cancellation, and not of the declaration."""
RESULTS = "results"
PAGE = 100
_last_sequence = last_of(RESULTS, "sequence")

COUNTRY = "country letters"


class Cell(NamedTuple):
    """A cell of the declaration: its name, its official label, the field of our paper, the table of its codes."""

    name: str
    label: str
    paper: str
    code: str = ""


HEAD = (
    Cell("customsOffice", "申报地海关", "customs_office"),
    Cell("portOffice", "出境关别", "port_office"),
    Cell("mode", "监管方式", "supervision_mode"),
    Cell("destinationPort", "指运港", "destination_port"),
    Cell("terms", "成交方式", "terms"),
    Cell("currency", "币制", "currency"),
    Cell("freight", "运费", "freight"),
    Cell("insurance", "保费", "insurance"),
    Cell("packages", "件数", "packages"),
    Cell("grossKilograms", "毛重（千克）", "gross_weight"),
    Cell("netKilograms", "净重（千克）", "net_weight"),
    Cell("exportDate", "出口日期", "export_date"),
    Cell("destinationCountry", "运抵国（地区）", "destination_country", COUNTRY),
    Cell("transportMode", "运输方式", "transport_mode", "transport"),
    Cell("packaging", "包装种类", "packaging", "packaging"),
)
PARTIES = {
    "declarant": (Cell("code", "代码", "declarant_code"), Cell("name", "名称", "declarant_name")),
    "consignor": (Cell("code", "代码", "seller_code"), Cell("name", "名称", "seller_name")),
    "producer": (Cell("code", "代码", "owner_code"), Cell("name", "名称", "owner_name")),
    "consignee": (Cell("name", "名称", "consignee"), Cell("country", "国别", "consignee_country", COUNTRY)),
}
GOODS = (
    Cell("line", "商品序号", "line"),
    Cell("hsCode", "商品编码", "hs_code"),
    Cell("name", "商品名称", "name"),
    Cell("specification", "规格型号", "specification"),
    Cell("quantity", "成交数量", "quantity"),
    Cell("legalQuantity", "法定第一数量", "legal_quantity"),
    Cell("legalUnit", "法定第一计量单位", "legal_unit"),
    Cell("secondQuantity", "法定第二数量", "second_quantity"),
    Cell("secondUnit", "法定第二计量单位", "second_unit"),
    Cell("unitPrice", "单价", "price"),
    Cell("total", "总价", "total"),
    Cell("originCountry", "原产国（地区）", "origin", COUNTRY),
    Cell("unit", "成交计量单位", "unit", "unit"),
)
FIELDS, LINE_FIELDS = ({cell.name: cell.paper for cell in cells} for cells in (HEAD, GOODS))
OF_A_RETURN = {
    "申报数量": "quantity",
    "法定数量": "legal_quantity",
    "法定计量单位": "legal_unit",
    "毛重": "gross_weight",
    "净重": "net_weight",
    "随附单据编号": "order_number",
}
"""What a return calls a field that has another label in the declaration → field of our paper."""
NO_PLACE = ("商品序号", "代码", "名称", "国别")
"""Labels that say which row is meant, or that several cells have."""
LABELS = {cell.label: cell.paper for cell in (*HEAD, *GOODS) if cell.label not in NO_PLACE} | OF_A_RETURN


class DeclarationSubmission(JsonSubmission):
    """One declaration, known by our number (copNo)."""

    kinds = (DECLARATION,)
    path, found_at, undo = "declarations", "declarations/by-number/{}", "cancel"
    agreed = ("copNo",)
    fields, line_fields = FIELDS, LINE_FIELDS

    def reference(self, paper: Paper) -> str:
        return paper.number

    def check(self, paper: Paper) -> list[Problem]:
        problems = list(_uncoded((*HEAD, *PARTIES["consignee"]), paper.head, ""))
        for index, line in enumerate(paper.lines.get("goods", ())):
            problems += _uncoded(GOODS, line, f"goods[{index}].")
        return problems

    def content(self, paper: Paper) -> dict[str, Any]:
        head, order = paper.head, paper.head.get("order_number")
        return {
            "copNo": paper.number,
            "action": paper.action,
            **_written(HEAD, head),
            **{name: _written(cells, head) for name, cells in PARTIES.items()},
            "attachments": [{"category": B2B_PAPERS, "number": order}] if order else [],
            "goods": [_written(GOODS, line) for line in paper.lines["goods"]],
        }

    def find(self, http: Http, paper: Paper) -> Page | None:
        """Only whether it is there can be asked, not which version."""
        return super().find(http, paper) if paper.action == "new" else None

    def code(self, status: int, told: Mapping[str, Any], paper: Paper) -> str:
        if told.get("code") == STATE:
            return STATE
        code = self.codes.get(status, self.taken)
        return OF_A_CANCELLATION + code if paper.action == "withdraw" else code

    def field_named(self, words: str) -> str | None:
        """A refusal names a path before a colon, a return the official label with a row number."""
        if field := super().field_named(words):
            return field
        row = re.search(r"商品序号\[(\d+)\]", words)
        named = [(f"{label}[" in words, len(label), field) for label, field in LABELS.items() if label in words]
        if not named:
            return None
        field = max(named)[2]
        return f"goods[{int(row[1]) - 1}].{field}" if row and field in self.line_fields.values() else field


class Result(DocumentEvent):
    code = fields.String(required=True, data_key="status", validate=SAID)
    happened_at = Moment(required=True, data_key="at")


class Declarations(JsonRows):
    """Results of declarations, oldest first; the cursor is the last sequence."""

    name = "declarations"
    records = (Result,)
    rows = RESULTS

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_cursor(
            http,
            "declarations/results",
            ask.cursor,
            _last_sequence,
            lambda after: {"after": after or "0", "limit": PAGE},
        )

    def read_row(self, row: dict[str, Any], page: Page) -> Iterator[Told]:
        entry_id = row.get("entryId")
        identifiers = {"entryId": entry_id} if entry_id else {}
        about = {"about_kind": DECLARATION, "about_value": row.get("copNo"), "as_of": row.get("at")}
        said = {
            "status": row.get("status"),
            "at": row.get("at"),
            "source_id": key_of(row.get("copNo"), row.get("status"), row.get("at")),
            "words": row.get("words") or "",
            "answers": identifiers,
            "references": {f"customs.{name}": value for name, value in identifiers.items()},
        }
        yield Result, about | said


def _written(cells: Iterable[Cell], values: Mapping[str, Value]) -> dict[str, Any]:
    """The cells with their values. Bug where a word has no code."""
    for problem in _uncoded(cells, values, ""):
        raise Bug(problem.rule_en, field=problem.field)
    return {
        cell.name: TRANSLATIONS[cell.code][str(values[cell.paper])]
        if cell.code
        else plain_value(values.get(cell.paper))
        for cell in cells
    }


def _uncoded(cells: Iterable[Cell], values: Mapping[str, Value], place: str) -> Iterator[Problem]:
    """What customs has no code for."""
    for cell in cells:
        if cell.code and cell.paper in values and str(values[cell.paper]) not in TRANSLATIONS[cell.code]:
            zh, en = no_code(cell.code, str(values[cell.paper]))
            yield Problem(place + cell.paper, "NO_CODE", f"{cell.label}：{zh}", f"{cell.paper}: {en}")
