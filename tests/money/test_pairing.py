"""Which remittance a number of the bank is of: the same in every respect and alone in it, or a person says it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from hub.model import BasicInformation, Database, Remittance
from hub.money.accounts import Owner, Owners
from hub.money.basic_information import anything_to_weigh, pair
from tests.support.databases import ON_SQLITE

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
ACCOUNT = "41050171860800001234"


# no enterprise stands in the database
OWNER = Owner(None, "91411000MA44HA1R0G", "0105")  # type: ignore[arg-type]


@pytest.fixture
def connection(hub_url: str) -> Iterator[Connection]:
    database = Database(hub_url)
    with database.write() as opened:
        yield opened
    database.close()


def common(key: str, **values: Any) -> dict[str, Any]:
    return {
        "source": "forex", "source_id": key, "as_of": NOW, "fetched_at": NOW, "digest": key, "currency": "USD",
        "payer": "(JW)x", "bank_reference": "IR1", "amount": Decimal(100),
    } | values  # fmt: skip


def remittance(connection: Connection, key: str, **values: Any) -> Any:
    row = common(key, account=ACCOUNT, remittance_information="", booked_at=NOW) | values
    return connection.scalar(insert(Remittance).values(row).returning(Remittance.id))


def number(connection: Connection, serial: int = 1, **values: Any) -> Any:
    text = f"410100010501260302N{serial:03d}"
    row = common(
        text, report_number=text, revoked=False, made_at=NOW, payee_kind="C", foreign_amount=Decimal(100),
        foreign_account=ACCOUNT,
    ) | values  # fmt: skip
    return connection.scalar(insert(BasicInformation).values(row).returning(BasicInformation.id))


def paired(connection: Connection) -> dict[str, int | None]:
    """Serial of a number → its remittance, once all were weighed."""
    pair(connection, Owners({ACCOUNT: OWNER}, {}), NOW)
    assert not anything_to_weigh(connection)
    rows = connection.execute(
        select(BasicInformation.report_number, BasicInformation.remittance_id, BasicInformation.match)
    )
    found = {}
    for row in rows:
        assert row.match == ("unclear" if row.remittance_id is None else "matched")
        found[row.report_number[18:]] = row.remittance_id
    return found


SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"amount": Decimal("99.50")}, {}),  # the bank tells whole units
    ({"amount": Decimal("100.49")}, {}),
    ({"amount": Decimal(95)}, {"home_charge": Decimal(5), "home_charge_currency": "USD"}),
    ({}, {"foreign_account": None, "settled_account": ACCOUNT}),
    ({}, {"foreign_account": "9", "other_account": ACCOUNT}),
    ({}, {"payee_code": "91411000MA44HA1R0G"}),
    ({}, {"payee_code": "MA44HA1R0"}),  # the old 组织机构代码
    ({"account": "7"}, {"foreign_account": "7", "payee_code": "1"}),  # whose account it is, nobody knows
]
OTHER: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"bank_reference": "IR2"}, {}),
    ({"currency": "EUR"}, {}),
    ({"account": "9"}, {}),
    ({"amount": Decimal(101)}, {}),
    ({"amount": Decimal(99)}, {}),
    ({"amount": Decimal(95)}, {"home_charge": Decimal(5), "home_charge_currency": "CNY"}),
    ({}, {"payee_code": "91410100725845019Y"}),
    ({}, {"report_number": "410100010401260302N001"}),  # of a bank that the account is not at
    ({"bank_reference": "NOTPROVIDED"}, {"bank_reference": "NOTPROVIDED"}),  # which is no reference
]


@ON_SQLITE
@pytest.mark.parametrize(("of_remittance", "of_number"), SAME)
def test_what_is_the_same_in_every_respect_is_the_remittance(
    connection: Connection, of_remittance: dict[str, Any], of_number: dict[str, Any]
) -> None:
    id_ = remittance(connection, "r1", **of_remittance)
    number(connection, **of_number)
    assert paired(connection) == {"N001": id_}


@ON_SQLITE
@pytest.mark.parametrize(("of_remittance", "of_number"), OTHER)
def test_what_differs_is_no_remittance_of_it(
    connection: Connection, of_remittance: dict[str, Any], of_number: dict[str, Any]
) -> None:
    remittance(connection, "r1", **of_remittance)
    number(connection, **of_number)
    assert paired(connection) == {"N001": None}


def test_several_that_it_could_be_are_left_to_a_person(connection: Connection) -> None:
    first = remittance(connection, "r1")
    second = remittance(connection, "r2")
    number(connection, 1)
    assert paired(connection) == {"N001": None}, "one number, two remittances"
    number(connection, 2)
    assert paired(connection) == {"N001": None, "N002": None}, "two and two: which is whose, nobody says"
    connection.execute(update(Remittance).where(Remittance.id == second).values(bank_reference="IR2"))
    assert paired(connection) == {"N001": None, "N002": None}, "one remittance, two numbers"
    connection.execute(
        update(BasicInformation).where(BasicInformation.report_number.endswith("2")).values(revoked=True, digest="d")
    )
    assert paired(connection) == {"N001": first, "N002": None}, "the bank took the other back"


@ON_SQLITE
def test_a_remittance_keeps_its_number_whatever_else_the_bank_says(connection: Connection) -> None:
    id_ = remittance(connection, "r1")
    number(connection, 1)
    assert paired(connection) == {"N001": id_}
    number(connection, 2)
    assert paired(connection) == {"N001": id_, "N002": None}


@ON_SQLITE
def test_a_number_that_comes_before_its_remittance_finds_it_later(connection: Connection) -> None:
    number(connection, 1)
    assert paired(connection) == {"N001": None}
    id_ = remittance(connection, "r1")
    assert paired(connection) == {"N001": id_}


@ON_SQLITE
def test_what_the_bank_changes_is_weighed_again(connection: Connection) -> None:
    id_ = remittance(connection, "r1")
    row = number(connection, 1)
    this = update(BasicInformation).where(BasicInformation.id == row)
    paired(connection)
    connection.execute(this.values(method="L", digest="changed once"))
    assert anything_to_weigh(connection)
    assert paired(connection) == {"N001": id_}, "it fits as before"
    connection.execute(this.values(amount=Decimal(500), digest="changed twice"))
    assert paired(connection) == {"N001": None}, "it fits no longer"
    connection.execute(this.values(amount=Decimal(100), digest="changed back"))
    assert paired(connection) == {"N001": id_}
    connection.execute(this.values(amount=Decimal(500), matched_by="a person", digest="changed again"))
    assert paired(connection) == {"N001": id_}, "a person has said so"
    connection.execute(this.values(revoked=True, digest="taken back"))
    assert paired(connection) == {"N001": None}, "a number that was taken back is nobody's"
