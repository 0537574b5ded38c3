"""Settings: file and environment, where each value came from, and everything wrong at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hub.errors import SettingsWrong
from hub.model import Database
from hub.setting_kinds import READERS
from hub.settings import OTHER_VARIABLES, TABLE, Setting, Settings, read_settings
from tests.support.refusals import refuses

MORE = (
    Setting("rail.base_url", "str", "http://127.0.0.1:8104", "Address"),
    Setting("rail.token", "str", "", "Key", secret=True),
    Setting("rail_2.token", "str", "other", "Key", secret=True),
    Setting("careful", "bool", "true", "Whether to look twice"),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def read(environment: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    return read_settings(environment or {}, file, MORE)


def test_every_setting_has_a_default_that_can_be_read() -> None:
    settings = read_settings({})
    assert set(settings.chosen) == {setting.name for setting in TABLE}
    assert {one.origin for one in settings.chosen.values()} == {"default"}
    assert {setting.kind for setting in (*TABLE, *MORE)} == set(READERS)
    assert all(setting.help for setting in TABLE)
    assert settings.database_url == "sqlite:///var/yuhub.db"


def test_the_variable_comes_before_the_file_and_the_file_before_the_default(file: Path) -> None:
    file.write_text('port = 9001\nlanguage = "en"\npace = 2\n[rail]\ntoken = "from the file"\n', "utf-8")
    settings = read({"YUHUB_PORT": "9002", "YUHUB_RAIL_BASE_URL": "http://rail.example"}, file)
    came = {name: (settings[name], settings.chosen[name].origin) for name in settings.chosen}
    assert came["port"] == (9002, "YUHUB_PORT")
    assert came["language"] == ("en", str(file))
    assert came["pace"] == (2.0, str(file))
    assert came["delivery_attempts"] == (60, "default")
    assert came["rail.base_url"] == ("http://rail.example", "YUHUB_RAIL_BASE_URL")
    assert came["rail.token"] == ("from the file", str(file))


def test_a_connector_sees_its_own_settings_and_no_others() -> None:
    settings = read({"YUHUB_RAIL_TOKEN": "sesame"})
    assert settings.of_connector("rail") == {"base_url": "http://127.0.0.1:8104", "token": "sesame"}
    assert settings.of_connector("rail_2") == {"token": "other"}
    assert settings.of_connector("air") == {}


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("YUHUB_PORT", " 9000 ", 9000),
        ("YUHUB_PACE", "0.5", 0.5),
        ("YUHUB_CAREFUL", "False", False),
        ("YUHUB_CAREFUL", "TRUE", True),
        ("YUHUB_DATA_DIR", "~", Path.home()),
        ("YUHUB_LOG", "debug", "debug"),
    ],
)
def test_a_value_has_the_type_of_its_setting(variable: str, text: str, value: Any) -> None:
    settings = read({variable: text})
    (chosen,) = [one for one in settings.chosen.values() if one.origin == variable]
    assert chosen.value == value
    assert type(chosen.value) is type(value)


def test_a_database_that_is_named_is_taken() -> None:
    assert read({"YUHUB_DATABASE_URL": "postgresql://h/yuhub"}).database_url == "postgresql://h/yuhub"
    assert read({"YUHUB_DATA_DIR": "/srv/yuhub"}).database_url == "sqlite:////srv/yuhub/yuhub.db"


@pytest.mark.parametrize(
    ("environment", "content", "problems"),
    [
        ({"YUHUB_PROT": "1"}, "", {"YUHUB_PROT"}),
        ({"YUHUB_": "1", "YUHUB_port": "1"}, "", {"YUHUB_", "YUHUB_port"}),
        ({"YUHUB_AIR_TOKEN": "1"}, "", {"YUHUB_AIR_TOKEN"}),
        ({}, "prot = 1\n[rail]\ntokens = 'x'\n[air]\ntoken = 'x'", {"prot", "rail.tokens", "air.token"}),
        ({}, "[port]\nnumber = 1", {"port.number"}),
        ({}, "rail = 'x'", {"rail"}),
        ({"YUHUB_PORT": ""}, "", {"port"}),
        ({"YUHUB_PORT": "80a"}, "", {"port"}),
        ({"YUHUB_PORT": "80.0"}, "", {"port"}),
        ({"YUHUB_PACE": "fast"}, "", {"pace"}),
        ({"YUHUB_CAREFUL": "yes"}, "", {"careful"}),
        ({}, "port = [1]\ndelivery_attempts = 'four'", {"port", "delivery_attempts"}),
        ({}, "careful = 1", {"careful"}),
        ({"YUHUB_PORT": "1"}, "port = 'x'", set()),  # the variable comes before the file
        (
            {"YUHUB_PORT": "x", "YUHUB_NEW": "1", "YUHUB_LEASE_SECONDS": "long"},
            "delivery_attempts = 'four'\n[customs]\nurl = 'x'",
            {"port", "YUHUB_NEW", "lease_seconds", "delivery_attempts", "customs.url"},
        ),
    ],
)
def test_everything_wrong_is_named_at_once(
    file: Path, environment: dict[str, str], content: str, problems: set[str]
) -> None:
    file.write_text(content, "utf-8")
    if not problems:
        assert read(environment, file)["port"] == 1
        return
    with pytest.raises(SettingsWrong) as caught:
        read(environment, file)
    assert [name for name, _ in caught.value.problems] == sorted(
        problems, key=[n for n, _ in caught.value.problems].index
    )
    assert {name for name, _ in caught.value.problems} == problems
    for language in ("zh", "en"):
        assert all(name in caught.value.words(language) for name in problems)


def test_a_wrong_value_is_told_with_where_it_came_from(file: Path) -> None:
    file.write_text("delivery_attempts = 'four'\nprot = 1", "utf-8")
    with pytest.raises(SettingsWrong) as caught:
        read({"YUHUB_PORT": "x"}, file)
    assert caught.value.problems == [
        ("prot", f"unknown in {file}"),
        ("port", "'x' is no int (YUHUB_PORT)"),
        ("delivery_attempts", f"'four' is no int ({file})"),
    ]


@pytest.mark.parametrize("name", sorted(OTHER_VARIABLES))
def test_variables_of_the_tests_and_of_the_caller_are_no_settings(name: str) -> None:
    assert {one.origin for one in read({name: "x", "PATH": "/bin", "yuhub_port": "1"}).chosen.values()} == {"default"}


@pytest.mark.parametrize(
    "content", [None, b"port =", b"port = 1\nport = 2", "language = '中文'".encode("gbk"), b"\x00"],
    ids=["no file", "half a line", "the same twice", "GBK", "binary"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(file: Path, content: bytes | None) -> None:
    if content is not None:
        file.write_bytes(content)
    with refuses("FILE_UNREADABLE") as caught:
        read({}, file)
    assert caught.value.parameters["file"] == str(file)
    assert str(file) in caught.value.words("zh")
    with refuses("FILE_UNREADABLE"):
        read({}, file.parent)


@pytest.mark.parametrize("place", ["postgresql://hub:{}@127.0.0.1:9/hub", "postgresql://127.0.0.1:9/hub?password={}"])
def test_a_password_in_an_address_is_shown_nowhere(place: str) -> None:
    """Neither where the settings are listed nor where the database is named, as strangers see it."""
    settings = read({"YUHUB_DATABASE_URL": place.format("s%40same")})
    assert {"s%40same", "s@same"} <= set(settings.secrets)
    name = Database(settings.database_url).name
    assert "same" not in name
    assert "127.0.0.1:9/hub" in name
