"""examples/connector-ebpay in a hub of which not one line knows of it: pulled, pushed, sent, asked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hub.cli.main import commands
from hub.model import RawMessage, Remittance
from sync.engine import PUSHED
from sync.pushed import jobs_with_pushes
from tests.support.examples.paying import Ebpay

JOB, SETTLEMENTS = "ebpay.payments", "ebpay.settlements"
HUB = Path(__file__).resolve().parents[2]


def remittances(ebpay: Ebpay) -> list[tuple[str, str, str]]:
    with ebpay.world.hub.database.read() as connection:
        rows = connection.execute(select(Remittance.source, Remittance.source_id, Remittance.match))
        return [tuple(row) for row in rows]


def test_a_payment_is_pulled_matched_settled_and_seen_in_graphql(ebpay: Ebpay) -> None:
    number = ebpay.enters()
    payment = ebpay.collects(number, fee="12.00", amount="6245.00")
    assert ebpay.world.run(JOB) == {JOB: "ok"}
    assert remittances(ebpay) == [("ebpay", payment["id"], "matched")]
    assert ebpay.states(number)["ebpay.settlement"] == "ready"
    assert ebpay.awaited(number, "ebpay.certificate") == ["the money is settled"]
    assert ebpay.awaited(number, "ebpay.certificate", "zh") == ["已结汇"]
    ebpay.world.until(lambda: ebpay.states(number)["ebpay.settlement"] == "done")
    (received,) = ebpay.sees(number)["remittances"]
    assert received["remittance"]["amount"] == "6245.00"
    (settled,) = ebpay.settlements()
    assert (settled["payment"], settled["yuan"]) == (payment["reference"], "43791.81")
    (document,) = [one for one in ebpay.sees(number)["documents"] if one["kind"] == "ebpay.settlement"]
    assert document["name"] == "Settlement application"
    ebpay.world.until(lambda: ebpay.states(number)["ebpay.certificate"] == "done")
    (certified,) = ebpay.app.extensions["books"].certificates.values()
    (certificate,) = [one for one in ebpay.sees(number)["documents"] if one["kind"] == "ebpay.certificate"]
    assert certificate["reference"] == certified["certificate"]


def applied(ebpay: Ebpay) -> str:
    """A trade whose application waits at the institution for the next window; none of its other papers is out yet."""
    number = ebpay.enters()
    ebpay.collects(number, fee="12.00", amount="6245.00")
    assert ebpay.world.run(JOB, "ebpay.send") == {JOB: "ok", "ebpay.send": "ok"}
    assert ebpay.states(number)["ebpay.settlement"] == "accepted"
    return number


def test_what_waits_for_the_window_is_changed_with_its_trade(small_ebpay: Ebpay) -> None:
    ebpay = small_ebpay
    number = applied(ebpay)
    (before,) = ebpay.settlements()
    assert ebpay.amends(number, "freight", "121.00") == []
    ebpay.world.run("ebpay.send")
    (waiting,) = ebpay.settlements()
    assert (waiting["status"], waiting["request"] != before["request"]) == ("WAITING", True)
    assert Decimal(waiting["orderTotal"]) == Decimal(before["orderTotal"]) + 1
    assert ebpay.states(number)["ebpay.settlement"] == "accepted"
    ebpay.world.until(lambda: ebpay.states(number)["ebpay.settlement"] == "done", turns=20)
    assert [(one["request"], one["status"]) for one in ebpay.settlements()] == [(waiting["request"], "SETTLED")]


def test_what_waits_for_the_window_is_taken_back_with_its_trade(ebpay: Ebpay) -> None:
    number = applied(ebpay)
    assert ebpay.cancels(number) == []
    ebpay.world.run("ebpay.send", SETTLEMENTS)
    assert [one["status"] for one in ebpay.settlements()] == ["WITHDRAWN"]
    assert ebpay.states(number)["ebpay.settlement"] == "cancelled"
    ebpay.world.until(lambda: ebpay.sees(number)["state"] == "cancelled", turns=20)
    assert ebpay.states(number)["ebpay.certificate"] == "cancelled"


def test_a_trade_whose_money_is_settled_is_not_taken_back(small_ebpay: Ebpay) -> None:
    """Not one of the hub's own papers has gone out by then: it is the file of the paper that says so."""
    ebpay = small_ebpay
    number = applied(ebpay)
    ebpay.world.clock.forward(timedelta(hours=4))
    assert ebpay.world.run(SETTLEMENTS) == {SETTLEMENTS: "ok"}
    assert ebpay.states(number)["ebpay.settlement"] == "done"
    (refused,) = ebpay.cancels(number)
    assert refused["extensions"]["code"] == "RELEASED"
    assert refused["message"].startswith("Settlement application: over for good")
    (past,) = ebpay.amends(number, "freight", "121.00")
    assert past["extensions"]["code"] == "PAST_RECALL", "it has been settled for the order as it was"


