"""Files and folders that are their owner's alone, whatever the umask."""

from __future__ import annotations

import errno
import logging
import os
import stat
from pathlib import Path

from hub.errors import DiskFull, HubError

LOG = logging.getLogger("yuhub")
OTHERS = stat.S_IRWXG | stat.S_IRWXO
NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def unwritable(file: Path, error: OSError) -> HubError:
    """What it is to us that a file could not be written: DiskFull where there was no room."""
    if error.errno in NO_SPACE:
        return DiskFull(place=str(file))
    return HubError("FILE_UNWRITABLE", file=str(file), cause=error.strerror or str(error))


def private_folder(folder: Path) -> None:
    """Makes a folder, and those above it that are missing; one that others may enter is closed to them.

    FOLDER_NOT_WRITABLE, or NOT_PRIVATE where it is not ours to close.
    """
    try:
        _make(folder)
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise HubError("FOLDER_NOT_WRITABLE", folder=str(folder))
    except OSError:
        raise HubError("FOLDER_NOT_WRITABLE", folder=str(folder)) from None
    _close(folder)


def private_file(file: Path) -> None:
    """Makes an empty file where there is none; it is closed to others, and so are those that SQLite has put beside it.

    What SQLite itself puts beside a file has that file's mode. Whoever opens the file says what else is wrong with it.
    """
    try:
        _make(file.parent)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, stat.S_IRUSR | stat.S_IWUSR))
    except OSError:
        return
    for one in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        _close(one)


def _make(folder: Path) -> None:
    """`Path.mkdir` would leave those above it open to whom the umask lets in."""
    for one in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        one.mkdir(mode=stat.S_IRWXU, exist_ok=True)


def _close(path: Path) -> None:
    try:
        found = path.stat()
        if not found.st_mode & OTHERS or os.name != "posix":
            return
        is_ours = os.geteuid() in (found.st_uid, 0) and not found.st_mode & stat.S_ISVTX  # as /tmp is
        if not is_ours:
            raise HubError("NOT_PRIVATE", file=str(path))
        path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
    except FileNotFoundError:
        return
    except OSError:
        raise HubError("NOT_PRIVATE", file=str(path)) from None
    LOG.warning("%s could be read by others; it is its owner's alone now", path)
