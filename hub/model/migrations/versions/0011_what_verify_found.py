"""what verify found, and what became of the records of each message"""

from alembic import op
import sqlalchemy as sa

from hub.model.types import Instant, Json

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COUNTERS = ("times", "received", "merged", "unchanged", "superseded", "quarantined")


def upgrade() -> None:
    op.create_table(
        "raw_reading",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("raw_id", sa.String(length=36), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTERS),
        sa.ForeignKeyConstraint(["raw_id"], ["raw_message.id"], name=op.f("fk_raw_reading_raw_id_raw_message")),
        sa.PrimaryKeyConstraint("run_id", "raw_id", name=op.f("pk_raw_reading")),
    )
    op.create_index("ix_raw_reading_raw_id", "raw_reading", ["raw_id"])
    op.create_table(
        "verification",
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("verified_at", Instant(timezone=True), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("unknown", sa.Boolean(), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("faults", Json, nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_verification")),
    )
