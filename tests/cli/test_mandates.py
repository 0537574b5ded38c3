"""Who acts for whom, on the machine; and every command that writes leaves its row in the audit log."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from sqlalchemy import create_engine, text

from hub.access.actions import ACTIONS
from hub.cli import admin, mandates, registering, secrets
from hub.cli.audit import details
from tests.support.cli.shells import Typed
from tests.support.world import DEMO, World, demo_file

USCC = demo_file("enterprises", "xuchang-hair")["uscc"]
FILE = str(DEMO / "enterprises" / "xuchang-hair.json")
FOR = ("--enterprise", USCC)
READS = {
    "settings", "enterprise list", "enterprise show", "enterprise changes", "key list", "mandate list",
    "secrets list", "secrets key",
}  # fmt: skip
WRITES: list[tuple[tuple[str, ...], list[str]]] = [
    (("migrate",), ["database.migrate"]),
    (("enterprise", "add", FILE), ["enterprise.register", "key.issue"]),
    (
        ("enterprise", "add", "MOVED", "--approve", "--reason", "seen"),
        ["registration.change", "registration.approved"],
    ),
    (("enterprise", "add", "RIVAL"), ["enterprise.register", "key.issue"]),
    (("enterprise", "decide-claim", "2", "refused", "--reason", "no proof"), ["account.ended"]),
    (("secrets", "rotate"), ["secrets.rotate"]),
    (("enterprise", "decide", USCC, "suspended", "--reason", "inquiry"), ["enterprise.suspended"]),
    (("key", "issue", "broker", "--role", "enterprise", *FOR, "--act", "enter"), ["key.issue"]),
    (("key", "revoke", "yh_"), ["key.revoke"]),
    (("mandate", "grant", "broker", *FOR, "--owner"), ["mandate.grant"]),
    (("mandate", "end", "broker", *FOR, "--reason", "left"), ["mandate.end"]),
]
"""Commands in an order in which all of them can be given, and the rows that they leave."""


def commands_of(group: click.Command, path: str) -> Iterator[str]:
    inner = getattr(group, "commands", None)
    if inner is None:
        yield path
    for name, command in (inner or {}).items():
        yield from commands_of(command, f"{path} {name}")


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[object]:
    """What stands in the audit log: action and actor, oldest first."""
    engine = create_engine(f"sqlite:///{tmp_path / 'var' / 'yuhub.db'}")

    def read(asked: str = "SELECT action, actor FROM audit_entry ORDER BY id") -> list[tuple[str, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(asked))]

    yield read
    engine.dispose()


def test_every_command_that_writes_leaves_a_row(yuhub: Typed, rows: object, tmp_path: Path) -> None:
    assert callable(rows)
    # whoever asked for a change cannot decide on it: that command is tried where an enterprise has asked
    given = {" ".join(words[: 1 if words[0] == "migrate" else 2]) for words, _ in WRITES}
    there = {
        path
        for module in (admin, mandates, registering, secrets)
        for command in module.COMMANDS
        for path in commands_of(command, command.name or "")
    }
    assert there == given | READS | {"enterprise decide-change"}, "does it write, and which row does it leave?"
    bank = demo_file("enterprises", "xuchang-hair")["bank"]
    changed = {"MOVED": ("xuchang-hair", bank | {"account": "4711"}), "RIVAL": ("luoyang-furniture", bank)}
    for name, (firm, theirs) in changed.items():
        (tmp_path / name).write_text(json.dumps(demo_file("enterprises", firm) | {"bank": theirs}), "utf-8")
    before = 0
    for words, actions in WRITES:
        words = tuple(str(tmp_path / word) if word in changed else word for word in words)
        if words[:2] == ("key", "revoke"):
            ((prefix,),) = rows("SELECT prefix FROM api_key ORDER BY id DESC LIMIT 1")
            words = (*words[:2], prefix)
        yuhub(*words)
        new = rows()[before:]
        before += len(new)
        assert [action for action, _ in new] == actions, words
        assert {actor for _, actor in new} == {f"{getpass.getuser()} at the machine"}
        assert set(actions) <= ACTIONS.keys()


def test_a_key_says_whether_it_is_the_owners(yuhub: Typed) -> None:
    owner = yuhub("enterprise", "add", FILE).partition("account: ")[2].split()[0]
    issue = ("key", "issue", "broker", "--role", "enterprise", *FOR)
    assert f"broker → {USCC}: enter, read" in yuhub(*issue, "--act", "enter")
    assert "ROLE_DIFFERS" in yuhub("key", "issue", "broker", "--role", "belt", expect=2)
    listed = yuhub("mandate", "list")
    assert "owner" in listed
    assert "read, enter" in listed
    assert "LAST_OWNER" in yuhub("mandate", "end", owner, *FOR, "--reason", "left", expect=2)
    assert "there is no account" in yuhub("mandate", "grant", "nobody", *FOR, expect=2)
    yuhub("mandate", "end", "broker", *FOR, "--reason", "left")
    assert "broker" not in yuhub("mandate", "list")
    assert "broker" in yuhub("mandate", "list", "--over")
    yuhub("enterprise", "decide", USCC, "suspended", "--reason", "inquiry")
    assert "owner (1 suspended)" in yuhub("mandate", "list"), "whoever cannot act does not look as if it could"


def test_where_nobody_acts_for_anybody_it_says_what_to_do(yuhub: Typed) -> None:
    assert "yuhub key issue" in yuhub("mandate", "list")


def test_the_audit_is_read_page_by_page(yuhub: Typed, small_world: World) -> None:
    owner = small_world.exporter()
    for account in ("first", "second"):
        small_world.ask(f'mutation {{ appointBroker(account: "{account}") }}', owner)
    asked = ("audit", "--hub", small_world.address, "--key", owner)
    newest = yuhub(*asked, "--action", "mandate.offer", "--first", "1")
    assert "second" in newest
    after = newest.rpartition("--after ")[2].strip()
    assert "first" in yuhub(*asked, "--action", "mandate.offer", "--after", after)
    lines = [json.loads(line) for line in yuhub(*asked, *FOR, "--json").splitlines()]
    assert {one["enterprise"] for one in lines} == {USCC}
    assert "Nothing of that kind" in yuhub(*asked, "--since", "2030-01-01")
    assert "Nothing of that kind" in yuhub(*asked, "--actor", "nobody")


def test_the_audit_shows_what_stood_before_and_what_came_of_it(yuhub: Typed, small_world: World) -> None:
    owner = small_world.exporter()
    appoint = 'mutation($acts: [MandateAct!]) { appointBroker(account: "broker", acts: $acts) }'
    for acts in (["enter"], ["money", "read"]):
        small_world.ask(appoint, owner, acts=acts)
    asked = ("audit", "--hub", small_world.address, "--key", owner)
    newest, first = yuhub(*asked, "--action", "mandate.offer").splitlines()[1:]
    assert "acts: enter, read → money, read" in newest
    assert "acts: — → enter, read" in first
    (issued,) = yuhub(*asked, "--action", "key.issue", YUHUB_LANGUAGE="zh").splitlines()[1:]
    assert f"密钥: {owner[:12]}; 角色: 企业" in issued
    decide = 'mutation($u: String!) { decideEnterprise(uscc: $u, decision: suspended, reason: "x") }'
    small_world.ask(decide, small_world.registrar, u=USCC)
    staff = ("audit", "--hub", small_world.address, "--key", small_world.staff, "--action", "enterprise.suspended")
    assert "state: approved → suspended" in yuhub(*staff)
    assert "状态: 已批准 → 已暂停资格" in yuhub(*staff, YUHUB_LANGUAGE="zh")


def test_an_account_stays_masked_in_the_audit() -> None:
    sides = {"before": {"bank.account": "•••1234"}, "after": {"bank.account": "•••1111", "nameZh": ""}}
    assert details(sides) == "bank.account: •••1234 → •••1111; nameZh: —"
    assert details({"paused": False, "cursor": None}) == "cursor: —; paused: false"


def test_the_audit_as_json_reads_back_exactly_whatever_a_reason_holds(yuhub: Typed, small_world: World) -> None:
    odd = "seen \U000e0001 \u202e \x1b[31m\nand on"
    pause = 'mutation($r: String!) { pauseJob(job: "tax.rates", reason: $r) { job } }'
    small_world.ask(pause, small_world.staff, r=odd)
    asked = ("audit", "--hub", small_world.address, "--key", small_world.staff, "--action", "job.pause")
    (line,) = yuhub(*asked, "--json").splitlines()
    assert json.loads(line)["reason"] == odd
    assert "\x1b" not in line
    assert "\x1b[31m" not in yuhub(*asked)


@pytest.mark.parametrize("how", ["account", "prefix"])
def test_an_owner_reads_that_its_keys_were_revoked(yuhub: Typed, rows: object, how: str) -> None:
    assert callable(rows)
    said = yuhub("enterprise", "add", FILE)
    account, key = (said.partition(f"{word}: ")[2].split()[0] for word in ("account", "(shown once)"))
    yuhub("key", "revoke", *(("--account", account) if how == "account" else (key[:12],)))
    asked = "SELECT a.subject, e.uscc FROM audit_entry a LEFT JOIN enterprise e ON e.id = a.enterprise_id"
    assert rows(f"{asked} WHERE action = 'key.revoke'") == [(account, USCC)]
