"""The plan of papers: what is due when, what a connector adds, and what is refused before anything starts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from connectors.sdk import Codes, Connector, ManifestError
from connectors.sdk.manifest import read_manifest
from connectors.sdk.states import MILESTONES, accepted
from hub.app import settings_of_connectors
from hub.dossiers.anchors import Anchor
from hub.entry.what_is_typed import typed
from hub.errors import PlanWrong
from hub.papers.joining import build_desk, join_plans, refuse_clashes
from hub.papers.plan import Days, Plan, PlanRow
from hub.papers.plan_sheets import plan_rows, read_sheets
from hub.settings import read_settings
from tests.support.deciding import desk
from tests.support.together import together

AIR = {"transport.wish": "air"}
LETTERS = dict.fromkeys("abcd", "somebody")
TODAY = Days(date(2026, 1, 9), {})


def ours() -> Plan:
    return desk().plan


def rows(waits: dict[str, Iterable[str]], mode: str = "9610") -> list[PlanRow]:
    """One row for each kind, with what it waits for."""
    return [PlanRow(mode, kind, tuple(after)) for kind, after in waits.items()]


def plan_of(rows: Iterable[PlanRow]) -> Plan:
    return Plan(rows, desk().kinds, LETTERS)


def due(plan: Plan, mode: str, entry: dict[str, Any], days: Days = TODAY) -> list[str]:
    return [row.kind for row in plan.due(mode, entry, days)]


def entry(wish: str = "air", flag: str = "B", place: str = "CNCGO") -> dict[str, Any]:
    return {"transport": {"wish": wish, "from": place}, "statisticsFlag": flag}


def test_the_papers_of_a_parcel_by_air() -> None:
    plan = ours()
    assert due(plan, "9610", entry()) == [
        "customs.order", "customs.receipt", "customs.waybill", "customs.inventory", "airport.waybill",
        "customs.waybill_list", "customs.departure", "customs.summary", "tax.refund", "forex.declaration",
    ]  # fmt: skip
    left_out = {"customs.summary", "tax.refund"}  # without a summary there is no entry id, and no refund
    assert due(plan, "9610", entry(flag="A")) == [kind for kind in due(plan, "9610", entry()) if kind not in left_out]
    assert due(plan, "9999", entry()) == []


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
    (row,) = [one for one in ours().due(mode, entry(), TODAY) if one.kind == kind]
    assert set(row.after) == WAITS[mode, kind]


def test_what_customs_compared_with_an_inventory_or_declaration_can_no_longer_be_recalled() -> None:
    kinds = desk().kinds.values()
    assert {one.kind: one.recall_until for one in kinds if one.recall_until is not None} == {
        "customs.order": ("customs.inventory", "customs.declaration"),
        "customs.receipt": ("customs.inventory",),
        "customs.waybill": ("customs.inventory",),
        "customs.waybill_list": ("customs.departure",),  # after 509 nothing leaves
        "forex.declaration": (),  # corrected at any time
    }
    released = {"customs.inventory", "customs.declaration"}
    assert {one.kind for one in kinds if one.final} == released, "released goods are sent back, not cancelled"
    assert ours().ends == {"9810": ("stocked",)}


@pytest.mark.parametrize("mode", sorted(one.mode for one in read_sheets()))
@pytest.mark.parametrize("flag", ["A", "B"])
def test_whatever_a_paper_waits_for_another_paper_of_the_trade_brings(mode: str, flag: str) -> None:
    """Otherwise a trade would be accepted and never end."""
    plan = ours()
    rows = plan.due(mode, entry(flag=flag), TODAY)
    kinds = {row.kind for row in rows}
    awaited = {name: set(plan.bringers(name)) for row in rows for name in row.after}
    assert [name for name, bringers in awaited.items() if bringers and not kinds & bringers] == []


def test_every_milestone_has_somebody_who_brings_it_or_nobody_of_ours() -> None:
    brought = {name: set(ours().bringers(name)) for name in MILESTONES}
    assert {name for name, kinds in brought.items() if not kinds} == {"remittance_matched", "report_number"}
    assert brought["entry_id"] == {"customs.summary", "customs.declaration"}
    assert list(ours().bringers(accepted("customs.order"))) == ["customs.order"]


def test_every_unknown_milestone_is_named() -> None:
    with pytest.raises(PlanWrong) as caught:
        plan_of(rows({"a": ["relaesed", "departed"], "b": [], "c": ["acepted:a"]}))
    told = caught.value.parameters["problems"]
    assert "9610 a waits for the unknown milestone 'relaesed', near to it: released" in told
    assert "9610 c waits for the unknown milestone 'acepted:a', near to it: accepted:a" in told


CIRCLES: dict[str, tuple[dict[str, Iterable[str]], str]] = {
    "itself": ({"a": [accepted("a")]}, "a → a"),
    "two": ({"a": [accepted("b")], "b": [accepted("a")]}, "a → b → a"),
    "three behind another": (
        {"d": [accepted("a")], "a": [accepted("b")], "b": ["report_number", accepted("c")], "c": [accepted("a")]},
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
        plan_of(rows(waits))
    assert caught.value.parameters["problems"] == f"9610: {circle} wait for each other"


def test_a_circle_by_one_of_two_ways_is_a_circle() -> None:
    by_air, by_rail = PlanRow("9610", "a", (accepted("b"),), AIR), PlanRow("9610", "a", (), {"transport.wish": "rail"})
    for two_ways in ([by_air, by_rail], [by_rail, by_air]):
        with pytest.raises(PlanWrong, match="a → b → a"):
            plan_of([*two_ways, *rows({"b": [accepted("a")]})])


def test_papers_that_meet_again_are_no_circle() -> None:
    plan = plan_of(rows({"a": [], "b": [accepted("a")], "c": [accepted("a")], "d": [accepted("b"), accepted("c")]}))
    assert due(plan, "9610", {}) == list("abcd")


def test_a_circle_over_two_modes_is_none_but_each_waits_for_what_its_mode_has() -> None:
    there, back = rows({"a": [accepted("b")], "b": []}), rows({"b": [accepted("a")], "a": []}, mode="0110")
    assert plan_of([*there, *back]).modes() == {"9610", "0110"}
    with pytest.raises(PlanWrong, match="9610 a waits for accepted:b, which no paper of 9610 brings about"):
        plan_of([*rows({"a": [accepted("b")]}), *rows({"b": []}, mode="0110")])


NEVER: dict[str, tuple[list[PlanRow], str]] = {
    "another mode's paper": (
        [PlanRow("9710", "customs.order"), PlanRow("9710", "customs.declaration", (accepted("customs.receipt"),))],
        "9710 customs.declaration waits for accepted:customs.receipt, which no paper of 9710 brings about",
    ),
    "a milestone that nothing brings": (
        [PlanRow("9710", "customs.order", ("released",))],
        "9710 customs.order waits for released, which no paper of 9710 brings about",
    ),
    "a paper of other trades of the mode": (
        [PlanRow("9610", "a", (), {"statisticsFlag": "B"}), PlanRow("9610", "b", (accepted("a"),))],
        "9610 b waits for accepted:a, which no paper of 9610 where statisticsFlag is another brings about",
    ),
    "a paper of the other leg": (
        [
            PlanRow("9610", "a", (), AIR),
            PlanRow("9610", "c", (), {"transport.wish": "rail"}),
            PlanRow("9610", "b", (accepted("a"),)),
        ],
        "9610 b waits for accepted:a, which no paper of 9610 where transport.wish is rail brings about",
    ),
}


@pytest.mark.parametrize(("wrong", "why"), NEVER.values(), ids=NEVER)
def test_a_row_that_would_wait_for_ever_is_refused(wrong: list[PlanRow], why: str) -> None:
    with pytest.raises(PlanWrong) as caught:
        plan_of(wrong)
    assert caught.value.parameters["problems"] == why


def test_a_paper_of_which_there_is_one_for_each_leg_is_waited_for_by_all() -> None:
    legs = [PlanRow("9610", kind, (), {"transport.wish": wish}) for kind, wish in (("a", "air"), ("c", "rail"))]
    carried = [PlanRow("9610", "b", (accepted(one.kind),), one.only) for one in legs]
    assert due(plan_of([*legs, *carried]), "9610", entry("rail")) == ["c", "b"]


@together(
    ("place", "after"),
    [
        ("CNCGO", {"customs.waybill_list": {"released", "accepted:airport.waybill"}, "airport.waybill": {"released"}}),
        (
            "CNLYA",
            {
                "customs.waybill_list": {"accepted:customs.inventory", "accepted:airport.waybill"},
                "airport.waybill": {"accepted:customs.inventory"},
            },
        ),
    ],
)
def test_the_order_of_list_and_release_is_the_office_s(place: str, after: dict[str, set[str]]) -> None:
    rows = ours().due("9610", entry(place=place), TODAY)
    assert {row.kind: set(row.after) for row in rows if row.kind in after} == after


# The day that decides.

OLD = PlanRow("9610", "a", until=date(2024, 12, 14), anchor=Anchor.DECLARED)
NEW = PlanRow("9610", "a", ("released",), since=date(2024, 12, 15), anchor=Anchor.DECLARED)
BRINGS = PlanRow("9610", "customs.inventory")


@together(
    ("declared", "today", "after"),
    {
        "declared before": (date(2024, 12, 14), date(2026, 1, 1), ()),
        "declared on the day": (date(2024, 12, 15), date(2026, 1, 1), ("released",)),
        "not declared yet: today's law": (None, date(2024, 12, 20), ("released",)),
        "not declared yet, on an earlier day": (None, date(2024, 12, 1), ()),
    }.values(),
)
def test_a_trade_keeps_the_law_of_its_day(declared: date | None, today: date, after: tuple[str, ...]) -> None:
    days = Days(today, {Anchor.DECLARED: declared} if declared else {})
    (row,) = [one for one in plan_of([OLD, NEW, BRINGS]).due("9610", {}, days) if one.kind == "a"]
    assert row.after == after


def test_a_row_that_lapsed_is_known_as_such() -> None:
    plan = plan_of([OLD])
    assert plan.lapsed("9610", {}, Days(date(2025, 1, 1), {})) == {"a"}
    assert plan.lapsed("9610", {}, Days(date(2024, 1, 1), {})) == set()
    assert plan_of([OLD, NEW, BRINGS]).lapsed("9610", {}, Days(date(2025, 1, 1), {})) == set()


@together(
    ("one", "other"),
    {
        "the same": (PlanRow("9610", "a"), PlanRow("9610", "a", ("released",))),
        "some trades are in both": (PlanRow("9610", "a", only=AIR), PlanRow("9610", "a")),
        "some days are in both": (OLD, PlanRow("9610", "a", since=date(2024, 12, 14), anchor=Anchor.DECLARED)),
    }.values(),
)
def test_two_rows_of_one_paper_are_told_apart(one: PlanRow, other: PlanRow) -> None:
    with pytest.raises(PlanWrong, match="9610 a stands twice"):
        plan_of([one, other, BRINGS])


# Files of plans.

SHEET = """
mode = "9710"
direction = "export"

