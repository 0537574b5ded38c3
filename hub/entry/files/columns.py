"""The columns of a table of trades: what each is called in Chinese and in English, and where it stands in an entry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from marshmallow import Schema, fields

from connectors.sdk import countries
from connectors.sdk.instants import Moment
from hub.entry.entry_schema import TRADE_ENTRY
from hub.entry.packagings import PACKAGINGS
from hub.entry.value_fields import Count, Number

EXAMPLE = "示例 EXAMPLE"
"""The order number of the trade that a template shows; it is never entered."""


class HeaderNames(NamedTuple):
    """A header in Chinese and in English, what stands under it in a template, and what else people call it."""

    zh: str
    en: str
    example: str
    others: tuple[str, ...] = ()


NAMES: Mapping[str, HeaderNames] = {
    # the trade
    "orderNumber": HeaderNames("订单号", "order number", EXAMPLE, ("订单编号", "order", "order no")),
    "mode": HeaderNames("监管方式", "supervision mode", "9610", ("监管方式代码", "贸易方式")),
    "statisticsFlag": HeaderNames("申报业务类型", "statistics flag", "B", ("汇总标志", "统计标志")),
    "platform": HeaderNames("电商平台", "platform", "豫品优选", ("平台", "平台名称")),
    "warehouse": HeaderNames("海外仓", "warehouse", "", ("海外仓代码", "overseas warehouse")),
    "warehouseName": HeaderNames("海外仓名称", "warehouse name", "", ("overseas warehouse name",)),
    "currency": HeaderNames("币制", "currency", "USD", ("币种", "货币")),
    "terms": HeaderNames("成交方式", "terms", "FOB", ("贸易术语", "incoterms")),
    "buyer.name": HeaderNames(
        "买方名称", "buyer", "Lakeside Beauty Supply LLC", ("买方", "买家", "收货人", "consignee")
    ),
    "buyer.country": HeaderNames("买方国家", "buyer country", "US", ("买方国别", "国家", "country")),
    "buyer.address": HeaderNames(
        "买方地址", "buyer address", "2100 W Fulton St, Chicago", ("收货地址", "地址", "address")
    ),
    "destinationCountry": HeaderNames("最终目的国", "destination country", "", ("运抵国", "目的国")),
    "producer.code": HeaderNames("生产销售单位代码", "producer code", "", ("生产销售企业代码",)),
    "producer.name": HeaderNames(
        "生产销售单位", "producer", "", ("生产销售单位名称", "生产销售企业名称", "producer name")
    ),
    # a goods line
    "purchases[].line": HeaderNames("商品行号", "line", "1", ("行号", "序号", "line number", "goods line")),
    "goods[].sku": HeaderNames("货号", "SKU", "RX-HH-12B", ("商品货号", "item number")),
    "goods[].hsCode": HeaderNames("商品编码", "HS code", "6704200000", ("HS编码", "海关编码", "税则号列")),
    "goods[].name.zh": HeaderNames(
        "中文品名", "goods name zh", "人发制假发", ("品名", "商品名称", "中文名称", "name zh")
    ),
    "goods[].name.en": HeaderNames(
        "英文品名", "goods name en", "human hair wig", ("英文名称", "goods name", "name en")
    ),
    "goods[].specification": HeaderNames(
        "规格型号", "specification", "人发;整头假发;12英寸;无品牌", ("规格", "申报要素")
    ),
    "goods[].barcode": HeaderNames("条形码", "barcode", "", ("条码", "GTIN", "EAN")),
    "goods[].quantity": HeaderNames("数量", "quantity", "40", ("出口数量", "qty")),
    "goods[].unit": HeaderNames("计量单位", "unit", "个", ("单位", "成交单位")),
    "goods[].unitPrice": HeaderNames("单价", "unit price", "64.50", ("price",)),
    "goods[].origin": HeaderNames("原产国", "origin", "CN", ("原产地", "country of origin")),
    "goods[].netWeight": HeaderNames("净重", "net weight", "6.00", ("净重kg", "net weight kg")),
    "goods[].grossWeight": HeaderNames("毛重", "gross weight", "7.20", ("毛重kg", "gross weight kg")),
    "goods[].legalQuantity": HeaderNames("法定数量", "legal quantity", "", ("法定第一数量", "第一法定数量")),
    "goods[].legalQuantity2": HeaderNames("法定第二数量", "second legal quantity", "", ("第二法定数量", "第二数量")),
    # money and the way
    "freight": HeaderNames("运费", "freight", "120.00"),
    "insurance": HeaderNames("保险费", "insurance", "15.00", ("保费",)),
    "discount": HeaderNames("折扣", "discount", "0.00", ("优惠金额",)),
    "payment.provider": HeaderNames("支付机构", "payment provider", "中原跨境支付", ("支付企业",)),
    "payment.transaction": HeaderNames(
        "支付流水号", "payment transaction", "ZYP2026010842", ("支付交易编号", "交易流水号")
    ),
    "payment.paidAt": HeaderNames("支付时间", "paid at", "2026-01-08 11:25", ("付款时间", "到账时间")),
    "transport.wish": HeaderNames("运输方式", "transport", "空运", ("transport mode",)),
    "transport.from": HeaderNames("启运地", "from", "CNCGO", ("起运地", "出发地")),
    "transport.to": HeaderNames("目的地", "to", "USORD", ("指运地", "destination")),
    "transport.readyAt": HeaderNames("备货时间", "ready at", "2026-01-09 08:00", ("备妥时间", "可提货时间")),
    "parcelNumber": HeaderNames("物流运单号", "parcel number", "", ("物流运单编号", "面单号", "快递单号")),
    "packages": HeaderNames("件数", "packages", "3", ("包装件数",)),
    "packaging": HeaderNames("包装种类", "packaging", "纸箱", ("包装", "包装方式")),
    "exportInvoice": HeaderNames(
        "出口发票号", "export invoice", "XC-INV-0042", ("出口发票号码", "export invoice number")
    ),
    # a purchase of the line
    "purchases[].invoice": HeaderNames("进货发票号", "invoice", "26411000000001880042", ("发票号", "发票号码")),
    "purchases[].seller": HeaderNames("销方税号", "seller", "91411000725800192B", ("销售方税号", "seller USCC")),
    "purchases[].issuedOn": HeaderNames("开票日期", "issued on", "2026-01-05", ("发票日期", "invoice date")),
    "purchases[].quantity": HeaderNames("进货数量", "purchased quantity", "40", ("发票数量", "invoice quantity")),
    "purchases[].amount": HeaderNames("不含税金额", "amount", "10400.00", ("发票金额", "invoice amount")),
    "purchases[].vatRate": HeaderNames("税率", "VAT rate", "0.13", ("增值税税率", "vat")),
}
"""Place in the entry → header. `purchases[].line` also numbers the goods lines: rows of one number are one line."""

SPOKEN: Mapping[str, Mapping[str, str]] = {
    "packaging": {zh: en for en, zh in PACKAGINGS.items()},
    "transport.wish": {"空运": "air", "航空": "air", "铁路": "rail", "班列": "rail", "中欧班列": "rail"},
}
"""What people write in Chinese in a cell → the word of the schema, which knows units by all their names itself."""
COUNTRIES = ("buyer.country", "goods[].origin")
"""Columns where a country may stand by any name."""

ERRORS = "错误 errors"
"""The column of reasons in a file of refused rows; it is not read."""

SHAPES: tuple[tuple[type[fields.Field[Any]], str], ...] = (
    (Number, "number"),
    (Count, "number"),
    (fields.Date, "day"),
    (Moment, "moment"),
)
"""Field of the schema → what stands in the cell; text otherwise. The first row that fits counts."""


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column that can be in a file. `mandatory`: no trade does without it."""

    path: str
    zh: str
    en: str
    example: str
    shape: str
    mandatory: bool

    @property
    def part(self) -> str:
        """`goods`, `purchases`, or nothing for what the whole trade has."""
        return self.path.partition("[]")[0] if "[]" in self.path else ""

    @property
    def title(self) -> str:
        """Both names, with an asterisk where no trade does without it."""
        return f"{self.zh} {self.en}{'*' if self.mandatory else ''}"

    def read(self, text: str) -> str:
        """The cell as somebody would have typed it elsewhere: words of the schema, days as ISO 8601."""
        if self.path in COUNTRIES:
            return countries.spelled(text) or text
        text = SPOKEN.get(self.path, {}).get(text, text)
        return iso(text) if self.shape in ("day", "moment") else text


