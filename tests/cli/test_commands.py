"""The command line, as it is typed: what it shows, and that an error is a clear line with what to do."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

from hub.cli.main import MODULES, commands
from tests.support.cli.shells import Shell, Typed
from tests.support.sync.rates import JOB, Source, rate
from tests.support.together import together
from tests.support.world import DEMO, World, demo_file


def every_command(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    context = click.Context(group)
    for name in group.list_commands(context) if isinstance(group, click.Group) else ():
        yield from every_command(found(group, name), (*path, name))


def found(group: Any, name: str) -> Any:
    command = group.get_command(click.Context(group), name)
    assert command, name
    return command


@together("path", list(every_command(commands)), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    command: Any = commands
    for name in path:
        command = found(command, name)
    assert command.help, path
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, (path, parameter.name)


def test_every_command_is_listed(yuhub: Typed) -> None:
    """And the list needs none of their modules."""
    written = {one.name for module in MODULES for one in import_module(f"hub.cli.{module}").COMMANDS}
    assert {name for names in MODULES.values() for name in names} == written
    said = yuhub("--help")
    assert [name for name in written if f"\n  {name} " not in said] == []
    assert "Did you mean 'trace'" in yuhub("trade", expect=2)


def test_settings_show_where_each_value_comes_from_and_no_secret(yuhub: Typed, tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text('port = 9000\n[customs]\ntoken = "very-secret"\n')
    shown = yuhub("settings", YUHUB_SETTINGS="hub.toml", YUHUB_DELIVERY_ATTEMPTS="7")
    assert "very-secret" not in shown
    lines = {line.split()[0]: line for line in shown.splitlines() if line.strip()}
    assert "9000" in lines["port"]
    assert "hub.toml" in lines["port"]
    assert "YUHUB_DELIVERY_ATTEMPTS" in lines["delivery_attempts"]
    assert "•••" in lines["customs.token"]
    assert "default" in lines["customs.base_url"]


def test_all_wrong_settings_are_said_at_once(yuhub: Typed) -> None:
    said = yuhub("settings", expect=2, YUHUB_PORT="eighty", YUHUB_PACE="fast", YUHUB_COLOUR="red")
    assert "SETTINGS_WRONG" in said
    assert all(word in said for word in ("port", "pace", "YUHUB_COLOUR", "docs/settings.md"))


@pytest.mark.parametrize("command", [("up",), ("web",), ("demo", "--once")])
def test_a_port_that_is_taken_is_said_before_anything_starts(yuhub: Typed, command: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = yuhub(*command, "--port", port, expect=2)
    assert f"PORT_TAKEN: 127.0.0.1:{port} is taken" in said
    assert "--port" in said


PORTS = [("up", "--port"), ("web", "--port"), ("demo", "--port"), ("mocks", "--first-port")]


@pytest.mark.parametrize("command", PORTS)
def test_a_port_that_there_cannot_be_is_refused_with_those_that_can(yuhub: Typed, command: tuple[str, ...]) -> None:
    said = yuhub(*command, "99999", expect=2)
    assert "is not in the range" in said
    assert "<=x<=655" in said


def test_whoever_has_no_key_is_told_where_it_goes_and_where_it_comes_from(
    yuhub: Typed, small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YUHUB_KEY", raising=False)
    said = yuhub("sync", "status", "--hub", small_world.address, expect=1)
    assert all(word in said for word in ("UNAUTHENTICATED", "YUHUB_KEY", "yuhub key issue"))


def test_a_change_without_a_value_is_refused_before_anybody_is_asked(yuhub: Typed) -> None:
    assert "PATH=VALUE" in yuhub("amend", "XC-1", "packages", "--hub", "http://127.0.0.1:9", expect=2)


def test_a_folder_that_cannot_be_written_is_said(yuhub: Typed, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = yuhub("enterprise", "list", expect=2, YUHUB_DATA_DIR=str(tmp_path / "file" / "var"))
    assert "FOLDER_NOT_WRITABLE" in said
    assert "YUHUB_DATA_DIR" in said


def test_a_database_that_is_no_database_or_not_there_is_said(yuhub: Typed, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "yuhub.db").write_text("this is a letter to my mother, not a database" * 50)
    assert "DATABASE_UNAVAILABLE" in yuhub("enterprise", "list", expect=2)
    gone = "postgresql://nobody@127.0.0.1:1/none"
    assert "DATABASE_UNAVAILABLE" in yuhub("enterprise", "list", expect=2, YUHUB_DATABASE_URL=gone)
    assert "SETTINGS_WRONG" in yuhub("enterprise", "list", expect=2, YUHUB_DATABASE_URL="mysql://x/y")


@pytest.mark.timeout(60)
def test_a_database_that_another_program_holds_is_said(yuhub: Typed, tmp_path: Path) -> None:
    yuhub("enterprise", "list")
    with sqlite3.connect(tmp_path / "var" / "yuhub.db", isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        file = DEMO / "enterprises" / "xuchang-hair.json"
        said = yuhub("enterprise", "add", str(file), expect=2, YUHUB_BUSY_SECONDS="0.5")
    assert "DATABASE_BUSY" in said


def test_an_old_database_is_refused_until_it_is_migrated(yuhub: Typed, tmp_path: Path) -> None:
    yuhub("enterprise", "list")
    with sqlite3.connect(tmp_path / "var" / "yuhub.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    said = yuhub("enterprise", "list", expect=2)
    assert "SCHEMA_OLD" in said
    assert "yuhub migrate" in said


def test_register_issue_list_and_revoke(yuhub: Typed) -> None:
    assert "No enterprise is registered yet" in yuhub("enterprise", "list")
    added = yuhub("enterprise", "add", str(DEMO / "enterprises" / "xuchang-hair.json"))
    assert "yh_" in added
    assert "yh_" not in yuhub("enterprise", "add", str(DEMO / "enterprises" / "xuchang-hair.json"))
    uscc = demo_file("enterprises", "xuchang-hair")["uscc"]
    yuhub("enterprise", "decide", uscc, "suspended", "--reason", "under inquiry")
    assert "suspended" in yuhub("enterprise", "list")
    assert "REASON_MISSING" in yuhub("enterprise", "decide", uscc, "approved", "--reason", " ", expect=2)
    key = yuhub("key", "issue", "staff", "--role", "operator").strip()
    listed = yuhub("key", "list")
    assert key[:12] in listed
    assert key not in listed
    yuhub("key", "revoke", key[:12])
    assert "revoked" in yuhub("key", "list")
    assert "NOT_FOUND" in yuhub(
        "key", "issue", "x", "--role", "enterprise", "--enterprise", "91410100MA0000000X", expect=2
    )


def test_a_wrong_registration_lists_its_problems(yuhub: Typed, tmp_path: Path) -> None:
    typed = demo_file("enterprises", "xuchang-hair") | {"uscc": "91411000MA44HA1R0X", "customsOffice": "46"}
    (tmp_path / "firm.json").write_text(json.dumps(typed))
    said = yuhub("enterprise", "add", "firm.json", expect=2)
    assert "uscc: " in said
    assert "customsOffice: " in said


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (None, "No such file"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'{"orderNumber": ', "line 1, column"),
        (b'["trade"]', "a trade is a JSON object"),
    ],
)
def test_a_broken_file_is_said_before_the_hub_is_asked(
    yuhub: Typed, tmp_path: Path, content: bytes | None, cause: str
) -> None:
    if content is not None:
        (tmp_path / "trades.json").write_bytes(content)
    said = yuhub("enter", "trades.json", expect=2)
    assert "FILE_UNREADABLE" in said
    assert cause in said


def test_a_hub_that_does_not_answer_is_said(yuhub: Typed) -> None:
    said = yuhub("sync", "status", "--hub", "http://127.0.0.1:9", expect=2)
    assert "HUB_UNREACHABLE" in said
    assert "yuhub up" in said


def test_enter_trace_and_sync_by_hand(yuhub: Typed, small_world: World, tmp_path: Path) -> None:
    world = small_world
    key = world.exporter()
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    hub = {"YUHUB_HUB": world.address, "YUHUB_KEY": key}
    trade = str(DEMO / "trades" / "xuchang-wigs-to-chicago.json")

    entered = yuhub("enter", trade, **hub)
    assert "XC-20260108-0042" in entered
    assert "entered before, the same" in yuhub("enter", trade, **hub)

    wrong = demo_file("trades", "xuchang-wigs-to-chicago") | {"orderNumber": "W-1", "currency": "XXQ", "packages": 0}
    wrong["goods"][0]["hsCode"] = "67042"
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    said = yuhub("enter", "wrong.json", expect=1, **hub)
    assert all(place in said for place in ("currency:", "packages:", "goods[0].hsCode:", "nothing of it stored", "→"))

    world.run("customs.send")
    world.turn()
    traced = yuhub("trace", "XC-20260108-0042", **hub)
    assert all(step in traced for step in ("entered", "checked", "planned", "sent", "acknowledged", "merged"))
    assert re.search(r"^waits .* customs\.inventory .* China Customs", traced, re.MULTILINE), traced
    assert "NOT_FOUND" in yuhub("trace", "YH26010900000099X", expect=1, **hub)

    staff = {"YUHUB_HUB": world.address, "YUHUB_KEY": world.staff}
    assert "customs.responses" in yuhub("sync", "status", **staff)
    assert "FORBIDDEN" in yuhub("sync", "status", expect=1, **hub)
    assert "The quarantine is empty" in yuhub("sync", "quarantine", **staff)
    yuhub("sync", "pause", "tax.rates", "--reason", "the bureau asked", **staff)
    assert "the bureau asked" in yuhub("sync", "status", **staff)
    yuhub("sync", "resume", "tax.rates", "--reason", "done", **staff)
    yuhub("sync", "replay", "tax.rates", "--reason", "mended", "--everything", **staff)
    assert "customs.send" in yuhub("sync", "runs", "customs.send", **staff)
    said = yuhub("sync", "run", "tax.nothing", "--reason", "x", expect=1, **staff)
    assert "JOB_UNKNOWN" in said
    assert "tax.rates" in said


def test_the_quarantine_shows_what_waits_and_how_it_came(yuhub: Typed, small_world: World) -> None:
    world = small_world
    source = Source(world, [rate(1), rate(2, refundRate="thirteen")], [rate(3, note="x")])
    source.breaks('"note"', lambda: 1 / 0)
    world.run(JOB)
    staff = {"YUHUB_HUB": world.address, "YUHUB_KEY": world.staff}
    said = "".join(yuhub("sync", "quarantine", **staff).split())
    assert all(word in said for word in ("refundRate", "#1", "whole", "ZeroDivisionError"))
    assert '"refundRate": "thirteen"' in yuhub("sync", "quarantine", "--records", **staff)


def test_a_paper_and_what_was_heard_of_it_are_fetched(yuhub: Typed, small_world: World, tmp_path: Path) -> None:
    world, order = small_world, "XC-20260108-0042"
    hub = {"YUHUB_HUB": world.address, "YUHUB_KEY": world.exporter()}
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    yuhub("enter", str(DEMO / "trades" / "xuchang-wigs-to-chicago.json"), **hub)
    assert "nothing was heard of" in yuhub("paper", order, "customs.order", "--heard", expect=1, **hub)
    world.run("customs.send")
    world.turn()

    assert "DxpMsg" in yuhub("paper", order, "customs.order", **hub)
    said = yuhub("paper", order, "customs.order", "--version", "1", "-o", "order.xml", **hub)
    assert "order.xml" in said
    assert (tmp_path / "order.xml").read_bytes().startswith(b"<?xml")
    yuhub("paper", order, "customs.order", "--heard", "-o", "heard.xml", **hub)
    assert b"CEB304Message" in (tmp_path / "heard.xml").read_bytes()

    assert "yuhub trace" in yuhub("paper", order, "tax.refund", expect=1, **hub)
    assert "it has airport.waybill, customs." in yuhub("paper", order, "customs.nothing", expect=1, **hub)
    assert "NOT_FOUND" in yuhub("paper", order, "customs.order", "--version", "9", expect=1, **hub)
    assert "NOT_FOUND" in yuhub("paper", "XC-0", "customs.order", expect=1, **hub)
    assert "cannot be written" in yuhub("paper", order, "customs.order", "-o", "gone/order.xml", expect=1, **hub)


@pytest.mark.timeout(120)
def test_the_demonstration_comes_to_its_ends(shell: Shell) -> None:
    report = json.loads(shell("demo", "--json", "--port", "0", "--faster", "4"))
    assert report["right"]
    assert report["countersAddUp"]
    ends = {trade["orderNumber"]: trade["state"] for trade in report["trades"]}
    assert ends == {
        "XC-20260108-0042": "finished",
        "XC-20260108-0043": "attention",
        "ZZ-20260108-0117": "finished",
        "LY-20260108-0008": "finished",
        "LY-20260108-0009": "finished",
    }
    assert all(trade["reuse"]["typedTwice"] == 0 for trade in report["trades"])


@pytest.mark.long
@pytest.mark.timeout(400)
def test_the_demonstration_of_a_consolidation_tells_how_to_go_on(shell: Shell) -> None:
    said = shell("demo", "--once", "--port", "0", "--story", "consolidation")
    assert "39 parcels  list version 2" in said
    assert "  1 parcel  list version 1" in said
    assert "12 exporters: 12 summaries, 12 refund filings" in said
    for name in ("Exporter's key ", "Forwarder's key ", "Staff key  ", "yuhub consolidation show YC"):
        assert name in said


def test_an_account_has_one_role_and_a_name(yuhub: Typed) -> None:
    yuhub("key", "issue", "li", "--role", "operator")
    assert "--again" in yuhub("key", "issue", "li", "--role", "operator", expect=2)
    yuhub("key", "issue", "li", "--role", "operator", "--again")
    yuhub("key", "revoke", "--account", "li")
    assert [row.count(":") for row in yuhub("key", "list").splitlines()[1:]] == [2, 2], "issued and revoked"
    said = yuhub("key", "issue", "li", "--role", "belt", expect=2)
    assert "ROLE_DIFFERS" in said
    assert "operator, not belt" in said
    assert "wants a name" in yuhub("key", "issue", " ", "--role", "operator", expect=2)


def test_a_file_of_no_enterprise_or_of_several_registers_none(yuhub: Typed, tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text("[]")
    assert "holds 0 registrations" in yuhub("enterprise", "add", "none.json", expect=2)


def test_what_answers_and_is_no_hub_is_said(yuhub: Typed, small_world: World) -> None:
    said = yuhub("sync", "status", "--hub", small_world.addresses["tax"], "--key", "x", expect=2)
    assert "HUB_UNREACHABLE" in said
