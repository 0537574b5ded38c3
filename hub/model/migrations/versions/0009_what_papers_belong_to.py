"""papers belong to subjects: trades, and consolidations of many trades"""

from alembic import op
import sqlalchemy as sa

from hub.model.types import Exact, Instant, Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = Instant(timezone=True)
ABOUT = ("document_event", "leg", "tracking_event", "stock_level", "tax_refund")
"""Tables of what authorities told of papers."""


def upgrade() -> None:
    _number_subjects()
    with op.batch_alter_table("trade") as trade:
        trade.create_foreign_key(op.f("fk_trade_id_subject"), "subject", ["id"], ["id"])
        trade.drop_column("digest")
    op.add_column("paper_version", sa.Column("line_trades", Json, nullable=True))
    for table in ("document", "milestone"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN trade_id TO subject_id")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_trade_id_trade"), type_="foreignkey")
            batch.create_foreign_key(op.f(f"fk_{table}_subject_id_subject"), "subject", ["subject_id"], ["id"])
    with op.batch_alter_table("document") as document:
        document.drop_constraint(op.f("uq_document_trade_id_kind_part"), type_="unique")
        document.create_unique_constraint(op.f("uq_document_subject_id_kind_part"), ["subject_id", "kind", "part"])
    _touch_subjects()
    for table in ("reference", *ABOUT):
        _tie(table)
    with op.batch_alter_table("reference") as reference:
        reference.alter_column("subject_id", existing_type=BIG, nullable=False)
        reference.alter_column("trade_id", existing_type=BIG, nullable=True)
    for table in ABOUT:
        op.create_index(op.f(f"ix_{table}_subject_id"), table, ["subject_id"])
    _consolidate()


def _number_subjects() -> None:
    """Trades keep their ids, which subjects go on from."""
    op.create_table(
        "subject",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
    )
    op.execute("INSERT INTO subject (id, kind) SELECT id, 'trade' FROM trade")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('subject', 'id'), max(id)) FROM subject")
        op.execute("ALTER TABLE trade ALTER COLUMN id DROP DEFAULT")
        op.execute("DROP SEQUENCE trade_id_seq")


def _touch_subjects() -> None:
    op.create_table(
        "touched",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_touched_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touched")),
    )
    op.execute("INSERT INTO touched (subject_id) SELECT trade_id FROM touched_trade ORDER BY id")
    op.drop_table("touched_trade")


def _tie(table: str) -> None:
    """What is known of a trade's paper is known of that trade, which is the paper's subject."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("subject_id", BIG, nullable=True))
        batch.create_foreign_key(op.f(f"fk_{table}_subject_id_subject"), "subject", ["subject_id"], ["id"])
    op.execute(f"UPDATE {table} SET subject_id = trade_id")


def _consolidate() -> None:
    op.create_table(
        "consolidation",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=17), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("holder_id", BIG, nullable=False),
        sa.Column("entry", Json, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subject.id"], name=op.f("fk_consolidation_id_subject")),
        sa.ForeignKeyConstraint(["holder_id"], ["enterprise.id"], name=op.f("fk_consolidation_holder_id_enterprise")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consolidation")),
        sa.UniqueConstraint("number", name=op.f("uq_consolidation_number")),
    )
    op.create_index(op.f("ix_consolidation_holder_id"), "consolidation", ["holder_id"])
    _only("uq_consolidation_open", "consolidation", ["kind", "key"], "state = 'open'")
    op.create_table(
        "consolidation_line",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("consolidation_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("trade_id", BIG, nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("packages", sa.Integer(), nullable=False),
        sa.Column("weight", Exact(precision=24, scale=5), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["consolidation_id"],
            ["consolidation.id"],
            name=op.f("fk_consolidation_line_consolidation_id_consolidation"),
        ),
        sa.ForeignKeyConstraint(["trade_id"], ["trade.id"], name=op.f("fk_consolidation_line_trade_id_trade")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consolidation_line")),
    )
    op.create_index(op.f("ix_consolidation_line_consolidation_id"), "consolidation_line", ["consolidation_id"])
    _only("uq_consolidation_line_live", "consolidation_line", ["trade_id", "kind", "leg"], "state <> 'left'")


def _only(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
