"""The page that promises what stays: it names all that the SDK gives, and the version that this hub has."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import connectors.sdk
from connectors.sdk.manifest import MANIFEST_KEYS, SDK_VERSION

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "connector-sdk-versions.md").read_text("utf-8")
CHINESE = PAGE.partition("# Connector SDK:")[0]


def named(beginning: str, end: str) -> list[str]:
    return re.findall(r"`([\w.]+)`", CHINESE.partition(beginning)[2].partition(end)[0])


def test_every_name_is_on_the_page_and_no_other() -> None:
    assert named("给出的名字：", "。\n") == sorted(connectors.sdk.__all__)


def test_every_key_of_a_manifest_is_on_the_page_and_no_other() -> None:
    assert named("`manifest.toml` 的键：", "。\n") == list(MANIFEST_KEYS)


def test_the_submodules_are_there() -> None:
    modules = named("子模块：", "。\n")
    assert len(modules) == 12
    for module in modules:
        importlib.import_module(module)


def test_the_version_is_the_one_that_manifests_are_held_to() -> None:
    assert f"**{SDK_VERSION}**" in PAGE
    assert PAGE.count(f'`sdk = "{SDK_VERSION}"`') == 2
