"""The refund statement: what is claimed and by which formula, what each line is tied to, and what is still missing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from hub.access import Role
from hub.dossiers.dossier import DocumentFile, Dossier, DossierLine, Shelf
from hub.model import DocumentEvent, RefundRate
from hub.papers.computations.catalogue import CannotCompute
from hub.papers.computations.refund import exported_on, refund_period, refund_rate
from tests.support.dossiers import refund_editions
from tests.support.world import World, demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
STATEMENT = """
query($n: String!) { trade(number: $n) { state refundStatement {
  period refundable
  exports { sequence relation declarationItem exportedOn hsCode quantity fobUsd }
  purchases { sequence relation voucher supplier hsCode name quantity taxableAmount vatRate refundRate refundable }
  ties { line sold bought agrees }
  formulas { sequence text refundable cost }
  missing { what fields }
} } }"""


class Exporter:
    def __init__(self, world: World) -> None:
        self.world = world
        self.key = world.exporter()
        world.run("customs.tariffs", "tax.rates", "forex.parity")

    def enters(self, **changes: Any) -> str:
        typed = demo_file("trades", "xuchang-wigs-to-chicago") | changes
        entered = self.world.ask(ENTER, self.key, input=typed)["enterTrade"]
        assert entered["errors"] == []
        return str(entered["trade"]["number"])

    def statement(self, number: str, key: str = "", language: str = "en") -> Any:
        trade = self.world.ask(STATEMENT, key or self.key, language, n=number)["trade"]
        return trade["refundStatement"]

    def missing(self, number: str, language: str = "en") -> dict[str, list[str]]:
        return {one["what"]: one["fields"] for one in self.statement(number, language=language)["missing"]}


@pytest.fixture
def exporter(small_world: World) -> Exporter:
    return Exporter(small_world)


def purchases(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    """The demo trade's invoices, with changes to some."""
    typed = demo_file("trades", "xuchang-wigs-to-chicago")["purchases"]
    return [row | change for row, change in zip(typed, [*changes, {}, {}, {}], strict=False)]


def test_before_the_departure_the_statement_shows_what_is_known_and_what_it_waits_for(exporter: Exporter) -> None:
    number = exporter.enters()
    statement = exporter.statement(number)
    assert (statement["period"], statement["formulas"], statement["refundable"]) == (None, [], "0.00")
    assert [one["hsCode"] for one in statement["purchases"]] == ["6704200000", "6704200000", "6704110000"]
    assert [one["taxableAmount"] for one in statement["purchases"]] == ["10400.00", "9750.00", "4560.00"]
    assert all(tie["agrees"] for tie in statement["ties"])
    missing = exporter.missing(number)
    assert missing.keys() == {"the departure", "the 18-digit entry id of the declaration"}
    assert {"period", "refund_amount", "exports[0].exported_on", "purchases[2].refund_rate"} <= {
        *missing["the departure"]
    }
    assert exporter.missing(number, "zh").keys() == {"离境信息", "18 位报关单号"}


def test_once_everything_is_known_exports_and_purchases_are_tied_and_the_formulas_add_up(exporter: Exporter) -> None:
    number = exporter.enters()
    exporter.world.until(lambda: not exporter.missing(number), by=timedelta(hours=12))
    statement = exporter.statement(number)

    exports, bought = statement["exports"], statement["purchases"]
    assert [one["relation"] for one in exports] == [one["relation"] for one in bought]
    assert len({one["relation"] for one in exports}) == 3, "each line has a number of its own"
    assert all(one["relation"].startswith(f"{statement['period']}001") for one in exports)
    assert [len(one["declarationItem"]) for one in exports] == [21, 21, 21]
    assert [one["declarationItem"][18:] for one in exports] == ["001", "002", "003"]
    assert statement["period"] == exports[0]["exportedOn"].replace("-", "")[:6]
    assert statement["formulas"] == [
        {"sequence": "00000001", "text": "10400.00 × 13% = 1352.00", "refundable": "1352.00", "cost": "0.00"},
        {"sequence": "00000002", "text": "9750.00 × 13% = 1267.50", "refundable": "1267.50", "cost": "0.00"},
        {"sequence": "00000003", "text": "4560.00 × 13% = 592.80", "refundable": "592.80", "cost": "0.00"},
    ]
    assert statement["refundable"] == "3212.30"

    exporter.world.until(lambda: bool(exporter.world.taken("tax", "refund")), by=timedelta(hours=12))
    (filed,) = exporter.world.taken("tax", "refund")
    filing = json.loads(filed.body)
    assert Decimal(filing["heading"]["refundAmount"]) == Decimal("3212.30"), "what was shown is what is filed"


def test_one_line_may_have_several_invoices_and_one_invoice_several_lines(exporter: Exporter) -> None:
    first, *rest = purchases()
    halves = [
        first | {"invoice": f"2641100000000188004{n}", "quantity": quantity, "amount": amount}
        for n, quantity, amount in ((5, "30", "7800.01"), (6, "10", "2599.99"))
    ]
    number = exporter.enters(purchases=[*halves, *rest])
    assert exporter.statement(number)["ties"][0] == {"line": 1, "sold": "40.00", "bought": "40.00", "agrees": True}
    exporter.world.until(lambda: exporter.statement(number)["purchases"][0]["relation"] is not None)
    statement = exporter.statement(number)
    assert [one["refundable"] for one in statement["formulas"]] == ["1014.00", "338.00", "1267.50", "592.80"]
    relations = [one["relation"] for one in statement["purchases"]]
    assert relations[0] == relations[1] != relations[2]


