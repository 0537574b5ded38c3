"""Money that was read wrongly: once the mapping is mended, what it was matched to and declared as follows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from connectors.sdk.records import BankAdvice, Draft
from hub.model import DocumentEvent
from tests.support.databases import ON_SQLITE
from tests.support.gateway.reports import row
from tests.support.gateway.till import ACCOUNT, Till, shares_of
from tests.support.mapping import Mapping
from tests.support.sync.money import SEE, SETTLE, Bank, declarations, declared, halved, halved_number, otherwise
from tests.support.world import World

GHOST = {"source_id": "G", "entry_key": "G", "bank_reference": "G", "identifiers": ["G"], "amount": "100.00"}
REMITTANCES = "{ remittances { match attention { code message wayOut } allocations { amount how } } }"


@pytest.fixture
def till(world: World) -> Till:
    return Till(world)


@pytest.fixture
def small_till(small_world: World) -> Till:
    return Till(small_world)


@pytest.fixture
def bank(till: Till) -> Bank:
    return Bank(till)


@pytest.fixture
def small_bank(small_till: Till) -> Bank:
    return Bank(small_till)


def amount(paper: Any) -> str | None:
    return next((f"{Decimal(one['value']):.2f}" for one in paper["fields"] if one["name"] == "amount"), None)


def test_what_was_matched_at_half_is_matched_whole_and_declared_once(bank: Bank) -> None:
    till = bank.till
    bank.is_wrong(halved, halved_number)
    number = till.trade("XC-1")
    remittance = till.paid("6257.00", "XC-1")
    till.numbered()
    assert shares_of(remittance) == [("XC-1", "3128.50", "3128.50", "combined")]
    assert amount(declarations(till, number)[0]) == "3128.00"

    run = bank.is_mended()
    assert (run.received, run.merged) == (1, 1)
    (right,) = till.remittances()
    assert shares_of(right) == [("XC-1", "6257.00", "6257.00", "exact")]
    (paper,) = declarations(till, number)
    assert (paper["state"], amount(paper), paper["attention"]) == ("ready", "6257.00", None)
    assert bank.replay().unchanged == 1, "done once more, it changes nothing"
    till.world.run("forex.send")
    assert declared(till) == [("A", "6257")]


def test_a_remittance_whose_key_was_made_of_what_was_misread_is_the_same_one(small_till: Till) -> None:
    """The key of a credit has its amount in it."""
    till = small_till
    mapping = Mapping(till.world, "forex.credits")
    wrong = {"source_id": "half", "entry_key": "half"}
    mapping.is_wrong(lambda schema, values: [(schema, values | wrong | {"amount": Decimal(values["amount"]) / 2})])
    number = till.trade("XC-1")
    remittance = till.paid("6257.00", "XC-1")
    mapping.is_mended()
    mapping.replay()
    (right,) = till.remittances()
    assert right["id"] == remittance["id"]
    assert shares_of(right) == [("XC-1", "6257.00", "6257.00", "exact")]
    assert len(declarations(till, number)) == 1, "one remittance is declared by one paper"


def test_what_was_unclear_is_clear(small_till: Till) -> None:
    till, mapping = small_till, Mapping(small_till.world, "forex.credits")
    mapping.is_wrong(otherwise(remittance_information=""))
    till.trade("XC-1")
    assert till.paid("6257.00", "XC-1")["match"] == "unclear"
    mapping.is_mended()
    mapping.replay()
    assert shares_of(till.remittances()[0]) == [("XC-1", "6257.00", "6257.00", "exact")]


def test_a_declaration_that_was_returned_for_it_goes_out_anew_by_itself(small_bank: Bank) -> None:
    bank, till = small_bank, small_bank.till
    bank.is_wrong(halved, halved_number)
    number = till.trade("XC-1")
    till.paid("6257.00", "XC-1")
    bank.declares()
    (paper,) = declarations(till, number)
    assert (paper["state"], paper["attention"]["code"]) == ("rejected", "AUTHORITY_REJECTED")
    bank.is_mended()
    till.world.run("forex.send")
    (paper,) = declarations(till, number)
    assert (paper["state"], paper["version"], paper["attention"]) == ("done", 2, None)
    assert declared(till) == [("A", "3128"), ("A", "6257")]


def test_of_a_declaration_that_is_out_a_person_is_asked_once_and_declares_the_change(small_bank: Bank) -> None:
    bank, till, world = small_bank, small_bank.till, small_bank.till.world
    bank.is_wrong(otherwise(payer_country="CA"))
    number = till.trade("XC-1")
    till.paid("6257.00", "XC-1")
    bank.declares()
    bank.is_mended()
    (english,), (chinese,) = declarations(till, number), declarations(till, number, "zh")
    assert english["state"] == "done", "it stays what it is"
    assert english["attention"]["code"] == "PAPER_CORRECTED"
    for said in (english["attention"], chinese["attention"]):
        assert "payer_country CA → US" in said["message"]
        assert f"yuhub settle {english['number']}" in said["wayOut"]
        assert "yuhub cancel" in said["wayOut"]
    assert english["attention"]["message"] != chinese["attention"]["message"]
    assert world.ask(SEE, till.key, n=number)["trade"]["state"] == "attention"
    world.run("forex.send")
    assert declared(till) == [("A", "6257")], "nothing goes out by itself"

    settled = {"number": english["number"], "again": True}
    unreasoned = world.post(SETTLE, till.key, **settled, reason=" ").json()["errors"][0]["extensions"]["code"]
    assert unreasoned == "REASON_MISSING"
    world.ask(SETTLE, till.key, **settled, reason="the bank's file was read wrongly")
    world.run("forex.send")
    assert declared(till) == [("A", "6257"), ("C", "6257")]
    (paper,) = declarations(till, number)
    assert (paper["state"], paper["version"], paper["attention"]) == ("done", 2, None)
    again = world.post(SETTLE, till.key, **settled, reason="again").json()["errors"][0]["extensions"]["code"]
    assert again == "NOTHING_CORRECTED"


def test_what_went_out_may_be_left_and_is_not_asked_about_again(small_bank: Bank) -> None:
    bank, till = small_bank, small_bank.till
    bank.is_wrong(otherwise(payer_country="CA"))
    number = till.trade("XC-1")
    till.paid("6257.00", "XC-1")
    bank.declares()
    bank.is_mended()
    (paper,) = declarations(till, number)
    assert "payer_country CA → US" in paper["attention"]["message"]
    till.world.ask(SETTLE, till.world.staff, number=paper["number"], again=False, reason="put right at the counter")
    bank.replay()
    assert [one["attention"] for one in declarations(till, number)] == [None]
    assert declared(till) == [("A", "6257")]


def test_a_mistake_that_was_none_takes_its_question_back(small_bank: Bank) -> None:
    bank, till = small_bank, small_bank.till
    number = till.trade("XC-1")
    till.paid("6257.00", "XC-1")
    bank.declares()
    bank.is_wrong(halved, halved_number)  # staff mend what was right ...
    bank.replay()
    (paper,) = declarations(till, number)
    assert "amount 6257.00000 → 3128.00000" in paper["attention"]["message"]
    bank.is_mended()  # ... and think better of it
    assert [one["attention"] for one in declarations(till, number)] == [None]
    assert shares_of(till.remittances()[0]) == [("XC-1", "6257.00", "6257.00", "exact")]


def test_what_a_person_decided_stays_and_that_person_is_asked(small_till: Till) -> None:
    till, world = small_till, small_till.world
    mapping = Mapping(world, "forex.credits")
    mapping.is_wrong(otherwise(amount="6257.00"))
    number = till.trade("XC-1")
    remittance = till.paid("625.70", "thank you")
    assert till.match(remittance, {"trade": number, "amount": "6257.00"})["errors"] == []
    mapping.is_mended()
    mapping.replay()
    (asked,), (chinese,) = (world.ask(REMITTANCES, till.key, language)["remittances"] for language in ("en", "zh"))
    assert asked["match"] == "unclear"
    assert asked["allocations"] == [{"amount": "6257.00", "how": "person"}], "a person's word stands"
    assert asked["attention"]["code"] == "REMITTANCE_CORRECTED"
    assert "625.7 USD" in asked["attention"]["message"]
    assert asked["attention"]["message"] != chinese["attention"]["message"]
    till.trade("XC-2")  # what else comes up does not take the decision out of that person's hands
    assert till.remittances()[0]["match"] == "unclear"

    answer = till.match(remittance, {"trade": number, "amount": "625.70"})
    assert answer["errors"] == []
    assert shares_of(till.remittances()[0]) == [("XC-1", "625.70", "625.70", "person")]
    assert world.ask(REMITTANCES, till.key)["remittances"][0]["attention"] is None


def ghostly(schema: type[Any], values: dict[str, Any]) -> list[Draft]:
    return [(schema, values), (schema, values | GHOST)]


@pytest.mark.parametrize("out", [False, True])
@ON_SQLITE
def test_money_that_there_never_was_is_for_no_trade(bank: Bank, out: bool) -> None:
    till, world = bank.till, bank.till.world
    bank.is_wrong(ghostly)
    number = till.trade("XC-1")
    world.pay(amount="6000.00", currency="USD", payer="x", payerCountry="US", remittance="XC-1", endToEndId="E1",
              beneficiaryAccount=ACCOUNT)  # fmt: skip
    world.clock.forward(timedelta(hours=1))
    world.run("forex.credits")
    ghost = next(one for one in till.remittances() if one["amount"] == "100.00")
    till.says(**row(ghost, 7))
    till.numbered()
    assert [one["state"] for one in declarations(till, number)] == ["ready", "ready"]
    if out:
        world.run("forex.send")
    bank.is_mended()
    real, paper = sorted(declarations(till, number), key=lambda one: str(one["number"]))
    assert real["attention"] is None
    if out:
        assert paper["attention"]["code"] == "REMITTANCE_UNDONE", "what went out is for nothing now"
    else:
        assert paper["state"] == "cancelled"
        world.run("forex.send")
        assert len(declared(till)) == 1
    assert next(one for one in till.remittances() if one["id"] == ghost["id"])["match"] == "void"

    bank.is_wrong(ghostly)
    bank.replay()
    assert next(one for one in till.remittances() if one["id"] == ghost["id"])["match"] == "matched"
    again = max(declarations(till, number), key=lambda one: str(one["number"]))
    assert (again["state"], again["attention"]) == ("done" if out else "ready", None)


def test_each_paper_keeps_its_remittance_whichever_is_corrected(small_bank: Bank) -> None:
    bank, till = small_bank, small_bank.till
    bank.is_wrong(
        lambda schema, values: [(schema, values | ({"payer_country": "CA"} if values["amount"] == 2000 else {}))]
    )
    number = till.trade("XC-1")
    till.paid("2000.00", "XC-1 one")
    till.paid("3000.00", "XC-1 two")
    bank.declares()
    bank.is_mended()
    first, second = declarations(till, number)
    assert "payer_country CA → US" in first["attention"]["message"]
    assert second["attention"] is None


def test_other_money_of_the_enterprise_finds_what_is_owed_again(small_till: Till) -> None:
    till, mapping = small_till, Mapping(small_till.world, "forex.credits")
    mapping.is_wrong(
        lambda schema, values: [(schema, values | ({"amount": "6257.00"} if Decimal(values["amount"]) == 257 else {}))]
    )
    till.trade("XC-1")
    till.paid("257.00", "XC-1")
    assert till.paid("6000.00", "XC-1")["match"] == "unclear", "it is paid, as far as we know"
    mapping.is_mended()
    mapping.replay()
    assert {one["match"] for one in till.remittances()} == {"matched"}


@pytest.mark.parametrize("out", [False, True])
def test_money_that_was_only_read_as_taken_back_is_money_again(small_bank: Bank, out: bool) -> None:
    bank, till = small_bank, small_bank.till
    number = till.trade("XC-1")
    till.paid("6257.00", "XC-1")
    till.numbered()
    if out:
        till.world.run("forex.send")
    taken_back = {"status": "BOOK", "direction": "DBIT", "reversal": True, "source_id": "R"}
    bank.is_wrong(lambda schema, values: [(schema, values), (BankAdvice, values | taken_back)])
    bank.replay()
    assert till.remittances()[0]["match"] == "reversed"
    bank.is_mended()
    assert shares_of(till.remittances()[0]) == [("XC-1", "6257.00", "6257.00", "exact")]
    paper = next(one for one in declarations(till, number) if one["state"] != "cancelled")
    assert (paper["state"], paper["attention"]) == ("done" if out else "ready", None)
    till.world.run("forex.send")
    assert declared(till) == [("A", "6257")]


def test_what_has_nothing_left_to_declare_is_not_declared_again(small_bank: Bank) -> None:
    bank, till = small_bank, small_bank.till
    number = till.trade("XC-1")
    till.paid("6257.00", "XC-1")
    bank.declares()
    bank.is_wrong(otherwise(payer_country=None))
    bank.replay()
    (paper,) = declarations(till, number)
    assert paper["attention"]["message"].endswith("payer_country US → —")
    settled = {"number": paper["number"], "reason": "nobody knows from where"}
    (refused,) = till.world.post(SETTLE, till.key, again=True, **settled).json()["errors"]
    assert refused["extensions"]["code"] == "PAPER_BASELESS"
    till.world.ask(SETTLE, till.key, again=False, **settled)
    assert [one["attention"] for one in declarations(till, number)] == [None]


def fields(till: Till, number: str, name: str) -> list[str | None]:
    (paper,) = declarations(till, number)
    return [one["value"] for one in paper["fields"] if one["name"] == name]


def test_a_remittance_whose_reference_was_anothers_gets_its_own_number(small_bank: Bank) -> None:
    till, numbers = small_bank.till, [small_bank.till.trade(order) for order in ("XC-1", "XC-2")]
    one, two = (till.paid("2000.00", order)["bankReference"] for order in ("XC-1", "XC-2"))
    swapped = {one: two, two: one}
    small_bank.is_wrong(lambda s, v: [(s, v | {"bank_reference": swapped[v["bank_reference"]]})])
    small_bank.mappings[0].replay()
    till.numbered()
    wrong = [fields(till, number, "report_number") for number in numbers]
    small_bank.is_mended()
    assert [fields(till, number, "report_number") for number in numbers] == wrong[::-1]
    assert all(wrong)


def test_when_the_goods_left_decides_what_the_money_is_declared_as(small_bank: Bank) -> None:
    """Also of another trade that the same remittance pays."""
    till, world = small_bank.till, small_bank.till.world
    mapping, wrong = Mapping(world, "airport.events"), set[str]()
    numbers = [till.trade(order) for order in ("XC-1", "XC-2")]
    world.until(lambda: len(departures(world)) == len(numbers), by=timedelta(hours=1))
    till.paid("12514.00", "XC-1 XC-2")
    till.numbered()
    assert [fields(till, number, "payment_type") for number in numbers] == [["O"], ["O"]]

    mapping.is_wrong(lambda s, v: [(s, {name: _later(name, v, wrong) for name in v})])
    for late, declared_as in ([0, 1], ["A"]), ([], ["O"]), ([0], []), ([], ["O"]):
        wrong.clear()
        wrong.update(departures(world)[one] for one in late)
        mapping.replay()
        assert [fields(till, number, "payment_type") for number in numbers] == [declared_as] * 2, late


def _later(name: str, values: dict[str, Any], wrong: set[str]) -> Any:
    value, may = values[name], name not in ("source_id", "as_of")
    if may and isinstance(value, str) and values.get("about_value") in wrong:
        return value.replace("2026-01-09T", "2026-02-20T")
    return value


def departures(world: World) -> list[str]:
    """What the events of departures are about, trade by trade."""
    told = select(DocumentEvent.about_value).where(DocumentEvent.milestone == "departed")
    with world.hub.database.read() as connection:
        return list(connection.scalars(told.order_by(DocumentEvent.trade_id)))
