"""One filing of many trades at the stand-in tax bureau: its relations, their answers, and its withdrawal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mocks.serve import serving
from mocks.tax.app import create_app
from tests.support.mocks.clocks import HandPace
from tests.support.mocks.refunds import KEY, batch, results
from tests.support.mocks.wire import Wire

FIRST, SECOND, THIRD = (f"20260200100000{sequence:03d}" for sequence in (1, 2, 3))
OTHER_TAXPAYER = "91410100MA44ABCD5U"


@pytest.fixture
def pace() -> HandPace:
    return HandPace()


@pytest.fixture
def client(pace: HandPace) -> Iterator[Wire]:
    with serving(create_app(pace)) as base:
        yield Wire(base)


def file(client: Wire, *sequences: int, **more: str) -> tuple[int, Any]:
    answer = client.post("/refunds", json=batch(*sequences, **more), headers=KEY)
    return answer.status_code, answer.get_json()


def refuse(client: Wire, **body: str) -> int:
    return client.post("/_control/refusals", json=body).status_code


def held(client: Wire) -> list[dict[str, str]]:
    filings = client.get("/_control/holdings").get_json()["filings"].values()
    return [one["relations"] for one in filings]


def decided(client: Wire) -> list[tuple[str, str, str]]:
    rows = [row for row in results(client) if row["status"] not in ("received", "reviewing")]
    return [(row["relation"], row["status"], row["amount"]) for row in rows]


def test_a_filing_of_many_trades_is_answered_as_a_whole(client: Wire, pace: HandPace) -> None:
    assert file(client, 1, 2, 3)[0] == 202
    pace.wait(days=1)
    assert decided(client) == [(FIRST, "approved", "9360.03"), (FIRST, "paid", "9360.03")]
    assert held(client) == [{FIRST: "paid", SECOND: "paid", THIRD: "paid"}]


def test_one_relation_is_refused_and_the_others_are_paid(client: Wire, pace: HandPace) -> None:
    number = file(client, 1, 2, 3)[1]["filingNumber"]
    pace.wait(minutes=30)
    assert refuse(client, relation=SECOND, reason="进货发票已作废", field="purchases[1].voucher") == 201
    pace.wait(days=1)
    paid = [(relation, "paid", "3120.01") for relation in (FIRST, THIRD)]
    assert decided(client) == [
        (FIRST, "approved", "3120.01"),
        (SECOND, "refused", "0.00"),
        (THIRD, "approved", "3120.01"),
        *paid,
    ]
    refused = next(row for row in results(client) if row["status"] == "refused")
    assert (refused["reason"], refused["field"], refused["filingNumber"]) == (
        "进货发票已作废",
        "purchases[1].voucher",
        number,
    )
    assert held(client) == [{FIRST: "paid", SECOND: "refused", THIRD: "paid"}]
    found = client.get(f"/refunds/by-relation/{SECOND}", headers=KEY).get_json()
    assert (found["status"], found["filingNumber"]) == ("refused", number)


def test_a_refused_relation_may_be_filed_again_and_the_others_not(client: Wire, pace: HandPace) -> None:
    number = file(client, 1, 2)[1]["filingNumber"]
    refuse(client, relation=SECOND)
    pace.wait(days=1)
    status, answer = file(client, 2, 1)
    assert (status, answer["code"]) == (409, "DUPLICATE")
    status, answer = file(client, 2, 1, 3)
    assert (status, answer["field"], answer["message"]) == (
        422,
        "exports[1].relation",
        f"filed before under {number}",
    )
    assert file(client, 2, 3)[0] == 202


def test_a_relation_is_a_number_of_its_taxpayer(client: Wire, pace: HandPace) -> None:
    """Everybody begins with 00000001 of batch 001 each month."""
    numbers = [file(client, 1)[1]["filingNumber"], file(client, 1, taxpayer=OTHER_TAXPAYER)[1]["filingNumber"]]
    assert len(set(numbers)) == 2
    path = f"/refunds/by-relation/{FIRST}"
    asked = [client.get(f"{path}?taxpayer={one}", headers=KEY).get_json() for one in batch_taxpayers()]
    assert [one["filingNumber"] for one in asked] == numbers
    assert client.post(f"{path}/withdraw?taxpayer={OTHER_TAXPAYER}", headers=KEY).status_code == 202
    pace.wait(days=1)
    assert held(client) == [{FIRST: "paid"}, {FIRST: "withdrawn"}]


def batch_taxpayers() -> tuple[str, str]:
    return batch(1)["heading"]["taxpayer"], OTHER_TAXPAYER


def test_a_filing_is_withdrawn_whole_by_any_of_its_relations_before_the_decision(client: Wire, pace: HandPace) -> None:
    file(client, 1, 2)
    refuse(client, relation=FIRST)
    assert client.post(f"/refunds/by-relation/{SECOND}/withdraw", headers=KEY).status_code == 202
    assert refuse(client, relation=SECOND) == 409
    pace.wait(days=1)
    assert held(client) == [{FIRST: "withdrawn", SECOND: "withdrawn"}]
    assert file(client, 1, 3)[0] == 202


def test_a_reviewer_refuses_nothing_after_the_decision(client: Wire, pace: HandPace) -> None:
    file(client, 1, 2)
    pace.wait(hours=3)
    assert refuse(client, relation=FIRST) == 409
    assert refuse(client, relation="20260200100000404") == 404
    assert client.post(f"/refunds/by-relation/{FIRST}/withdraw", headers=KEY).status_code == 409