[[row]]
paper = "customs.order"
since = 2021-07-01
anchor = "declared"
source = "海关总署公告2021年第47号"
"""
SHEETS_WRONG: dict[str, tuple[str, str, str]] = {
    "unknown anchor": ('"declared"', '"shipped"', "row.0.anchor: Must be one of: entered, declared"),
    "dates without an anchor": ('anchor = "declared"\n', "", "row.0.anchor: whose day decides?"),
    "a date as text": ("2021-07-01", '"2021"', "row.0.since: a day such as 2021-07-01"),
    "ends before it begins": ("anchor =", "until = 2020-01-01\nanchor =", "row.0.until: it ends before it begins"),
    "no source": ('source = "海关总署公告2021年第47号"', "", "row.0.source: Missing data"),
    "paper and role": ("paper =", 'role = "refund"\npaper =', "row.0.paper: write paper or role"),
    "neither paper nor role": ('paper = "customs.order"', "", "row.0.paper: write paper or role"),
    "unknown key": ("paper =", 'before = "x"\npaper =', "row.0.before: Unknown field"),
    "unknown direction": ('"export"', '"out"', "direction: Must be one of: export, import"),
    "another mode than its name": ('"9710"', '"9810"', "it is the plan 9810-export; name it so"),
    "not TOML": ("[[row]]", "[[row", "not TOML"),
}


@pytest.mark.parametrize(("right", "wrong", "why"), SHEETS_WRONG.values(), ids=SHEETS_WRONG)
def test_what_is_wrong_with_a_plan_is_named_with_its_row(tmp_path: Path, right: str, wrong: str, why: str) -> None:
    assert right in SHEET
    file = tmp_path / "9710-export.toml"
    file.write_text(SHEET.replace(right, wrong, 1), "utf-8")
    with pytest.raises(PlanWrong) as caught:
        read_sheets(tmp_path)
    told = caught.value.parameters["problems"]
    assert why in told
    assert str(file) in told


def test_a_role_is_the_paper_of_whoever_has_it_and_transport_one_for_each_leg() -> None:
    (sheet,) = [one for one in read_sheets() if one.mode == "9610"]
    made = plan_rows([sheet], desk().kinds)
    listed = [row for row in made if row.kind == "customs.waybill_list" and row.only["transport.from"] == "CNCGO"]
    assert {row.only["transport.wish"]: row.after for row in listed} == {
        "air": ("released", "accepted:airport.waybill"),
        "rail": ("released", "accepted:rail.booking"),
    }
    without = {kind: one for kind, one in desk().kinds.items() if one.code != "tax"}
    assert [row.kind for row in plan_rows([sheet], without) if row.only == {"statisticsFlag": "B"}] == [
        "customs.summary", "refund",
    ]  # fmt: skip


def test_two_papers_of_one_role_are_refused() -> None:
    two = {**desk().kinds, "post.parcel": replace(desk().kinds["rail.booking"], kind="post.parcel")}
    with pytest.raises(PlanWrong, match=r"role transport by rail is claimed by post\.parcel and by rail\.booking"):
        plan_rows(read_sheets(), two)


def test_a_leg_that_nobody_carries_is_not_served() -> None:
    kinds = {kind: one for kind, one in desk().kinds.items() if one.code != "rail"}
    plan = join_plans({code: one for code, one in connectors().items() if code != "rail"}, kinds)
    assert plan.unserved("9610", entry("rail"), TODAY) == ["transport.wish rail"]
    assert plan.unserved("9610", entry("air"), TODAY) == []


def test_everything_wrong_is_said_at_once() -> None:
    odd, circle = rows({"a": ["relaesed"]}), rows({"b": [accepted("b")]}, mode="0110")
    with pytest.raises(PlanWrong, match="relaesed") as caught:
        plan_of([*odd, *circle])
    assert "0110: b → b wait for each other" in caught.value.parameters["problems"]


def test_a_mode_that_needs_a_connector_which_was_left_out_is_not_served() -> None:
    plan = join_plans({code: one for code, one in connectors().items() if code != "airport"}, desk().kinds)
    assert plan.unserved("9610", entry(), TODAY) == ["airport.waybill"]
    assert ours().unserved("9610", entry(), TODAY) == []


# Rows that connectors add.

MANIFEST = """
sdk = "2"
code = "post"
zh = "邮政"
en = "Post"
protocol = "JSON"
edition = "practice"

