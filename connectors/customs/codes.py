"""What customs' codes mean, and how our words are written in theirs. Literal tables.

Return codes: 202205 edition, responses (returnStatus of each message) and table 7-2 (negative codes, in `faults.py`).
Translations: 《JGS-20 海关业务代码集》 (countries, currencies, units, transport, packaging).
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.customs.faults import FAULT_RULINGS
from connectors.customs.kinds import CANCELLATION, DECLARATION, INVENTORY, PAPERS, SUMMARY, SUMMARY_LINE, SUMMARY_NUMBER
from connectors.sdk import Codes, Rank, Ruling, State, countries, units

ON_EVERY_PAPER: dict[str, Ruling] = {
    "1": Ruling(State.SENT, Rank.RECEIVED, "电子口岸已暂存", "Saved as a draft by the electronic port"),
    "2": Ruling(State.SENT, 20, "电子口岸申报中", "Being declared by the electronic port"),
    "3": Ruling(State.SENT, Rank.FORWARDED, "已发送海关", "Sent on to customs"),
    "4": Ruling(
        State.SENT, 25, "发送海关失败", "Sending on to customs failed",
        way_out_zh="电子口岸会重发；一小时后仍未变化请致电电子口岸", way_out_en="The electronic port repeats it; call it after an hour",
        attention=True,
    ),
    "100": Ruling(
        State.REJECTED, Rank.REJECTED, "海关退单", "Returned by customs",
        way_out_zh="按退单原因修改所指字段后重新申报", way_out_en="Mend the field that the reason names and declare again",
    ),
    "120": Ruling(State.ACCEPTED, Rank.ACCEPTED, "海关入库", "Stored by customs"),
    "399": Ruling(State.DONE, Rank.CLOSED, "海关审结", "Examined and concluded"),
}  # fmt: skip
"""What means the same in the response of every CEB paper. Of a cancellation, a result or a declaration it says nothing."""

STATUSES: dict[tuple[str, str], Ruling] = {
    ("customs.order", "120"): Ruling(State.DONE, Rank.CLOSED, "海关入库", "Stored by customs"),
    ("customs.receipt", "120"): Ruling(State.DONE, Rank.CLOSED, "海关入库", "Stored by customs"),
    ("customs.waybill_list", "120"): Ruling(State.DONE, Rank.CLOSED, "海关入库", "Stored by customs"),
    (INVENTORY, "300"): Ruling(
        State.HELD, Rank.HELD, "人工审核", "Reviewed by an officer",
        way_out_zh="等待海关关员审核，通常两小时内", way_out_en="Wait for the officer, usually within two hours",
    ),
    (INVENTORY, "500"): Ruling(
        State.HELD, 55, "海关查验", "Inspected by customs",
        way_out_zh="通知物流企业将货物送至查验区", way_out_en="Have the logistics company bring the goods to inspection",
    ),
    (INVENTORY, "501"): Ruling(
        State.HELD, 60, "扣留移送通关", "Detained, handed to clearance", way_out_zh="致电现场海关，按其要求处理", way_out_en="Call the customs office and do as it says", attention=True,
    ),
    (INVENTORY, "502"): Ruling(
        State.HELD, 60, "扣留移送缉私", "Detained, handed to anti-smuggling", way_out_zh="致电现场海关，按其要求处理", way_out_en="Call the customs office and do as it says", attention=True,
    ),
    (INVENTORY, "503"): Ruling(
        State.HELD, 60, "扣留移送法规", "Detained, handed to legal affairs", way_out_zh="致电现场海关，按其要求处理", way_out_en="Call the customs office and do as it says", attention=True,
    ),
    (INVENTORY, "599"): Ruling(
        State.HELD, 60, "其它扣留", "Detained", way_out_zh="致电现场海关，按其要求处理", way_out_en="Call the customs office and do as it says", attention=True,
    ),
    (INVENTORY, "399"): Ruling(State.ACCEPTED, Rank.CONCLUDED, "海关审结", "Examined and concluded"),
    (INVENTORY, "700"): Ruling(
        State.REJECTED, Rank.REJECTED, "退运", "Goods are sent back", way_out_zh="致电现场海关，按其要求处理", way_out_en="Call the customs office and do as it says",
    ),
    (INVENTORY, "800"): Ruling(State.ACCEPTED, Rank.GRANTED, "放行", "Released", "released"),
    # 结关 cannot be without a release, so it stands for one that was not heard
    (INVENTORY, "899"): Ruling(State.DONE, Rank.CLOSED, "结关", "Closed", "released"),
    (SUMMARY, "399"): Ruling(State.ACCEPTED, Rank.CONCLUDED, "汇总申请审结", "Summary application concluded"),
    (SUMMARY_NUMBER, "792"): Ruling(State.ACCEPTED, Rank.GRANTED, "汇总结果（报关单未生成）", "Summary result, no declaration yet"),
    (SUMMARY_NUMBER, "792.entry"): Ruling(State.DONE, Rank.CLOSED, "汇总结果，报关单已生成", "Summary result with entry id", "entry_id"),
    (SUMMARY_NUMBER, "792.rows"): Ruling(
        State.DONE, Rank.CLOSED, "汇总结果，各清单的报关单已生成", "Summary result with the entry id of each inventory"
    ),
    (SUMMARY_LINE, "792.line"): Ruling(
        State.ACCEPTED, Rank.GRANTED, "清单已归入报关单", "The inventory went into a declaration", "entry_id"
    ),
    (DECLARATION, "received"): Ruling(State.SENT, Rank.RECEIVED, "报关单已收到", "Declaration received"),
    (DECLARATION, "DUPLICATE"): Ruling(State.SENT, Rank.RECEIVED, "该报关单已存在，视为已收到", "Declared already; it counts as received"),
    (DECLARATION, "INVALID"): Ruling(
        State.REJECTED, Rank.REJECTED, "报关单内容不合要求", "The declaration breaks a rule",
        way_out_zh="修改所指字段后重新申报", way_out_en="Mend the field that it names and declare again",
    ),
    (DECLARATION, "STATE"): Ruling(
        None, Rank.REMARK, "报关单当前状态不允许此操作", "The state of the declaration does not allow it",
        way_out_zh="致电现场海关；已放行的改办退运", way_out_en="Call the customs office; what it has released has to be sent back",
        attention=True,
    ),
    (DECLARATION, "accepted"): Ruling(State.ACCEPTED, Rank.ACCEPTED, "海关接受申报", "Accepted, with entry id", "entry_id"),
    (DECLARATION, "inspected"): Ruling(
        State.HELD, 55, "查验", "Inspected",
        way_out_zh="通知物流企业将货物送至查验区", way_out_en="Have the logistics company bring the goods to inspection",
    ),
    (DECLARATION, "returned"): Ruling(
        State.REJECTED, Rank.REJECTED, "海关退单", "Returned by customs",
        way_out_zh="按退单原因修改所指字段后重新申报", way_out_en="Mend the field that the reason names and declare again",
    ),
    (DECLARATION, "released"): Ruling(State.ACCEPTED, Rank.GRANTED, "放行", "Released", "released"),
    (DECLARATION, "closed"): Ruling(State.DONE, Rank.CLOSED, "结关", "Closed", "released"),
    (DECLARATION, "cancelled"): Ruling(State.CANCELLED, Rank.CANCELLED, "报关单已撤销", "Declaration cancelled"),
    # what is refused is the cancellation, and the declaration stays as it is
    (DECLARATION, "cancel.INVALID"): Ruling(
        None, Rank.REMARK, "报关单撤销申请不合要求", "The request to cancel the declaration breaks a rule",
        way_out_zh="报关单仍然有效；按所指原因致电现场海关", way_out_en="The declaration stands; call the customs office about what it names",
        attention=True,
    ),
    (DECLARATION, "cancel.DUPLICATE"): Ruling(None, Rank.REMARK, "报关单撤销已在办理", "The declaration is being cancelled already"),
    (CANCELLATION, "399"): Ruling(State.CANCELLED, Rank.CANCELLED, "撤单审结", "Cancellation concluded"),
    (CANCELLATION, "100"): Ruling(
        None, Rank.REMARK, "撤单被退回", "Cancellation returned",
        way_out_zh="清单状态不允许撤销，致电现场海关", way_out_en="The inventory's state does not allow it; call the customs office",
        attention=True,
    ),
    (CANCELLATION, "1"): Ruling(None, Rank.REMARK, "撤单已暂存", "Cancellation saved"),
    (CANCELLATION, "2"): Ruling(None, Rank.REMARK, "撤单申报中", "Cancellation being declared"),
    (CANCELLATION, "3"): Ruling(None, Rank.REMARK, "撤单已发送海关", "Cancellation sent on"),
    (CANCELLATION, "4"): Ruling(
        None, Rank.REMARK, "撤单发送海关失败", "Sending the cancellation on to customs failed",
        way_out_zh="电子口岸会重发；一小时后仍未变化请致电电子口岸", way_out_en="The electronic port repeats it; call it after an hour",
        attention=True,
    ),
    (CANCELLATION, "120"): Ruling(None, Rank.REMARK, "撤单已入库", "Cancellation stored by customs"),
    ("message", "900"): Ruling(
        State.REJECTED, 35, "报文格式校验未通过", "The message as a whole failed the schema",
        way_out_zh="运维核对字段表后重发", way_out_en="Staff compare the field table and send again",
    ),
}  # fmt: skip

CODES = Codes(
    {(kind, code): ruling for kind in PAPERS for code, ruling in ON_EVERY_PAPER.items()} | FAULT_RULINGS | STATUSES
)

CURRENCIES = {
    "HKD": "110", "JPY": "116", "MOP": "121", "PHP": "129", "SGD": "132", "KRW": "133", "THB": "136", "CNY": "142",
    "EUR": "300", "DKK": "302", "GBP": "303", "NOK": "326", "SEK": "330", "CHF": "331", "CAD": "501", "USD": "502",
    "AUD": "601", "NZD": "609",
}  # fmt: skip
"""Those that stand alike in two public tables of customs' currency codes. Of others no source gives the code."""
TRANSPORT = {"sea": "2", "rail": "3", "road": "4", "air": "5", "post": "6"}
PACKAGING = {"wooden case": "1", "carton": "2", "drum": "3", "bulk": "4", "pallet": "5", "bag": "6", "other": "7"}

TRANSLATIONS: Mapping[str, Mapping[str, str]] = {
    "currency": CURRENCIES,
    "country": countries.NUMBERS,
    "country letters": countries.LETTERS,
    "unit": {word: unit.code for word, unit in units.UNITS.items()},
    "transport": TRANSPORT,
    "packaging": PACKAGING,
}
"""Our word → customs' code. A word that is not here is refused at entry, where it was typed."""


def no_code(code: str, word: str) -> tuple[str, str]:
    """Why a word has no code of customs, in Chinese and in English, and what there is instead."""
    if code == "currency":
        known = ", ".join(CURRENCIES)
        return (
            f"{word} 的海关币制代码无公开出处，枢纽不猜测；可用 {known}",
            f"no source gives customs' code of {word}, and none is guessed; known are {known}",
        )
    return f"JGS-20 中没有 {word}", f"JGS-20 has no code for {word}"
