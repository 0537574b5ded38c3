"""What a trade waits for, in words: the hub's milestones, a paper's acceptance, and a connector's own milestones."""

from __future__ import annotations

from dataclasses import replace

from connectors.sdk.kinds import MilestoneName
from connectors.sdk.states import State
from hub.papers.desk import Desk
from hub.progress.waiting import waits
from tests.support.deciding import INVENTORY, desk, paper, trade

OWN = "customs.weighed"


def with_its_own() -> Desk:
    """The inventory brings a milestone about that the hub does not know."""
    known = desk()
    inventory = replace(
        known.kinds[INVENTORY], brings=(OWN,), milestones={OWN: MilestoneName("已过磅", "it is weighed")}
    )
    return replace(known, kinds={**known.kinds, INVENTORY: inventory})


def test_each_milestone_is_named_in_both_languages() -> None:
    named = {
        "released": ("放行", "customs has released the goods"),
        "accepted:customs.order": ("电子订单 (303)已受理", "Order (303): accepted"),
        "accepted:moon.permit": ("moon.permit已受理", "moon.permit: accepted"),
        OWN: ("已过磅", "it is weighed"),
        "moon.seen": ("moon.seen", "moon.seen"),
    }
    told = with_its_own()
    assert {name: (told.milestone_name(name, "zh"), told.milestone_name(name, "en")) for name in named} == named


def test_what_none_of_the_papers_under_way_can_bring_is_awaited_itself() -> None:
    """The declaration's number is awaited through its summary; where that was dropped, it is awaited by name."""

    def milestones(state: State) -> list[str | None]:
        refund = paper("tax.refund", State.PLANNED)
        return [one.milestone for one in waits(trade(paper("customs.summary", state), refund), desk()) if one.milestone]

    assert "entry_id" not in milestones(State.ACCEPTED)
    assert "entry_id" in milestones(State.CANCELLED)
