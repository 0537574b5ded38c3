"""Mandates, consents and webhooks of an older database keep their meaning: nobody gets more than was meant."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from hub.access.acts import OWNERS, Act
from hub.access.mandates import held
from hub.model import Database
from hub.model.migrate import _config, migrate
from tests.support.world import MORNING

ENTERPRISE = (
    "INSERT INTO enterprise (id, uscc, customs_code, name_zh, name_en, address_en, telephone, credit_class, partners, "
    "state, registered_at) VALUES (:id, :uscc, '', '', '', '', '', 'standard', '{}', 'approved', :at)"
)
ACCOUNT = "INSERT INTO account (id, name, role, created_at) VALUES (:id, :name, 'enterprise', :at)"
AT = "2026-01-01T00:00:00.000000Z"


def test_the_owner_is_who_is_named_after_the_enterprise_else_the_first(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for id_, uscc in ((1, "A"), (2, "B")):
            connection.execute(text(ENTERPRISE), {"id": id_, "uscc": uscc, "at": AT})
        for id_, name in ((1, "broker"), (2, "A"), (3, "later")):
            connection.execute(text(ACCOUNT), {"id": id_, "name": name, "at": AT})
        for account, enterprise in ((1, 1), (2, 1), (1, 2), (3, 2)):
            connection.execute(text("INSERT INTO mandate VALUES (:a, :e)"), {"a": account, "e": enterprise})
        connection.execute(
            text("INSERT INTO consent (enterprise_id, account_id, purpose, granted_at) VALUES (1, 3, 'p', :at)"),
            {"at": AT},
        )
        connection.execute(
            text(
                "INSERT INTO webhook (id, enterprise_id, url, secret, events, created_at) "
                "VALUES (7, 1, 'https://x', 's', '[]', :at)"
            ),
            {"at": AT},
        )
        connection.execute(
            text(
                "INSERT INTO audit_entry (at, actor, role, action, subject, reason, before) "
                "VALUES (:at, 'broker', 'enterprise', 'webhook.add', '7', '', '{}')"
            ),
            {"at": AT},
        )
    migrate(database)
    with database.read() as connection:
        usual = frozenset({Act.READ, Act.ENTER, Act.AMEND})
        assert held(connection, "A", MORNING) == {1: OWNERS}
        assert held(connection, "broker", MORNING) == {1: usual, 2: OWNERS}
        assert held(connection, "later", MORNING) == {2: usual}
        assert connection.scalar(text("SELECT account FROM consent")) == "later"
        assert connection.scalar(text("SELECT account FROM webhook")) == "broker"
    database.close()
