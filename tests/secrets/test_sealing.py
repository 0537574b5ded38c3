"""Secrets in the database: encrypted, bound to their place, under keys that change, are kept and are missed."""

from __future__ import annotations

import errno
import logging
import os
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from hub.app import build
from hub.errors import DiskFull, HubError, SecretUnreadable, SettingsWrong
from hub.model import Webhook
from hub.model.sealing import place_of
from hub.secrets import Keyring, new_key, open_keyring
from hub.secrets.origin import add_key
from hub.settings import read_settings
from hub.share.notices import claim, queue_test
from tests.support.databases import ON_POSTGRES
from tests.support.refusals import refuses
from tests.support.secrets.keeping import CLOCK, PLAIN, kept, settings_of, with_a_plain_secret


def test_what_was_kept_plain_is_encrypted_at_the_first_start_and_leaves_no_trace(tmp_path: Path, hub_url: str) -> None:
    settings = settings_of(tmp_path, hub_url)
    with_a_plain_secret(settings)
    sealed, opened = kept(settings)
    assert sealed.startswith("v1.")
    assert opened == PLAIN
    files = [one for one in tmp_path.iterdir() if one.is_file()]
    assert not [one for one in files if PLAIN.encode() in one.read_bytes()]
    assert (tmp_path / "secrets.key").stat().st_mode & 0o777 == 0o600


def test_a_sealed_secret_opens_at_its_own_place_alone_and_shows_nothing() -> None:
    key = new_key()
    ring = Keyring([key], "here")
    sealed = ring.seal(PLAIN, "webhook.secret:1")
    assert ring.seal(PLAIN, "webhook.secret:1") != sealed
    version, id_, rest = sealed.split(".")
    spoilt = f"{version}.{id_}.{'B' if rest[0] == 'A' else 'A'}{rest[1:]}"
    for text_, place in ((sealed, "webhook.secret:2"), (spoilt, "webhook.secret:1"), (PLAIN, "webhook.secret:1")):
        with pytest.raises(SecretUnreadable):
            ring.open(text_, place)
    with pytest.raises(SecretUnreadable):
        Keyring([new_key()], "elsewhere").open(sealed, "webhook.secret:1")
    assert Keyring([new_key(), key], "both").open(sealed, "webhook.secret:1") == PLAIN
    assert key not in repr(ring)


def test_who_does_not_have_the_key_is_told_and_may_begin_with_no_other(tmp_path: Path, hub_url: str) -> None:
    """Neither with the file gone, nor on another machine, which has none, nor with another setting."""
    with_a_plain_secret(settings_of(tmp_path, hub_url))
    kept(settings_of(tmp_path, hub_url))
    (tmp_path / "secrets.key").rename(tmp_path / "apart")
    for settings in (
        settings_of(tmp_path, hub_url),
        settings_of(tmp_path / "another-machine", hub_url),
        settings_of(tmp_path, hub_url, new_key()),
    ):
        with refuses("SECRETS_KEY_MISSING") as told:
            build(settings)
        assert "secrets rotate --without-lost" in told.value.way_out("en")
    assert not (tmp_path / "another-machine" / "secrets.key").exists()
    (tmp_path / "apart").rename(tmp_path / "secrets.key")
    assert kept(settings_of(tmp_path, hub_url))[1] == PLAIN
    (tmp_path / "secrets.key").write_text("no key\n")
    with refuses("FILE_UNREADABLE"):
        build(settings_of(tmp_path, hub_url))


def test_a_full_disk_is_called_so_and_the_keys_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(tmp_path, "")
    before = open_keyring(settings).ids

    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(DiskFull):
        add_key(settings)
    assert open_keyring(settings).ids == before
    assert [one.name for one in tmp_path.iterdir()] == ["secrets.key"]


@ON_POSTGRES
def test_a_key_that_only_this_machine_has_is_named_where_others_may_join(
    tmp_path: Path, hub_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "yuhub"):
        build(settings_of(tmp_path, hub_url)).close()
    assert "YUHUB_SECRETS_KEY" in caplog.text
    assert (tmp_path / "secrets.key").read_text().splitlines()[-1] not in caplog.text


def test_a_notice_that_cannot_be_signed_says_why_and_the_next_one_goes_out(tmp_path: Path, small_url: str) -> None:
    settings = settings_of(tmp_path, small_url)
    with_a_plain_secret(settings)
    kept(settings)
    with closing(build(settings, now=CLOCK)) as hub, hub.database.write() as connection:
        good = connection.execute(select(Webhook.__table__)).one()._asdict()
        del good["id"]
        other = connection.execute(insert(Webhook).values(good).returning(Webhook.id)).scalar_one()
        sealed = hub.desk.keyring.seal(PLAIN, place_of(other))
        connection.execute(update(Webhook).where(Webhook.id == other).values(secret=sealed))
        connection.execute(text("UPDATE webhook SET secret = :other WHERE id = 1"), {"other": sealed})  # of another row
        for id_ in (1, other):
            queue_test(connection, id_, CLOCK())
        claimed = claim(connection, [1, other], CLOCK(), hub.desk.keyring)
        assert claimed is not None
        assert (claimed.webhook_id, claimed.secret) == (other, PLAIN)
        error = connection.scalar(text("SELECT error FROM webhook_delivery WHERE webhook_id = 1"))
        assert "webhook.secret:1" in error
        assert PLAIN not in error


@pytest.mark.parametrize("wrong", ["short", "a" * 43, "A" * 43 + "=,x", "你"])
def test_a_wrong_key_is_refused_without_being_shown(wrong: str) -> None:
    with pytest.raises(SettingsWrong) as told:
        read_settings({"YUHUB_SECRETS_KEY": wrong})
    assert wrong not in str(told.value.words("en"))
    assert isinstance(told.value, HubError)
