"""What a list is asked for: a word that there is not is refused with those that there are, never an empty list."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.databases import ON_SQLITE
from tests.support.world import World

WRONG = {
    "remittances(match: matchd) { id }": "Did you mean the enum value 'matched'",
    "trades(state: done) { number }": "'done' does not exist in 'TradeState' enum",
    "enterprises(state: aproved) { uscc }": "'approved'",
    "webhookDeliveries(state: givenup) { id }": "'given_up'",
    'syncRuns(job: "customs.reciepts") { id }': "customs.responses",
    'beltTrades(belt: "xuchang") { number }': "belt xuchang",
    'stock(warehouse: "DEDUI99") { sku }': "warehouse DEDUI99",
    'schedules(from: "Zhengzhou") { number }': "UN/LOCODE",
}


@pytest.mark.parametrize("asked", WRONG)
def test_a_word_that_there_is_not_is_refused(small_world: World, asked: str) -> None:
    said = small_world.post(f"{{ {asked} }}", small_world.staff).json()
    assert WRONG[asked] in str(said["errors"][0])


@pytest.mark.parametrize(
    ("declared", "variables", "words"),
    [
        ("($n: Int) { trades(first: $n) { number } }", {"n": "twenty"}, "Int cannot represent non-integer value"),
        ("($s: TradeState) { trades(state: $s) { number } }", {"s": "done"}, "'done' does not exist in 'TradeState'"),
        ("($p: Locode) { schedules(from: $p) { mode } }", {"p": "Zhengzhou"}, "'Zhengzhou' is no UN/LOCODE"),
        ("($n: Int!) { trades(first: $n) { number } }", {}, "'$n' of required type 'Int!' was not provided"),
    ],
)
def test_a_variable_that_is_wrong_is_the_askers_to_mend(
    small_world: World, declared: str, variables: dict[str, Any], words: str
) -> None:
    answer = small_world.post(f"query{declared}", small_world.staff, **variables)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, "GRAPHQL_INVALID")
    assert words in error["message"]


@pytest.mark.parametrize("first", [-1, 10_000])
def test_a_list_is_never_cut_in_silence(world: World, first: int) -> None:
    for key, lists in (
        (world.exporter(), ("trades", "remittances", "schedules", "stock", "webhookDeliveries", "accessLog")),
        (world.staff, ("syncRuns", "quarantine")),
    ):
        for name in lists:
            (error,) = world.post(f"{{ {name}(first: {first}) {{ __typename }} }}", key).json()["errors"]
            said = error["extensions"]
            assert said["code"] == "QUERY_TOO_LARGE", name
            assert said["measured"] > said["limit"] or said["measured"] == first == -1


@pytest.mark.parametrize("first", [0, 1])
@ON_SQLITE
def test_a_list_has_as_many_rows_as_were_asked_for(world: World, first: int) -> None:
    world.run("tax.rates", "rail.schedules", "rail.warehouses")
    assert len(world.ask(f"{{ schedules(first: {first}) {{ __typename }} }}", world.exporter())["schedules"]) == first
    assert len(world.ask(f"{{ syncRuns(first: {first}) {{ id }} }}", world.staff)["syncRuns"]) == first
    jobs = world.ask(f"{{ syncJobs {{ runs(first: {first}) {{ id }} }} }}", world.staff)["syncJobs"]
    assert max(len(job["runs"]) for job in jobs) == first
