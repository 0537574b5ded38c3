"""one word, one meaning: money from abroad is a remittance, what customs answers is a response"""

import re

from alembic import op
import sqlalchemy as sa

from hub.model.types import Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = {
    "forex_receipt": "remittance",
    "forex_allocation": "remittance_allocation",
    "forex_advice": "bank_advice",
    "basic_information": "basic_information",
}
COLUMNS = (
    ("forex_receipt", "remittance", "remittance_information"),
    ("forex_advice", "remittance", "remittance_information"),
    ("forex_allocation", "receipt_id", "remittance_id"),
    ("basic_information", "receipt_id", "remittance_id"),
)
WORDS = (
    ("sync_job", "name", "customs.receipts", "customs.responses"),
    ("sync_run", "job", "customs.receipts", "customs.responses"),
    ("command", "job", "customs.receipts", "customs.responses"),
    ("raw_message", "chain", "customs.receipts", "customs.responses"),
    ("quarantined", "noun", "forex_receipt", "remittance"),
    ("quarantined", "noun", "forex_advice", "bank_advice"),
    ("milestone", "name", "receipt_matched", "remittance_matched"),
    ("audit_entry", "subject", "customs.receipts", "customs.responses"),
    ("audit_entry", "action", "receipt.owner", "remittance.owner"),
    ("audit_entry", "action", "receipt.match", "remittance.match"),
    ("audit_entry", "action", "receipt.number", "remittance.number"),
    ("audit_entry", "action", "receipt.complete", "remittance.complete"),
)
"""What is stored under a name that is another one now: table, column, before, after."""
PARTS = (
    ("document", "attention", '"RECEIPT_', '"REMITTANCE_'),
    ("document", "attention", '"receipt:', '"remittance:'),
    ("forex_receipt", "attention", '"RECEIPT_', '"REMITTANCE_'),
    ("webhook_delivery", "payload", '"RECEIPT_', '"REMITTANCE_'),
    ("paper_version", "evidence", '"receipt:remittance', '"remittance:remittance_information'),
    ("paper_version", "evidence", '"receipt:', '"remittance:'),
)
"""The same within JSON."""


def upgrade() -> None:
    for table, column, before, after in WORDS:
        _say(table, column, before, after)
    _say_stream("receipts", "responses")
    for table, column, before, after in PARTS:
        _say_within(table, column, before, after)
    _shorten_notices()
    for table, before, after in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {before} TO {after}")
    for before, after in TABLES.items():
        _name_table(before, after, {**TABLES, "receipt_id": "remittance_id"})


def _shorten_notices() -> None:
    """The event and its time stand around what is told of it now, and no longer in it."""
    delivery = sa.table("webhook_delivery", sa.column("id"), sa.column("payload", Json), sa.column("state"))
    for row in op.get_bind().execute(sa.select(delivery).where(delivery.c.state == "waiting")).all():
        kept = {name: value for name, value in row.payload.items() if name not in ("event", "at")}
        op.execute(sa.update(delivery).where(delivery.c.id == row.id).values(payload=kept))


def _say(table: str, column: str, before: str, after: str) -> None:
    op.execute(
        sa.text(f"UPDATE {table} SET {column} = :after WHERE {column} = :before").bindparams(before=before, after=after)
    )


def _say_stream(before: str, after: str) -> None:
    for table in ("sync_job", "quarantined"):
        statement = f"UPDATE {table} SET stream = :after WHERE connector = 'customs' AND stream = :before"
        op.execute(sa.text(statement).bindparams(before=before, after=after))


def _say_within(table: str, column: str, before: str, after: str) -> None:
    as_text, back = ("::text", "::jsonb") if op.get_bind().dialect.name == "postgresql" else ("", "")
    statement = f"UPDATE {table} SET {column} = replace({column}{as_text}, :before, :after){back} WHERE {column}{as_text} LIKE :holds"
    statement = statement.replace("::", r"\:\:")
    op.execute(sa.text(statement).bindparams(before=before, after=after, holds=f"%{before}%"))


def _name_table(before: str, after: str, words: dict[str, str]) -> None:
    """Gives a table its name, and its indexes and constraints theirs."""
    bind = op.get_bind()
    if after != before:
        op.rename_table(before, after)
    table = sa.Table(after, sa.MetaData(), autoload_with=bind)
    for index in list(table.indexes):
        name = _named(index.name, words)
        if name != index.name:
            if bind.dialect.name == "postgresql":
                op.execute(f'ALTER INDEX "{index.name}" RENAME TO "{name}"')
            else:
                op.drop_index(index.name, after)
                op.create_index(name, after, [column.name for column in index.columns], unique=index.unique)
    constraints = [one for one in table.constraints if one.name and _named(one.name, words) != one.name]
    if bind.dialect.name == "postgresql":
        for one in constraints:
            op.execute(f'ALTER TABLE {after} RENAME CONSTRAINT "{one.name}" TO "{_named(one.name, words)}"')
    elif constraints:
        whole = sa.Table(after, sa.MetaData(), autoload_with=bind)
        for one in whole.constraints:
            one.name = _named(one.name, words) if one.name else one.name
        with op.batch_alter_table(after, copy_from=whole, recreate="always"):
            pass


def _named(name: str, words: dict[str, str]) -> str:
    """`fk_forex_allocation_receipt_id_forex_receipt` → `fk_remittance_allocation_remittance_id_remittance`."""
    longest_first = "|".join(sorted(words, key=len, reverse=True))
    return re.sub(longest_first, lambda found: words[found[0]], name)
