"""A rule is data: what is declared wrongly is refused at once, and the day of its event chooses the edition."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from connectors.sdk.instants import BEIJING
from hub.dossiers.anchors import Anchor
from hub.dossiers.dossier import Shelf
from hub.entry.paths import apply_changes, typed_paths
from hub.model import Tariff
from hub.rules.entry_rules import ROWS, RULES
from hub.rules.judging import first_block, in_force, judge_entry, judged_before_sending
from hub.rules.rule_book import AROUND, RuleBook, Surroundings, TradeRule
from tests.support.deciding import AT, ORDER, decided, desk, paper, trade
from tests.support.refusals import refuses
from tests.support.rules import always, edition, note, one_rule
from tests.support.together import together
from tests.support.world import demo_file

WRONG: dict[str, tuple[TradeRule, str]] = {
    "an anchor that is none": (one_rule(edition(), anchor="signed"), "signed is no anchor"),
    "no edition": (one_rule(), "has no edition"),
    "no source": (one_rule(edition(source=" ")), "names no source"),
    "no words": (one_rule(edition(), says=("NOBODY_SAYS",)), "NOBODY_SAYS has no words"),
    "nothing to say": (one_rule(edition(), says=()), "has no words"),
    "editions that overlap": (one_rule(edition(until="2026-01-31"), edition("2026-01-31")), "not on the next day"),
    "a gap": (one_rule(edition(until="2026-01-31"), edition("2026-02-02")), "not on the next day"),
    "the newer one first": (one_rule(edition("2026-02-01"), edition(until="2026-01-31")), "not on the next day"),
    "one that ends before it begins": (one_rule(edition("2026-02-01", "2026-01-01")), "before it begins"),
}


@together("name", WRONG)
def test_a_rule_that_is_declared_wrongly_is_refused(name: str) -> None:
    rule, said = WRONG[name]
    with refuses("RULES_WRONG") as found:
        RuleBook([rule])
    assert said in found.value.words("en")


def test_a_code_that_stands_twice_is_refused() -> None:
    with refuses("RULES_WRONG", problems="mine stands twice"):
        RuleBook([one_rule(edition()), one_rule(edition())])


def test_what_a_rule_reads_is_a_path_of_the_entry() -> None:
    book = RuleBook([one_rule(edition(), reads=("goods[].colour", "tariff"))])
    with refuses("RULES_WRONG", problems="mine reads goods[].colour, which is none"):
        book.must_read(typed_paths())


def test_the_day_of_the_event_chooses_the_edition_and_before_it_the_law_of_today_is_a_forecast() -> None:
    old, new = edition(until="2025-12-31"), edition("2026-01-01")
    book = RuleBook([one_rule(old, new, anchor=Anchor.RELEASED)])
    today = date(2026, 1, 9)
    for days, expected in (
        ({}, (new, today, True)),
        ({Anchor.RELEASED: date(2025, 12, 31)}, (old, date(2025, 12, 31), False)),
        ({Anchor.RELEASED: date(2026, 1, 1)}, (new, date(2026, 1, 1), False)),
    ):
        (law,) = in_force(book, days, today)
        assert (law.edition, law.day, law.forecast) == expected


def test_before_its_first_edition_and_after_its_last_a_rule_is_no_law() -> None:
    rule = one_rule(edition("2026-01-01", "2026-01-31"))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [rule.edition(day) is not None for day in days] == [False, True, True, False]


CHANGES: tuple[dict[str, str], ...] = (
    {},
    {"mode": "9999"},
    {"transport.from": "USLAX", "transport.to": "CNCGO"},
    {"currency": "JPY", "freight": "1.5"},
    {"discount": "99999", "goods[1].sku": "RX-HH-12B"},
    {"terms": "CIF", "freight": "99999"},
    {"goods[0].quantity": "1000000", "goods[0].unitPrice": "1000000"},
    {"goods[0].netWeight": "99", "goods[1].hsCode": "9999999999"},
    {"payment.paidAt": "2027-01-01T00:00:00+08:00", "purchases[0].issuedOn": "2027-01-01"},
    {"purchases[0].line": "9", "purchases[1].quantity": "99999"},
    {"purchases[1].line": "1"},
    {"purchases": "[]", "statisticsFlag": "A"},
)


def typed(changes: dict[str, str]) -> Any:
    entry, _ = apply_changes(demo_file("trades", "xuchang-wigs-to-chicago"), changes.items())
    for purchase in entry["purchases"]:
        purchase["line"] = int(purchase["line"])
    return entry


AROUND_IT = Surroundings(desk().plan, Shelf(tariffs={"6704200000": Tariff()}), True, AT)


def pruned(value: Any, reads: set[str], path: str = "") -> Any:
    """What a rule says that it reads, and of lists how many elements they have."""
    if isinstance(value, dict):
        inner = {name: pruned(one, reads, f"{path}.{name}" if path else name) for name, one in value.items()}
        return {name: one for name, one in inner.items() if one is not None}
    if isinstance(value, list):
        return [pruned(one, reads, f"{path}[]") or {} for one in value]
    whole = any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in reads)
    return value if whole else None


@together("changes", CHANGES, ids=str)
def test_a_rule_reads_nothing_but_what_it_declares(changes: dict[str, str]) -> None:
    entry = typed(changes)
    for rule in ROWS:
        (now,) = rule.editions
        read = pruned(entry, {*rule.reads} - AROUND)
        assert [*now.check(read, AROUND_IT)] == [*now.check(entry, AROUND_IT)], rule.code


def test_every_rule_finds_something_where_it_is_broken() -> None:
    """But for those that others find."""
    verdicts = [one for changes in CHANGES for one in judge_entry(RULES, typed(changes), AROUND_IT)]
    found = {one.law.rule.code for one in verdicts}
    assert {one.code for one in ROWS if not one.told} - found == set()


def test_what_is_refused_and_what_is_only_noted_are_told_apart() -> None:
    now = datetime(2026, 1, 9, 9, tzinfo=BEIJING)
    around = Surroundings(desk().plan, Shelf(), False, now)
    noted, blocked = RuleBook([one_rule(note())]), RuleBook([one_rule(edition(check=always))])
    assert [one.source for one in judge_entry(noted, {}, around)] == ["公告9999年第1号"]
    assert first_block(judged_before_sending(noted, trade(), desk())) is None
    once = RuleBook([one_rule(edition(check=always), anchor=Anchor.DECLARED)])
    assert first_block(judged_before_sending(blocked, trade(), desk())) is None  # it was entered: that is past
    assert first_block(judged_before_sending(once, trade(), desk())) == {
        "code": "DUPLICATE", "path": "packages", "value": "x",
    }  # fmt: skip


def test_a_paper_waits_for_a_person_where_a_rule_no_longer_holds_before_it_goes_out() -> None:
    file = trade(paper(ORDER, state=paper(ORDER).state.PLANNED))
    file.shelf.tariffs = {"9999999999": Tariff()}
    decision = decided(file.documents[ORDER], shelf=file.shelf)
    attention = decision.dossier.documents[ORDER].attention
    assert attention is not None
    assert (attention["code"], attention["path"]) == ("HS_UNKNOWN", "goods[0].hsCode")
    assert ORDER not in decision.papers
