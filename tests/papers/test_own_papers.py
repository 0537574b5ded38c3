"""Papers of a connector's own: declared beside it, derived like any other, and refused where they cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from connectors.sdk import Connector, ManifestError
from connectors.sdk.inside.registry import find_connectors
from connectors.sdk.manifest import read_manifest
from connectors.sdk.states import Codes
from connectors.sdk.working_out import Lacks, WorkedOut, reads
from hub.entry.what_is_typed import typed
from hub.papers.derivation import Derived, derive
from hub.papers.desk import Desk
from hub.papers.joining import build_desk, refuse_clashes
from hub.papers.plan import Days
from tests.support.dossiers import dossier, with_event
from tests.support.together import together

TODAY = Days(date(2026, 1, 9), {})
MANIFEST = """
sdk = "2"
code = "post"
zh = "邮政"
en = "Post"
protocol = "JSON"
edition = "practice"

[[plan]]
kind = "post.parcel"
modes = ["9610"]
after = ["released"]
only = { "transport.wish" = "rail", platform = "豫品优选" }
"""
PARCEL = """
zh = "邮件"
en = "Parcel"
normal = "1h"

[head]
number = "text <- trade:number"
weight = "quantity <- computed:gross_weight"
label = "text? <- computed:label"

[lines.contents]
each = "entry:goods"

