"""Money that a bank takes back, has not booked yet, or tells of in two ways: what remittances and trades then say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, Response
from sqlalchemy import select

from hub.model import AuditEntry, Quarantined
from tests.support.connectors.camt_files import details, document, entry
from tests.support.gateway.till import ACCOUNT, DUE, Till, shares_of
from tests.support.world import World

HALF, DAY = timedelta(minutes=31), timedelta(days=1)
ADVICES = """query($state: AdviceState) { advices(state: $state) {
  id state status direction reversal amount bankReference remittances { id match } } }"""
SETTLE = """mutation($id: Int!, $remittances: [Int!]!, $reason: String) {
  settleAdvice(id: $id, remittances: $remittances, reason: $reason) { state remittances { id match reversedAt } } }"""
DROP = "mutation($n: String!, $why: String!) { dropPaper(number: $n, reason: $why) { state attention { code } } }"
TRADE = """query($n: String!) { trade(number: $n) { state
  remittances { amount } waitsFor { whom kind milestone attention { code message wayOut } }
  documents { kind number state attention { code } } } }"""
DECLARATION = "forex.declaration"


@pytest.fixture
def till(small_world: World) -> Till:
    return Till(small_world)


def later(till: Till, by: timedelta = DAY) -> None:
    till.world.clock.forward(by)
    till.world.run("forex.credits")


def advices(till: Till, state: str | None = None, key: str = "") -> list[Any]:
    return list(till.world.ask(ADVICES, key or till.key, state=state)["advices"])


def trade(till: Till, number: str) -> Any:
    return till.world.ask(TRADE, till.key, n=number)["trade"]


def declarations(till: Till, number: str) -> list[tuple[str, str | None]]:
    return [
        (one["state"], one["attention"] and one["attention"]["code"])
        for one in trade(till, number)["documents"]
        if one["kind"] == DECLARATION
    ]


def refusal(till: Till, query: str, **variables: Any) -> str:
    (error,) = till.world.post(query, till.key, **variables).json()["errors"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(("names", "version"), [("suffix", "02"), ("same", "08"), ("endToEnd", "08")])
def test_a_reversal_undoes_what_its_remittance_was_for(till: Till, names: str, version: str) -> None:
    number = till.trade("XC-1")
    paid = till.paid("6257.00", "XC-1", reversal=" 1 ", reversalNames=names, version=version)
    assert paid["match"] == "matched"
    later(till)
    (remittance,) = till.remittances()
    assert (remittance["match"], remittance["allocations"]) == ("reversed", [])
    (advice,) = advices(till)
    assert (advice["state"], advice["remittances"]) == ("settled", [{"id": paid["id"], "match": "reversed"}])
    now = trade(till, number)
    assert now["remittances"] == []
    assert ("authority", DECLARATION, "remittance_matched") in [
        (one["whom"], one["kind"], one["milestone"]) for one in now["waitsFor"]
    ]
    again = till.paid("6257.00", "XC-1")
    assert shares_of(again) == [("XC-1", "6257.00", "6257.00", "exact")]
    till.world.until(lambda: len(till.world.taken("forex", "bop")) == 1)
    assert declarations(till, number) == [("cancelled", None), ("done", None)]


def test_where_it_was_declared_a_person_is_asked_until_it_is_deleted(till: Till) -> None:
    number = till.trade("XC-1")
    till.paid("6257.00", "XC-1", reversal="true")
    till.numbered()
    till.world.run("forex.send")
    assert len(till.world.taken("forex", "bop")) == 1
    later(till)
    now = trade(till, number)
    (asked,) = [one["attention"] for one in now["waitsFor"] if one["whom"] == "person" and one["kind"] == DECLARATION]
    assert (now["state"], asked["code"], "6257" in asked["message"]) == ("attention", "REMITTANCE_UNDONE", True)
    assert "dropPaper" in asked["wayOut"]
    paper = next(one["number"] for one in now["documents"] if one["attention"])
    other = next(one["number"] for one in now["documents"] if one["kind"] == "customs.order")
    assert till.paid("6257.00", "XC-1 once more")["match"] == "matched"
    till.numbered()
    till.world.run("forex.send")
    assert declarations(till, number) == [("done", "REMITTANCE_UNDONE"), ("done", None)], (
        "each keeps its own remittance"
    )
    assert refusal(till, DROP, n=other, why="?") == "PAPER_STANDS"
    assert refusal(till, DROP, n=paper, why=" ") == "REASON_MISSING"
    dropped = till.world.ask(DROP, till.key, n=paper, why="the bank deleted it")["dropPaper"]
    assert dropped == {"state": "cancelled", "attention": None}
    assert declarations(till, number) == [("cancelled", None), ("done", None)]
    assert trade(till, number)["state"] == "running"
    with till.world.hub.database.read() as connection:
        (audit,) = connection.execute(select(AuditEntry.__table__).where(AuditEntry.action == "paper.drop"))
    assert (audit.subject, audit.reason, audit.before) == (paper, "the bank deleted it", {"state": "done"})


def test_of_two_remittances_the_one_that_stands_keeps_the_milestone(till: Till) -> None:
    number = till.trade("XC-1")
    till.paid("2000.00", "XC-1 first", reversal="true")
    till.paid("4257.00", "XC-1 rest")
    later(till)
    assert [one["amount"] for one in trade(till, number)["remittances"]] == ["4257.00"]
    till.world.until(lambda: len(till.world.taken("forex", "bop")) == 1)
    assert declarations(till, number) == [("cancelled", None), ("done", None)]
    till.world.until(lambda: till.owed(number) is not None)
    assert till.world.ask(DUE, till.key, n=number)["trade"]["paymentDue"]["outstanding"] == "2000.00"


def test_money_that_was_unclear_is_looked_at_again_when_its_trade_owes_again(till: Till) -> None:
    till.trade("XC-1")
    first = till.paid("6257.00", "XC-1", reversal="true")
    assert till.paid("6257.00", "XC-1")["match"] == "unclear"
    later(till)
    assert {one["id"] == first["id"]: one["match"] for one in till.remittances()} == {
        True: "reversed",
        False: "matched",
    }


def test_a_reversal_that_names_nothing_waits_for_a_person(till: Till) -> None:
    number = till.trade("XC-1")
    paid = till.paid("6257.00", "XC-1", reversal="true", reversalNames="nothing")
    other = till.paid("100.00", "?")
    later(till)
    (advice,) = advices(till, "unclear")
    assert till.remittances(match="matched")[0]["id"] == paid["id"], "nothing is guessed"
    assert refusal(till, SETTLE, id=advice["id"], remittances=[other["id"]]) == "REVERSAL_DIFFERS"
    assert refusal(till, SETTLE, id=advice["id"], remittances=[paid["id"], other["id"]]) == "REVERSAL_DIFFERS"
    assert refusal(till, SETTLE, id=advice["id"], remittances=[]) == "REASON_MISSING"
    assert refusal(till, SETTLE, id=10**6, remittances=[paid["id"]]) == "NOT_FOUND"
    stranger = till.world.exporter("luoyang-furniture")
    assert advices(till, key=stranger) == []
    settled = till.world.ask(SETTLE, till.key, id=advice["id"], remittances=[paid["id"]])["settleAdvice"]
    assert (settled["state"], settled["remittances"][0]["match"]) == ("settled", "reversed")
    assert settled["remittances"][0]["reversedAt"]
    assert refusal(till, SETTLE, id=advice["id"], remittances=[paid["id"]]) == "ADVICE_SETTLED"
    assert till.refusal(paid, {"trade": number, "amount": "1"}) == "REMITTANCE_GONE"
    assert trade(till, number)["remittances"] == []


def test_a_reversal_of_nothing_that_the_hub_has_is_closed_with_a_reason(till: Till) -> None:
    till.paid("50.00", "?", reversal="true", reversalNames="nothing")
    later(till)
    (advice,) = advices(till)
    closed = till.world.ask(SETTLE, till.key, id=advice["id"], remittances=[], reason="a fee of the bank")[
        "settleAdvice"
    ]
    assert closed == {"state": "noted", "remittances": []}
    later(till)
    assert advices(till)[0]["state"] == "noted"


def test_one_of_two_alike_is_not_guessed(till: Till) -> None:
    payment = {"endToEndId": "SAME", "reference": "NOTPROVIDED"}
    till.paid("70.00", "one", **payment)
    till.paid("70.00", "two", **payment, reversal="true", reversalNames="endToEnd")
    later(till)
    assert {one["match"] for one in till.remittances()} == {"unclear"}
    assert [one["state"] for one in advices(till)] == ["unclear"]


def test_a_batch_is_taken_back_as_a_whole_or_by_its_parts(till: Till) -> None:
    numbers = [till.trade("XC-1"), till.trade("XC-2")]
    batch = {"parts": "7.00,3.00", "partAmounts": "TxAmt", "version": "02"}
    till.world.pay(**payment("10.00", "XC-1", "B1", **batch, reversal="true"))
    later(till, HALF)
    assert sorted(one["amount"] for one in till.remittances()) == ["3.00", "7.00"]
    later(till)
    assert {one["match"] for one in till.remittances()} == {"reversed"}
    assert [trade(till, number)["remittances"] for number in numbers] == [[], []]


def payment(amount: str, words: str, number: str, **more: str) -> dict[str, str]:
    return {
        "amount": amount, "currency": "USD", "payer": "Some Bank Customer", "payerCountry": "US",
        "remittance": words, "endToEndId": number, "beneficiaryAccount": ACCOUNT, **more,
    }  # fmt: skip


def test_pending_money_is_shown_and_counts_once_it_is_booked(till: Till) -> None:
    till.trade("XC-1")
    till.world.pay(**payment("6257.00", "XC-1", "P1", status="PDNG", reference="REF-1"))
    till.world.pay(**payment("1.00", "for information", "I1", status="INFO"))
    later(till)
    assert till.remittances() == []
    assert {(one["status"], one["state"]) for one in advices(till)} == {("PDNG", "awaited"), ("INFO", "noted")}
    till.paid("6257.00", "XC-1", reference="REF-1")
    assert [(one["status"], one["state"]) for one in advices(till, "settled")] == [("PDNG", "settled")]
    assert [shares_of(one) for one in till.remittances()] == [[("XC-1", "6257.00", "6257.00", "exact")]]


def test_a_statement_after_its_notifications_counts_nothing_twice(till: Till) -> None:
    till.trade("XC-1")
    same = {"reference": "REF-1", "endToEndId": "E1"}
    till.paid("6257.00", "XC-1", **same)
    batch = {"reference": "REF-2", "parts": "700.00,300.00"}
    till.world.pay(**payment("1000.00", "?", "E2", **batch))
    later(till, HALF)
    for message in ("camt.053", "camt.052"):
        till.world.pay(**payment("6257.00", "XC-1", "E1", message=message, version="02", reference="REF-1"))
        till.world.pay(**payment("1000.00", "?", "E2", **batch, message=message, leavesOut="details"))
    later(till, HALF)
    found = sorted((one["amount"], one["match"]) for one in till.remittances())
    assert found == [("1000.00", "double"), ("300.00", "unclear"), ("6257.00", "matched"), ("700.00", "unclear")]


def test_a_whole_that_was_matched_first_stands(till: Till) -> None:
    number = till.trade("XC-1")
    batch = {"reference": "REF-2", "parts": "700.00,300.00"}
    till.world.pay(**payment("1000.00", "?", "E2", **batch, message="camt.053", leavesOut="details"))
    later(till, HALF)
    (whole,) = till.remittances()
    assert (whole["match"], whole["payer"]) == ("unclear", "")
    assert till.match(whole, {"trade": number, "amount": "1000.00"})["errors"] == []
    till.world.pay(**payment("1000.00", "XC-1", "E2", **batch))
    later(till, HALF)
    assert sorted((one["amount"], one["match"]) for one in till.remittances()) == [
        ("1000.00", "matched"), ("300.00", "double"), ("700.00", "double"),
    ]  # fmt: skip


def test_charges_in_another_currency_are_not_part_of_what_was_sent(till: Till) -> None:
    till.trade("XC-1")
    paid = till.paid("6257.00", "XC-1", charges="80.00", chargesCurrency="CNY")
    assert shares_of(paid) == [("XC-1", "6257.00", "6257.00", "exact")]


def test_what_no_reader_knows_waits_in_quarantine_and_the_rest_goes_on(till: Till) -> None:
    till.trade("XC-1")
    till.world.pay(**payment("1.00", "?", "E1", version="14"))
    till.world.pay(**payment("2.00", "?", "E2", status="GEBUCHT AM TAG"))
    till.world.pay(**payment("3.00", "interest", "E3", leavesOut="payer"))
    till.world.pay(**payment("1000.00", "?", "E4", parts="700.00,200.00"))
    assert till.paid("6257.00", "XC-1")["match"] == "matched"
    with till.world.hub.database.read() as connection:
        rows = connection.execute(select(Quarantined.field, Quarantined.reason)).all()
    assert {row.field for row in rows} == {"Document", "Sts/Prtry", "RltdPties/Dbtr/Nm", "NtryDtls/TxDtls/Amt"}
    assert len(till.remittances()) == 1


def test_a_credit_and_its_reversal_in_one_file_and_what_takes_that_back(till: Till) -> None:
    """The reversal may stand before its credit, or come before it."""
    till.trade("XC-1")
    credit = entry("R1", "6257.00", details("R1"))
    gone = entry("R1-RV", "6257.00", details("R1-RV"), direction="DBIT", reversal="true")
    back = entry(
        "R1-RV2", "6257.00", details("R1-RV2", words="undoes R1-RV of R1"), reversal="1", day="<Dt>2026-01-22</Dt>"
    )
    account = f"<Othr><Id>{ACCOUNT}</Id></Othr>"
    assert bank_says(till, document(gone, account=account)) == []
    assert [one["state"] for one in advices(till)] == ["unclear"]
    assert bank_says(till, document(gone, credit, account=account)) == ["reversed"]
    assert [one["state"] for one in advices(till)] == ["settled"]
    assert bank_says(till, document(credit, gone, account=account, message="camt.053")) == ["reversed"]
    assert bank_says(till, document(back, account=account)) == ["matched"]
    assert [shares_of(one) for one in till.remittances()] == [[("XC-1", "6257.00", "6257.00", "exact")]]


def bank_says(till: Till, body: str) -> list[str]:
    """The bank sends one message as it is; what became of each remittance."""
    app = Flask("bank", static_folder=None)
    app.add_url_rule("/notifications/camt.054", view_func=lambda: Response(body, content_type="application/xml"))
    till.world.street.doors["forex"].app = app
    assert till.world.run("forex.credits") == {"forex.credits": "ok"}
    return [one["match"] for one in till.remittances()]


def test_more_remittances_than_any_reversal_takes_back_are_refused_before_they_are_looked_for(till: Till) -> None:
    (error,) = till.world.post(SETTLE, till.key, id=1, remittances=list(range(400_000))).json()["errors"]
    assert (error["extensions"]["code"], error["extensions"]["limit"]) == ("QUERY_TOO_LARGE", 100)
