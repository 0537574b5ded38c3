"""A hub with one webhook, as an earlier version left it and as it stands now."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import delete, insert, select

from hub.app import build
from hub.entry.registration import register
from hub.model import Enterprise, SecretsKey, Webhook
from hub.model.sealing import seal_place
from hub.settings import Settings
from tests.support.world import Clock, demo_file, settings_for

PLAIN = "yhs_what-the-receiver-knows"
CLOCK = Clock()


def settings_of(folder: Path, url: str, *keys: str) -> Settings:
    return settings_for(folder, url, {}, **({"YUHUB_SECRETS_KEY": ",".join(keys)} if keys else {}))


def kept(settings: Settings) -> tuple[str, str]:
    """As it stands in the database, and what a notice is signed with."""
    with closing(build(settings, now=CLOCK)) as hub, hub.database.write() as connection:
        row = connection.execute(select(Webhook.id, Webhook.secret).where(Webhook.removed_at.is_(None))).one()
        return row.secret, hub.desk.keyring.open(row.secret, seal_place(row.id))


def with_a_plain_secret(settings: Settings) -> None:
    """A database as an earlier version left it."""
    with closing(build(settings, now=CLOCK)) as hub, hub.database.write() as connection:
        register(connection, demo_file("enterprises", "xuchang-hair"), CLOCK())
        connection.execute(
            insert(Webhook).values(
                enterprise_id=connection.scalar(select(Enterprise.id)),
                url="https://x.example",
                secret=PLAIN,
                events=[],
                created_at=CLOCK(),
            )
        )
        connection.execute(delete(SecretsKey))
