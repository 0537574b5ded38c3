"""examples/connector-ebpay in a hub of which not one line knows of it: pulled, pushed, sent, asked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hub.cli.main import commands
from hub.model import RawMessage, Remittance
from sync.engine import PUSHED
from sync.pushed import jobs_with_pushes
from tests.support.examples.paying import Ebpay

JOB = "ebpay.payments"
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
    assert ebpay.states(number)["ebpay.settlement"] == "planned"  # the goods are not released yet
    ebpay.world.until(lambda: ebpay.states(number)["ebpay.settlement"] == "done")
    (received,) = ebpay.sees(number)["remittances"]
    assert received["remittance"]["amount"] == "6245.00"
    (settled,) = ebpay.settlements()
    assert (settled["payment"], settled["yuan"]) == (payment["reference"], "43791.81")
    (document,) = [one for one in ebpay.sees(number)["documents"] if one["kind"] == "ebpay.settlement"]
    assert document["name"] == "Settlement application"


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
