"""Tables speak the language of whoever reads them: no heading and no code is English alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy import create_engine, update

from connectors.sdk.states import State
from connectors.sdk.testing.verdicts import Outcome
from hub.access import Role
from hub.cli.audit import details
from hub.cli.say import language
from hub.cli.words import CLAIMS, CODES, HEADINGS
from hub.flow import Step
from hub.model import ApiKey
from hub.model.states import ChangeState, ClaimState, EnterpriseState, NoticeState, RunState, TradeState
from hub.operate.standing import JobState
from sync.ledger import PULL, PUSHED, REPLAY, SEND
from tests.support.cli.shells import Typed
from tests.support.databases import ON_SQLITE
from tests.support.guards.sources import modules, name, tree
from tests.support.world import DEMO, World

CHINESE = re.compile(r"[一-鿿]")
SHOWN: tuple[type[StrEnum], ...] = (
    State, TradeState, EnterpriseState, ChangeState, NoticeState, RunState, JobState, Outcome, Role, Step,
)  # fmt: skip
COMMANDS = [path for path in modules("hub") if name(path).startswith("hub/cli/")]


def tables() -> Iterator[ast.Call]:
    for module in COMMANDS:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "table":
                yield node


def test_every_heading_is_in_chinese_too_and_stands_in_a_table() -> None:
    assert all(CHINESE.search(said) for said in HEADINGS.values())
    assert all(CHINESE.search(said) for said in CODES.values())
    written = {
        node.value
        for module in COMMANDS
        if module.name != "words.py"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert HEADINGS.keys() - written == set()
    headings = {one.value for call in tables() for one in ast.walk(call.args[0]) if isinstance(one, ast.Constant)}
    assert headings
    assert {one for one in headings if isinstance(one, str)} - {"", " "} <= HEADINGS.keys()


def test_every_code_that_is_shown_has_words() -> None:
    codes = {str(one) for words in SHOWN for one in words} | {PULL, SEND, REPLAY, PUSHED}
    assert codes - CODES.keys() == {Role.ANONYMOUS}
    assert CLAIMS.keys() == {str(one) for one in ClaimState}


def test_an_account_that_is_held_is_not_goods_that_are_inspected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUHUB_LANGUAGE", "zh")
    claim = {"before": {"claim": 3, "claimState": "waiting"}, "after": {"claimState": "held"}}
    assert details(claim) == "claim: 3; 状态: 等待裁定 → 持有"
    assert details({"state": "held"}) == "状态: 查验中"


def test_the_language_is_what_was_chosen_before_what_the_locale_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("YUHUB_LANGUAGE", "zh")
    assert language() == "zh"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("YUHUB_LANGUAGE", "en")
    assert language() == "en"
    monkeypatch.delenv("YUHUB_LANGUAGE")
    assert language() == "zh"


def test_tables_of_the_machine_are_in_chinese(yuhub: Typed) -> None:
    zh = {"YUHUB_LANGUAGE": "zh"}
    assert "已登记。" in yuhub("enterprise", "add", str(DEMO / "enterprises" / "xuchang-hair.json"), **zh)
    assert yuhub("enterprise", "list", **zh).split()[:5] == [
        "统一社会信用代码",
        "海关注册编码",
        "名称",
        "状态",
        "申请编号",
    ]
    assert "已批准" in yuhub("enterprise", "list", **zh)
    assert yuhub("mandate", "list", **zh).split()[:3] == ["企业", "账号", "代理事项"]
    assert "企业 (enterprise)" in yuhub("key", "list", **zh)


@ON_SQLITE
def test_tables_of_a_hub_are_in_chinese(yuhub: Typed, world: World) -> None:
    hub = {"YUHUB_HUB": world.address, "YUHUB_KEY": world.staff, "YUHUB_LANGUAGE": "zh"}
    world.run("tax.rates")
    assert yuhub("sync", "status", **hub).split()[:2] == ["任务", "状态"]
    assert "尚无数据" in yuhub("sync", "status", **hub)
    assert "增量拉取" in yuhub("sync", "runs", "tax.rates", **hub)
    assert yuhub("audit", **hub).split()[:3] == ["编号", "北京时间", "操作人"]


def test_keys_are_listed_in_beijing_time_as_everything_else(yuhub: Typed, tmp_path: Path) -> None:
    yuhub("key", "issue", "office", "--role", "viewer")
    engine = create_engine(f"sqlite:///{tmp_path / 'var' / 'yuhub.db'}")
    with engine.begin() as connection:
        connection.execute(update(ApiKey).values(created_at=datetime(2026, 1, 8, 17, tzinfo=UTC)))
    engine.dispose()
    heading, row = yuhub("key", "list").splitlines()
    assert "issued (Beijing time)" in heading
    assert "2026-01-09 01:00" in row