[lines.contents.fields]
sku = "text <- entry:goods[].sku"
quantity = "quantity <- entry:goods[].quantity"
"""


@reads(order="entry:orderNumber", parcel="entry:parcelNumber?", names="entry:goods[].name.en")
def label(order: str, parcel: str | None, names: list[str]) -> str:
    """What stands on the parcel."""
    if order == "none":
        raise Lacks("label:none", "orderNumber")
    return f"{order} {parcel or '-'} {', '.join(names)}"


def post(
    folder: Path,
    parcel: str = PARCEL,
    manifest: str = MANIFEST,
    works: Mapping[str, WorkedOut] | None = None,
    **more: str,
) -> type[Connector]:
    """A connector with this paper, and others by name."""
    (folder / "papers").mkdir(exist_ok=True)
    for name, text in {"parcel": parcel, **more}.items():
        (folder / "papers" / f"{name}.toml").write_text(text, "utf-8")
    file = folder / "manifest.toml"
    file.write_text(manifest, "utf-8")

    class Post(Connector):
        manifest = read_manifest(file)
        codes = Codes({})
        computations = {"label": label} if works is None else works

        def _compare(self, what: str, declared: set[str], built: set[str]) -> None:
            """The document itself is not what is tested here."""

    return Post


def joined(connector: type[Connector]) -> Desk:
    return build_desk({"post": connector({})}, lambda: datetime.now(UTC), uuid4, classes=find_connectors()[0])


def refusal(connector: type[Connector]) -> str:
    with pytest.raises(ManifestError) as caught:
        refuse_clashes(connector, {}, find_connectors()[0], typed())
    assert caught.value.text.startswith("post: ")
    return caught.value.text


def derived(connector: type[Connector], kind: str = "post.parcel", **changes: Any) -> Derived:
    return derive(joined(connector).derivations[kind], dossier(**changes))


def evidence(of: Derived) -> dict[str, tuple[str, str]]:
    return {one["name"]: (one["value"], one["source"]) for one in of.evidence}


def test_a_declared_paper_joins_plan_kinds_and_derivations(tmp_path: Path) -> None:
    desk = joined(post(tmp_path))
    assert "post.parcel" in [
        row.kind for row in desk.plan.due("9610", {"transport": {"wish": "rail"}, "platform": "豫品优选"}, TODAY)
    ]
    assert "post.parcel" not in [
        row.kind for row in desk.plan.due("9610", {"transport": {"wish": "rail"}, "platform": "Amazon"}, TODAY)
    ]
    derivation = desk.derivations["post.parcel"]
    assert derivation.schema is desk.kinds["post.parcel"].schema
    assert derivation.groups["contents"].each == "goods"
    assert "goods[].sku" in derivation.entry_paths(), "mending it means a new version"


# Computations of its own


def test_a_value_is_worked_out_of_what_the_function_says_it_reads(tmp_path: Path) -> None:
    goods = [{"sku": "A", "name": {"zh": "甲", "en": "a"}}, {"sku": "B", "name": {"zh": "乙", "en": "b"}}]
    told = derived(post(tmp_path), goods=goods, parcelNumber="EMS1")
    assert told.missing == []
    assert evidence(told)["label"] == ("O-1 EMS1 a, b", "computed:label")
    assert evidence(derived(post(tmp_path), goods=goods))["label"][0] == "O-1 - a, b", "what may be missing is None"
    reach = joined(post(tmp_path)).derivations["post.parcel"].head["label"].entry_paths
    assert set(reach) == {"orderNumber", "parcelNumber", "goods[].name.en"}


def test_what_a_value_needs_and_nobody_knows_is_asked_for_at_its_place(tmp_path: Path) -> None:
    of = post(tmp_path, PARCEL.replace("text? <- computed:label", "text <- computed:label"))
    ((lacking,), (asked,)) = (derived(of, goods=[{"sku": "A"}], orderNumber=one).missing for one in (None, "none"))
    assert (lacking.name, lacking.what, lacking.path) == ("label", "orderNumber", "")
    assert (asked.name, asked.what, asked.path) == ("label", "label:none", "orderNumber")
    (optional,) = derived(post(tmp_path), goods=[{"sku": "A"}], orderNumber="none").missing
    assert optional.path == "orderNumber", "what only a person can say is asked for, mandatory or not"


def test_a_function_that_gives_nothing_leaves_its_field_out(tmp_path: Path) -> None:
    of = post(tmp_path, works={"label": reads(order="entry:orderNumber")(lambda order: None)})
    told = derived(of, goods=[{"sku": "A"}])
    assert "label" not in told.head
    assert told.missing == []


def test_one_computation_may_read_another(tmp_path: Path) -> None:
    twice = reads(once="computed:label")(lambda once: f"{once} / {once}")
    parcel = PARCEL.replace("computed:label", "computed:twice")
    told = derived(post(tmp_path, parcel, works={"label": label, "twice": twice}), goods=[{"sku": "A"}])
    assert told.head["label"] == "O-1 - wig / O-1 - wig"


WORKS: dict[str, tuple[dict[str, WorkedOut], str]] = {
    "a name that the hub has": (
        {"label": label, "gross_weight": reads(order="entry:orderNumber")(lambda order: "1")},
        "computed:gross_weight is the hub's own; give yours another name",
    ),
    "a parameter from nowhere": (
        {"label": reads(order="entri:orderNumber")(lambda order: order)},
        "unknown source 'entri:orderNumber'; known are entry, registration",
    ),
    "a parameter of another connector's": (
        {"label": reads(kind="computed:order_type")(lambda kind: kind)},
        "unknown source 'computed:order_type'; near to it",
    ),
    "a parameter that nobody types": (
        {"label": reads(order="entry:orderNumbr?")(lambda order: order)},
        "post.parcel reads entry:orderNumbr, which nobody types; near to it: orderNumber",
    ),
    "a function that reads itself": (
        {"label": reads(order="computed:label")(lambda order: order)},
        "computed:label reads itself: label → label",
    ),
    "two that read each other": (
        {"label": reads(one="computed:mark")(lambda one: one), "mark": reads(one="computed:label?")(lambda one: one)},
        "computed:label reads itself: label → mark → label",
    ),
    "none of that name": ({}, "unknown source 'computed:label'; near to it"),
}


@pytest.mark.parametrize(("works", "said"), WORKS.values(), ids=WORKS)
def test_a_computation_that_cannot_be_leaves_its_connector_out(
    tmp_path: Path, works: dict[str, WorkedOut], said: str
) -> None:
    assert said in refusal(post(tmp_path, works=works))


# Facts


CLAIM = """
zh = "索赔"
en = "Claim"
normal = "1h"

