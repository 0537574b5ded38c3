"""What the platform's statuses and track events mean.

Event codes: all 36 of the DCSA event domain 3.2 (17 of equipment, 17 of documents, 2 of transport), with words behind
them that make another thing of the same code: `.BORD` at a border, `.WAYP` on the way (at a waypoint, or moved from one
train to another, or by truck before or after it), `.EMPTY` of a container without goods, `.DOC` of a document that is not the booking.
"""

from __future__ import annotations

from connectors.sdk import Codes, Rank, Ruling, State

BOOKING = "rail.booking"
BORDER, WAYPOINT, EMPTY, OTHER_PAPER, PORT_CALL = ".BORD", ".WAYP", ".EMPTY", ".DOC", ".OPS"
TURNS_ON_GOODS = frozenset({"LOAD", "DISC", "GTOT", "PICK", "AVPU", "DROP", "AVDO", "CROS"})
"""What an empty container does, these say nothing of the goods. One may well come in empty and be stuffed."""
HAS_OTHER_WAYS = frozenset({"ARRI", "DEPA", "LOAD", "DISC", "GTIN", "GTOT", "PICK", "DROP"})
"""What is another thing on the way than at the end of it."""
TURNS_ON_TRAIN = frozenset({"ARRI", "DEPA", "LOAD", "DISC"})
"""What a truck or a vessel does, these say nothing of the train. In and out of a gate goods go by truck anyway."""
ENDS = frozenset({"ARRI", "DISC", "GTOT", "PICK"})
"""What belongs to the end of the way; at its beginning it is on the way there."""
ORIGIN = "CNZGZ"
"""郑州, where the trains that are booked here begin."""


def _moving(rank: int, zh: str, en: str, milestone: str | None = None) -> Ruling:
    return Ruling(State.ACCEPTED, rank, zh, en, milestone)


def _remark(zh: str, en: str) -> Ruling:
    return Ruling(None, Rank.REMARK, zh, en)


def _refused(zh: str, en: str) -> Ruling:
    way_zh, way_en = "修改所指字段后重新订舱", "Mend the field that it names and book again"
    return Ruling(State.REJECTED, Rank.REJECTED, zh, en, way_out_zh=way_zh, way_out_en=way_en)


def _asks(zh: str, en: str, state: State | None = None, rank: int = Rank.REMARK) -> Ruling:
    way_zh, way_en = "致电班列平台问明原因与所需补充", "Call the platform: what is the reason, and what does it want"
    return Ruling(state, rank, zh, en, way_out_zh=way_zh, way_out_en=way_en, attention=True)


# fmt: off
TRANSPORT = {
    "DEPA": _moving(48, "列车已发", "Train departed"),
    "ARRI": _moving(72, "到达目的站", "Arrived", "arrived"),
}
EQUIPMENT = {
    "GTIN": _moving(42, "集装箱进站", "Container in at the station"),
    "STUF": _moving(43, "已装箱", "Container stuffed"),
    "LOAD": _moving(44, "已装车", "Loaded on the train"),
    # 离境 is the crossing of the border, not the departure from Zhengzhou
    "CROS": _moving(60, "出境", "Crossed the border", "departed"),
    "CUSR": _moving(73, "海关放行", "Released by customs"),
    "DISC": _moving(74, "已卸车", "Unloaded"),
    "AVPU": _moving(75, "可提箱", "Available for pick-up"),
    "PICK": _moving(76, "已提箱", "Picked up"),
    "STRP": _moving(78, "已拆箱", "Container stripped"),
    "GTOT": Ruling(State.DONE, Rank.CLOSED, "出站交付", "Out of the station", "arrived"),
    "CUSS": _remark("海关布控机检", "Selected by customs for a scan"),
    "CUSI": _remark("海关布控查验", "Selected by customs for inspection"),
    "DROP": _remark("已交箱", "Container dropped off"),
    "AVDO": _remark("可交箱", "Container can be dropped off"),
    "INSP": _remark("集装箱已检查", "Container inspected"),
    "RSEA": _remark("已重新施封", "Resealed"),
    "RMVD": _remark("已移除", "Removed"),
}
SHIPMENT = {
    "RECE": Ruling(State.SENT, Rank.RECEIVED, "订舱申请已收到", "Booking received"),
    "SUBM": Ruling(State.SENT, Rank.RECEIVED, "订舱申请已提交", "Booking submitted"),
    "PENC": Ruling(State.SENT, 12, "订舱待确认", "Booking waits to be confirmed"),
    "PENA": Ruling(State.SENT, 12, "订舱待批准", "Booking waits to be approved"),
    "APPR": _moving(Rank.ACCEPTED, "订舱已批准", "Booking approved"),
    "CONF": _moving(Rank.ACCEPTED, "舱位已确认", "Booking confirmed"),
    "RELS": _moving(Rank.HELD, "暂扣已解除", "No longer on hold"),
    "HOLD": _asks("订舱被暂扣", "Booking on hold", State.HELD, Rank.HELD),
    "PENU": _asks("订舱待补充或更新", "The booking has to be updated"),
    "VOID": _asks("订舱作废", "Booking void"),
    "REJE": _refused("订舱被拒", "Booking rejected"),
    "CANC": Ruling(State.CANCELLED, Rank.CANCELLED, "订舱已取消", "Booking cancelled"),
    "DRFT": _remark("订舱草稿", "Booking drafted"),
    "REQS": _remark("已提出请求", "Requested"),
    "ISSU": _remark("已签发", "Issued"),
    "SURR": _remark("已交回", "Surrendered"),
    "CMPL": _remark("订舱手续已办完", "Booking completed"),
}
AT_BORDER = {
    "ARRI": _moving(52, "到达口岸", "Arrived at the border"),
    "CUSS": _moving(53, "口岸海关机检", "Selected for a scan"),
    "CUSI": _moving(53, "口岸海关查验", "Inspected at the border"),
    "CUSR": _moving(54, "口岸放行", "Released at the border"),
    "DISC": _moving(56, "换装卸车", "Unloaded for the change of gauge"),
    "LOAD": _moving(57, "换装装车", "Loaded after the change of gauge"),
    "DEPA": _moving(58, "列车离开口岸", "Train left the border"),
    "CROS": EQUIPMENT["CROS"],
}
# fmt: on
"""At a border these carry the paper further; whatever else happens there is a remark."""
# fmt: off
OF_DOCUMENTS = {
    "RECE": ("已收到", "received"), "DRFT": ("已起草", "drafted"), "PENA": ("待批准", "waits to be approved"),
    "PENU": ("待更新", "has to be updated"), "PENC": ("待确认", "waits to be confirmed"), "CONF": ("已确认", "confirmed"),
    "REJE": ("被拒", "rejected"), "APPR": ("已批准", "approved"), "ISSU": ("已签发", "issued"),
    "SURR": ("已交回", "surrendered"), "SUBM": ("已提交", "submitted"), "VOID": ("作废", "void"),
    "REQS": ("已请求", "requested"), "CMPL": ("已办完", "completed"), "HOLD": ("被暂扣", "on hold"),
    "RELS": ("已放行", "released"), "CANC": ("被取消", "cancelled"),
}
# fmt: on
AMISS = frozenset({"REJE", "HOLD", "PENU", "VOID", "CANC"})
"""Of a document that is not the booking: a person has to see to it."""

