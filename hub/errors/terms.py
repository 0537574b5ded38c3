"""Words of ours that stand inside the texts: causes, things, what a paper lacks. Chinese, English."""

from __future__ import annotations

from collections.abc import Mapping

CAUSES: Mapping[str, tuple[str, str]] = {
    "number": ("应为十进制数，如 64.50", "a decimal number such as 64.50"),
    "whole number": ("应为整数", "a whole number"),
    "too large": ("应小于 {most}", "it must be below {most}"),
    "too small": ("至少为 {least}", "at least {least}"),
    "not above": ("应大于 {least}", "more than {least}"),
    "decimals": ("最多 {most} 位小数", "at most {most} decimals"),
    "too long": ("{length} 个字符，最多 {most} 个", "{length} characters, at most {most}"),
    "control characters": ("不得含控制字符", "control characters are not allowed"),
    "time": ("应为带时区的时间，如 2026-01-09T08:00:00+08:00", "a time with its zone, such as 2026-01-09T08:00:00+08:00"),
    "day": ("应为日期，如 2026-01-09", "a day such as 2026-01-09"),
    "text": ("应为文字", "text"),
    "object": ("应为对象", "an object"),
    "list": ("应为列表", "a list"),
    "one of": ("应为以下之一：{choices}", "one of: {choices}"),
    "count": ("应有 {least} 至 {most} 项，现为 {count} 项", "{least} to {most} of them, not {count}"),
    "hs code": ("HS 编码应为 10 位数字", "an HS code has 10 digits here"),
    "locode": ("UN/LOCODE 应为 5 个字符，如 CNCGO", "an UN/LOCODE has 5 characters, such as CNCGO"),
    "customs code": ("海关注册编码应为 10 位，如 411096500K", "a customs registration code has 10 characters, such as 411096500K"),
    "customs office": ("关区代码应为 4 位数字，如 4604", "a customs office has 4 digits, such as 4604"),
    "transaction code": ("国际收支交易编码应为 6 位数字", "a transaction code has 6 digits"),
    "bank code": ("银行代码应为 4 位数字", "a bank code has 4 digits"),
    "rows": ("超过 {count} 行，一票至多 {most} 项商品", "more than {count} rows, where a trade has at most {most} goods lines"),
    "cells": ("有 {count} 个单元格，表头有 {most} 列", "{count} cells, where the header has {most}"),
    "no header": ("第 {count} 列没有表头却有内容", "column {count} has no header, but something stands there"),
    "quote": ("引号没有成对", "a quotation mark is not closed"),
    "csv": ("不是 CSV", "it is no CSV"),
    "encoding": ("含有不属于 {encoding} 编码的字节", "bytes that are no {encoding}"),
    "line too long": ("一行超过 1 MiB", "a line of more than 1 MiB"),
    "not json": ("不是 JSON（{said}）", "not JSON ({said})"),
    "sheet error": ("表格显示错误 {value}", "the spreadsheet shows the error {value}"),
    "empty": ("文件是空的", "it is empty"),
    "no table": (
        "没有一列的表头是认得的；`yuhub enter --template 交易.xlsx` 可写出模板",
        "no column has a header that we know; `yuhub enter --template trades.xlsx` writes a table to fill in",
    ),
    "no hub": ("那里应答的不是枢纽", "what answers there is no hub"),
    "no rows": ("只有表头，没有数据行", "it has a header and no rows"),
    "no text": ("不是文本", "it is no text"),
    "not utf-8": ("不是 UTF-8 编码", "it is not UTF-8"),
    "utf-16": ("是 UTF-16 编码，不是 UTF-8，请另存为“CSV UTF-8”", "it is UTF-16, not UTF-8; save it as “CSV UTF-8”"),
    "no object": ("一票应为 JSON 对象", "a trade is a JSON object"),
    "damaged": ("文件已损坏", "it is damaged"),
    "entities": ("XML 含有文档类型声明", "its XML has a document type, which can hide entities"),
    "encrypted": ("文件已加密，请去掉密码后另存", "it is encrypted; save it without a password"),
    "old xls": ("是旧的 .xls 格式，请另存为 .xlsx", "it is an old .xls; save it as .xlsx"),
    "no workbook": ("是 ZIP 压缩包，不是 XLSX 工作簿", "it is a ZIP archive and no XLSX workbook"),
    "no sheet": ("工作簿中没有工作表", "the workbook has no sheet with cells"),
}  # fmt: skip
"""What a value should have been, or why a file cannot be read: Chinese, English."""