def test_every_line_that_does_not_tie_is_named(exporter: Exporter) -> None:
    number = exporter.enters(purchases=purchases({"quantity": "39"}, {"quantity": "24.5"})[:2])
    assert exporter.statement(number)["ties"] == [
        {"line": 1, "sold": "40.00", "bought": "39.00", "agrees": False},
        {"line": 2, "sold": "25.00", "bought": "24.50", "agrees": False},
        {"line": 3, "sold": "60.00", "bought": "0.00", "agrees": False},
    ]
    named = {what for what, fields in exporter.missing(number).items() if "refund_amount" in fields}
    assert named == {
        "quantities of goods line 1 that agree: bought and sold",
        "quantities of goods line 2 that agree: bought and sold",
        "the purchase invoice of goods line 3",
    }
    exporter.world.until(lambda: bool(exporter.statement(number)["formulas"]))
    assert named <= exporter.missing(number).keys(), "the departure does not mend it"
    exporter.world.turn(timedelta(days=30))
    assert exporter.world.taken("tax") == [], "and nothing is filed"


def test_without_any_invoice_the_statement_asks_for_each(exporter: Exporter) -> None:
    number = exporter.enters(purchases=[])
    assert {"the purchase invoice of goods line 1", "the purchase invoice of goods line 3"} <= {
        *exporter.missing(number)
    }


def test_the_rate_in_force_on_the_day_of_export_counts(exporter: Exporter) -> None:
    """From the day of export on the rate of wigs of human hair is lower; later it changes again."""
    number = exporter.enters()
    exporter.world.until(lambda: bool(exporter.statement(number)["formulas"]))
    day = date.fromisoformat(exporter.statement(number)["exports"][0]["exportedOn"])
    with exporter.world.hub.database.write() as connection:
        changing = RefundRate.hs_code == "6704200000"
        row = connection.execute(select(RefundRate.__table__).where(changing)).one()._asdict()
        connection.execute(update(RefundRate).where(changing).values(valid_to=day - timedelta(days=1)))
        last = connection.scalar(select(func.max(RefundRate.id))) or 0
        for place, (rate, since, until) in enumerate(
            [("0.10", day, day), ("0.00", day + timedelta(days=1), None)], start=1
        ):
            later = {"id": last + place, "source_id": f"later/{since}", "refund_rate": Decimal(rate)}
            connection.execute(insert(RefundRate).values(row | later | {"valid_from": since, "valid_to": until}))
    statement = exporter.statement(number)
    assert [one["refundRate"] for one in statement["purchases"]] == ["10.00", "10.00", "13.00"]
    assert statement["formulas"][0] == {
        "sequence": "00000001",
        "text": "10400.00 × 10% = 1040.00",
        "refundable": "1040.00",
        "cost": "312.00",
    }


def test_a_trade_that_is_only_listed_has_no_refund(exporter: Exporter) -> None:
    """清单核放 without a summarising declaration leads to no entry id, so there is nothing to refund by."""
    assert exporter.statement(exporter.enters(statisticsFlag="A")) is None


def test_purchases_are_shown_to_the_owner_its_broker_and_staff_and_to_nobody_by_consent(exporter: Exporter) -> None:
    number, world = exporter.enters(), exporter.world
    platform = world.issue("platform", Role.BELT)
    world.ask('mutation { grantConsent(account: "platform", purpose: "statistics") }', exporter.key)
    broker = world.appoint(exporter.key, "broker", demo_file("enterprises", "xuchang-hair")["uscc"])
    assert exporter.statement(number, platform) is None
    for key in (broker, world.staff):
        assert exporter.statement(number, key)["purchases"][0]["supplier"]


def left(happened_at: datetime, *rates: tuple[str, str, str | None]) -> Dossier:
    """A trade of one kind of goods that left then; refund rates from when until when."""
    document = DocumentFile("airport.waybill", "N")
    document.events = [DocumentEvent(milestone="departed", happened_at=happened_at, version=1)]
    return Dossier(
        number="YH", mode="9610", entry={"goods": [{"hsCode": "6704200000"}]}, enterprise={}, entered_at=happened_at,
        documents={"airport.waybill": document}, shelf=Shelf(refund_rates={"6704200000": refund_editions(*rates)}),
    )  # fmt: skip


LINE = DossierLine(0, {"line": "1", "vatRate": "0.13"})


def test_the_day_of_export_is_beijings() -> None:
    old_year, new_year = (datetime(2025, 12, 31, hour, tzinfo=UTC) for hour in (15, 16))
    assert [refund_period(left(at), LINE) for at in (old_year, new_year)] == ["202512", "202601"]
    assert [exported_on(left(at), LINE) for at in (old_year, new_year)] == ["2025-12-31", "2026-01-01"]
    rates = ("0.13", "2019-04-01", "2025-12-31"), ("0.09", "2026-01-01", None)
    assert [refund_rate(left(at, *rates), LINE) for at in (old_year, new_year)] == [Decimal("0.13"), Decimal("0.09")]


def test_a_day_without_a_rate_is_said_and_not_guessed() -> None:
    gone = left(datetime(2026, 1, 9, tzinfo=UTC), ("0.13", "2019-04-01", "2025-12-31"), ("0.09", "2026-02-01", None))
    with pytest.raises(CannotCompute, match="refund rate:6704200000"):
        refund_rate(gone, LINE)
