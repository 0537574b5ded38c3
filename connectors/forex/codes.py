"""What the answers to a remittance declaration mean, and country codes as the declaration writes them."""

from __future__ import annotations

from connectors.sdk import Codes, Rank, Ruling, State

DECLARATION = "forex.declaration"

CODES = Codes(
    {
        (DECLARATION, "ACCEPTED"): Ruling(State.DONE, Rank.CLOSED, "申报已受理", "Declaration accepted"),
        (DECLARATION, "DUPLICATE"): Ruling(State.DONE, Rank.CLOSED, "该笔已申报，视为已受理", "Declared already; it counts as accepted"),
        (DECLARATION, "INVALID"): Ruling(
            State.REJECTED, Rank.REJECTED, "申报内容不合要求", "The declaration breaks a rule",
            way_out_zh="修改所指字段后重新申报", way_out_en="Mend the field that it names and declare again",
        ),
    }
)  # fmt: skip