TERMS: Mapping[str, tuple[str, str]] = {
    "country": ("国家（地区）代码", "country"),
    "currency": ("币制代码", "currency"),
    "unit": ("计量单位", "unit"),
    "air place": ("航空港", "place for air transport"),
    "rail place": ("铁路站点", "place for rail transport"),
    "belt": ("产业带", "industry belt"),
    "trade": ("交易", "trade"),
    "paper": ("单证", "paper"),
    "answer": ("回执", "receipt"),
    "money": ("收汇", "receipt of money"),
    "advice": ("银行通知", "advice"),
    "enterprise": ("企业", "enterprise"),
    "account": ("账号", "account"),
    "consent": ("授权", "consent"),
    "key": ("密钥", "key"),
    "notice": ("通知", "notice"),
    "webhook": ("webhook", "webhook"),
    "warehouse": ("仓库", "warehouse"),
    "same amount": ("金额相同", "the same amount"),
    "same payer": ("付款人相同", "the same payer"),
    "working days": ("按国务院办公厅的节假日安排计算", "counted by the State Council's order of holidays"),
    "weekends only": (
        "该年节假日安排尚未发布，只扣除周末，发布后可能提前或推后",
        "the year's order of holidays is not published yet: only weekends were left out, and it may still move",
    ),
    "basic information": ("银行基础信息", "basic information of the bank"),
    "named in it": ("附言提到", "named in the remittance"),
}
"""What a code list is of, what can be asked for, and what speaks for a candidate: Chinese, English."""


LACKS: Mapping[str, tuple[str, str]] = {
    "tariff": ("税则 {value}", "the tariff of {value}"),
    "legal quantity": ("第 {0} 项商品以“{1}”计的法定数量", "the legal quantity of goods line {0} in {1}"),
    "one weight": ("第 {0} 项商品一致的重量：售出合 {1} 千克，净重 {2} 千克", "one weight of goods line {0}: {1} kg sold, {2} kg net"),
    "right legal quantity": ("第 {0} 项商品一致的法定数量：填 {1}，应为 {2}", "a legal quantity of goods line {0} that agrees: {1} stated, {2} follow"),
    "second unit": ("法定第二数量留空：{value} 没有法定第二单位", "an empty second legal quantity: {value} has no second legal unit"),
    "parity": ("{value} 汇率中间价", "the central parity of {value}"),
    "refund rate": ("{value} 的退税率", "the refund rate of {value}"),
    "departure": ("离境信息", "the departure"),
    "entry id": ("18 位报关单号", "the 18-digit entry id of the declaration"),
    "purchase": ("第 {value} 项商品的进货发票", "the purchase invoice of goods line {value}"),
    "tie": ("第 {value} 项商品进货与出口数量一致", "quantities of goods line {value} that agree: bought and sold"),
    "registration": ("企业登记中的 {value}", "{value} in the registration"),
    "answer": ("主管部门回复的 {value}", "{value} from the authority"),
    "leg": ("第一程运输的 {value}", "{value} of the first leg"),
    "receipt": ("收汇的 {value}", "{value} of the receipt"),
    "bank": ("银行基础信息中的 {value}", "{value} of the bank's basic information"),
    "completion": ("申报信息中的 {value}（用 completeDeclaration 补充）", "{value} of the declaration (say it with completeDeclaration)"),
    "platform": ("电商平台", "the platform"),
}  # fmt: skip
"""What a paper may lack besides a value of the entry: Chinese, English."""

AWAITED: Mapping[str, tuple[str, str]] = {
    "released": ("放行", "customs has released the goods"),
    "departed": ("离境", "the goods have left"),
    "arrived": ("到达", "the goods have arrived"),
    "stocked": ("入海外仓", "the goods lie in the overseas warehouse"),
    "entry_id": ("取得 18 位报关单号", "the 18-digit entry id is known"),
    "receipt_matched": ("收汇已关联到交易", "money that came in is tied to the trade"),
    "report_number": ("银行的申报号码（RPTNO）", "the bank's 申报号码 (RPTNO)"),
    "refunded": ("退税到账", "the refund is paid"),
}
"""What papers wait for, by milestone: Chinese, English."""
