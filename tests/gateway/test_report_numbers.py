"""The 申报号码 is the bank's: the declaration waits for it, completes it in time, and follows what the bank says."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from hub.access import Role
from tests.support.gateway.reports import row
from tests.support.gateway.till import Till
from tests.support.world import World

WAITS = """query($n: String!) { trade(number: $n) {
  state waitsFor { whom kind milestone awaited attention { code message wayOut } }
  documents { kind number version state awaits attention { code message wayOut } fields { name value source } }
  remittances { remittance { id reportNumber basicInformation { settledAmount foreignAmount } } }
} }"""
TIE = """mutation($id: Int!, $remittance: Int!, $reason: String) {
  matchBasicInformation(id: $id, remittance: $remittance, reason: $reason) { match reportNumber remittance { id } } }"""
COMPLETE = """mutation($remittance: Int!, $completion: CompletionInput, $reason: String) {
  completeDeclaration(remittance: $remittance, completion: $completion, reason: $reason) {
    remittance { id } errors { path code message wayOut } } }"""
KIND = "forex.declaration"


@pytest.fixture
def till(small_world: World) -> Till:
    return Till(small_world)


def trade(till: Till, number: str, language: str = "en") -> Any:
    return till.world.ask(WAITS, till.key, language, n=number)["trade"]


def papers(till: Till, number: str) -> list[Any]:
    return [one for one in trade(till, number)["documents"] if one["kind"] == KIND]


def declared(till: Till, outcome: str | None = "accepted") -> list[dict[str, str]]:
    return [json.loads(entry.body) for entry in till.world.taken("forex", "bop", outcome)]


def awaited(till: Till, number: str, language: str = "en") -> list[Any]:
    return [one for one in trade(till, number, language)["waitsFor"] if one["kind"] == KIND]


def refusal(till: Till, mutation: str, key: str = "", **variables: Any) -> str:
    (error,) = till.world.post(mutation, key or till.key, **variables).json()["errors"]
    return str(error["extensions"]["code"])


def test_a_declaration_waits_for_the_banks_number_and_asks_nobody(till: Till) -> None:
    number = till.trade("XC-1")
    (before,) = awaited(till, number)
    assert (before["milestone"], before["awaited"]) == ("remittance_matched", "money that came in is tied to the trade")
    remittance = till.paid("6257.00", "XC-1")
    (waits,) = awaited(till, number)
    assert (waits["whom"], waits["milestone"], waits["attention"]) == ("authority", "report_number", None)
    assert waits["awaited"] == "the bank's 申报号码 (RPTNO)"
    assert awaited(till, number, "zh")[0]["awaited"] == "银行的申报号码（RPTNO）"
    assert papers(till, number)[0]["awaits"] == ["report_number"]

    (told,) = till.numbered()
    assert (told["match"], told["remittance"]["id"], len(told["reportNumber"])) == ("matched", remittance["id"], 22)
    (paper,) = papers(till, number)
    assert (paper["state"], paper["awaits"]) == ("ready", [])
    sources = {one["name"]: one["source"] for one in paper["fields"]}
    assert [sources[name] for name in ("report_number", "amount", "payer", "method")] == [
        "bank:report_number", "bank:amount", "bank:payer", "bank:method",
    ]  # fmt: skip
    till.world.run("forex.send")
    (sent,) = declared(till)
    assert (sent["RPTNO"], sent["TXAMT"], sent["TC1AMT"]) == (told["reportNumber"], "6257", "6257")
    assert (sent["PAYTYPE"], sent["TXCODE"], sent["ISREF"]) == ("A", "122030", "N"), "the goods have not left"
    assert sent["TXREM"].endswith("XC-1")
    assert "BILLNO" not in sent


def test_each_remittance_waits_for_its_own_number(till: Till) -> None:
    number = till.trade("XC-1")
    till.paid("4000.00", "XC-1 part one")
    till.numbered()
    till.paid("2257.00", "XC-1 the rest")
    assert [(one["state"], one["awaits"]) for one in papers(till, number)] == [
        ("ready", []), ("planned", ["report_number"]),
    ]  # fmt: skip
    assert [one["milestone"] for one in awaited(till, number)] == [None, "report_number"]


def test_it_is_due_within_five_working_days_of_what_the_bank_said(till: Till) -> None:
    till.trade("XC-1")
    till.paid("6257.00", "XC-1")
    (told,) = till.numbered()
    due = told["declarationDue"]  # made on Friday, 9 January 2026
    assert (due["due"], due["declaredAt"], due["overdue"]) == ("2026-01-16T15:59:59.000000Z", None, False)
    assert (due["weekendsOnly"], due["note"]) == (False, "counted by the State Council's order of holidays")
    till.world.clock.forward(timedelta(days=8))
    assert till.numbers()[0]["declarationDue"]["overdue"] is True
    till.world.run("forex.send")
    late = till.numbers()[0]["declarationDue"]
    assert (late["declaredAt"] is not None, late["overdue"]) == (True, True), "late it was, and late it stays"

    till.trade("XC-2")
    till.paid("6257.00", "XC-2")
    till.numbered()
    till.world.run("forex.send")
    till.world.clock.forward(timedelta(days=30))
    assert till.numbers()[0]["declarationDue"]["overdue"] is False, "it was declared in time"


def test_of_a_year_without_an_order_of_holidays_it_says_that_weekends_alone_are_left_out(till: Till) -> None:
    till.says(**row({"amount": "5", "payer": "x", "bankReference": "B"}, madeAt="2026-12-29T10:00:00+08:00"))
    till.world.run("forex.basic_information")
    due = till.numbers()[0]["declarationDue"]
    assert (due["due"], due["weekendsOnly"]) == ("2027-01-05T15:59:59.000000Z", True)
    assert "not published" in due["note"]
    assert "只扣除周末" in till.numbers(language="zh")[0]["declarationDue"]["note"]


def test_a_number_that_could_be_of_nothing_or_of_several_is_for_a_person(till: Till) -> None:
    number = till.trade("XC-1")
    remittance = till.paid("6257.00", "XC-1")
    till.says(**row(remittance, 7))
    till.says(**row(remittance, 8))
    till.says(**row(remittance, 9, ACTIONTYPE="D"))
    till.world.run("forex.basic_information")
    unclear = till.numbers(match="unclear")
    assert sorted(one["reportNumber"][18:] for one in unclear) == ["N007", "N008"], "what was taken back asks nobody"
    assert papers(till, number)[0]["awaits"] == ["report_number"]

    first, second = unclear
    stranger, viewer = till.world.exporter("luoyang-furniture"), till.world.issue("viewer", Role.VIEWER)
    ids = {"id": first["id"], "remittance": remittance["id"]}
    assert till.numbers(stranger) == []
    assert refusal(till, TIE, stranger, **ids) == "NOT_FOUND"
    assert refusal(till, TIE, viewer, **ids, reason="I saw it") == "FORBIDDEN"
    assert refusal(till, TIE, till.world.staff, **ids) == "REASON_MISSING"
    revoked = next(one for one in till.numbers() if one["revoked"])
    assert refusal(till, TIE, id=revoked["id"], remittance=remittance["id"]) == "NUMBER_REVOKED"
    tied = till.world.ask(TIE, till.key, **ids)["matchBasicInformation"]
    assert (tied["match"], tied["remittance"]["id"]) == ("matched", remittance["id"])
    assert refusal(till, TIE, **ids) == "NUMBER_TAKEN"
    assert refusal(till, TIE, id=second["id"], remittance=remittance["id"]) == "REMITTANCE_NUMBERED"
    till.world.turn()
    assert [one["RPTNO"] for one in declared(till)] == [first["reportNumber"]]


def test_a_number_that_the_bank_takes_back_is_not_used(till: Till) -> None:
    number = till.trade("XC-1")
    remittance = till.paid("6257.00", "XC-1")
    till.world.late.add("forex.send")
    till.says(**row(remittance, 7))
    till.world.run("forex.basic_information")
    assert papers(till, number)[0]["state"] == "ready"
    till.says(**row(remittance, 7, ACTIONTYPE="D"))
    till.says(**row(remittance, 8))
    till.world.run("forex.basic_information")
    (paper,) = papers(till, number)
    assert paper["attention"]["code"] == "BANK_CHANGED"
    assert "report_number" in paper["attention"]["message"]
    assert till.remittances()[0]["reportNumber"] == "410100010501260109N008"
    assert till.world.ask(COMPLETE, till.key, remittance=remittance["id"])["completeDeclaration"]["errors"] == []
    till.world.run("forex.send")
    assert [one["RPTNO"] for one in declared(till, None)] == ["410100010501260109N008"]


def test_what_the_bank_changes_after_the_declaration_is_declared_anew_by_a_person(till: Till) -> None:
    number = till.trade("XC-1")
    remittance = till.paid("6257.00", "XC-1")
    till.says(**row(remittance))
    till.world.run("forex.basic_information", "forex.send")
    till.says(**row(remittance, ACTIONTYPE="C", METHOD="D", FCYAMT="6000", LCYAMT="257", EXRATE="6.7", LCYACC="9"))
    till.world.run("forex.basic_information")
    (paper,) = papers(till, number)
    assert (paper["state"], paper["attention"]["code"]) == ("done", "BANK_CHANGED")
    money = trade(till, number)["remittances"][0]["remittance"]["basicInformation"]
    assert (money["settledAmount"], money["foreignAmount"]) == ("257.00", "6000.00")
    said = {"remark": "发制品货款", "country": "LU", "paymentType": "O", "bonded": True, "approvalNumber": "N/A"}
    answer = till.world.ask(COMPLETE, till.key, remittance=remittance["id"], completion=said)["completeDeclaration"]
    assert answer == {"remittance": {"id": remittance["id"]}, "errors": []}
    till.world.run("forex.send")
    first, second = declared(till)
    assert (first["ACTIONTYPE"], second["ACTIONTYPE"], first["RPTNO"]) == ("A", "C", second["RPTNO"])
    assert [second[name] for name in ("METHOD", "LCYAMT", "TXREM", "COUNTRY", "PAYTYPE", "ISREF", "BILLNO")] == [
        "D", "257", "发制品货款", "LUX", "O", "Y", "N/A",
    ]  # fmt: skip
    (paper,) = papers(till, number)
    assert (paper["state"], paper["attention"]) == ("done", None)


def test_what_completes_a_declaration_is_checked_where_it_is_typed(till: Till) -> None:
    till.trade("XC-1")
    remittance = till.paid("6257.00", "XC-1")
    unmatched = till.paid("10.00", "thank you")
    wrong = {"country": "ZZ", "paymentType": "P", "transactionCode": "12", "approvalNumber": "x" * 51}
    answer = till.world.ask(COMPLETE, till.key, remittance=remittance["id"], completion=wrong)["completeDeclaration"]
    assert answer["remittance"] is None
    assert {one["path"]: one["code"] for one in answer["errors"]} == {
        "country": "UNKNOWN_CODE",
        "paymentType": "BAD_VALUE",
        "transactionCode": "BAD_VALUE",
        "approvalNumber": "BAD_VALUE",
    }
    assert all(one["message"] and one["wayOut"] for one in answer["errors"])
    assert refusal(till, COMPLETE, remittance=unmatched["id"]) == "REMITTANCE_UNMATCHED"
    assert refusal(till, COMPLETE, till.world.staff, remittance=remittance["id"]) == "REASON_MISSING"
    assert refusal(till, COMPLETE, till.world.exporter("luoyang-furniture"), remittance=remittance["id"]) == "NOT_FOUND"


def test_a_remittance_of_which_a_part_is_for_no_trade_asks_under_which_code_it_is_declared(till: Till) -> None:
    number = till.trade("XC-1")
    remittance = till.paid("7000.00", "thank you")
    assert till.match(remittance, {"trade": number, "amount": "6257.00"})["errors"] == []
    till.numbered()
    till.world.turn()
    (paper,) = papers(till, number)
    assert paper["attention"]["code"] == "FIELDS_MISSING"
    assert paper["attention"]["message"].endswith(
        "transactionCode of the declaration (say it with completeDeclaration)"
    )
    said = {"transactionCode": "121990"}
    assert (
        till.world.ask(COMPLETE, till.key, remittance=remittance["id"], completion=said)["completeDeclaration"][
            "errors"
        ]
        == []
    )
    till.world.run("forex.send")
    assert [(one["TXCODE"], one["TC1AMT"]) for one in declared(till)] == [("121990", "7000")]