[head]
entry_id = "text <- fact:entry_id"
"""


@pytest.mark.parametrize("giver", ["customs.declaration", "customs.summary"])
def test_a_fact_is_that_of_whichever_paper_gave_it_and_the_evidence_says_which(tmp_path: Path, giver: str) -> None:
    derivation = joined(post(tmp_path, claim=CLAIM)).derivations["post.claim"]
    (missing,) = derive(derivation, dossier()).missing
    assert missing.what == "fact:entry_id"
    known = with_event(dossier(), giver, answers={"entryId": "460420260000000001"})
    told = derive(derivation, known)
    assert evidence(told)["entry_id"] == ("460420260000000001", f"fact:entry_id ({giver} entryId)")


def test_its_paper_gives_facts_to_others_and_to_itself(tmp_path: Path) -> None:
    gives = PARCEL.replace('normal = "1h"', 'normal = "1h"\ngives = { parcel_code = "code" }')
    desk = joined(post(tmp_path, gives, claim=CLAIM.replace("fact:entry_id", "fact:parcel_code")))
    known = with_event(dossier(), "post.parcel", answers={"code": "EMS1"})
    assert derive(desk.derivations["post.claim"], known).head == {"entry_id": "EMS1"}


# What cannot be


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("trade:number", "trad:number", "unknown source 'trad:number'; known are entry"),
        ("trade:number", "fact:entry_idd", "unknown source 'fact:entry_idd'; near to it: fact:entry_id"),
        ("trade:number", "tariff:unit9", "unknown source 'tariff:unit9'; near to it: tariff:unit"),
        (
            "trade:number",
            "registration:nameEn",
            "unknown source 'registration:nameEn'; near to it: registration:name_en",
        ),
        ("computed:gross_weight", "computed:grosweight", "near to it: computed:gross_weight"),
        ("trade:number", "entry:transport.readyAtt", "reads entry:transport.readyAtt, which nobody types; near to it"),
    ],
)
def test_a_paper_that_cannot_be_derived_leaves_its_connector_out(
    tmp_path: Path, right: str, wrong: str, why: str
) -> None:
    refuse_clashes(post(tmp_path), {}, find_connectors()[0], typed())
    assert why in refusal(post(tmp_path, PARCEL.replace(right, wrong)))


ROWS = {
    "a kind that nobody declares": (
        "post.parcel",
        "post.parcels",
        "manifest.toml: plan.0: post.parcels: kind: nobody declares post.parcels; near to it: post.parcel",
    ),
    "a mode that is not planned": ('["9610"]', '["9610", "9611"]', "modes: 9611 is not planned; known are"),
    "a path that nobody types": (
        "transport.wish",
        "transport.wishes",
        "only: nobody types transport.wishes; near to it: transport.wish",
    ),
    "a path with fields inside": (
        "transport.wish",
        "transport",
        "only: transport is never 'rail': there are fields inside it",
    ),
    "a path of a list": (
        "transport.wish",
        "goods[].sku",
        "only: goods[].sku is never 'rail': it has one for each line",
    ),
    "a value that it never has": (
        '"rail"',
        '"ship"',
        "only: transport.wish is never 'ship': does not fit: one of: air, rail",
    ),
    "a number that is none": ('"transport.wish" = "rail"', 'packages = "many"', "only: packages is never 'many': "),
}


@together(("right", "wrong", "said"), list(ROWS.values()), ids=ROWS)
def test_a_row_that_could_never_be_leaves_its_connector_out(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in MANIFEST
    assert said in refusal(post(tmp_path, manifest=MANIFEST.replace(right, wrong, 1)))
