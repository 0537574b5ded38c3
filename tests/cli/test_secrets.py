"""Keys are changed at the command line, and a lost one is got over."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from hub.app import build
from hub.model import Webhook
from tests.support.cli.shells import Typed
from tests.support.secrets.keeping import CLOCK, PLAIN, kept, settings_of, with_a_plain_secret


def test_keys_change_by_command_in_the_file_and_by_the_setting(yuhub: Typed, tmp_path: Path, small_url: str) -> None:
    settings = settings_of(tmp_path, small_url)
    environment = {"YUHUB_DATA_DIR": str(tmp_path), "YUHUB_DATABASE_URL": small_url}
    with_a_plain_secret(settings)
    running = build(settings, now=CLOCK)  # goes on while the keys change
    before, _ = kept(settings)
    assert "1 secrets are encrypted anew" in yuhub("secrets", "rotate", **environment)
    after, opened = kept(settings)
    assert (after.split(".")[1] != before.split(".")[1], opened) == (True, PLAIN)
    assert running.desk.keyring.open(after, "webhook.secret:1") == PLAIN
    running.close()

    file_key = (tmp_path / "secrets.key").read_text().splitlines()[1]
    new = yuhub("secrets", "key", **environment).strip()
    environment["YUHUB_SECRETS_KEY"] = f"{new},{file_key}"
    assert "1 secrets are encrypted anew" in yuhub("secrets", "rotate", **environment)
    assert kept(settings_of(tmp_path, small_url, new))[1] == PLAIN
    shown = yuhub("secrets", "list", **environment) + yuhub("settings", **environment)
    assert new not in shown
    assert file_key not in shown


def test_a_key_that_is_lost_for_good_costs_its_webhooks_and_nothing_else(
    yuhub: Typed, tmp_path: Path, small_url: str
) -> None:
    settings = settings_of(tmp_path, small_url)
    with_a_plain_secret(settings)
    kept(settings)
    (tmp_path / "secrets.key").unlink()
    environment = {"YUHUB_DATA_DIR": str(tmp_path), "YUHUB_DATABASE_URL": small_url}
    assert "SECRETS_KEY_MISSING" in yuhub("secrets", "rotate", expect=2, **environment)
    assert "Webhook 1 is removed" in yuhub("secrets", "rotate", "--without-lost", **environment)
    with closing(build(settings)) as hub, hub.database.read() as connection:
        assert connection.execute(select(Webhook.removed_at.is_(None), Webhook.secret)).one() == (False, "")
