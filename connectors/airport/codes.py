"""What the airport's codes mean. Status codes: Cargo-IMP FSU and the ONE Record StatusCode list."""

from __future__ import annotations

from connectors.sdk import Codes, Rank, Ruling, State

WAYBILL = "airport.waybill"
IN_STOCK = "FIW.WAREHOUSE"  # freight into warehouse control (FIW) in a warehouse, and not at an airport
PARTIAL = ".PARTIAL"  # behind a status code: it is about some of the goods only
REFERENCE = "airport.reference"  # our own reference on the waybill (shippingRefNo)


def _on_the_way(rank: int, zh: str, en: str, milestone: str | None = None) -> Ruling:
    return Ruling(State.ACCEPTED, rank, zh, en, milestone)


def _amiss(zh: str, en: str) -> Ruling:
    way_zh, way_en = "致电机场货运核对件数、重量与单证", "Call airport cargo and compare pieces, weight and papers"
    return Ruling(None, Rank.REMARK, zh, en, way_out_zh=way_zh, way_out_en=way_en, attention=True)


# fmt: off
STATUSES: dict[str, Ruling] = {
    "BKD": _on_the_way(42, "已订航班", "Booked on this flight"),
    "FOH": _on_the_way(44, "货物在手待核", "Freight on hand"),
    "RCS": _on_the_way(46, "已收运", "Received from shipper"),
    "PRE": _on_the_way(48, "备装", "Prepared for loading"),
    "MAN": _on_the_way(50, "已制舱单", "Manifested"),
    "DEP": _on_the_way(60, "已起飞", "Departed", "departed"),
    "ARR": _on_the_way(72, "已到达", "Arrived", "arrived"),
    "RCF": _on_the_way(74, "已从航班接收", "Received from flight"),
    "AWR": _on_the_way(75, "到港单证已收", "Arrival documents received"),
    "NFD": _on_the_way(76, "已通知收货人", "Consignee notified"),
    "AWD": _on_the_way(77, "单证已交付", "Documents delivered"),
    "DLV": Ruling(State.DONE, Rank.CLOSED, "已交付", "Delivered"),
    **{
        code: Ruling(None, Rank.REMARK, zh, en)  # routine words that move nothing on
        for code, zh, en in (
            ("DPU", "门到门提货", "Picked up at the shipper's door"),
            ("DOC", "单证已收", "Documents received"),
            ("CRC", "已报海关", "Reported to customs"),
            ("CCD", "海关放行", "Cleared by customs"),
            ("TGC", "移交海关监管", "Transferred to customs control"),
            ("TFD", "已移交承运人", "Transferred to another carrier"),
            ("TRM", "待移交承运人", "To be transferred"),
            ("RCT", "已从承运人接收", "Received from another carrier"),
            ("FIW", "入仓", "Into warehouse control"),
            ("FOW", "出仓", "Out of warehouse control"),
            ("DDL", "已送达", "Delivered to the door"),
            ("OCI", "海关、安检等监管信息", "Customs, security and regulatory information"),
            ("OSI", "其他服务信息", "Other service information"),
        )
    },
    "DIS": _amiss("货物不符", "Discrepancy"),
    "DIS_DFLD": _amiss("不符：确认已装机", "Discrepancy: definitely loaded"),
    "DIS_FDAV": _amiss("不符：多出邮件单证", "Discrepancy: mail document found"),
    "DIS_FDAW": _amiss("不符：多出运单", "Discrepancy: air waybill found"),
    "DIS_FDCA": _amiss("不符：多出货物", "Discrepancy: cargo found"),
    "DIS_FDMB": _amiss("不符：多出邮袋", "Discrepancy: mailbag found"),
    "DIS_MSAV": _amiss("不符：缺少邮件单证", "Discrepancy: mail document missing"),
    "DIS_MSAW": _amiss("不符：缺少运单", "Discrepancy: air waybill missing"),
    "DIS_MSCA": _amiss("不符：货物短少", "Discrepancy: cargo missing"),
    "DIS_MSMB": _amiss("不符：邮袋短少", "Discrepancy: mailbag missing"),
    "DIS_OFLD": _amiss("不符：被拉下", "Discrepancy: offloaded"),
    "DIS_OVCD": _amiss("不符：漏卸", "Discrepancy: overcarried"),
    "DIS_SSPD": _amiss("不符：短装", "Discrepancy: shortshipped"),
}
# fmt: on
"""The StatusCode list (cXML 1.18), all of it: its codes, and the plain DIS of Cargo-IMP."""

CODES = Codes(
    {
        **{(WAYBILL, code): ruling for code, ruling in STATUSES.items()},
        **{
            (WAYBILL, f"{code}{PARTIAL}"): Ruling(None, Rank.REMARK, f"部分货物：{ruling.zh}", f"Some of the goods: {ruling.en}")
            for code, ruling in STATUSES.items()
        },
        (WAYBILL, "CREATED"): Ruling(State.SENT, Rank.RECEIVED, "机场已收到运单", "The airport has the waybill"),
        (WAYBILL, "CONFIRMED"): _on_the_way(Rank.ACCEPTED, "舱位已确认", "Booking confirmed"),
        (WAYBILL, "REJECTED"): Ruling(
            State.REJECTED, Rank.REJECTED, "订舱被拒", "Booking rejected",
            way_out_zh="更换目的港或拆分货物后重新订舱", way_out_en="Choose another destination or split the goods, then book again",
        ),
        (WAYBILL, "INVALID"): Ruling(
            State.REJECTED, Rank.REJECTED, "运单内容不合要求", "The waybill breaks a rule",
            way_out_zh="修改所指字段后重新提交", way_out_en="Mend the field that it names and send again",
        ),
        (WAYBILL, "QUEUED"): Ruling(State.SENT, Rank.RECEIVED + 1, "订舱排队等待确认", "Booking queued, not confirmed yet"),
        (WAYBILL, "DELETED"): Ruling(State.CANCELLED, Rank.CANCELLED, "订舱已删除", "Booking deleted"),
        (WAYBILL, "CANCELLED"): Ruling(State.CANCELLED, Rank.CANCELLED, "运单已取消", "Waybill cancelled"),
        (WAYBILL, "STATE"): Ruling(
            None, Rank.REMARK, "航班已起飞，无法取消", "The flight has left; it cannot be cancelled",
            way_out_zh="到港后办理退运", way_out_en="Have the goods sent back on arrival", attention=True,
        ),
        (WAYBILL, IN_STOCK): Ruling(State.DONE, 92, "已入海外仓", "In the overseas warehouse", "stocked"),
    }
)  # fmt: skip

UNITS = {"KGM": ("千克", "kg"), "LBR": ("磅", "lb"), "TNE": ("吨", "t")}
"""UN/ECE unit → its names in Chinese and English."""

PLACES = {
    "CGO": "CNCGO",
    "ORD": "USORD",
    "JFK": "USJFK",
    "ANC": "USANC",
    "LUX": "LULUX",
    "LGG": "BELGG",
    "BUD": "HUBUD",
    "LHR": "GBLHR",
    "NRT": "JPNRT",
    "LYA": "CNLYA",
}
"""IATA airport → UN/LOCODE; one that is not here stays as it is."""


def iata(locode: str) -> str | None:
    """The IATA code of an airport by its UN/LOCODE; None of one that we do not know, which is not guessed."""
    return next((code for code, known in PLACES.items() if known == locode), None)
