"""The negative return codes (202205 edition, table 7-2): what kind of fault each one is, and what follows from it.

The words are ours, made from the subject of the code (its first three digits) and the fault.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from connectors.customs.kinds import (
    CANCELLATION,
    DEPARTURE,
    INVENTORY,
    ORDER,
    PAPERS,
    RECEIPT,
    SUMMARY,
    WAYBILL,
    WAYBILL_LIST,
)
from connectors.sdk import Rank, Ruling, State


class Fault(NamedTuple):
    """A kind of fault, with what to do. `%s` is the subject."""

    zh: str
    en: str
    way_zh: str
    way_en: str
    state: State | None = State.REJECTED
    attention: bool = False


MEND = ("按提示修改后重新申报", "Mend what it names and declare again")
REPEAT = (
    "属对方系统故障，稍后重发；仍失败请致电电子口岸",
    "The other side failed; send again later, then call the port",
)
RIGHTS = ("核对企业备案与卡、证书是否一致", "Compare registration, card and certificate")
LOOK = ("核对编号；如已在其他系统申报请致电电子口岸", "Check the number; call the port if it was declared elsewhere")
LIMITS = ("调整金额或改用一般贸易申报", "Change the amount or declare as general trade")
NOTHING = ("无需处理", "Nothing to do")

FAULTS: dict[str, Fault] = {
    "duplicate": Fault("%s已存在，视为已受理", "The %s is there already; it counts as taken", *NOTHING, State.ACCEPTED),
    "outdated": Fault("收到的是旧报文，未作处理", "An older %s arrived and was left aside", *LOOK, None, True),
    "enterprise": Fault("企业类型或代码无效", "The enterprise's type or code is not valid", *RIGHTS),
    "no_rows": Fault("%s没有表体", "The %s has no rows", *MEND),
    "same_rows": Fault("%s表体序号重复", "Rows of the %s have the same number", *MEND),
    "not_found": Fault("查不到对应的%s", "The %s was not found", *LOOK),
    "several": Fault("查到多条%s", "Several of the %s were found", *LOOK),
    "empty": Fault("%s内容为空", "The %s is empty", *MEND),
    "check": Fault("%s校验未通过", "The %s failed a check", *MEND),
    "app_type": Fault("%s的变更或删除找不到原单", "There is no %s to change or delete", *LOOK),
    "wrong_state": Fault("%s的状态不允许此操作", "The state of the %s does not allow it", *LOOK),
    "no_operation": Fault("%s没有对应的操作", "There is no such operation for the %s", *MEND),
    "system": Fault("%s处理时对方系统异常", "Their system failed on the %s", *REPEAT, attention=True),
    "too_large": Fault("%s数据超过限制", "The %s is too large", *MEND),
    "unreadable": Fault("%s无法解析", "The %s cannot be parsed", *MEND),
    "signature": Fault("%s签名未通过", "The signature of the %s was not accepted", *RIGHTS),
    "rights": Fault("没有操作%s的权限", "There is no right to handle the %s", *RIGHTS),
    "limit": Fault("%s超过购买限额", "The %s is over the buyer's limit", *LIMITS),
    "register": Fault("%s与备案或参数库不一致", "The %s differs from what is registered", *MEND),
}
ELSEWHERE = Fault("回执说的是%s，不是本单证", "It speaks of the %s, not of this paper", *LOOK, None, True)

SUBJECTS = {
    "101": ("企业", "enterprise"),
    "301": ("订单", "order"),
    "401": ("支付凭证", "payment"),
    "504": ("运单", "waybill"),
    "505": ("运单状态", "waybill status"),
    "621": ("清单", "inventory"),
    "623": ("撤单申请", "cancellation"),
    "625": ("退货申请", "return application"),
    "800": ("入库明细单", "delivery list"),
}

CODES_OF: dict[str, str] = {
    "enterprise": "-10101 -10102",
    "duplicate": "-301010 -401007 -504012 -504015 -505012 -621004 -623009 -625033 -800003",
    "outdated": "-301014 -401012 -505016 -800005",
    "no_rows": "-301001 -621000 -621024 -625006 -625023 -625031 -800000",
    "same_rows": "-301002 -621027",
    "not_found": "-301003 -301004 -301005 -401001 -401002 -401004 -621006 -621011 -621019 -621021 -623003 -623004"
    " -623011 -623019 -625016 -625018 -625032 -625204 -625209",
    "several": "-301006 -401003",
    "empty": "-301007 -401005 -504010 -505010 -623012 -625003 -625200",
    "check": "-301008 -401009 -504011 -505011 -621001 -621003 -621020 -621022 -623000 -623001 -623010 -623014"
    " -623018 -623020 -623023 -625001 -625004 -625008 -625009 -625017 -625030 -800001 -800006",
    "app_type": "-301009 -401006 -504014",
    "wrong_state": "-625022 -301011 -401008 -504016 -621010 -621012 -623005 -623013 -623024 -625205",
    "no_operation": "-301012 -401010 -505014",
    "system": "-301013 -401011 -505015 -621008 -621009 -621013 -621014 -621017 -621023 -621025 -623006 -623007"
    " -623016 -623022 -623025 -623027 -623028 -625019 -625024 -625025 -625026 -625027 -625029 -625110 -625116 -625202"
    " -625203 -625206 -625207 -800004",
    "too_large": "-301015 -401013 -504013 -505013 -505017 -621030 -623008",
    "unreadable": "-504000 -505000 -621002 -623002 -625002 -800002",
    "signature": "-621026 -621028 -621029 -623017 -623029 -625005 -625028 -625208",
    "rights": "-621015 -621016 -623021 -623026 -625020 -625021 -625113 -625114",
    "limit": "-621005 -621018 -625014 -625015",
    "register": "-625007 -625010 -625011 -625012 -625013",
}
"""Fault → codes. -621027 and -625022 stand twice in the official table with two meanings; the graver one counts."""

PAPERS_OF: Mapping[str, Collection[str]] = {
    "101": PAPERS,
    "301": {ORDER},
    "401": {RECEIPT},
    "504": {WAYBILL},
    "621": {INVENTORY, WAYBILL_LIST, DEPARTURE, SUMMARY},  # the edition has no codes of their own for the other three
    "623": {CANCELLATION},
}
"""Subject → what its codes are about. The other subjects are papers that nobody sends from here."""

REFUSED_BY_THE_PORT = 35  # outranks "sent on", yields to "stored by customs"


def _ruling(kind: str, code: str, fault: Fault) -> Ruling:
    """What a code means in an answer of this kind.

    A negative number is a failure of what it answers (202205 edition, responses). But that a paper of another kind is
    there already is no success of this one; and where a cancellation failed, its inventory stays as it is, and a
    person looks.
    """
    subject = code.lstrip("-")[:3]
    there_already = fault.state is State.ACCEPTED
    if there_already and kind not in PAPERS_OF.get(subject, ()):
        fault = ELSEWHERE
    elif kind == CANCELLATION:
        fault = fault._replace(state=None, attention=not there_already)
    subject_zh, subject_en = SUBJECTS[subject]
    rank = {State.ACCEPTED: Rank.ACCEPTED, None: Rank.REMARK}.get(fault.state, REFUSED_BY_THE_PORT)
    return Ruling(
        fault.state,
        rank,
        fault.zh.replace("%s", subject_zh),
        fault.en.replace("%s", subject_en),
        way_out_zh=fault.way_zh,
        way_out_en=fault.way_en,
        attention=fault.attention,
    )


FAULT_RULINGS = {
    (kind, code): _ruling(kind, code, FAULTS[fault])
    for fault, codes in CODES_OF.items()
    for code in codes.split()
    for kind in (*PAPERS, CANCELLATION)
}
