"""what a mandate allows"""

from alembic import op
import sqlalchemy as sa

import hub.model.types
from hub.model.types import Json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = hub.model.types.Instant(timezone=True)
BROKERS = ["read", "enter", "amend"]


def upgrade() -> None:
    _name_what_mandates_allow()
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account", sa.String(length=100), nullable=True))
    op.execute("UPDATE consent SET account = (SELECT name FROM account WHERE account.id = consent.account_id)")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.alter_column("account", existing_type=sa.String(length=100), nullable=False)
        batch_op.drop_index(batch_op.f("ix_consent_account_id"))
        batch_op.drop_constraint(batch_op.f("fk_consent_account_id_account"), type_="foreignkey")
        batch_op.drop_column("account_id")
        batch_op.create_index(batch_op.f("ix_consent_account"), ["account"], unique=False)
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account", sa.String(length=100), nullable=True))
    op.execute(  # who added it
        "UPDATE webhook SET account = (SELECT max(actor) FROM audit_entry "
        "WHERE action = 'webhook.add' AND subject = CAST(webhook.id AS VARCHAR(20)))"
    )
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("numbers", Json, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("shown", Json, nullable=False, server_default="{}"))
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.alter_column("numbers", existing_type=Json, server_default=None)
        batch_op.alter_column("shown", existing_type=Json, server_default=None)


def _name_what_mandates_allow() -> None:
    """The owner is the account that is named after the enterprise, else the first that acts for it."""
    held = op.get_bind().execute(
        sa.text(
            "SELECT mandate.enterprise_id, enterprise.uscc, account.name, account.id AS account_id "
            "FROM mandate JOIN account ON account.id = mandate.account_id "
            "JOIN enterprise ON enterprise.id = mandate.enterprise_id ORDER BY account.id"
        )
    ).all()  # fmt: skip
    account = sa.table("account", sa.column("id"), sa.column("created_at", INSTANT))
    since = {row.id: row.created_at for row in op.get_bind().execute(sa.select(account.c.id, account.c.created_at))}
    owners: dict[int, str] = {}
    for row in held:
        if row.name == row.uscc or row.enterprise_id not in owners:
            owners[row.enterprise_id] = row.name
    op.drop_table("mandate")
    made = op.create_table(
        "mandate",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("enterprise_id", KEY, nullable=False),
        sa.Column("acts", Json, nullable=False),
        sa.Column("is_owner", sa.Boolean(), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_mandate_enterprise_id_enterprise")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index(op.f("ix_mandate_account"), "mandate", ["account"], unique=False)
    op.create_index(op.f("ix_mandate_enterprise_id"), "mandate", ["enterprise_id"], unique=False)
    for row in held:
        owner = owners[row.enterprise_id] == row.name
        at = since[row.account_id]
        op.execute(
            sa.insert(made).values(
                account=row.name, enterprise_id=row.enterprise_id, acts=[] if owner else BROKERS, is_owner=owner,
                granted_at=at, granted_by="", accepted_at=at,
            )
        )  # fmt: skip