[[plan]]
kind = "customs.receipt"
modes = ["9710", "9810"]
after = ["accepted:customs.declaration"]
"""


def post(folder: Path, more: str = "") -> type[Connector]:
    """A connector of somebody else's."""
    (folder / "manifest.toml").write_text(MANIFEST + more, "utf-8")

    class Post(Connector):
        manifest = read_manifest(folder / "manifest.toml")
        codes = Codes({})

    return Post


@cache
def connectors() -> dict[str, Connector]:
    asked, classes, _ = settings_of_connectors()
    settings = read_settings({}, None, asked)
    return {code: connector(settings.of_connector(code)) for code, connector in classes.items()}


def joined(*more: type[Connector]) -> Plan:
    together = connectors() | {one.manifest.code: one({}) for one in more}
    return build_desk(together, lambda: datetime.now(UTC), uuid4).plan


def test_the_rows_of_a_connector_join_the_hubs(tmp_path: Path) -> None:
    ours, plan = joined(), joined(post(tmp_path))
    for mode in ("9710", "9810"):
        row = PlanRow(mode, "customs.receipt", ("accepted:customs.declaration",))
        assert plan.due(mode, entry(), TODAY) == [*ours.due(mode, entry(), TODAY), row]
    assert plan.due("9610", entry(), TODAY) == ours.due("9610", entry(), TODAY) != []
    assert plan.authorities == ours.authorities


