"""Checking a trade says everything that entering it would meet, with the law behind it, and stores nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sqlalchemy import func, select

from hub.cli.main import commands
from hub.model import Base
from tests.support.entry.office import GONE, typed_trade
from tests.support.files.terminal import Terminal

CHECK = """query($input: TradeInput!) { checkTrade(input: $input) {
  rule severity source since until anchor day forecast path code value message wayOut } }"""
EXEMPTION = "财政部 税务总局公告2026年第11号; 国家税务总局公告2026年第5号"


def rows(terminal: Terminal) -> dict[str, int]:
    """How many rows each table has."""
    with terminal.world.hub.database.read() as connection:
        counts = {one.name: select(func.count()).select_from(one) for one in Base.metadata.sorted_tables}
        return {name: connection.scalar(question) or 0 for name, question in counts.items()}


def checked(terminal: Terminal, typed: Any, language: str = "en") -> dict[str, Any]:
    """What was found, by its place."""
    found = terminal.world.ask(CHECK, terminal.key, language, input=typed)["checkTrade"]
    return {one["path"]: one for one in found}


def test_every_kind_of_verdict_is_told_and_nothing_is_stored(terminal: Terminal) -> None:
    before = rows(terminal)
    wrong = typed_trade({"buyer.country": "ZZ", "goods[0].netWeight": "9", "purchases": [], "terms": GONE})
    found = checked(terminal, wrong)
    assert {path: (one["rule"], one["code"], one["severity"]) for path, one in found.items()} == {
        "buyer.country": ("entry_fields", "UNKNOWN_CODE", "block"),
        "terms": ("entry_fields", "REQUIRED", "block"),
        "goods[0].netWeight": ("weights_fit", "NET_OVER_GROSS", "block"),
        "purchases": ("exemption_is_declared", "EXEMPTION_TO_DECLARE", "note"),
    }
    assert found["goods[0].netWeight"] | {"message": "", "wayOut": ""} == {
        "rule": "weights_fit", "severity": "block", "source": "统一版系统企业对接报文规范 202205, CEB603 netWeight",
        "since": None, "until": None, "anchor": "declared", "day": "2026-01-09", "forecast": True,
        "path": "goods[0].netWeight", "code": "NET_OVER_GROSS", "value": "9", "message": "", "wayOut": "",
    }  # fmt: skip
    noted = found["purchases"]
    assert (noted["source"], noted["since"], noted["anchor"]) == (EXEMPTION, "2026-01-01", "exported")
    assert found["buyer.country"]["forecast"] is False  # it would be entered now
    assert rows(terminal) == before


def test_the_table_of_an_authority_is_a_rule_with_the_edition_of_its_connector(terminal: Terminal) -> None:
    before = rows(terminal)
    one = checked(terminal, typed_trade({"goods[1].sku": "x" * 25}), "zh")["goods[1].sku"]
    assert (one["rule"], one["code"], one["source"]) == ("authority_table", "AUTHORITY_RULE", "customs 202205")
    assert (one["value"], "20" in one["message"]) == ("x" * 25, True)
    assert rows(terminal) == before


def test_what_is_stored_already_is_told(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "trade.json"
    file.write_text(json.dumps(typed_trade()), "utf-8")
    assert terminal.enter(file).code == 0
    before = rows(terminal)
    assert checked(terminal, typed_trade()) == {}
    one = checked(terminal, typed_trade({"freight": "1"}))["orderNumber"]
    assert (one["rule"], one["code"]) == ("entered_once", "ORDER_TAKEN")
    assert rows(terminal) == before


def test_a_file_is_checked_at_the_command_line(terminal: Terminal, tmp_path: Path) -> None:
    before = rows(terminal)
    file = tmp_path / "trades.ndjson"
    trades = [typed_trade(), typed_trade({"orderNumber": "P-2", "discount": "99999"}), typed_trade({"colour": "red"})]
    file.write_text("\n".join(map(json.dumps, trades)) + "\n{", "utf-8")
    environment = {"YUHUB_HUB": terminal.world.address, "YUHUB_KEY": terminal.key, "LC_ALL": "C.UTF-8"}
    done = CliRunner(env=environment).invoke(commands, ["check", str(file)])
    assert done.exit_code == 1
    assert "every rule holds" in done.output
    assert [
        word for word in ("total_is_positive", "99999", "practice", "no field of a trade") if word not in done.output
    ] == [], done.output
    assert "3 of 4 would be refused" in done.output
    lines = CliRunner(env=environment).invoke(commands, ["check", "--json", str(file)]).stdout.splitlines()
    first, second, *_ = map(json.loads, lines[:4])
    assert first == {"order": trades[0]["orderNumber"], "verdicts": []}
    assert [one["rule"] for one in second["verdicts"]] == ["total_is_positive"]
    assert rows(terminal) == before


def test_who_may_not_enter_may_not_check(terminal: Terminal) -> None:
    answer = terminal.world.post(CHECK, terminal.world.staff, input=typed_trade()).json()
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
