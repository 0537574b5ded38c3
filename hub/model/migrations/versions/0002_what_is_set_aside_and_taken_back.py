"""what is set aside and taken back"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sync_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pages_aside", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("paper_version", schema=None) as batch_op:
        kinds = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
        batch_op.add_column(sa.Column("known_by", kinds, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("paper_version", schema=None) as batch_op:
        batch_op.drop_column("known_by")
    with op.batch_alter_table("sync_job", schema=None) as batch_op:
        batch_op.drop_column("pages_aside")
