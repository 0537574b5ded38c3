"""What ebPay's answers to a settlement application mean."""

from __future__ import annotations

from connectors.sdk import Codes, Rank, Ruling, State

SETTLEMENT = "ebpay.settlement"

CODES = Codes(
    {
        (SETTLEMENT, "SETTLED"): Ruling(State.DONE, Rank.CLOSED, "已结汇", "Settled"),
        (SETTLEMENT, "REFUSED"): Ruling(
            State.REJECTED,
            Rank.REJECTED,
            "结汇申请被退回",
            "The application was returned",
            way_out_zh="修改所指字段后重新申请",
            way_out_en="Mend the field that it names and apply again",
        ),
    }
)
