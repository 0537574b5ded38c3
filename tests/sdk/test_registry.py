"""Finding connectors: whatever is wrong with one package, the others are found and the reason is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from connectors.sdk.inside.registry import GROUP, find_connectors

MANIFEST = 'sdk = "2"\ncode = "{code}"\nzh = "铁路"\nen = "Railway"\nprotocol = "JSON"\nedition = "practice"\n'
CONNECTOR = """
from connectors.sdk import Codes, Connector, Manifest

class {name}(Connector):
    manifest = Manifest.beside(__file__)
    codes = Codes({{}})
"""


class Shop:
    """Packages of third parties, as they would be installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.points: list[EntryPoint] = []

    def package(self, name: str, source: str, offers: str, manifest: str | None = None) -> None:
        home = self.folder / f"made_by_{name}"
        home.mkdir()
        (home / "__init__.py").write_text(source, "utf-8")
        if manifest is not None:
            (home / "manifest.toml").write_text(manifest, "utf-8")
        self.points.append(EntryPoint(name, f"made_by_{name}:{offers}", GROUP))

    def sound(self, name: str, code: str) -> None:
        self.package(name, CONNECTOR.format(name="Rail"), "Rail", MANIFEST.format(code=code))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Shop(tmp_path)
    for name in [name for name in sys.modules if name.startswith("made_by_")]:
        del sys.modules[name]


BROKEN = {
    "raises at import": ("raise RuntimeError('no licence')", "Rail", None, "RuntimeError: no licence"),
    "is no Python": ("class Rail(:", "Rail", None, "SyntaxError"),
    "needs what is not installed": ("import not_installed_anywhere", "Rail", None, "ModuleNotFoundError"),
    "lacks what it offers": ("", "Rail", None, "AttributeError"),
    "offers a number": ("Rail = 1", "Rail", None, "no subclass of connectors.sdk.Connector"),
    "offers another class": ("class Rail: pass", "Rail", None, "no subclass of connectors.sdk.Connector"),
    "offers a function": ("def Rail(): pass", "Rail", None, "no subclass of connectors.sdk.Connector"),
    "has no manifest": (CONNECTOR.format(name="Rail"), "Rail", None, "there is no manifest.toml"),
    "has a wrong manifest": (
        CONNECTOR.format(name="Rail"),
        "Rail",
        'sdk = "9"',
        "sdk: 9 is not the SDK of this hub",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_package_is_left_out_with_the_reason_and_the_others_are_found(shop: Shop, broken: str) -> None:
    source, offers, manifest, why = BROKEN[broken]
    shop.sound("air", code="air")
    shop.package("broken", source, offers, manifest)
    shop.sound("sea", code="sea")
    found, left_out = find_connectors(shop.points)
    assert set(found) == {"air", "sea"}
    (error,) = left_out
    assert why in error.text
    assert "made_by_broken" in error.text


def test_of_two_with_the_same_code_neither_is_used_in_whatever_order_they_are_found(shop: Shop) -> None:
    shop.sound("zebra", code="rail")
    shop.sound("ant", code="rail")
    shop.sound("sea", code="sea")
    for points in (shop.points, shop.points[::-1]):
        found, left_out = find_connectors(points)
        assert set(found) == {"sea"}
        why = "the name 'rail' is taken by made_by_ant:Rail and by made_by_zebra:Rail; none of them is used until"
        assert [error.text.partition(": ")[0] for error in left_out] == ["made_by_ant:Rail", "made_by_zebra:Rail"]
        assert all(why in error.text for error in left_out)


def test_a_name_is_as_good_as_a_code_and_the_same_package_twice_is_one(shop: Shop) -> None:
    shop.sound("ant", code="bee")
    shop.sound("bee", code="wasp")
    shop.sound("sea", code="sea")
    found, left_out = find_connectors([*shop.points, shop.points[2]])
    assert (set(found), len(left_out)) == ({"sea"}, 2)


def test_all_that_are_left_out_are_told_at_once(shop: Shop) -> None:
    for number, (source, offers, manifest, _) in enumerate(BROKEN.values()):
        shop.package(f"broken{number}", source, offers, manifest)
    found, left_out = find_connectors(shop.points)
    assert found == {}
    assert len(left_out) == len(BROKEN)


def test_the_connectors_of_the_hub_are_found_like_anybodys() -> None:
    found, left_out = find_connectors()
    assert left_out == []
    assert {"airport", "customs", "forex", "tax"} <= set(found)
    assert {code: connector.manifest.code for code, connector in found.items()} == {code: code for code in found}
