"""The plan of papers: what is due when, what a connector adds, and what is refused before anything starts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from connectors.sdk import Codes, Connector, ManifestError
from connectors.sdk.manifest import read_manifest
from connectors.sdk.states import MILESTONES, accepted
from hub.app import settings_of_connectors
from hub.errors import PlanWrong
from hub.papers.joining import build_desk
from hub.papers.plan import BROUGHT_BY, ENDS, FINAL, RECALL, ROWS, Plan, PlanRow
from hub.settings import read_settings
from tests.support.together import together

AIR = {"transport.wish": "air"}
OURS = {row.kind: row.kind.partition(".")[0] for row in ROWS}
LETTERS = dict.fromkeys("abcd", "somebody")


def rows(waits: dict[str, Iterable[str]], mode: str = "9610") -> list[PlanRow]:
    """One row for each kind, with what it waits for."""
    return [PlanRow(mode, kind, tuple(after)) for kind, after in waits.items()]


def entry(wish: str = "air", flag: str = "B") -> dict[str, Any]:
    return {"transport": {"wish": wish}, "statisticsFlag": flag}


def test_the_papers_of_a_parcel_by_air() -> None:
    plan = Plan(ROWS, OURS)
    assert [row.kind for row in plan.due("9610", entry())] == [
        "customs.order", "customs.receipt", "customs.waybill", "customs.inventory", "airport.waybill",
        "customs.waybill_list", "customs.departure", "customs.summary", "tax.refund", "forex.declaration",
    ]  # fmt: skip
    left_out = {"customs.summary", "tax.refund"}  # without a summary there is no entry id, and no refund
    assert [row.kind for row in plan.due("9610", entry(flag="A"))] == [
        row.kind for row in plan.due("9610", entry()) if row.kind not in left_out
    ]
    assert plan.due("9999", entry()) == []


WAITS: dict[tuple[str, str], set[str]] = {
    ("9610", "customs.inventory"): {
        accepted("customs.order"),
        accepted("customs.receipt"),
        accepted("customs.waybill"),
    },
    ("9610", "customs.departure"): {"departed", accepted("customs.waybill_list")},
    ("9610", "customs.summary"): {accepted("customs.departure")},
    ("9710", "customs.declaration"): {accepted("customs.order")},
    ("9810", "customs.declaration"): {accepted("customs.order")},
    ("0110", "customs.declaration"): set(),
    **{(mode, "tax.refund"): {"released", "departed", "entry_id"} for mode in ("9610", "9710", "9810", "0110")},
    **{(mode, "airport.waybill"): {"released"} for mode in ("9610", "9710", "9810", "0110")},
    **{(mode, "forex.declaration"): {"remittance_matched", "report_number"} for mode in ("9610", "9710", "0110")},
}
"""海关总署公告2018年第113号, 2021年第47号 and the tax rules: what may not go out before what."""


@together(("mode", "kind"), WAITS)
def test_nothing_goes_out_before_what_has_to_have_happened(mode: str, kind: str) -> None:
    (row,) = [one for one in Plan(ROWS, OURS).due(mode, entry()) if one.kind == kind]
    assert set(row.after) == WAITS[mode, kind]


def test_what_customs_compared_with_an_inventory_or_declaration_can_no_longer_be_recalled() -> None:
    assert dict(RECALL) == {
        "customs.order": ("customs.inventory", "customs.declaration"),
        "customs.receipt": ("customs.inventory",),
        "customs.waybill": ("customs.inventory",),
        "forex.declaration": (),  # corrected at any time
    }
    assert set(FINAL) == {"customs.inventory", "customs.declaration"}, "released goods are sent back, not cancelled"
    assert dict(ENDS) == {"9810": ("stocked",)}


@pytest.mark.parametrize("mode", sorted({row.mode for row in ROWS}))
@pytest.mark.parametrize("flag", ["A", "B"])
def test_whatever_a_paper_waits_for_another_paper_of_the_trade_brings(mode: str, flag: str) -> None:
    """Otherwise a trade would be accepted and never end."""
    plan = Plan(ROWS, OURS)
    due = plan.due(mode, entry(flag=flag))
    kinds = {row.kind for row in due}
    awaited = {name: plan.bringers(name) for row in due for name in row.after}
    assert [name for name, bringers in awaited.items() if bringers and not kinds & set(bringers)] == []


def test_every_milestone_has_somebody_who_brings_it_or_nobody_of_ours() -> None:
    assert set(BROUGHT_BY) == MILESTONES
    plan = Plan(ROWS, OURS)
    assert plan.bringers("entry_id") == BROUGHT_BY["entry_id"]
    assert plan.bringers(accepted("customs.order")) == ("customs.order",)


def test_every_unknown_milestone_is_named() -> None:
    with pytest.raises(PlanWrong) as caught:
        Plan(rows({"a": ["relaesed", "departed"], "b": [], "c": ["acepted:a"]}), LETTERS)
    told = caught.value.parameters["problems"]
    assert told == (
        "9610 a waits for the unknown milestone 'relaesed'; 9610 c waits for the unknown milestone 'acepted:a'"
    )


CIRCLES: dict[str, tuple[dict[str, Iterable[str]], str]] = {
    "itself": ({"a": [accepted("a")]}, "a → a"),
    "two": ({"a": [accepted("b")], "b": [accepted("a")]}, "a → b → a"),
    "three behind another": (
        {"d": [accepted("a")], "a": [accepted("b")], "b": ["stocked", accepted("c")], "c": [accepted("a")]},
        "a → b → c → a",
    ),
    "by its own milestone": ({"customs.inventory": ["released"]}, "customs.inventory → customs.inventory"),
    "by each other's milestones": (
        {"customs.inventory": ["departed"], "airport.waybill": ["released"]},
        "customs.inventory → airport.waybill → customs.inventory",
    ),
}


@pytest.mark.parametrize(("waits", "circle"), CIRCLES.values(), ids=CIRCLES)
def test_papers_that_wait_for_each_other_are_refused(waits: dict[str, Iterable[str]], circle: str) -> None:
    with pytest.raises(PlanWrong) as caught:
        Plan(rows(waits), LETTERS | OURS)
    assert caught.value.parameters["problems"] == f"9610: {circle} wait for each other"


def test_a_circle_by_one_of_two_ways_is_a_circle() -> None:
    by_air, by_rail = PlanRow("9610", "a", (accepted("b"),), AIR), PlanRow("9610", "a", (), {"transport.wish": "rail"})
    for two_ways in ([by_air, by_rail], [by_rail, by_air]):
        with pytest.raises(PlanWrong, match="a → b → a"):
            Plan([*two_ways, *rows({"b": [accepted("a")]})], LETTERS)


def test_papers_that_meet_again_are_no_circle() -> None:
    plan = Plan(
        rows({"a": [], "b": [accepted("a")], "c": [accepted("a")], "d": [accepted("b"), accepted("c")]}), LETTERS
    )
    assert [row.kind for row in plan.due("9610", {})] == list("abcd")


def test_a_circle_over_two_modes_is_none() -> None:
    there, back = rows({"a": [accepted("b")], "b": []}), rows({"b": [accepted("a")], "a": []}, mode="0110")
    assert Plan([*there, *back], LETTERS).modes() == {"9610", "0110"}


def test_everything_wrong_is_said_at_once() -> None:
    odd, circle = rows({"a": ["relaesed"]}), rows({"b": [accepted("b")]}, mode="0110")
    with pytest.raises(PlanWrong, match="relaesed") as caught:
        Plan([*odd, *circle], LETTERS)
    assert "0110: b → b wait for each other" in caught.value.parameters["problems"]


def test_a_mode_that_needs_a_connector_which_was_left_out_is_not_served() -> None:
    plan = Plan(ROWS, {kind: authority for kind, authority in OURS.items() if authority != "airport"})
    assert plan.unserved("9610", entry()) == ["airport.waybill"]
    assert Plan(ROWS, OURS).unserved("9610", entry()) == []


# Rows that connectors add.

MANIFEST = """
sdk = "2"
code = "post"
zh = "邮政"
en = "Post"
protocol = "JSON"
edition = "practice"

