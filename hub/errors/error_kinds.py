"""The one error of the hub, which a code of `texts` makes particular, and the few kinds that somebody catches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.errors.saying import in_log, way_out, words
from hub.errors.texts import WORDS, Wording


class HubError(Exception):
    """`HubError("TRADE_OVER", state=…)`: a code of `texts.WORDS`, and the parameters that fill its words.

    A kind that is caught has a class, which says its code.
    """

    code: str

    def __init__(self, code: str = "", /, **parameters: Any) -> None:
        self.code = code or self.code
        self.parameters = parameters
        super().__init__(f"{self.code} {parameters}")

    @property
    def wording(self) -> Wording:
        return WORDS[self.code]

    @property
    def status(self) -> int:
        return self.wording.status

    @property
    def retry_after(self) -> int | None:
        """Seconds after which the same may be asked again, where that is known."""
        return self.parameters.get("wait", self.wording.retry_after)

    @property
    def facts(self) -> dict[str, Any]:
        """What a program reads of it beside the code: what was measured, the limit, and how long to wait."""
        told = {name: self.parameters[name] for name in self.wording.told if name in self.parameters}
        return told | ({"retryAfter": self.retry_after} if "wait" in self.parameters else {})

    def words(self, language: str = "en") -> str:
        return words(self.code, language, self.parameters)

    def way_out(self, language: str = "en") -> str:
        return way_out(self.code, language, self.parameters)


def describe(error: HubError, language: str) -> dict[str, Any]:
    """An error as it leaves: message, stable code, way out. One shape at every door."""
    said = error.parameters | dict.fromkeys(error.wording.private, in_log(language))
    return {
        "message": words(error.code, language, said),
        "extensions": {"code": error.code, "wayOut": way_out(error.code, language, said), **error.facts},
    }


class PlanWrong(HubError):
    """Caught where connectors are joined: one that makes the plan wrong is left out."""

    code = "PLAN_WRONG"


class Unauthenticated(HubError):
    """Caught at the door, which counts wrong keys, and where the role behind a key is asked for: it may have none."""

    code = "UNAUTHENTICATED"


class TooManyRequests(HubError):
    """`measured` of at most `limit` within `seconds`. Caught by the porter, who notes no more wrong keys than that."""

    code = "TOO_MANY_REQUESTS"


class Ended(HubError):
    """An operation of GraphQL had its time or its rows, or nobody waits for it. After it nothing more is done of it."""


class NotFound(HubError):
    """`what` is a noun of `terms`, `name` what it was called."""

    code = "NOT_FOUND"

    def __init__(self, what: str, name: object = "") -> None:
        super().__init__(what=what, name=f" {str(name)[:100]}" if name else "")


class SettingsWrong(HubError):
    """All wrong settings at once, as (name, what is wrong with it)."""

    code = "SETTINGS_WRONG"

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = list(problems)
        super().__init__(problems="; ".join(f"{name}: {what}" for name, what in self.problems))


class DatabaseUnavailable(HubError):
    """An order to a job outlasts it, and the three that follow."""

    code = "DATABASE_UNAVAILABLE"


class DatabaseBusy(HubError):
    """Caught where turns to write are given: of a file that another program holds, that is known for a moment."""

    code = "DATABASE_BUSY"


class DatabaseConflict(HubError):
    """Caught where the same is tried once more: entering a trade, advancing one."""

    code = "DATABASE_CONFLICT"


class DiskFull(HubError):
    """Caught by the database, which remembers it for a while."""

    code = "DISK_FULL"


class SecretUnreadable(HubError):
    """Caught where notices are signed: the others go out all the same."""

    code = "SECRET_UNREADABLE"


class MockUnreachable(HubError):
    """Caught where all stand-ins are asked: those that run answer."""

    code = "MOCK_UNREACHABLE"


@dataclass(frozen=True, slots=True)
class EntryProblem:
    """One thing that is wrong with an entry: where it was typed, the rule, and what fills the rule's words.

    `source` is the table that says so, where the rule stands for many.
    """

    path: str
    code: str
    parameters: Mapping[str, Any]
    source: str = ""

    def words(self, language: str) -> str:
        return words(self.code, language, self.parameters)

    def way_out(self, language: str) -> str:
        return way_out(self.code, language, self.parameters)


class EntryRefused(HubError):
    """All problems of an entry at once. Nothing was stored."""

    code = "ENTRY_REFUSED"

    def __init__(self, problems: Iterable[EntryProblem]) -> None:
        self.problems = list(problems)
        super().__init__(count=len(self.problems))


class HeaderWrong(HubError):
    """All that is wrong with the header of a table."""

    code = "HEADER_WRONG"

    def __init__(self, file: str, problems: Iterable[EntryProblem]) -> None:
        self.problems = list(problems)
        super().__init__(file=file, problems=_listed(self.problems, 0), problems_en=_listed(self.problems, 1))


def _listed(problems: Iterable[EntryProblem], place: int) -> str:
    language, colon, end = (("zh", "，", "；"), ("en", " → ", "; "))[place]
    return end.join(f"{one.words(language)}{colon}{one.way_out(language)}" for one in problems)
