"""what is set aside and taken back"""

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sync_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pages_aside", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("sync_job", schema=None) as batch_op:
        batch_op.drop_column("pages_aside")
