"""Tests that walk over much ground, of which quicker ones walk a part: `.ci/run` and `make test-thorough` run them.

Each is a pattern of `fnmatch` for the part of a test's name behind `tests/`, where `[` and `]` stand as `(` and `)`.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

PATTERNS = (
    "cli/test_commands.py::test_the_demonstration_comes_to_its_ends*",
    "cli/test_ending.py::test_a_pipe_that_nobody_empties*",
    "cli/test_ending.py::test_a_plugin_that_never_comes_back*",
    "cli/test_spoken.py::test_a_terminal_that_has_not_got_a_character*",
    "cli/test_verify.py::test_an_authority_out_of_reach*",
    "cli/test_verify.py::test_nothing_is_sent*",
    "cli/test_verify.py::test_of_what_cannot_be_asked*",
    "cli/test_verify.py::test_what_an_authority_has*",
    "cli/test_verify.py::test_what_it_has_and_we_think_not*",
    "cli/test_verify.py::test_whatever_became*",
    "connectors/test_conformance.py::test_airport(drift)",
    "connectors/test_conformance.py::test_forex(bad-member)",
    "connectors/test_conformance.py::test_forex(drift)",
    "consolidations/test_any_course.py::test_whatever_happens*",
    "consolidations/test_one_is_held.py::*",
    "docs/test_connectors_tutorial.py::*",
    "files/test_breaking_off.py::test_a_hub_that_died_on_the_way*",
    "files/test_memory.py::test_a_file_that_is_much_longer*",
    "flow/test_amending.py::test_purchases_may_come_later*",
    "flow/test_amending.py::test_what_comes_too_late*",
    "flow/test_every_mode.py::test_each_mode_goes_the_other_way_too*",
    "flow/test_every_mode.py::test_overseas_warehouse_by_rail*",
    "flow/test_kill.py::*",
    "flow/test_mended_mapping.py::test_money_that_was_read_at_half*",
    "flow/test_mended_mapping.py::test_of_what_went_out*",
    "flow/test_taking_back.py::test_no_more_tax*",
    "flow/test_taking_back.py::test_what_customs_closed_meanwhile*",
    "flow/test_taking_back.py::test_what_customs_has_released*",
    "gateway/test_access_log.py::test_every_answer_that_shows_something*",
    "gateway/test_tenants.py::test_nobody_comes_to_what_is_anothers*",
    "hostile/test_pulling.py::test_a_fault_is_named_and_loses_nothing(*_*)",
    "hostile/test_pulling.py::test_a_fault_is_named_and_loses_nothing(trickle)",
    "hostile/test_pulling.py::test_a_fault_is_named_and_loses_nothing(silent)",
    "hostile/test_pulling.py::test_a_fault_is_named_and_loses_nothing(slow)",
    "hostile/test_pulling.py::test_a_fault_is_named_and_loses_nothing(repeating)",
    "hostile/test_pulling.py::test_a_fault_is_named_and_loses_nothing(zipped)",
    "hostile/test_pulling.py::test_a_fault_is_named_and_loses_nothing(duplicates)",
    "hostile/test_sending.py::test_a_trade_comes_to_its_end*",
    "hostile/test_sending.py::test_trades_come_to_their_end*",
    "sdk/test_conformance.py::test_a_planted_bug_breaks_its_rule_and_no_other(when-*)",
    "sync/test_any_order.py::test_every_negative_code*",
    "sync/test_follow_up.py::test_a_connector_that_is_left_out*",
    "sync/test_follow_up.py::test_a_trade_that_cannot_be_moved_on*",
    "sync/test_outage.py::*",
    "sync/test_replayed_money.py::test_when_the_goods_left*",
    "test_benchmarks.py::*",
)


def pattern_of(node: str) -> str | None:
    """The pattern that takes a test to be thorough; None where none does."""
    name = node.removeprefix("tests/").replace("[", "(").replace("]", ")")
    return next((one for one in PATTERNS if fnmatchcase(name, one)), None)
