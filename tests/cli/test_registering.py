"""Renewing a registration at the machine, and deciding there on what waits."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.cli.shells import Typed
from tests.support.world import demo_file

FIRM = demo_file("enterprises", "xuchang-hair")
MOVED = FIRM | {"bank": FIRM["bank"] | {"account": "6222020000001111"}}


def test_a_renewal_is_shown_old_beside_new_and_waits_unless_it_is_approved(yuhub: Typed, tmp_path: Path) -> None:
    (tmp_path / "firm.json").write_text(json.dumps(FIRM))
    (tmp_path / "moved.json").write_text(json.dumps(MOVED))
    added = yuhub("enterprise", "add", "firm.json")
    assert FIRM["uscc"] not in added
    assert "No change waits" in yuhub("enterprise", "changes")
    said = yuhub("enterprise", "add", "moved.json")
    for shown in (said, yuhub("enterprise", "changes")):
        (line,) = (line for line in shown.splitlines() if "bank.account" in line)
        assert line.index(FIRM["bank"]["account"]) < line.index("6222020000001111")
    assert "--approve" in said
    assert "CHANGE_OWN" in yuhub("enterprise", "decide-change", "1", "approved", "--reason", "seen", expect=2)
    assert "REASON_MISSING" in yuhub("enterprise", "add", "moved.json", "--approve", expect=2)
    assert "These are approved" in yuhub("enterprise", "add", "moved.json", "--approve", "--reason", "seen it")
    assert "No change waits" in yuhub("enterprise", "changes")
    assert "approved" in yuhub("enterprise", "changes", "--all")
    assert "没有待审的变更" in yuhub("enterprise", "changes", LC_ALL="zh_CN.UTF-8")


def test_an_account_that_another_holds_is_said_and_decided_on(yuhub: Typed, tmp_path: Path) -> None:
    (tmp_path / "firm.json").write_text(json.dumps(FIRM))
    (tmp_path / "rival.json").write_text(json.dumps(FIRM | {"uscc": "91411000725800192B", "nameZh": "后来者"}))
    yuhub("enterprise", "add", "firm.json")
    said = yuhub("enterprise", "add", "rival.json")
    for shown in (said, yuhub("enterprise", "changes")):
        assert "Claim 2: 后来者" in shown
        assert FIRM["uscc"] in shown
    assert "Claim 2 is approved" in yuhub("enterprise", "decide-claim", "2", "approved", "--reason", "the bank says so")
    assert "NOT_FOUND" in yuhub("enterprise", "decide-claim", "2", "approved", "--reason", "again", expect=2)


def test_a_key_is_no_way_into_an_account_of_somebody_else(yuhub: Typed, tmp_path: Path) -> None:
    (tmp_path / "firm.json").write_text(json.dumps(FIRM))
    yuhub("enterprise", "add", "firm.json")
    issue = ("key", "issue", "somebody", "--role", "enterprise")
    yuhub(*issue)
    assert "ACCOUNT_KNOWN" in yuhub(*issue, "--enterprise", FIRM["uscc"], expect=2)
    assert "ACCOUNT_ELSEWHERE" in yuhub(*issue, "--enterprise", FIRM["uscc"], "--again", expect=2)
    yuhub(*issue, "--again")
    assert "NOT_FOUND" in yuhub("key", "revoke", "--account", "nobody", expect=2)


def test_all_that_was_registered_is_shown(yuhub: Typed, tmp_path: Path) -> None:
    assert "yuhub key issue" in yuhub("key", "list")
    (tmp_path / "firm.json").write_text(json.dumps(FIRM))
    yuhub("enterprise", "add", "firm.json")
    said = yuhub("enterprise", "show", FIRM["uscc"])
    for value in ("1 approved", FIRM["telephone"], FIRM["bank"]["account"], FIRM["declarant"]["name"]):
        assert value in said
    assert "NOT_FOUND" in yuhub("enterprise", "show", "nobody", expect=2)
