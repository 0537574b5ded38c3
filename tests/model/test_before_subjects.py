"""A database from before papers belonged to subjects keeps all that it holds, and its trades go on."""

from __future__ import annotations

from sqlalchemy import insert, select

from hub.entry.accept import enter
from hub.model import Base, Database, Document, DocumentEvent, Milestone, PaperSubject, TouchedSubject, Trade
from hub.model.migrate import migrate
from hub.model.row_states import SubjectKind
from hub.progress.advance import advance_touched
from tests.support.entry.office import Office, typed_trade
from tests.support.former import fill_as_before_subjects
from tests.support.world import World

LATER = ("judgement", "raw_reading", "verification")
"""Tables that came after."""


def all_rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name not in LATER
        }


def test_what_was_kept_of_trades_is_kept_of_subjects_and_they_go_on(small_world: World, database_url: str) -> None:
    office = Office(small_world)
    office.enters(typed_trade(), typed_trade({"orderNumber": "XC-2", "payment.transaction": "ZYP-2"}))
    small_world.run("customs.send", "customs.responses")
    small_world.turn()
    trades = [row.id for row in office.rows(select(Trade.id).order_by(Trade.id))]
    with small_world.hub.database.write() as connection:
        connection.execute(insert(TouchedSubject), [{"subject_id": one} for one in trades])
    was = all_rows(small_world.hub.database)
    assert all(was[table.__tablename__] for table in (Document, DocumentEvent, Milestone))

    database = Database(database_url)
    fill_as_before_subjects(database, small_world.hub.database)
    migrate(database)
    assert all_rows(database) == was
    assert was["subject"] == [(one, SubjectKind.TRADE) for one in trades]

    desk = small_world.hub.desk
    assert advance_touched(database, desk) == len(trades)
    (third,) = enter(database, desk, office.caller, [typed_trade({"orderNumber": "XC-3", "payment.transaction": "Z3"})])
    with database.read() as connection:
        assert connection.scalar(select(Trade.id).where(Trade.number == third.number)) == trades[-1] + 1
        assert connection.scalar(select(PaperSubject.id).order_by(PaperSubject.id.desc())) == trades[-1] + 1
    database.close()
