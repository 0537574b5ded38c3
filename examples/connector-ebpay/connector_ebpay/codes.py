"""What ebPay's answers to a settlement application and to the request of a certificate mean."""

from __future__ import annotations

from connectors.sdk import Codes, Rank, Ruling, State

SETTLEMENT, CERTIFICATE = "ebpay.settlement", "ebpay.certificate"
SETTLED = "ebpay.settled"
"""The milestone: the money of a trade is yuan now."""

CODES = Codes(
    {
        (SETTLEMENT, "WAITING"): Ruling(
            State.ACCEPTED, Rank.ACCEPTED, "已受理，待下一结汇时段", "Taken; it waits for the next window"
        ),
        (SETTLEMENT, "SETTLED"): Ruling(State.DONE, Rank.CLOSED, "已结汇", "Settled", SETTLED),
        (SETTLEMENT, "WITHDRAWN"): Ruling(State.CANCELLED, Rank.CANCELLED, "申请已撤回", "Application withdrawn"),
        (SETTLEMENT, "STATE"): Ruling(
            None,
            Rank.REMARK,
            "已结汇，不能更改或撤回",
            "Settled; it can neither be changed nor withdrawn",
            way_out_zh="致电易博付，另行办理退汇",
            way_out_en="Call ebPay and have the money sent back",
            attention=True,
        ),
        (SETTLEMENT, "REFUSED"): Ruling(
            State.REJECTED,
            Rank.REJECTED,
            "结汇申请被退回",
            "The application was returned",
            way_out_zh="修改所指字段后重新申请",
            way_out_en="Mend the field that it names and apply again",
        ),
        (CERTIFICATE, "ISSUED"): Ruling(State.DONE, Rank.CLOSED, "水单已出具", "Certificate issued"),
        (CERTIFICATE, "REFUSED"): Ruling(
            State.REJECTED,
            Rank.REJECTED,
            "未出具水单",
            "No certificate was issued",
            way_out_zh="修改所指字段后重新申请",
            way_out_en="Mend the field that it names and ask again",
        ),
    }
)
