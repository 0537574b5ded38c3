"""What the airport's codes mean. Status codes: Cargo-IMP FSU and the ONE Record StatusCode list."""

from __future__ import annotations

from connectors.sdk import Codes, Rank, Ruling, State

WAYBILL = "airport.waybill"
IN_STOCK = "FIW.WAREHOUSE"  # freight into warehouse control (FIW) in a warehouse, and not at an airport
REFERENCE = "airport.reference"  # our own reference on the waybill (shippingRefNo)


def _on_the_way(rank: int, zh: str, en: str, milestone: str | None = None) -> Ruling:
    return Ruling(State.ACCEPTED, rank, zh, en, milestone)


CODES = Codes(
    {
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
        (WAYBILL, "BKD"): _on_the_way(42, "已订航班", "Booked on this flight"),
        (WAYBILL, "FOH"): _on_the_way(44, "货物在手待核", "Freight on hand"),
        (WAYBILL, "RCS"): _on_the_way(46, "已收运", "Received from shipper"),
        (WAYBILL, "PRE"): _on_the_way(48, "备装", "Prepared for loading"),
        (WAYBILL, "MAN"): _on_the_way(50, "已制舱单", "Manifested"),
        (WAYBILL, "DEP"): _on_the_way(60, "已起飞", "Departed", "departed"),
        (WAYBILL, "ARR"): _on_the_way(72, "已到达", "Arrived", "arrived"),
        (WAYBILL, "RCF"): _on_the_way(74, "已从航班接收", "Received from flight"),
        (WAYBILL, "AWR"): _on_the_way(75, "到港单证已收", "Arrival documents received"),
        (WAYBILL, "NFD"): _on_the_way(76, "已通知收货人", "Consignee notified"),
        (WAYBILL, "AWD"): _on_the_way(77, "单证已交付", "Documents delivered"),
        (WAYBILL, "DLV"): Ruling(State.DONE, Rank.CLOSED, "已交付", "Delivered"),
        **{
            (WAYBILL, code): Ruling(None, Rank.REMARK, zh, en)  # routine words that move nothing on
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
            )
        },
        (WAYBILL, "CANCELLED"): Ruling(State.CANCELLED, Rank.CANCELLED, "运单已取消", "Waybill cancelled"),
        (WAYBILL, "STATE"): Ruling(
            None, Rank.REMARK, "航班已起飞，无法取消", "The flight has left; it cannot be cancelled",
            way_out_zh="到港后办理退运", way_out_en="Have the goods sent back on arrival", attention=True,
        ),
        (WAYBILL, IN_STOCK): Ruling(State.DONE, 92, "已入海外仓", "In the overseas warehouse", "stocked"),
        (WAYBILL, "DIS"): Ruling(
            None, Rank.REMARK, "货物不符", "Discrepancy",
            way_out_zh="致电机场货运核对件数与重量", way_out_en="Call airport cargo and compare pieces and weight",
            attention=True,
        ),
    }
)  # fmt: skip

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


def iata(locode: str) -> str:
    """The IATA code of a place; the last three letters of an UN/LOCODE are it for every airport that we serve."""
    return locode[2:]
