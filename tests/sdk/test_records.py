"""What a connector may emit and what the tables keep are the same columns, in both directions."""

from __future__ import annotations

from sqlalchemy import Table, UniqueConstraint

from connectors.sdk.records import RECORDS, Record
from hub.model import Base
from sync.merge import TABLES
from tests.support.together import together

OURS = frozenset({"id", "source", "fetched_at", "raw_id", "digest", "subject_id", "trade_id", "document_id"})
"""What the hub adds to every row: our key, from whom and when it came, what it is about."""
OURS_OF: dict[str, frozenset[str]] = {
    "document_event": frozenset({"version", "state", "rank", "milestone", "attention"}),  # the ruling of its code
    "remittance": frozenset(
        {"enterprise_id", "match", "matched_at", "candidates", "completion", "reversed_at", "reversed_by", "attention"}
    ),  # the trade that it pays, and what took it back
    "bank_advice": frozenset({"enterprise_id", "state"}),
    "basic_information": frozenset(
        {"enterprise_id", "remittance_id", "match", "matched_at", "matched_by", "weighed"}
    ),  # the remittance that it is about
}


def table_of(noun: str) -> Table:
    return Base.metadata.tables[noun]


def test_every_noun_has_a_table_and_is_merged() -> None:
    assert {noun: TABLES[noun].__table__ for noun in TABLES} == {noun: table_of(noun) for noun in RECORDS}


@together("noun", RECORDS)
def test_a_record_and_its_table_have_the_same_columns(noun: str) -> None:
    columns, fields = set(table_of(noun).columns.keys()), set(RECORDS[noun]().fields)
    assert fields - columns == set()
    assert columns - fields - OURS == OURS_OF.get(noun, frozenset())


@together("noun", RECORDS)
def test_what_a_record_may_lack_a_row_may_lack_and_nothing_else(noun: str) -> None:
    columns = table_of(noun).columns
    fields = RECORDS[noun]().fields
    assert {name for name in fields if fields[name].allow_none} == {name for name in fields if columns[name].nullable}


@together("noun", RECORDS)
def test_no_record_names_what_is_the_hubs_to_say(noun: str) -> None:
    assert not set(RECORDS[noun]().fields) & (OURS | OURS_OF.get(noun, frozenset()))


@together("noun", RECORDS)
def test_a_row_is_known_by_whose_and_which_it_is(noun: str) -> None:
    """The merge relies on it: the same record again meets the row that is there."""
    constraints = [one for one in table_of(noun).constraints if isinstance(one, UniqueConstraint)]
    assert ["source", "source_id"] in [[column.name for column in one.columns] for one in constraints]


@together("record", RECORDS.values(), ids=RECORDS)
def test_a_record_without_key_or_time_is_no_record(record: type[Record]) -> None:
    wrong = record().validate({"source_id": "", "as_of": None})
    assert {"source_id", "as_of"} <= set(wrong)
    assert record().validate({}).keys() >= {"source_id", "as_of"}
