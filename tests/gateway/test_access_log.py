"""Whatever a platform sees by consent stands in the log that the enterprise reads, by whatever way it came there."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from sqlalchemy import text

from tests.support.gateway.town import Town
from tests.support.gateway.walking import leaves
from tests.support.world import World

LOG = "{ accessLog(first: 500) { trades numbers shown { kind count } } }"
CONCERNING = {
    "Trade", "GoodsLine", "Document", "DocumentEvent", "Shipment", "Leg", "TrackingEvent", "StockLevel", "Enterprise",
}  # fmt: skip
"""Types whose rows are an enterprise's and are shown by consent; the others are nobody's, or hang on one of these."""

MONEY = {"Allocation", "TaxRefund", "PurchaseInvoice", "Remittance", "BankAdvice", "BasicInformation"}


@pytest.fixture
def town(small_world: World) -> Town:
    return Town(small_world)


def logged(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.world.ask(LOG, town.owner)["accessLog"]
    return found


def test_every_answer_that_shows_something_is_in_the_log(town: Town) -> None:
    town.play()
    reached: set[str] = set()
    before = len(logged(town))
    for name, question, variables in town.questions():
        answer = town.world.post(question, town.platform, **variables).json()
        types = {value for field, value in leaves(answer.get("data")) if field.endswith(".__typename")}
        assert types.isdisjoint(MONEY), name
        shown = types & CONCERNING
        entries = logged(town)
        new, before = entries[: len(entries) - before], len(entries)
        assert {one["kind"] for entry in new for one in entry["shown"]} == shown, name
        assert len(new) == bool(shown), name
        numbers = {value for field, value in leaves(answer.get("data")) if field == "Trade.number"}
        assert numbers <= {one for entry in new for one in entry["numbers"]}, name
        reached |= shown
    assert reached == CONCERNING


def test_a_bare_count_is_seen_as_well(town: Town) -> None:
    before = len(logged(town))
    town.world.ask("{ stock { __typename } }", town.platform)
    town.world.ask("{ belts { members { __typename } } }", town.platform)
    assert [one["shown"] for one in logged(town)[:-before]] == [
        [{"kind": "Enterprise", "count": 1}],
        [{"kind": "StockLevel", "count": 1}],
    ]


def test_what_cannot_be_noted_is_not_answered(town: Town) -> None:
    with town.world.hub.database.write() as connection:
        connection.execute(text("DROP TABLE access_entry"))
    answer = town.world.post("{ trades { number } }", town.platform)
    assert answer.status_code >= 500
    assert town.numbers[0] not in answer.text
    assert town.world.ask("{ trades { number } }", town.owner)["trades"]


def test_a_platform_fetches_no_file(town: Town) -> None:
    paths = {
        one["download"]
        for trade in town.world.ask("{ trades { documents { download } events { download } } }", town.owner)["trades"]
        for one in (*trade["documents"], *trade["events"])
        if one["download"]
    }
    assert paths
    headers = {"Authorization": f"Bearer {town.platform}"}
    assert {requests.get(town.world.address + path, headers=headers, timeout=10).status_code for path in paths} == {403}