MOVES = {**TRANSPORT, **EQUIPMENT}
VARIANTS = {
    **{f"{code}{BORDER}": AT_BORDER.get(code) or _remark(f"口岸：{one.zh}", f"At the border: {one.en}") for code, one in MOVES.items()},
    **{f"{code}{WAYPOINT}": _remark(f"途中：{MOVES[code].zh}", f"On the way: {MOVES[code].en}") for code in HAS_OTHER_WAYS},
    **{f"{code}{EMPTY}": _remark(f"空箱：{MOVES[code].zh}", f"Empty container: {MOVES[code].en}") for code in TURNS_ON_GOODS},
    **{
        f"{code}{OTHER_PAPER}": (_asks if code in AMISS else _remark)(f"单证{zh}", f"A document {en}")
        for code, (zh, en) in OF_DOCUMENTS.items()
    },
}  # fmt: skip
OTHERS = {
    **{
        f"{code}{PORT_CALL}": _remark(zh, en)
        for code, zh, en in (
            ("STRT", "作业开始", "Operation started"), ("CMPL", "作业完成", "Operation completed"),
            ("ARRI", "运载工具到港", "Carrier arrived"), ("DEPA", "运载工具离港", "Carrier departed"),
        )
    },
    f"OMIT{PORT_CALL}": _asks("甩港", "The call is omitted"),
    f"CANC{PORT_CALL}": _asks("挂靠取消", "The call is cancelled"),
    "DETC": _asks("箱门等异常被监测到", "Detected at the container, such as an open door"),
    "MEAS": _remark("冷箱读数", "Reefer measured"),
    "ADJU": _remark("冷箱已调整", "Reefer adjusted"),
}  # fmt: skip
"""DCSA's events of operations, IoT devices and reefers, beside the 36."""

CODES = Codes(
    {
        **{(BOOKING, code): ruling for code, ruling in {**MOVES, **SHIPMENT, **VARIANTS, **OTHERS}.items()},
        (BOOKING, "received"): Ruling(State.SENT, Rank.RECEIVED, "订舱已收到", "Booking received"),
        (BOOKING, "DUPLICATE"): Ruling(State.SENT, Rank.RECEIVED, "该订舱已存在，视为已收到", "Booked already; it counts as received"),
        (BOOKING, "INVALID"): _refused("订舱内容不合要求", "The booking breaks a rule"),
        (BOOKING, "rejected"): _refused("订舱被拒", "Booking rejected"),
        (BOOKING, "STATE"): Ruling(
            None, Rank.REMARK, "列车已发，无法取消", "The train has left; it cannot be cancelled",
            way_out_zh="到站后办理退运", way_out_en="Have the goods sent back on arrival", attention=True,
        ),
        (BOOKING, "cancelled"): Ruling(State.CANCELLED, Rank.CANCELLED, "订舱已取消", "Booking cancelled"),
        (BOOKING, "confirmed"): _moving(Rank.ACCEPTED, "舱位已确认", "Booking confirmed"),
        (BOOKING, "STOCKED"): Ruling(State.DONE, 92, "已入海外仓", "In the overseas warehouse", "stocked"),
    }
)  # fmt: skip