def test_a_connector_may_not_make_papers_wait_for_each_other(tmp_path: Path) -> None:
    circular = '\n[[plan]]\nkind = "post.a"\nmodes = ["9710"]\nafter = ["accepted:post.a"]\n'
    with pytest.raises(PlanWrong, match=r"9710: post\.a → post\.a wait for each other"):
        joined(post(tmp_path, circular))


ROWS_WRONG: dict[str, tuple[str, str, str]] = {
    "an unknown mode": ('"9810"', '"7777"', "modes: 7777 is not planned; known are 0110, 9610"),
    "an unknown milestone": ("accepted:customs.declaration", "relaesed", "unknown milestone 'relaesed', near to it"),
    "a path that nobody types": (
        "after =", 'only = { "transport.wsh" = "air" }\nafter =',
        "only: nobody types transport.wsh",
    ),
    "a value that nobody types": (
        "after =", 'only = { "transport.wish" = "ship" }\nafter =',
        "only: transport.wish is never 'ship'",
    ),
    "a paper that its mode does not have": (
        "accepted:customs.declaration", "accepted:customs.inventory",
        "9710 customs.receipt waits for accepted:customs.inventory, which no paper of 9710 brings about",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "why"), ROWS_WRONG.values(), ids=ROWS_WRONG)
def test_a_row_that_cannot_be_leaves_out_its_connector(tmp_path: Path, right: str, wrong: str, why: str) -> None:
    classes = {code: type(one) for code, one in connectors().items()}
    refuse_clashes(post(tmp_path), connectors(), classes, typed())
    manifest = tmp_path / "manifest.toml"
    assert right in MANIFEST
    manifest.write_text(MANIFEST.replace(right, wrong, 1), "utf-8")

    class Wrong(Connector):
        codes = Codes({})

    Wrong.manifest = read_manifest(manifest)
    with pytest.raises(ManifestError) as caught:
        refuse_clashes(Wrong, connectors(), classes, typed())
    assert caught.value.text.startswith("post: ")
    assert why in caught.value.text


def test_what_a_manifest_announces_is_built(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    announced = 'zh = "邮件"\nen = "Parcel"\nnormal = "1h"\n[head]\nnumber = "text <- trade:number"\n'
    (tmp_path / "papers" / "parcel.toml").write_text(announced, "utf-8")
    with pytest.raises(ManifestError, match=r"post: kinds in papers/ and in the code differ: post\.parcel"):
        post(tmp_path)({})
