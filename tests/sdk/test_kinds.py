"""`papers/<kind>.toml`: one file says all of one kind of paper; what is wrong with it is said by file, key and rule."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from connectors.sdk import ManifestError
from connectors.sdk.kinds import LineGroup, MilestoneName, PaperKind, read_kinds
from connectors.sdk.papers import FieldSchema
from connectors.sdk.states import MILESTONES
from tests.support.together import together

GOOD = """
zh = "邮件"
en = "Parcel"
normal = "1.5d"
role = "transport"
by = "post"
brings = ["departed", "post.sorted"]
gives = { parcel_number = "parcelNo" }
recall_until = ["customs.inventory"]
final = true
withdraws = true

[milestones."post.sorted"]
zh = "已分拣"
en = "the parcel is sorted"

[head]
number = "text <- trade:number"
weight = "quantity <- computed:gross_weight"
ready_at = "moment?   <-   entry:transport.readyAt"

[lines.contents]
each = "entry:goods"

[lines.contents.fields]
sku = "text <- entry:goods[].sku"

[lines.bags]

[lines.bags.fields]
bag = "count <- line:number"
"""


def read(folder: Path, text: str = GOOD, name: str = "parcel.toml") -> PaperKind:
    (folder / name).write_text(text, "utf-8")
    (kind,) = read_kinds(folder, "post").values()
    return kind


def refused(folder: Path, text: str) -> str:
    """What is said of a file, without its path, which stands in front."""
    with pytest.raises(ManifestError) as caught:
        read(folder, text)
    place = f"{folder / 'parcel.toml'}: "
    assert caught.value.text.startswith(place)
    return caught.value.text.removeprefix(place)


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    kind = read(tmp_path)
    assert (kind.kind, kind.code, kind.name("zh"), kind.name("en")) == ("post.parcel", "post", "邮件", "Parcel")
    assert (kind.normal, kind.of, kind.role, kind.by) == (timedelta(hours=36), "trade", "transport", "post")
    assert (kind.brings, kind.milestones) == (
        ("departed", "post.sorted"), {"post.sorted": MilestoneName("已分拣", "the parcel is sorted")}
    )  # fmt: skip
    assert (kind.gives, kind.recall_until) == ({"parcel_number": "parcelNo"}, ("customs.inventory",))
    assert (kind.final, kind.withdraws) == (True, True)
    assert kind.groups == {
        "contents": LineGroup("goods", {"sku": "entry:goods[].sku"}),
        "bags": LineGroup("", {"bag": "line:number"}),
    }
    assert list(kind.fields()) == [
        ("number", FieldSchema("text"), "trade:number"),
        ("weight", FieldSchema("quantity"), "computed:gross_weight"),
        ("ready_at", FieldSchema("moment", required=False), "entry:transport.readyAt"),
        ("contents[].sku", FieldSchema("text"), "entry:goods[].sku"),
        ("bags[].bag", FieldSchema("count"), "line:number"),
    ]


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    kind = read(tmp_path, 'zh = "邮件"\nen = "Parcel"\nnormal = "1h"\n[head]\nnumber = "text <- trade:number"\n')
    assert (kind.brings, kind.milestones, kind.gives, kind.groups) == ((), {}, {}, {})
    assert (kind.of, kind.role, kind.by, kind.final, kind.withdraws) == ("trade", "", "", False, False)
    assert kind.recall_until is None, "nothing said of it: what the authority has is not changed"


def test_until_nothing_is_not_the_same_as_never(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace('["customs.inventory"]', "[]")).recall_until == ()


def test_without_a_folder_there_are_no_papers(tmp_path: Path) -> None:
    assert read_kinds(tmp_path / "papers", "post") == {}


def test_each_file_is_one_kind_and_other_files_are_none(tmp_path: Path) -> None:
    for name in ("parcel.toml", "letter.toml", "notes.txt"):
        (tmp_path / name).write_text(GOOD, "utf-8")
    assert list(read_kinds(tmp_path, "post")) == ["post.letter", "post.parcel"]


HEAD = GOOD[GOOD.index("[head]") : GOOD.index("[lines.contents]")]
HOW = 'write "type <- source", such as "text <- entry:orderNumber"'
LISTED = "a list of the entry, such as entry:goods"
WRONG: dict[str, tuple[str, str, str]] = {
    "no Chinese name": ('zh = "邮件"', "", "zh: Missing data for required field."),
    "no English name": ('en = "Parcel"', "", "en: Missing data for required field."),
    "no normal time": ('normal = "1.5d"', "", "normal: Missing data for required field."),
    "a word for a time": ('"1.5d"', '"a day"', "normal: 'a day' is no duration; write for example 30s, 15m, 6h or 1d"),
    "an unknown key": ("final = true", "final = true\nlate = true", "late: Unknown field."),
    "a final that is neither": ("final = true", 'final = "half"', "final: Not a valid boolean."),
    "a role in capitals": ('"transport"', '"Transport"', "role: a word of lower-case letters"),
    "of what there is not": ('by = "post"', 'by = "post"\nof = "flight"', "of: Must be one of: trade, "),
    "a key of a line that there is not": (
        'by = "post"', 'by = "post"\nline_key = "contents.skuu"',
        "line_key: 'contents.skuu' is no field of a line; near to it: contents.sku",
    ),
    "an unknown type": ("text <- trade", "string <- trade", f"head.number: {HOW}"),
    "no type": ('"text <- trade:number"', '"trade:number"', f"head.number: {HOW}"),
    "no source": ('"text <- trade:number"', '"text"', f"head.number: {HOW}"),
    "an arrow to nothing": ('"text <- trade:number"', '"text <-"', f"head.number: {HOW}"),
    "a number for a field": ('"text <- trade:number"', "7", f"head.number: {HOW}"),
    "a field in capitals": ("\nnumber =", "\nNumber =", "head.Number: lower-case letters, digits and underscores"),
    "no head": (HEAD, "", "head: Missing data"),
    "no fields": (HEAD, "[head]\n", "head: a paper says something, and each"),
    "lines of what is no list": ('each = "entry:goods"', 'each = "goods"', f"lines.contents.each: {LISTED}"),
    "lines of a field of a list": (
        'each = "entry:goods"', 'each = "entry:goods[].sku"', f"lines.contents.each: {LISTED}"
    ),
    "lines without fields": (
        '[lines.bags.fields]\nbag = "count <- line:number"', "", "lines.bags.fields: Missing data"
    ),
    "lines with no field": ('bag = "count <- line:number"', "", "lines.bags.fields: a paper says something, and each"),
    "a line's field without a source": (
        '"text <- entry:goods[].sku"', '"text"', f"lines.contents.fields.sku: {HOW}"
    ),
    "a milestone that nobody knows": (
        '"departed", "post', '"departet", "post', "brings: 'departet' is no milestone; near to it: departed"
    ),
    "a milestone like none": (
        '"departed", "post', '"xyz", "post',
        f"'xyz' is no milestone; known are {', '.join(sorted({*MILESTONES, 'post.sorted'}))}",
    ),
    "a milestone of its own without names": (
        '"departed", "post', '"post.gone", "post', 'one of your own has its names in [milestones."post.<word>"]'
    ),
    "names of somebody else's milestone": (
        '[milestones."post.sorted"]', '[milestones."rail.sorted"]',
        "milestones: 'rail.sorted' is not its own; write post.<word>",
    ),
    "names of a milestone that it does not bring": (
        'brings = ["departed", "post.sorted"]', 'brings = ["departed"]',
        "milestones: 'post.sorted' does not stand in brings",
    ),
    "a milestone without English": ('en = "the parcel is sorted"', "", "milestones.post.sorted.en: Missing data"),
    "no TOML": ("[head]", "[head", "not TOML: "),
}  # fmt: skip


@together(("right", "wrong", "said"), list(WRONG.values()), ids=WRONG)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in GOOD
    assert said in refused(tmp_path, GOOD.replace(right, wrong, 1))


def test_everything_wrong_with_a_file_is_said_at_once(tmp_path: Path) -> None:
    named = ("no English name", "a word for a time", "an unknown key", "no type", "lines of what is no list")
    text = GOOD
    for name in named:
        text = text.replace(*WRONG[name][:2], 1)
    told = refused(tmp_path, text)
    assert [name for name in named if WRONG[name][2] not in told] == []


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "parcel.toml").write_bytes(b'zh = "\xff"')
    with pytest.raises(ManifestError, match=r"parcel\.toml: cannot be read"):
        read_kinds(tmp_path, "post")
