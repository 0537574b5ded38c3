"""A database from before the glossary keeps all that it holds, under the words that are used now."""

from __future__ import annotations

import json

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, Table, insert, inspect, select, text

from hub.model import Base, Database, WebhookDelivery
from hub.model.migrate import migrate
from tests.support.former import upgrade

AT = "2026-01-01T00:00:00.000000Z"
ZEROS = "0" * 64
NOTICE = '{"event": "trade.finished", "at": "2026-01-01T00:00:00Z", "trade": {"number": "YH1"}}'
ROWS: tuple[tuple[str, dict[str, object]], ...] = (
    (
        "sync_job",
        {"name": "customs.receipts", "connector": "customs", "stream": "receipts", "every": 60, "promise": 300}
        | {"cursor": "", "lease_token": 0, "failures": 0},
    ),
    (
        "audit_entry",
        {
            "at": AT,
            "actor": "x",
            "role": "staff",
            "action": "receipt.owner",
            "subject": "7",
            "reason": "",
            "before": "{}",
        },
    ),
    (
        "raw_message",
        {"id": "m1", "chain": "customs.receipts", "seq": 1, "previous": ZEROS, "digest": ZEROS, "content_type": ""}
        | {"url": "", "status": 200, "part": "", "cursor": "", "size": 0, "body": b"", "kept_at": AT},
    ),
    (
        "quarantined",
        {"connector": "customs", "stream": "receipts", "noun": "document_event", "raw_id": "m1", "position": 0}
        | {"field": "", "reason": "", "record": "{}", "quarantined_at": AT},
    ),
    (
        "forex_receipt",
        {"id": 7, "account": "A", "amount": "5", "currency": "USD", "payer": "ACME", "remittance": "for XC-1"}
        | {"bank_reference": "B1", "booked_at": AT, "attention": '{"code": "RECEIPT_VOID"}', "source": "forex"}
        | {"source_id": "B1", "as_of": AT, "fetched_at": AT, "digest": ZEROS},
    ),
    (
        "enterprise",
        dict.fromkeys(("uscc", "customs_code", "name_zh", "name_en", "address_en", "telephone"), "")
        | {"id": 3, "credit_class": "standard", "partners": "{}", "state": "approved", "registered_at": AT},
    ),
    (
        "webhook",
        {"id": 5, "enterprise_id": 3, "url": "https://x", "secret": "yhs_x", "events": "[]", "created_at": AT},
    ),
    (
        "webhook_delivery",
        {"webhook_id": 5, "event": "trade.finished", "payload": NOTICE, "state": "waiting", "attempts": 0}
        | {"created_at": AT, "next_try_at": AT},
    ),
)


def names(connection: Connection) -> set[str]:
    """Of all indexes and constraints, but for alembic's own."""
    seen, found = inspect(connection), set[str]()
    for table in set(seen.get_table_names()) - {"alembic_version"}:
        found.add(str(seen.get_pk_constraint(table)["name"]))
        for named in (*seen.get_indexes(table), *seen.get_unique_constraints(table), *seen.get_foreign_keys(table)):
            found.add(str(named["name"]))
    return found


def of_the_model() -> set[str]:
    tables = Base.metadata.tables.values()
    return {str(one.name) for table in tables for one in (*table.indexes, *table.constraints) if one.name}


def test_what_was_kept_under_former_words_is_found_under_those_of_now(database_url: str) -> None:
    database = Database(database_url)
    upgrade(database, "0007")
    with database.write() as connection:
        for table, values in ROWS:
            connection.execute(insert(Table(table, MetaData(), *(Column(name) for name in values))).values(values))
    migrate(database)
    with database.read() as connection:
        assert connection.scalar(text("SELECT name FROM sync_job WHERE stream = 'responses'")) == "customs.responses"
        assert connection.scalar(text("SELECT chain FROM raw_message")) == "customs.responses"
        assert connection.scalar(text("SELECT stream FROM quarantined")) == "responses"
        assert connection.scalar(text("SELECT action FROM audit_entry")) == "remittance.owner"
        told = connection.scalar(select(WebhookDelivery.payload))
        assert told == {"trade": {"number": "YH1"}}, "its event and time stand around it now"
        kept = connection.execute(text("SELECT id, remittance_information, attention FROM remittance")).one()
        attention = kept.attention if isinstance(kept.attention, dict) else json.loads(kept.attention)
        assert (kept.id, kept.remittance_information, attention) == (7, "for XC-1", {"code": "REMITTANCE_VOID"})
    database.close()


def test_the_tables_and_all_their_names_are_the_model_s(database_url: str) -> None:
    database = Database(database_url)
    migrate(database)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert names(connection) == of_the_model()
    database.close()
