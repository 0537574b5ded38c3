"""What does not fit its column is set aside with the field and the limit, before it can break its page."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, String, func, select

from hub.model import Quarantined, Tariff
from hub.model.types import Exact
from sync.column_limits import LARGEST_EXACT, LARGEST_WHOLE, legible, overflow
from sync.tables import TABLES
from tests.support.sync.pulling import last_run, misbehave, ok
from tests.support.together import together
from tests.support.world import World

COLUMNS = [(noun, column) for noun, table in TABLES.items() for column in table.__table__.columns]


def named(column: Any) -> str:
    return f"{column[0]}.{column[1].name}"


BOUNDED = [one for one in COLUMNS if isinstance(one[1].type, String) and one[1].type.length]
TEXTS = [one for one in COLUMNS if isinstance(one[1].type, String)]
NUMBERS = [one for one in COLUMNS if isinstance(one[1].type, Exact)]
WHOLES = [one for one in COLUMNS if isinstance(one[1].type, Integer | BigInteger)]


def test_every_kind_of_column_is_looked_at() -> None:
    assert len(BOUNDED) > 30
    assert len(NUMBERS) > 8
    assert len(WHOLES) > 10


@together(("noun", "column"), BOUNDED, ids=map(named, BOUNDED))
def test_a_text_may_be_as_long_as_its_column_and_no_longer(noun: str, column: Any) -> None:
    longest = column.type.length
    assert overflow(TABLES[noun], {column.name: "国" * longest}) is None, "characters count, not bytes"
    assert overflow(TABLES[noun], {column.name: "x" * (longest + 1)}) == (
        column.name,
        f"{longest + 1} characters, at most {longest}",
    )


@together(("noun", "column"), TEXTS, ids=map(named, TEXTS))
def test_no_text_holds_what_a_database_refuses(noun: str, column: Any) -> None:
    for text in ("\0", "a\0b", "\ud83d", "x\udfff"):
        assert overflow(TABLES[noun], {column.name: text}) == (column.name, "characters that cannot be kept")
    assert overflow(TABLES[noun], {column.name: "𠮷"}) is None


@together(("noun", "column"), NUMBERS, ids=map(named, NUMBERS))
def test_a_number_stays_below_what_both_databases_hold(noun: str, column: Any) -> None:
    table, most = TABLES[noun], LARGEST_EXACT - Decimal("0.00001")
    for fits in (most, -most, Decimal(0)):
        assert overflow(table, {column.name: fits}) is None
    for breaks in (LARGEST_EXACT, -LARGEST_EXACT, Decimal("1E+400"), Decimal("NaN"), Decimal("Infinity")):
        assert overflow(table, {column.name: breaks}) == (column.name, "a number below 10000000000000")


@together(("noun", "column"), WHOLES, ids=map(named, WHOLES))
def test_a_count_stays_a_count(noun: str, column: Any) -> None:
    table = TABLES[noun]
    assert overflow(table, {column.name: LARGEST_WHOLE}) is None
    assert overflow(table, {column.name: LARGEST_WHOLE + 1}) == (column.name, "a whole number up to 2147483647")


def test_what_is_not_there_fits() -> None:
    assert all(overflow(table, {}) is None for table in TABLES.values())
    assert all(overflow(TABLES[noun], {column.name: None}) is None for noun, column in COLUMNS)


@pytest.mark.parametrize("value", [{"preNo": "B\0"}, {"a\0": 1}, {"list": ["fine", {"x": "\ud83d"}]}])
def test_no_json_holds_what_a_database_refuses(value: Any) -> None:
    assert overflow(TABLES["document_event"], {"answers": value}) == ("answers", "characters that cannot be kept")
    assert overflow(TABLES["document_event"], {"answers": legible(value)}) is None


def test_the_largest_number_comes_back_as_it_went(world: World) -> None:
    """The limit is what the databases really hold, on both kinds."""
    most = LARGEST_EXACT - Decimal("0.00001")

    def enlarge(body: bytes) -> Any:
        page = json.loads(body)
        page["rows"][0]["exportDuty"], page["rows"][1]["exportDuty"] = str(most), str(LARGEST_EXACT)
        return ok(json.dumps(page).encode())

    misbehave(world, "customs", "/tariffs", enlarge)
    world.run("customs.tariffs")
    with world.hub.database.read() as connection:
        assert connection.scalar(select(func.max(Tariff.export_duty))) == most
        (aside,) = connection.execute(select(Quarantined.__table__))
    assert (aside.position, aside.field, aside.reason) == (1, "export_duty", "a number below 10000000000000")


def test_records_that_do_not_fit_are_set_aside_and_the_others_of_the_page_stay(world: World) -> None:
    def spoil(body: bytes) -> Any:
        page = json.loads(body)
        page["rows"][1]["hsCode"] = "6" * 11
        page["rows"][2]["name"]["zh"] = "假发\0"
        page["rows"][4]["name"]["zh"] = "\ud83d"
        return ok(json.dumps(page).encode())

    misbehave(world, "customs", "/tariffs", spoil)
    assert world.run("customs.tariffs") == {"customs.tariffs": "ok"}
    run = last_run(world, "customs.tariffs")
    assert run.quarantined == 3
    assert run.received == run.merged + run.unchanged + run.superseded + run.quarantined
    with world.hub.database.read() as connection:
        aside = connection.execute(select(Quarantined.__table__).order_by(Quarantined.position)).all()
    assert [(row.position, row.field, row.reason) for row in aside] == [
        (1, "hsCode", "an HS code here has 10 digits"),
        (2, "name_zh", "characters that cannot be kept"),
        (4, "name_zh", "characters that cannot be kept"),
    ]
    assert aside[1].record["name"]["zh"] == "假发\ufffd", "staff read what came, as far as it can be read"
