"""What the platform's statuses and track events mean.

Event codes: DCSA event domain 3.2; `.BORD` is one at a border, `.EMPTY` of an empty container.
"""

from __future__ import annotations

from connectors.sdk import Codes, Rank, Ruling, State

BOOKING = "rail.booking"


def _moving(rank: int, zh: str, en: str, milestone: str | None = None) -> Ruling:
    return Ruling(State.ACCEPTED, rank, zh, en, milestone)


def _refused(zh: str, en: str) -> Ruling:
    way_zh, way_en = "修改所指字段后重新订舱", "Mend the field that it names and book again"
    return Ruling(State.REJECTED, Rank.REJECTED, zh, en, way_out_zh=way_zh, way_out_en=way_en)


CODES = Codes(
    {
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
        (BOOKING, "GTOT.EMPTY"): Ruling(None, Rank.REMARK, "空箱出场", "Empty container out of the depot"),
        (BOOKING, "GTIN"): _moving(42, "集装箱进站", "Container in at the station"),
        (BOOKING, "STUF"): _moving(43, "已装箱", "Container stuffed"),
        (BOOKING, "LOAD"): _moving(44, "已装车", "Loaded on the train"),
        (BOOKING, "DEPA"): _moving(48, "列车已发", "Train departed"),
        (BOOKING, "ARRI.BORD"): _moving(52, "到达口岸", "Arrived at the border"),
        (BOOKING, "CUSS.BORD"): _moving(53, "口岸海关机检", "Selected for a scan"),
        (BOOKING, "CUSI.BORD"): _moving(53, "口岸海关查验", "Inspected at the border"),
        (BOOKING, "CUSR.BORD"): _moving(54, "口岸放行", "Released at the border"),
        (BOOKING, "DISC.BORD"): _moving(56, "换装卸车", "Unloaded for the change of gauge"),
        (BOOKING, "LOAD.BORD"): _moving(57, "换装装车", "Loaded after the change of gauge"),
        (BOOKING, "DEPA.BORD"): _moving(58, "列车离开口岸", "Train left the border"),
        # 离境 is the crossing of the border, not the departure from Zhengzhou
        (BOOKING, "CROS.BORD"): _moving(60, "出境", "Crossed the border", "departed"),
        (BOOKING, "CROS"): _moving(60, "出境", "Crossed the border", "departed"),
        (BOOKING, "ARRI"): _moving(72, "到达目的站", "Arrived", "arrived"),
        (BOOKING, "CUSR"): _moving(73, "目的地清关放行", "Released at the destination"),
        (BOOKING, "DISC"): _moving(74, "已卸车", "Unloaded"),
        (BOOKING, "PICK"): _moving(76, "已提箱", "Picked up"),
        (BOOKING, "GTOT"): Ruling(State.DONE, Rank.CLOSED, "出站交付", "Out of the station", "arrived"),
        (BOOKING, "STOCKED"): Ruling(State.DONE, 92, "已入海外仓", "In the overseas warehouse", "stocked"),
    }
)  # fmt: skip
