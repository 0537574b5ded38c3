"""A SQLite file that another program holds, its log, its disk, and who may open it."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, insert, select, text

from hub.app import build
from hub.cli.serve import serving
from hub.errors import DatabaseBusy, DatabaseUnavailable, DiskFull
from hub.model import Database, SyncJob
from hub.model.sqlite import LARGEST_WAL, in_background
from hub.private import private_folder
from tests.support.refusals import refuses
from tests.support.world import Clock, settings_for

HOW_MANY = select(func.count()).select_from(SyncJob)
BUSY_SECONDS = 2.0


def a_job(name: str) -> object:
    return insert(SyncJob).values(name=name, connector="customs", every=60, promise=300)


@pytest.fixture
def file(small_url: str) -> Path:
    return Path(small_url.removeprefix("sqlite:///"))


@pytest.fixture
def database(small_url: str) -> Iterator[Database]:
    opened = Database(small_url, BUSY_SECONDS)
    yield opened
    opened.close()


def write(database: Database, name: str) -> None:
    with database.write() as connection:
        connection.execute(a_job(name))  # type: ignore[call-overload]


def test_however_many_wait_for_a_held_file_each_is_answered_within_the_one_time(database: Database, file: Path) -> None:
    """Twenty who waited one after the other would take twenty times as long; who reads does not wait at all."""
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    def several() -> None:  # as a request with many mutations
        for number in range(20):
            with pytest.raises(DatabaseBusy, match=f"{BUSY_SECONDS:g}"):
                write(database, str(number))

    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(several) for _ in range(20)]
        with database.read() as connection:
            assert connection.scalar(HOW_MANY) == 0
        assert not wait(asked, timeout=BUSY_SECONDS * 15).not_done
        for one in asked:
            one.result()
    holder.execute("ROLLBACK")
    holder.close()
    write(database, "as soon as it is free")


def test_who_works_in_the_background_lets_others_go_first_and_still_has_its_turn(database: Database) -> None:
    order: list[str] = []
    queued = threading.Semaphore(0)

    def work(name: str) -> None:
        queued.release()
        with database.write():
            order.append(name)

    def work_in_background(name: str) -> None:
        with in_background():
            work(name)

    def seen(count: int) -> None:
        queued.acquire()
        turns = database._sqlite._turns  # type: ignore[union-attr]
        while len(turns._queue) < count:
            threading.Event().wait(0.001)

    with ThreadPoolExecutor(30) as pool, database.write():
        for number in range(3):
            pool.submit(work_in_background, f"background {number}")
            seen(number + 1)
        for number in range(20):
            pool.submit(work, f"web {number}")
            seen(number + 4)
    assert len(order) == 23
    assert order[0] == "web 0"
    assert order.index("background 0") < 20  # a flood from outside does not stop it


def test_the_log_of_a_burst_becomes_small_again_though_somebody_reads_for_long(database: Database, file: Path) -> None:
    log = Path(f"{file}-wal")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE burst (what BLOB)"))
    with database.read() as reader:
        reader.scalar(HOW_MANY)
        with database.write() as connection:
            connection.execute(text("INSERT INTO burst VALUES (zeroblob(:size))"), {"size": 3 * LARGEST_WAL})
        database.tidy()
        assert log.stat().st_size > LARGEST_WAL
        write(database, "while it is read")
    database.tidy()
    assert log.stat().st_size == 0
    with database.read() as reader:
        assert reader.scalar(HOW_MANY) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of a few MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", str(folder)],  # noqa: S607
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


def test_a_full_disk_is_called_full_the_hub_is_not_ready_and_goes_on_once_there_is_room(small_disk: Path) -> None:
    settings = settings_for(small_disk, f"sqlite:///{small_disk / 'hub.db'}", {}, YUHUB_FREE_MB="1000")
    hub = build(settings, now=Clock())
    with serving(hub, port=0) as address:
        low = requests.get(f"{address}/health/ready", timeout=30)
        assert (low.status_code, low.json()["checks"]["disk"]["ok"]) == (200, False)
        ballast = small_disk / "ballast"
        fill(ballast)
        with pytest.raises(DiskFull):
            write_much(hub.database)
        full = requests.get(f"{address}/health/ready", timeout=30)
        assert full.status_code == 503
        assert {error["extensions"]["code"] for error in full.json()["errors"]} == {"DISK_FULL"}
        assert full.json()["checks"]["schema"]["ok"] is False or full.json()["checks"]["disk"]["ok"] is False
        ballast.unlink()
        write(hub.database, "there is room")
        assert requests.get(f"{address}/health/ready", timeout=30).status_code == 200
    hub.close()


def write_much(database: Database) -> None:
    for number in range(1000):
        write(database, f"{number}{'x' * 2000}")


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as ballast, suppress(OSError):
        while ballast.write(b"0" * 4096):
            pass


@pytest.mark.parametrize("damage", ["letter", "folder", "half", "gone"])
def test_a_file_that_cannot_be_used_is_told_in_one_sentence(file: Path, damage: str) -> None:
    whole = file.read_bytes()
    file.unlink()
    if damage == "folder":
        file.mkdir()
    elif damage == "letter":
        file.write_text("this is a letter to my mother, not a database" * 50)
    elif damage == "half":
        file.write_bytes(whole[: len(whole) // 3] + b"\xff" * 4096 + whole[len(whole) // 3 :])
    else:
        file.parent.joinpath("elsewhere").symlink_to("/nowhere/at/all")
        file = file.parent / "elsewhere" / "hub.db"
    database = Database(f"sqlite:///{file}", 0.1)
    with pytest.raises(DatabaseUnavailable), database.write() as connection:  # noqa: PT012
        for table in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all():
            connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
        connection.execute(text("PRAGMA integrity_check"))
        assert connection.scalar(text("PRAGMA quick_check")) == "ok"
    database.close()


def test_files_and_folder_are_the_owners_alone_whatever_the_umask(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    loose = tmp_path / "loose"
    loose.mkdir(mode=0o755)
    loose.chmod(0o755)
    before = os.umask(0)
    try:
        for folder in (tmp_path / "new" / "deep", loose):
            (loose / "hub.db").touch(mode=0o644)
            hub = build(settings_for(folder, f"sqlite:///{folder / 'hub.db'}", {}), now=Clock())
            write(hub.database, "x")
            modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in (folder, *folder.iterdir())}
            assert {*modes.values()} == {0o700, 0o600}, modes
            assert modes.keys() >= {"hub.db", "hub.db-wal", "hub.db-shm"}
            assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
            hub.close()
    finally:
        os.umask(before)
    assert str(loose) in caplog.text


def test_a_folder_that_everybody_writes_to_is_no_place_for_data(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with refuses("NOT_PRIVATE"):
        private_folder(tmp_path)
