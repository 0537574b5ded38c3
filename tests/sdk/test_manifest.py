"""`manifest.toml`: everything that is wrong with one is said at once, key by key, with the file to mend."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.sdk import Manifest, ManifestError
from connectors.sdk.inside.toml_files import read_duration
from connectors.sdk.manifest import JobSpec, PlanSpec, SettingSpec, read_manifest
from tests.support.together import together

GOOD = """
sdk = "2"
code = "rail_2"
zh = "铁路"
en = "Railway"
protocol = "JSON over HTTP"
edition = "practice"

[settings.base_url]
help = "Address"
default = "http://127.0.0.1:8104"

[settings.token]
help = "Key"
secret = true

[timeouts]
read = "1500ms"
total = "2m"

[streams.trains]
every = "15m"
promise = "6h"

[send]
every = "20s"
promise = "5m"

[[plan]]
kind = "rail.booking"
modes = ["9610", "0110"]
after = ["released", "accepted:customs.inventory"]
"""


@pytest.fixture
def manifest_file(tmp_path: Path) -> Path:
    file = tmp_path / "manifest.toml"
    file.write_text(GOOD, "utf-8")
    return file


def test_a_whole_manifest_is_read(manifest_file: Path) -> None:
    manifest = Manifest.beside(str(manifest_file.with_name("connector.py")))
    assert (manifest.code, manifest.zh, manifest.en) == ("rail_2", "铁路", "Railway")
    assert manifest.settings == {
        "base_url": SettingSpec("Address", "http://127.0.0.1:8104"),
        "token": SettingSpec("Key", None, secret=True),
    }
    times = (manifest.connect_timeout, manifest.read_timeout, manifest.total_timeout)
    assert times == (timedelta(seconds=3), timedelta(seconds=1.5), timedelta(minutes=2))
    assert manifest.streams == {"trains": JobSpec(timedelta(minutes=15), timedelta(hours=6))}
    assert manifest.send == JobSpec(timedelta(seconds=20), timedelta(minutes=5))
    assert manifest.plan == [PlanSpec("rail.booking", ["9610", "0110"], ["released", "accepted:customs.inventory"])]


def test_what_is_left_out_has_its_default(manifest_file: Path) -> None:
    manifest_file.write_text(GOOD[: GOOD.index("[settings")], "utf-8")
    manifest = read_manifest(manifest_file)
    assert (manifest.settings, manifest.streams, manifest.papers, manifest.plan) == ({}, {}, {}, [])
    assert manifest.send is None
    times = (manifest.connect_timeout, manifest.read_timeout, manifest.total_timeout)
    assert times == (timedelta(seconds=3), timedelta(seconds=20), timedelta(seconds=60))


UNIT = "is no duration; write for example 30s, 15m, 6h or 1d"
WRONG: dict[str, tuple[str, str, str, str]] = {
    "another SDK": ('sdk = "2"', 'sdk = "1"', "sdk", "1 is not the SDK of this hub, which is 2"),
    "SDK as a number": ('sdk = "2"', "sdk = 2", "sdk", "string"),
    "no SDK": ('sdk = "2"', "", "sdk", "required"),
    "code in capitals": ("rail_2", "Rail", "code", "lower-case"),
    "code with a dot": ("rail_2", "rail.2", "code", "lower-case"),
    "code of the hub's own": ("rail_2", "hub", "code", "hub is the hub's own name for its work"),
    "no Chinese name": ('zh = "铁路"', "", "zh", "required"),
    "no protocol": ('protocol = "JSON over HTTP"', "", "protocol", "required"),
    "edition as a number": ('"practice"', "2026", "edition", "string"),
    "unknown key": ('zh = "铁路"', 'zh = "铁路"\nauthor = "me"', "author", "Unknown"),
    "setting in capitals": ("settings.token", "settings.Token", "settings.Token", "lower-case"),
    "setting without help": ('help = "Key"', "", "settings.token", "required"),
    "setting half secret": ("secret = true", 'secret = "half"', "settings.token", "boolean"),
    "setting with an unknown key": ("secret = true", "hidden = true", "settings.token", "Unknown"),
    "time-out without unit": ('"1500ms"', '"1500"', "timeouts.read", UNIT),
    "unknown time-out": ("total =", "whole =", "timeouts.whole", "Unknown"),
    "stream in capitals": ("streams.trains", "streams.Trains", "streams.Trains", "lower-case"),
    "stream without promise": ('promise = "6h"', "", "streams.trains", "required"),
    "stream every week": ('"15m"', '"1w"', "streams.trains", UNIT),
    "stream as text": ("[streams.trains]", "[streams]\ntrains = 'often'\n[send.x]", "streams.trains", "Invalid"),
    "sending every number": ('"20s"', "20", "send.every", UNIT),
    "sending with an unknown key": ('"20s"', '"20s"\nbatch = 5', "send.batch", "Unknown"),
    "papers, which stand in files of their own": ("[send]", "[papers]\n[send]", "papers", "Unknown"),
    "plan without kind": ('kind = "rail.booking"', "", "plan.0.kind", "required"),
    "plan with one mode as text": ('["9610", "0110"]', '"9610"', "plan.0.modes", "list"),
    "plan with a mode as number": ('["9610", "0110"]', '["9610", 110]', "plan.0.modes.1", "string"),
    "plan with an unknown key": ('kind = "rail', 'unless = "air"\nkind = "rail', "plan.0.unless", "Unknown"),
}


@pytest.mark.parametrize(("right", "wrong", "path", "why"), WRONG.values(), ids=WRONG)
def test_a_wrong_key_is_named_with_its_path(manifest_file: Path, right: str, wrong: str, path: str, why: str) -> None:
    assert right in GOOD
    manifest_file.write_text(GOOD.replace(right, wrong, 1), "utf-8")
    with pytest.raises(ManifestError) as caught:
        read_manifest(manifest_file)
    assert caught.value.text.startswith(f"{manifest_file}: ")
    assert re.search(rf"{re.escape(path)}[^;]*: [^;]*{re.escape(why.partition(';')[0])}", caught.value.text)


TOGETHER = (
    "another SDK",
    "code in capitals",
    "no protocol",
    "unknown key",
    "setting half secret",
    "unknown time-out",
    "stream every week",
    "sending with an unknown key",
    "plan with an unknown key",
)


def test_everything_wrong_is_in_one_error(manifest_file: Path) -> None:
    text = GOOD
    for name in TOGETHER:
        right, wrong, _, _ = WRONG[name]
        assert right in text
        text = text.replace(right, wrong, 1)
    manifest_file.write_text(text, "utf-8")
    with pytest.raises(ManifestError) as caught:
        read_manifest(manifest_file)
    told = caught.value.text.removeprefix(f"{manifest_file}: ")
    assert [name for name in TOGETHER if WRONG[name][2] not in told] == []


@pytest.mark.parametrize(
    ("content", "why"), [(None, "there is no manifest.toml beside the connector"), ("sdk = ", "not TOML")]
)
def test_a_file_that_is_no_manifest_is_named(tmp_path: Path, content: str | None, why: str) -> None:
    file = tmp_path / "manifest.toml"
    if content is not None:
        file.write_text(content, "utf-8")
    with pytest.raises(ManifestError, match=why) as caught:
        read_manifest(file)
    assert caught.value.text.startswith(f"{file}: ")


@pytest.mark.parametrize(
    ("text", "seconds"), [("250ms", 0.25), ("30s", 30), ("15m", 900), ("6h", 21_600), ("1d", 86_400), ("1.5h", 5_400)]
)
def test_a_duration_has_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert read_duration(text) == timedelta(seconds=seconds)


@together("text", ["", "30", "s", "1w", "-1s", "1.s", ".5s", "1 h", "1h30m", "1H", "1e3s", "∞s"])
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        read_duration(text)