def test_who_asks_too_late_is_told_and_the_money_stays_settled(small_ebpay: Ebpay) -> None:
    """The window opens between the order to take it back and its arrival."""
    ebpay = small_ebpay
    number = applied(ebpay)
    assert ebpay.cancels(number) == []
    ebpay.world.clock.forward(timedelta(hours=4))
    ebpay.world.run("ebpay.send", SETTLEMENTS)
    assert [one["status"] for one in ebpay.settlements()] == ["SETTLED"]
    (document,) = [one for one in ebpay.sees(number)["documents"] if one["kind"] == "ebpay.settlement"]
    assert "Settled; it can neither be changed nor withdrawn" in document["attention"]["message"]
    assert document["attention"]["wayOut"] == "Call ebPay and have the money sent back"


def test_a_trade_that_is_paid_elsewhere_needs_no_settlement(small_ebpay: Ebpay) -> None:
    ebpay = small_ebpay
    number = ebpay.enters(provider="中原跨境支付")
    assert "ebpay.settlement" not in ebpay.states(number)


def test_a_notice_arrives_at_once_and_counts_once_however_it_comes_again(ebpay: Ebpay) -> None:
    number = ebpay.enters()
    payment = ebpay.collects(number)
    assert ebpay.notifies(payment).status_code == 202
    assert remittances(ebpay) == []  # kept, not read: the sender does not wait for that
    assert jobs_with_pushes(ebpay.world.hub.services) == [JOB]
    assert ebpay.world.do(JOB, PUSHED) == "ok"
    assert remittances(ebpay) == [("ebpay", payment["id"], "matched")]

    answer = ebpay.notifies(payment)
    assert (answer.status_code, answer.json()) == (200, {"known": True})
    assert ebpay.notifies(payment, delivery="n-2").status_code == 202  # the same told anew is kept, and changes nothing
    assert ebpay.world.do(JOB, PUSHED) == "ok"
    assert ebpay.world.run(JOB) == {JOB: "ok"}  # and so does asking
    assert remittances(ebpay) == [("ebpay", payment["id"], "matched")]
    assert len(ebpay.sees(number)["remittances"]) == 1


def test_a_notice_does_not_move_the_place_from_which_we_ask_on(small_ebpay: Ebpay) -> None:
    ebpay = small_ebpay
    number = ebpay.enters()
    first, second = ebpay.collects(number, amount="1.00"), ebpay.collects(number, amount="2.00")
    assert ebpay.world.run(JOB) == {JOB: "ok"}
    third = ebpay.collects(number, amount="3.00")
    assert ebpay.notifies(ebpay.collects(number, amount="4.00")).status_code == 202
    assert ebpay.world.run(JOB) == {JOB: "ok"}
    assert {one for _, one, _ in remittances(ebpay)} >= {first["id"], second["id"], third["id"]}
    with ebpay.world.hub.database.read() as connection:
        pages = connection.scalars(select(RawMessage.url).where(RawMessage.chain == JOB).order_by(RawMessage.seq)).all()
    assert [page.rpartition("/")[2] for page in pages] == ["payments", "payment-notice", "payments"]


def test_a_notice_that_was_touched_or_is_old_leaves_nothing_behind(small_ebpay: Ebpay) -> None:
    ebpay = small_ebpay
    payment = ebpay.collects(ebpay.enters())
    headers, body = ebpay.notice(payment)
    refused = [
        ebpay.notifies(payment, secret="another secret"),
        ebpay.sends(headers, body.replace(b"6257.00", b"9257.00")),
        ebpay.sends(headers | {"Ebpay-Delivery": "another"}, body),
    ]
    assert [one.status_code for one in refused] == [401, 401, 401]
    ebpay.world.clock.forward(timedelta(minutes=6))
    late = ebpay.sends(headers, body)
    (error,) = late.json()["errors"]
    assert (late.status_code, error["extensions"]["code"]) == (400, "HOOK_OUT_OF_TIME")
    assert "300 seconds" in error["message"]
    assert jobs_with_pushes(ebpay.world.hub.services) == []


def test_what_the_institution_refuses_names_our_field(small_ebpay: Ebpay) -> None:
    ebpay = small_ebpay
    number = ebpay.enters()
    payment = ebpay.collects(number)
    assert ebpay.notifies(payment).status_code == 202
    assert ebpay.world.do(JOB, PUSHED) == "ok"
    ebpay.returns(payment)
    ebpay.world.until(lambda: ebpay.states(number)["ebpay.settlement"] == "rejected")
    (document,) = [one for one in ebpay.sees(number)["documents"] if one["kind"] == "ebpay.settlement"]
    assert "payment: no such payment was credited" in document["attention"]["message"]
    assert ebpay.settlements() == []


@pytest.mark.usefixtures("installed")
def test_it_keeps_every_rule_of_connectors() -> None:
    checked = CliRunner().invoke(commands, ["connector", "check", "ebpay"])
    assert checked.exit_code == 0, checked.output
    assert checked.output.count("✓") > 20


def test_no_line_of_the_hub_names_the_example() -> None:
    folders = ("hub", "sync", "connectors", "graphql", "mocks")
    files = [file for folder in folders for file in (HUB / folder).rglob("*.*") if file.suffix != ".pyc"]
    assert [file for file in files if b"ebpay" in file.read_bytes().lower()] == []
