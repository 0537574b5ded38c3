"""What the rules said is stored with a trade; judged anew by the law of its days it says whether that still holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sqlalchemy import select, update

from connectors.sdk.instants import day_of
from hub.cli.main import commands
from hub.dossiers.loading import open_dossiers
from hub.entry.rejudging import Rejudged, rejudge
from hub.model import Judgement, Trade
from hub.rules.entry_rules import RULES
from hub.rules.rule_book import RuleBook
from tests.support.entry.office import typed_trade
from tests.support.files.terminal import Terminal
from tests.support.rules import book_with, edition, note
from tests.support.world import World

AMEND = """mutation($n: String!, $c: [ChangeInput!]!) { amendTrade(number: $n, version: 1, changes: $c) {
  errors { message } } }"""


def entered(terminal: Terminal, folder: Path, **changes: Any) -> str:
    """A trade that is entered; its number."""
    file = folder / "trade.json"
    file.write_text(json.dumps(typed_trade(changes)), "utf-8")
    done = terminal.enter(file)
    assert done.code == 0, done.text
    return str(terminal.world.ask("{ trades { number } }", terminal.key)["trades"][0]["number"])


def judgements(terminal: Terminal) -> Sequence[Any]:
    with terminal.world.hub.database.read() as connection:
        return connection.execute(select(Judgement.__table__).order_by(Judgement.id)).all()


def replayed(terminal: Terminal, book: RuleBook = RULES) -> list[Rejudged]:
    hub = terminal.world.hub
    with hub.database.read() as connection:
        (dossier,) = open_dossiers(connection, [connection.scalar(select(Trade.id)) or 0], day_of(hub.desk.now()))
        return rejudge(connection, hub.desk, dossier, book)


def different(found: Sequence[Rejudged]) -> dict[str, tuple[str, ...]]:
    return {one.rule: one.differs for one in found if one.differs}


def test_a_trade_is_judged_when_it_is_entered_when_it_is_amended_and_before_papers_go_out(
    world: World, tmp_path: Path
) -> None:
    terminal = Terminal(world)
    number = entered(terminal, tmp_path, purchases=[])
    (first,) = judgements(terminal)
    assert (first.version, first.occasion) == (1, "entered")
    said = {one["rule"]: one for one in first.verdicts}
    assert [one["code"] for one in said["exemption_is_declared"]["found"]] == ["EXEMPTION_TO_DECLARE"]
    assert (said["exemption_is_declared"]["since"], said["weights_fit"]["found"]) == ("2026-01-01", [])
    assert all(len(one["digest"]) == 32 for one in first.verdicts)
    terminal.world.ask(AMEND, terminal.key, n=number, c=[{"path": "goods[0].unitPrice", "value": "65"}])
    assert [(one.version, one.occasion) for one in judgements(terminal)][:2] == [(1, "entered"), (2, "amended")]
    terminal.world.until(lambda: len({one.occasion for one in judgements(terminal)}) == 3)
    pending = judgements(terminal)[-1]
    assert "weights_fit" in {one["rule"] for one in pending.verdicts}
    assert "skus_differ" not in {one["rule"] for one in pending.verdicts}  # of entering, which is past
    assert different(replayed(terminal)) == {}


def test_a_trade_keeps_the_law_of_its_day_when_a_rule_gets_a_newer_edition(terminal: Terminal, tmp_path: Path) -> None:
    entered(terminal, tmp_path)
    terminal.world.clock.forward(timedelta(days=200))
    newer = book_with("skus_differ", edition(until="2026-05-31"), note("2026-06-01"))
    assert different(replayed(terminal, newer)) == {}
    before_it = book_with("skus_differ", edition(until="2025-12-31"), note("2026-01-01"))
    (one,) = (one for one in replayed(terminal, before_it) if one.differs)
    assert (one.rule, one.differs) == ("skus_differ", ("since", "found"))
    assert one.now is not None
    assert (one.now["since"], one.now["day"]) == ("2026-01-01", "2026-01-09")


def test_an_event_that_came_after_the_forecast_chooses_another_edition(terminal: Terminal, tmp_path: Path) -> None:
    entered(terminal, tmp_path)
    terminal.world.clock.forward(timedelta(days=30))
    newer = book_with("hs_codes_are_known", edition(until="2026-01-31"), edition("2026-02-01"))
    assert different(replayed(terminal, newer)) == {}
    terminal.world.until(lambda: terminal.world.document("customs.inventory").sent_at is not None)
    assert different(replayed(terminal, newer)) == {"hs_codes_are_known": ("since",)}


def test_a_rule_that_is_gone_and_one_that_is_new_are_named(terminal: Terminal, tmp_path: Path) -> None:
    entered(terminal, tmp_path)
    assert different(replayed(terminal, RuleBook(RULES.rules[:-3]))) == {
        "exemption_is_declared": ("rule",),
        "authority_table": ("rule",),
    }


def test_a_verdict_that_was_changed_by_hand_is_found(terminal: Terminal, tmp_path: Path) -> None:
    number = entered(terminal, tmp_path, purchases=[])
    (row,) = judgements(terminal)
    forged = [one | ({"found": []} if one["rule"] == "exemption_is_declared" else {}) for one in row.verdicts]
    with terminal.world.hub.database.write() as connection:
        connection.execute(update(Judgement).values(verdicts=forged))
    environment = {"YUHUB_HUB": terminal.world.address, "YUHUB_KEY": terminal.key, "LC_ALL": "C.UTF-8"}
    done = CliRunner(env=environment).invoke(commands, ["rules", "replay", number])
    assert (done.exit_code, f"1 of {len(row.verdicts)} are different" in done.output) == (1, True), done.output
    told = CliRunner(env=environment).invoke(commands, ["rules", "replay", number, "--json"])
    assert [one["rule"] for one in json.loads(told.stdout) if not one["equal"]] == ["exemption_is_declared"]


def test_what_was_typed_changed_by_hand_is_found_by_the_digest(terminal: Terminal, tmp_path: Path) -> None:
    entered(terminal, tmp_path)
    with terminal.world.hub.database.write() as connection:
        entry = connection.scalar(select(Trade.entry))
        assert entry is not None
        connection.execute(update(Trade).values(entry=entry | {"freight": "1"}))
    named = different(replayed(terminal))
    assert named.keys() >= {"total_is_positive", "amounts_fit_the_currency"}
    assert named["total_is_positive"] == ("digest",)


def test_nobody_replays_a_trade_of_others(terminal: Terminal, tmp_path: Path) -> None:
    number = entered(terminal, tmp_path)
    other = terminal.world.exporter("luoyang-furniture")
    answer = terminal.world.post("query($n: String!) { rejudged(number: $n) { rule } }", other, n=number).json()
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
