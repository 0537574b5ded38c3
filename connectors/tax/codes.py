"""What the bureau's statuses mean."""

from __future__ import annotations

from connectors.sdk import Codes, Rank, Ruling, State

REFUND = "tax.refund"

CODES = Codes(
    {
        (REFUND, "received"): Ruling(State.ACCEPTED, Rank.ACCEPTED, "退税申报已受理", "Filing received"),
        (REFUND, "DUPLICATE"): Ruling(State.ACCEPTED, Rank.ACCEPTED, "该关联号已申报，视为已受理", "Filed already; it counts as received"),
        (REFUND, "reviewing"): Ruling(State.ACCEPTED, 50, "审核中", "Under review"),
        (REFUND, "approved"): Ruling(State.ACCEPTED, Rank.CONCLUDED, "已核准", "Approved"),
        (REFUND, "paid"): Ruling(State.DONE, Rank.CLOSED, "已退库", "Paid", "refunded"),
        (REFUND, "refused"): Ruling(
            State.REJECTED, Rank.REJECTED, "审核未通过", "Refused after review",
            way_out_zh="按原因修改所指字段后重新申报", way_out_en="Mend the field that the reason names and file again",
        ),
        (REFUND, "withdrawn"): Ruling(State.CANCELLED, Rank.CANCELLED, "申报已撤回", "Filing withdrawn"),
        (REFUND, "STATE"): Ruling(
            None, Rank.REMARK, "已核准，不能撤回", "Approved; it cannot be withdrawn",
            way_out_zh="致电主管税务机关", way_out_en="Call the tax bureau", attention=True,
        ),
        (REFUND, "INVALID"): Ruling(
            State.REJECTED, Rank.REJECTED, "申报内容不合要求", "The filing breaks a rule",
            way_out_zh="修改所指字段后重新申报", way_out_en="Mend the field that it names and file again",
        ),
    }
)  # fmt: skip