[[plan]]
kind = "tax.refund"
modes = ["7777", "8888"]
after = ["departed", "accepted:customs.inventory"]

[[plan]]
kind = "customs.inventory"
modes = ["7777"]
"""


def post(folder: Path, more: str = "") -> Connector:
    """A connector of somebody else's."""
    (folder / "manifest.toml").write_text(MANIFEST + more, "utf-8")

    class Post(Connector):
        manifest = read_manifest(folder / "manifest.toml")
        codes = Codes({})

    return Post({})


def joined(*more: Connector) -> Plan:
    asked, classes, _ = settings_of_connectors()
    settings = read_settings({}, None, asked)
    connectors = {code: connector(settings.of_connector(code)) for code, connector in classes.items()}
    return build_desk(connectors | {one.code: one for one in more}, lambda: datetime.now(UTC), uuid4).plan


def test_the_rows_of_a_connector_join_the_hubs(tmp_path: Path) -> None:
    ours, plan = joined(), joined(post(tmp_path))
    refund = PlanRow("7777", "tax.refund", ("departed", "accepted:customs.inventory"))
    assert plan.due("7777", entry()) == [refund, PlanRow("7777", "customs.inventory")]
    assert [row.kind for row in plan.due("8888", entry())] == ["tax.refund"]
    assert plan.due("9610", entry()) == ours.due("9610", entry()) != []
    assert plan.modes() - ours.modes() == {"7777", "8888"}
    assert plan.authorities == ours.authorities


def test_a_connector_may_not_make_papers_wait_for_each_other(tmp_path: Path) -> None:
    circular = '\n[[plan]]\nkind = "customs.inventory"\nmodes = ["8888"]\nafter = ["accepted:tax.refund"]\n'
    with pytest.raises(PlanWrong, match=r"8888: tax\.refund → customs\.inventory → tax\.refund"):
        joined(post(tmp_path, circular))


def test_what_a_manifest_announces_is_built(tmp_path: Path) -> None:
    announced = '\n[submissions."post.parcel"]\nzh = "邮件"\nen = "Parcel"\nnormal = "1h"\n'
    with pytest.raises(ManifestError, match=r"post: submissions in manifest.toml and in the code differ: post\.parcel"):
        post(tmp_path, announced)
