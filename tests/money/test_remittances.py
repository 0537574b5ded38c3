"""Remittances in the database: what was sent, whose it is, what is still owed, and what waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from connectors.sdk.records import ExchangeRate, Remittance
from hub.model import Enterprise, RemittanceAllocation, TouchedSubject, Trade
from hub.model import Remittance as Kept
from hub.money.remittances import match_remittances, reopen_unclear
from sync.merge import merge
from sync.page_reading import Reader
from tests.support.entry.office import Office, typed_trade
from tests.support.world import World, demo_file

ACCOUNT = demo_file("enterprises", "xuchang-hair")["bank"]["account"]
ORDER, TOTAL = "XC-20260108-0042", Decimal("6257.00")
AT = datetime(2026, 1, 9, 2, tzinfo=UTC)


@pytest.fixture
def office(small_world: World) -> Office:
    """One with a trade of 6,257 dollars that nobody has touched."""
    office = Office(small_world)
    office.enters(typed_trade())
    with small_world.hub.database.write() as connection:
        connection.execute(delete(TouchedSubject))
    return office


def told(office: Office, schema: Any, values: Mapping[str, Any]) -> None:
    """What the bank tells, merged."""
    hub = office.world.hub
    reading = Reader("forex", hub.connectors["forex"].codes).read([(schema, dict(values))], None, office.world.clock())
    assert reading.aside == []
    with hub.database.write() as connection:
        merge(connection, "forex", reading.rows)


def paid(office: Office, amount: str, **changes: Any) -> Any:
    """A remittance as it stands once the hub has looked at it."""
    remittance = {
        "source_id": "R1", "as_of": AT, "account": ACCOUNT, "amount": amount, "currency": "USD", "payer": "Somebody",
        "remittance_information": ORDER, "bank_reference": "B1", "booked_at": AT, **changes,
    }  # fmt: skip
    told(office, Remittance, remittance)
    return looked_at(office, remittance["source_id"])


def looked_at(office: Office, source_id: str = "R1") -> Any:
    with office.world.hub.database.write() as connection:
        match_remittances(connection, office.world.clock())
    (row,) = office.rows(select(Kept.__table__).where(Kept.source_id == source_id))
    return row


def allocated(office: Office) -> list[tuple[Decimal, Decimal, str]]:
    rows = office.rows(select(RemittanceAllocation.__table__).order_by(RemittanceAllocation.id))
    return [(one.amount, one.covers, one.how) for one in rows]


@pytest.mark.parametrize(
    ("amount", "more"),
    [
        ("6257.00", {}),
        ("6157.00", {"charges": "100.00"}),
        ("6157.00", {"instructed_amount": "6257.00"}),
        ("6157.00", {"instructed_amount": "6257.00", "charges": "50.00"}),
        ("6257.00", {"remittance_information": "", "end_to_end_id": f"/{ORDER}"}),
    ],
    ids=["whole", "fees that are named", "what was instructed", "instructed goes before fees", "named end to end"],
)
def test_what_the_payer_sent_is_what_counts(office: Office, amount: str, more: dict[str, Any]) -> None:
    assert paid(office, amount, **more).match == "matched"
    assert allocated(office) == [(TOTAL, TOTAL, "exact")]


def test_a_trade_is_looked_after_once_its_money_is_matched(office: Office) -> None:
    assert paid(office, "6257.00").matched_at is not None
    (trade,) = office.rows(select(Trade.id))
    assert [row.subject_id for row in office.rows(select(TouchedSubject.subject_id))] == [trade.id]


def test_what_is_owed_is_less_what_was_paid_before(office: Office) -> None:
    paid(office, "2257.00")
    assert paid(office, "4000.00", source_id="R2").match == "matched"
    assert allocated(office) == [(2257, 2257, "combined"), (4000, 4000, "exact")]
    assert paid(office, "1.00", source_id="R3").match == "unclear", "nothing is owed any more"


def test_nothing_is_owed_for_a_trade_that_was_cancelled(office: Office) -> None:
    with office.world.hub.database.write() as connection:
        connection.execute(update(Trade).values(state="cancelled"))
    assert (paid(office, "6257.00").match, allocated(office)) == ("unclear", [])


def parity(office: Office, currency: str, rate: str, unit: int = 1, **changes: Any) -> None:
    told(office, ExchangeRate, {
        "source_id": f"{currency}/{rate}", "as_of": AT, "currency": currency, "unit": unit, "rate": rate,
        "published_at": AT, **changes,
    })  # fmt: skip


def test_another_currency_is_worth_what_the_newest_parity_says_for_so_many_units(office: Office) -> None:
    later = {"published_at": AT + timedelta(days=1)}
    parity(office, "USD", "7.00", **later)
    parity(office, "XTS", "70.00", unit=100, **later)  # ten for a dollar
    parity(office, "XTS", "35.00", unit=100)  # what it was yesterday, heard late
    assert paid(office, "62570.00", currency="XTS").match == "matched"
    assert allocated(office) == [(Decimal("62570.00"), TOTAL, "currency")]


def test_money_that_was_converted_once_is_worth_the_same_when_it_is_matched_anew(office: Office) -> None:
    now = office.world.clock()
    parity(office, "USD", "7.00", published_at=now)
    parity(office, "XTS", "0.70", published_at=now)
    first = paid(office, "62570.00", currency="XTS")
    assert first.match == "matched"
    parity(office, "XTS", "0.80", published_at=now + timedelta(days=60))
    assert paid(office, "62570.00", currency="XTS", payer="Somebody else").matched_at == first.matched_at
    for words in ("invoice", "order", "for"):
        assert paid(office, "62570.00", currency="XTS", remittance_information=f"{words} {ORDER}").match == "matched"
    assert allocated(office) == [(Decimal("62570.00"), TOTAL, "currency")]


def test_money_in_a_currency_without_a_parity_is_tried_again_and_other_unclear_money_is_not(office: Office) -> None:
    assert paid(office, "62570.00", currency="XTS").match == "open"
    assert paid(office, "5.00", source_id="R2", remittance_information="a gift").match == "unclear"
    parity(office, "XTS", "1.00")
    assert looked_at(office).match == "unclear", "62,570 at this parity are not what is owed"


def test_an_account_is_whose_it_was_approved_for_and_stays_that_where_another_claims_it(office: Office) -> None:
    with office.world.hub.database.write() as connection:
        connection.execute(update(Enterprise).values(approved_at=None))
    unknown = paid(office, "6257.00")
    assert (unknown.match, unknown.enterprise_id, unknown.candidates) == ("unclear", None, [])
    with office.world.hub.database.write() as connection:
        connection.execute(update(Enterprise).values(approved_at=AT))
        reopen_unclear(connection, office.exporter)  # what came in before the account was registered
    assert looked_at(office).match == "matched"
    office.registers(demo_file("enterprises", "xuchang-hair") | {"uscc": "91411000725800192B"})
    assert paid(office, "5.00", source_id="R2").enterprise_id == office.exporter
