"""what the rules said of a trade"""

from alembic import op
import sqlalchemy as sa

from hub.model.types import Instant, Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "judgement",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        sa.Column("trade_id", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("judged_at", Instant(timezone=True), nullable=False),
        sa.Column("verdicts", Json, nullable=False),
        sa.ForeignKeyConstraint(["trade_id"], ["trade.id"], name="fk_judgement_trade_id_trade"),
    )
    op.create_index("ix_judgement_trade_id", "judgement", ["trade_id"])
