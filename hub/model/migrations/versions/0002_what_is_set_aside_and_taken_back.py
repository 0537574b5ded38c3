"""what is set aside and taken back"""

from datetime import timedelta, timezone

from alembic import op
import sqlalchemy as sa

import hub.model.types
from hub.model.types import Json

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEIJING = timezone(timedelta(hours=8))
RECEIPT = {
    "charges_currency": sa.String(length=3),
    "identifiers": Json,
    "entry_key": sa.String(length=200),
    "reversed_at": hub.model.types.Instant(timezone=True),
    "reversed_by": sa.Integer(),
}
SOURCED = (
    "basic_information", "document_event", "exchange_rate", "forex_advice", "forex_receipt", "leg", "refund_rate",
    "schedule", "stock_level", "tariff", "tax_refund", "tracking_event", "warehouse",
)  # fmt: skip
"""Tables whose rows an authority gave us: each is found by the message that it stands in."""


def upgrade() -> None:
    with op.batch_alter_table("sync_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pages_aside", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("paper_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("known_by", Json, nullable=True))
    _let_the_bank_number_receipts()
    _make_advices()
    with op.batch_alter_table("forex_receipt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attention", Json, nullable=True))
        for name, type_ in RECEIPT.items():
            batch_op.add_column(sa.Column(name, type_, nullable=True))
        batch_op.create_index(batch_op.f("ix_forex_receipt_entry_key"), ["entry_key"], unique=False)
    with op.batch_alter_table("forex_allocation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undone_at", INSTANT, nullable=True))
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("corrected", Json, nullable=True))
    for table in SOURCED:
        op.create_index(f"ix_{table}_raw_id", table, ["raw_id"], unique=False)
    _name_receipts_anew()
    with op.batch_alter_table("trade", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parcel", sa.String(length=51), nullable=True))
        batch_op.create_index(batch_op.f("ix_trade_parcel"), ["parcel"], unique=False)
        batch_op.add_column(sa.Column("refund_batch", sa.String(length=9), nullable=True))


def _let_the_bank_number_receipts() -> None:
    """Numbers that were allotted here are nobody's, and with them goes what they were allotted from."""
    op.create_table("basic_information", *_basic_information(), *_sourced("basic_information"))
    with op.batch_alter_table("basic_information", schema=None) as batch_op:
        batch_op.create_index("ix_basic_information_match", ["match"])
        batch_op.create_index("ix_basic_information_enterprise_id", ["enterprise_id"])
    with op.batch_alter_table("forex_receipt", schema=None) as batch_op:
        batch_op.drop_column("report_number")
        batch_op.add_column(sa.Column("completion", Json, nullable=True))
        batch_op.create_index("ix_forex_receipt_bank_reference", ["bank_reference"])
    op.execute("DELETE FROM series WHERE name LIKE 'rptno/%'")
    op.drop_table("settlement")  # nothing ever wrote it: the bank tells it in its basic information


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EXACT = hub.model.types.Exact(precision=24, scale=5)
INSTANT = hub.model.types.Instant(timezone=True)


def _key() -> sa.Column:
    return sa.Column("id", BIG, primary_key=True, autoincrement=True)


def _basic_information() -> list:
    return [
        _key(),
        sa.Column("enterprise_id", BIG, nullable=True),
        sa.Column("receipt_id", BIG, nullable=True),
        sa.Column("match", sa.String(length=10), server_default="open", nullable=False),
        sa.Column("matched_at", INSTANT, nullable=True),
        sa.Column("matched_by", sa.String(), nullable=True),
        sa.Column("weighed", sa.String(length=64), nullable=True),
        sa.Column("report_number", sa.String(length=22), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("payee_kind", sa.String(length=10), nullable=False),
        sa.Column("payee_code", sa.String(length=18), nullable=True),
        sa.Column("payee_name", sa.String(), nullable=True),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", EXACT, nullable=False),
        sa.Column("settled_amount", EXACT, nullable=True),
        sa.Column("settlement_rate", sa.String(length=14), nullable=True),
        sa.Column("settled_account", sa.String(length=40), nullable=True),
        sa.Column("foreign_amount", EXACT, nullable=True),
        sa.Column("foreign_account", sa.String(length=40), nullable=True),
        sa.Column("other_amount", EXACT, nullable=True),
        sa.Column("other_account", sa.String(length=40), nullable=True),
        sa.Column("method", sa.String(length=10), nullable=True),
        sa.Column("bank_reference", sa.String(), nullable=False),
        sa.Column("home_charge", EXACT, nullable=True),
        sa.Column("home_charge_currency", sa.String(length=3), nullable=True),
        sa.Column("abroad_charge", EXACT, nullable=True),
        sa.Column("abroad_charge_currency", sa.String(length=3), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_basic_information_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["forex_receipt.id"], name=op.f("fk_basic_information_receipt_id_forex_receipt")
        ),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_basic_information_receipt_id")),
    ]


def _sourced(table: str) -> list:
    return [
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("raw_id", sa.String(length=36), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["raw_id"], ["raw_message.id"], name=op.f(f"fk_{table}_raw_id_raw_message")),
        sa.UniqueConstraint("source", "source_id", name=op.f(f"uq_{table}_source_source_id")),
    ]


def _make_advices() -> None:
    op.create_table(
        "forex_advice",
        _key(),
        sa.Column("enterprise_id", BIG, nullable=True),
        sa.Column("status", sa.String(length=4), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("reversal", sa.Boolean(), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("amount", EXACT, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("payer_country", sa.String(length=3), nullable=True),
        sa.Column("remittance", sa.String(), nullable=False),
        sa.Column("end_to_end_id", sa.String(), nullable=True),
        sa.Column("bank_reference", sa.String(), nullable=False),
        sa.Column("identifiers", Json, nullable=False),
        sa.Column("booked_at", INSTANT, nullable=True),
        sa.Column("state", sa.String(length=10), server_default="open", nullable=False),
        *_sourced("forex_advice"),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_forex_advice_enterprise_id_enterprise")
        ),
    )
    with op.batch_alter_table("forex_advice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forex_advice_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index("ix_forex_advice_state", ["state"], unique=False)


def _name_receipts_anew() -> None:
    """A credit that came before is known again where its statement comes again: see connectors/forex/camt/keys.py."""
    receipt = sa.table(
        "forex_receipt",
        sa.column("id"),
        sa.column("source"),
        sa.column("source_id"),
        sa.column("account"),
        sa.column("bank_reference"),
        sa.column("end_to_end_id"),
        sa.column("amount", EXACT),
        sa.column("currency"),
        sa.column("booked_at", INSTANT),
        sa.column("entry_key"),
    )
    of_banks = sa.and_(receipt.c.source == "forex", receipt.c.source_id == receipt.c.bank_reference)
    for row in op.get_bind().execute(sa.select(receipt).where(of_banks)).all():
        day = row.booked_at.astimezone(BEIJING).date().isoformat()
        key = f"{row.account}/{row.bank_reference}/{day}/{row.currency}{row.amount.normalize():f}"
        known_by = key if row.end_to_end_id in (None, "", "NOTPROVIDED") else f"{key}/{row.end_to_end_id}"
        op.execute(sa.update(receipt).where(receipt.c.id == row.id).values(source_id=known_by, entry_key=key))