WRITTEN = re.compile(
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?(?:[T ]\s?(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?", re.ASCII
)


def iso(text: str) -> str:
    """A day as spreadsheets in China write it, `2026/1/9 8:00` or 2026年1月9日, as ISO 8601; anything else as it is."""
    found = WRITTEN.fullmatch(text)
    if not found:
        return text
    year, month, day, hour, minute, second = found.groups()
    written = f"{year}-{month:0>2}-{day:0>2}"
    return written if hour is None else f"{written}T{hour:0>2}:{minute:0>2}:{second or '':0>2}"


def schema_leaves(schema: Schema, path: str = "", *, mandatory: bool = True) -> Iterator[tuple[str, Any, bool]]:
    """Every place where a value is typed, its field, and whether every trade needs it."""
    for own, one in schema.fields.items():
        field: Any = one
        place, needed = f"{path}{field.data_key or own}", mandatory and field.required
        if isinstance(field, fields.List):
            field, place = field.inner, f"{place}[]"
        if isinstance(field, fields.Nested):
            yield from schema_leaves(field.schema, f"{place}.", mandatory=needed)
        else:
            yield place, field, needed


def _columns() -> Iterator[FileColumn]:
    fields_of = {path: (field, mandatory) for path, field, mandatory in schema_leaves(TRADE_ENTRY)}
    for path, names in NAMES.items():
        field, mandatory = fields_of[path]
        shape = next((shape for kind, shape in SHAPES if isinstance(field, kind)), "text")
        yield FileColumn(path, names.zh, names.en, names.example, shape, mandatory)


COLUMNS: Mapping[str, FileColumn] = {column.path: column for column in _columns()}
"""Place in the entry → column."""


def plain(header: str) -> str:
    """A header without what people write differently: capitals, blanks, brackets, full width, an asterisk."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", header).casefold() if letter.isalnum())


def _spellings() -> Iterator[tuple[str, FileColumn]]:
    for path, column in COLUMNS.items():
        ours = (path, path.replace("purchases[]", "purchase"), column.zh, column.en, column.title)
        for spelling in (*ours, *NAMES[path].others):
            yield plain(spelling), column


SPELLINGS: Mapping[str, FileColumn] = dict(_spellings())
"""Every way to write a header → column."""
