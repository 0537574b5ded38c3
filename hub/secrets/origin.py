"""Where the keys come from: the setting, or a file in the hub's own folder that is made where there is none."""

from __future__ import annotations

import base64
import os
import stat
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from hub.errors import HubError
from hub.private import private_file, unwritable
from hub.secrets.keyring import Keyring, new_key
from hub.setting_kinds import KEY_BYTES
from hub.settings import Settings

FILE = "secrets.key"
HEAD = "# Keys of the secrets in the database, newest first. Keep a copy apart from copies of the database.\n"


def open_keyring(settings: Settings, known: Collection[str] = ()) -> Keyring:
    """The keys of the setting, else of the file, which is made by the first who needs it.

    SECRETS_KEY_MISSING where there is neither, though the database was written with the `known` ones.
    """
    if set_ := [key for one in settings["secrets_key"].split(",") if (key := one.strip())]:
        return Keyring(set_, "YUHUB_SECRETS_KEY")
    file = key_file(settings)
    if not file.exists():
        if known:
            raise HubError("SECRETS_KEY_MISSING", keys=", ".join(known), file=str(file))
        with suppress(FileExistsError):  # another process was faster
            _write(file, [new_key()], new=True)
    private_file(file)
    return Keyring(_read(file), str(file), lambda: _read(file))


def key_file(settings: Settings) -> Path:
    folder: Path = settings["data_dir"]
    return folder / FILE


def is_file(settings: Settings) -> bool:
    return not settings["secrets_key"]


def add_key(settings: Settings) -> Keyring:
    """Puts a new key before those in the file."""
    _write(key_file(settings), [new_key(), *_read(key_file(settings))])
    return open_keyring(settings)


def _read(file: Path) -> list[str]:
    try:
        lines = file.read_text("ascii").splitlines()
        keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        if not keys or any(len(base64.b64decode(key, altchars="-_", validate=True)) != KEY_BYTES for key in keys):
            raise ValueError("it holds no key of 32 bytes in base64 on each line")
    except (OSError, ValueError) as error:
        raise HubError("FILE_UNREADABLE", file=str(file), cause=str(error)) from None
    return keys


def _write(file: Path, keys: Sequence[str], *, new: bool = False) -> None:
    """Whole or not at all. FileExistsError where it should be new and is not."""
    drafted = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(drafted, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, stat.S_IRUSR | stat.S_IWUSR)
        with open(descriptor, "w", encoding="ascii") as draft:  # noqa: PTH123 - of a descriptor
            draft.write(HEAD + "".join(f"{key}\n" for key in keys))
            draft.flush()
            os.fsync(draft.fileno())
        if new:
            os.link(drafted, file)
            drafted.unlink()
        else:
            drafted.replace(file)
    except FileExistsError:
        drafted.unlink()
        raise
    except OSError as error:
        drafted.unlink(missing_ok=True)
        raise unwritable(file, error) from None
