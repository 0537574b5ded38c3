"""what waits before it is registered"""

from unicodedata import normalize

from alembic import op
import sqlalchemy as sa

from hub.model.types import Instant, Json

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = Instant(timezone=True)
REGISTERED = sa.text("approved_at IS NOT NULL")
WAITING = sa.text("state = 'waiting'")
HELD = sa.text("state = 'held'")


def upgrade() -> None:
    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_enterprise_uscc"), type_="unique")
        batch_op.add_column(sa.Column("reason", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_enterprise_uscc"), ["uscc"], unique=False)
    only(op, "uq_enterprise_registered", "enterprise", "uscc", REGISTERED)
    op.create_table(
        "registration_change",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        sa.Column("enterprise_id", BIG, nullable=False),
        sa.Column("asked_by", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        *decided("registration_change"),
    )
    op.create_index("ix_registration_change_enterprise_id", "registration_change", ["enterprise_id"])
    op.create_index("ix_registration_change_state", "registration_change", ["state"])
    only(op, "uq_registration_change_waiting", "registration_change", "enterprise_id", WAITING)
    op.create_table(
        "account_claim",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        sa.Column("enterprise_id", BIG, nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("claimed_at", INSTANT, nullable=False),
        *decided("account_claim"),
    )
    op.create_index("ix_account_claim_enterprise_id", "account_claim", ["enterprise_id"])
    op.create_index("ix_account_claim_account", "account_claim", ["account"])
    only(op, "uq_account_claim_held", "account_claim", "account", HELD)
    claim_what_is_registered()


def only(op, name, table, column, where) -> None:
    op.create_index(name, table, [column], unique=True, sqlite_where=where, postgresql_where=where)


def decided(table) -> list:
    return [
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f(f"fk_{table}_enterprise_id_enterprise")
        ),
    ]


def claim_what_is_registered() -> None:
    """Of those that have registered the same account, whoever was approved first holds it."""
    enterprise = sa.table("enterprise", sa.column("id"), sa.column("partners", Json), sa.column("approved_at", INSTANT))
    claim = sa.table(
        "account_claim", sa.column("enterprise_id"), sa.column("account"), sa.column("state"),
        sa.column("claimed_at", INSTANT),
    )  # fmt: skip
    registered = sa.select(enterprise).where(enterprise.c.approved_at.is_not(None))
    held = set()
    for row in op.get_bind().execute(registered.order_by(enterprise.c.approved_at, enterprise.c.id)).all():
        typed = (row.partners.get("bank") or {}).get("account") or ""
        account = "".join(filter(str.isalnum, normalize("NFKC", typed))).upper()
        if account:
            state = "waiting" if account in held else "held"
            held.add(account)
            values = {"enterprise_id": row.id, "account": account, "state": state, "claimed_at": row.approved_at}
            op.execute(sa.insert(claim).values(**values))
