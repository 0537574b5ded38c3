"""The errors. Each has a code; its words are in `texts`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.errors.saying import in_log, way_out, words
from hub.errors.texts import WORDS


class HubError(Exception):
    """Base of the hub's errors. Parameters fill the words of its code; programs are told those in `told` by name.

    What is in `private` stays at the machine: callers over the network are sent to its log.
    """

    code = "BUG"
    told: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    retry_after: int | None = None
    """Seconds after which the same may be asked again, where that is known."""

    def __init__(self, **parameters: Any) -> None:
        self.parameters = parameters
        super().__init__(f"{self.code} {parameters}")

    @property
    def status(self) -> int:
        return WORDS[self.code].status

    @property
    def facts(self) -> dict[str, Any]:
        """What a program reads of it beside the code: what was measured, and the limit."""
        return {name: self.parameters[name] for name in self.told if name in self.parameters}

    def words(self, language: str = "en") -> str:
        return words(self.code, language, self.parameters)

    def way_out(self, language: str = "en") -> str:
        return way_out(self.code, language, self.parameters)


def describe(error: HubError, language: str) -> dict[str, Any]:
    """An error as it leaves: message, stable code, way out. One shape at every door."""
    said = error.parameters | dict.fromkeys(error.private, in_log(language))
    return {
        "message": words(error.code, language, said),
        "extensions": {"code": error.code, "wayOut": way_out(error.code, language, said), **error.facts},
    }


class ConnectorWrong(HubError):
    code = "CONNECTOR_WRONG"


class ConnectorUnknown(HubError):
    code = "CONNECTOR_UNKNOWN"


class ConnectorName(HubError):
    code = "CONNECTOR_NAME"


class ConnectorTalk(HubError):
    code = "CONNECTOR_TALK"


class PageRefused(HubError):
    code = "PAGE_REFUSED"


class StreamUnknown(HubError):
    code = "STREAM_UNKNOWN"


class FolderTaken(HubError):
    code = "FOLDER_TAKEN"


class PlanWrong(HubError):
    code = "PLAN_WRONG"


class VersionStale(HubError):
    code = "VERSION_STALE"


class NothingChanged(HubError):
    code = "NOTHING_CHANGED"


class PastRecall(HubError):
    code = "PAST_RECALL"


class NothingCorrected(HubError):
    code = "NOTHING_CORRECTED"


class PaperBaseless(HubError):
    code = "PAPER_BASELESS"


class InFlight(HubError):
    code = "IN_FLIGHT"


class Departed(HubError):
    code = "DEPARTED"


class Released(HubError):
    code = "RELEASED"


class TradeOver(HubError):
    code = "TRADE_OVER"


class EnterpriseNotApproved(HubError):
    code = "ENTERPRISE_NOT_APPROVED"


class RegisteredAlready(HubError):
    code = "REGISTERED_ALREADY"


class ApplicationUnnamed(HubError):
    code = "APPLICATION_UNNAMED"


class ChangeDecided(HubError):
    code = "CHANGE_DECIDED"


class ChangeOwn(HubError):
    code = "CHANGE_OWN"


class ChangeStale(HubError):
    code = "CHANGE_STALE"


class AccountClaimed(HubError):
    code = "ACCOUNT_CLAIMED"


class ReceiptMatched(HubError):
    code = "RECEIPT_MATCHED"


class ReceiptUnmatched(HubError):
    code = "RECEIPT_UNMATCHED"


class ReceiptNumbered(HubError):
    code = "RECEIPT_NUMBERED"


class NumberTaken(HubError):
    code = "NUMBER_TAKEN"


class NumberRevoked(HubError):
    code = "NUMBER_REVOKED"


class ReceiptGone(HubError):
    code = "RECEIPT_GONE"


class AdviceSettled(HubError):
    code = "ADVICE_SETTLED"


class ReversalDiffers(HubError):
    code = "REVERSAL_DIFFERS"


class PaperStands(HubError):
    code = "PAPER_STANDS"


class PaperUnwritable(HubError):
    code = "PAPER_UNWRITABLE"


@dataclass(frozen=True, slots=True)
class EntryProblem:
    """One thing that is wrong with an entry: where it was typed, the rule, and what fills the rule's words."""

    path: str
    code: str
    parameters: Mapping[str, Any]

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
