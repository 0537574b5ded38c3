"""Errors of the program and of what it stands on: settings, database, disk, files, ports."""

from __future__ import annotations

from collections.abc import Iterable

from hub.errors.kinds import HubError


class SettingsWrong(HubError):
    """All wrong settings at once, as (name, what is wrong with it)."""

    code = "SETTINGS_WRONG"

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = list(problems)
        super().__init__(problems="; ".join(f"{name}: {what}" for name, what in self.problems))


class DatabaseUnavailable(HubError):
    code = "DATABASE_UNAVAILABLE"
    private = ("database", "cause")


class DatabaseBusy(HubError):
    code = "DATABASE_BUSY"


class DatabaseConflict(HubError):
    code = "DATABASE_CONFLICT"


class DatabaseForeign(HubError):
    code = "DATABASE_FOREIGN"
    private = ("database", "found")


class DiskFull(HubError):
    code = "DISK_FULL"
    private = ("place",)


class NotPrivate(HubError):
    code = "NOT_PRIVATE"
    private = ("file",)


class HubEnding(HubError):
    code = "HUB_ENDING"
    retry_after = 60


class SchedulerStopped(HubError):
    """`cause` is one of `terms.CAUSES`."""

    code = "SCHEDULER_STOPPED"
    retry_after = 60


class StatementTooLong(HubError):
    code = "STATEMENT_TOO_LONG"


class SchemaOld(HubError):
    code = "SCHEMA_OLD"


class SchemaNew(HubError):
    code = "SCHEMA_NEW"


class SecretsKeyMissing(HubError):
    code = "SECRETS_KEY_MISSING"
    private = ("file",)


class SecretUnreadable(HubError):
    code = "SECRET_UNREADABLE"


class PortTaken(HubError):
    code = "PORT_TAKEN"


class FolderNotWritable(HubError):
    code = "FOLDER_NOT_WRITABLE"


class FileUnreadable(HubError):
    code = "FILE_UNREADABLE"


class FileKindWrong(HubError):
    code = "FILE_KIND_WRONG"


class FileTooLarge(HubError):
    code = "FILE_TOO_LARGE"


class FileUnwritable(HubError):
    code = "FILE_UNWRITABLE"


class HubUnreachable(HubError):
    code = "HUB_UNREACHABLE"


class MockUnreachable(HubError):
    code = "MOCK_UNREACHABLE"
