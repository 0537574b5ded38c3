"""secrets are encrypted"""

from alembic import op
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is kept in plain text is encrypted at the next start, which has the key."""
    op.create_table(
        "secrets_key",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secrets_key")),
    )
