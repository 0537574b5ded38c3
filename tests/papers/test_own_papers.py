"""Papers of a connector's own: declared in its manifest, derived like the hub's, and refused where they cannot be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from connectors.sdk import Connector, ManifestError
from connectors.sdk.manifest import read_manifest
from connectors.sdk.states import Codes
from hub.entry.paths import typed_paths
from hub.papers.joining import build_desk, own_derivations, refuse_clashes

MANIFEST = """
sdk = "2"
code = "post"
zh = "邮政"
en = "Post"
protocol = "JSON"
edition = "practice"

[submissions."post.parcel"]
zh = "邮件"
en = "Parcel"
normal = "1h"
head = "number weight:quantity"
lines = { contents = "sku quantity:quantity" }

[submissions."post.parcel".sources]
number = "trade:number"
weight = "computed:gross_weight"
"contents[]" = "goods"
"contents[].sku" = "entry:goods[].sku"
"contents[].quantity" = "entry:goods[].quantity"

[[plan]]
kind = "post.parcel"
modes = ["9610"]
after = ["released"]
only = { "transport.wish" = "post" }
"""


def post(folder: Path, manifest: str = MANIFEST) -> type[Connector]:
    file = folder / "manifest.toml"
    file.write_text(manifest, "utf-8")

    class Post(Connector):
        manifest = read_manifest(file)
        codes = Codes({})

        def _compare(self, what: str, declared: set[str], built: set[str]) -> None:
            """The document itself is not what is tested here."""

    return Post


def test_a_declared_paper_joins_plan_sheets_and_schemas(tmp_path: Path) -> None:
    desk = build_desk({"post": post(tmp_path)({})}, lambda: datetime.now(UTC), uuid4)
    assert "post.parcel" in [row.kind for row in desk.plan.due("9610", {"transport": {"wish": "post"}})]
    assert "post.parcel" not in [row.kind for row in desk.plan.due("9610", {"transport": {"wish": "air"}})]
    sheet, schema = desk.derivations["post.parcel"], desk.schemas["post.parcel"]
    assert {name: source.text for name, source in sheet.head.items()} == {
        "number": "trade:number",
        "weight": "computed:gross_weight",
    }
    assert sheet.groups["contents"].each == "goods"
    assert set(sheet.groups["contents"].fields) == set(schema.lines["contents"]) == {"sku", "quantity"}
    assert schema.head["weight"].type == "quantity"
    assert "entry:goods[].sku".removeprefix("entry:") in sheet.entry_paths()  # mending it means a new version


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ('weight = "computed:gross_weight"\n', "", "sources: fields and sources differ: weight"),
        ('number = "trade:number"', 'nummer = "trade:number"', "fields and sources differ: number, nummer"),
        ('"contents[]" = "goods"\n', "", "fields and sources differ: contents[]"),
        ("weight:quantity", "weight:kilos", "head: write name:type pairs"),
    ],
)
def test_fields_and_sources_that_differ_are_named(tmp_path: Path, right: str, wrong: str, why: str) -> None:
    with pytest.raises(ManifestError) as caught:
        post(tmp_path, MANIFEST.replace(right, wrong, 1))
    assert "submissions.post.parcel." in caught.value.text
    assert why in caught.value.text


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("trade:number", "trad:number", "post: .*unknown source 'trad:number'"),
        ("computed:gross_weight", "computed:grosweight", "post: .*unknown computation 'grosweight'"),
        ("post.parcel", "tax.refund", "post: the hub knows the fields of tax.refund itself"),
    ],
)
def test_a_paper_that_cannot_be_derived_leaves_its_connector_out(
    tmp_path: Path, right: str, wrong: str, why: str
) -> None:
    refuse_clashes(post(tmp_path), {}, typed_paths())
    with pytest.raises(ManifestError, match=why):
        refuse_clashes(post(tmp_path, MANIFEST.replace(right, wrong)), {}, typed_paths())


def test_without_a_declaration_there_are_no_sheets(tmp_path: Path) -> None:
    assert own_derivations(post(tmp_path, MANIFEST[: MANIFEST.index("[submissions")]).manifest) == {}


def test_a_paper_that_reads_what_nobody_types_leaves_its_connector_out(tmp_path: Path) -> None:
    """The nearest that there is stands in the error: without it, each trade would be asked for what it cannot have."""
    wrong = MANIFEST.replace("trade:number", "entry:transport.readyAtt")
    with pytest.raises(ManifestError, match=r"entry:transport\.readyAtt, which nobody types; near to it: .*readyAt"):
        refuse_clashes(post(tmp_path, wrong), {}, typed_paths())
