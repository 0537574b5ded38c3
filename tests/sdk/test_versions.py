"""The page that promises what stays: it names all that the SDK gives, and the version that this hub has."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import connectors.sdk
from connectors.sdk.manifest import MANIFEST_KEYS, SDK_VERSION

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "connector-sdk-versions.md").read_text("utf-8")
CHINESE = PAGE.partition("# Connector SDK:")[0]


def named(beginning: str, end: str) -> list[str]:
    return re.findall(r"`([\w.]+)`", CHINESE.partition(beginning)[2].partition(end)[0])


def test_every_name_is_on_the_page_and_no_other() -> None:
    assert named("给出的名字：", "。\n") == sorted(connectors.sdk.__all__)


def test_every_key_of_a_manifest_is_on_the_page_and_no_other() -> None:
    assert named("`manifest.toml` 的键：", "。\n") == list(MANIFEST_KEYS)


def imported_by_connectors() -> set[str]:
    """Submodules of the SDK that our connectors, the example and the template import."""
    folders = [*(ROOT / "connectors").glob("*"), ROOT / "examples"]
    own = [file for folder in folders if folder.name != "sdk" for file in folder.rglob("*.py")]
    files = [*own, *(ROOT / "connectors" / "sdk" / "scaffold" / "template").rglob("*.tmpl")]
    said = (
        re.findall(r"^(?:from|import) (connectors\.sdk\.\w+)", file.read_text("utf-8"), re.MULTILINE) for file in files
    )
    return {module for found in said for module in found}


def test_the_submodules_are_there_and_nothing_else_is_imported() -> None:
    modules = named("子模块：", "。\n")
    for module in modules:
        importlib.import_module(module)
    assert imported_by_connectors() - {*modules} == {"connectors.sdk.errors"}  # its names are those of the SDK itself


def test_the_version_is_the_one_that_manifests_are_held_to() -> None:
    assert f"**{SDK_VERSION}**" in PAGE
    assert PAGE.count(f'`sdk = "{SDK_VERSION}"`') == 2
