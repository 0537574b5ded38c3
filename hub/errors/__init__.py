"""Every error of the hub: a stable code, an HTTP status, what happened and what to do, in Chinese and in English.

What is stored or logged is the code with its parameters; the words stand in `texts` and `terms` and nowhere else.
"""

from hub.errors.error_kinds import (
    DatabaseBusy,
    DatabaseConflict,
    DatabaseUnavailable,
    DiskFull,
    Ended,
    EntryProblem,
    EntryRefused,
    HeaderWrong,
    HubError,
    MockUnreachable,
    NotFound,
    PlanWrong,
    SecretUnreadable,
    SettingsWrong,
    TooManyRequests,
    Unauthenticated,
    describe,
)
from hub.errors.saying import awaited, came_from, in_log, lack, left_because, term, way_out, words
from hub.errors.texts import WORDS, Wording

__all__ = [
    "WORDS", "DatabaseBusy", "DatabaseConflict", "DatabaseUnavailable", "DiskFull", "Ended", "EntryProblem",
    "EntryRefused", "HeaderWrong", "HubError", "MockUnreachable", "NotFound", "PlanWrong", "SecretUnreadable",
    "SettingsWrong", "TooManyRequests", "Unauthenticated", "Wording", "awaited", "came_from", "describe", "in_log",
    "lack", "left_because", "term", "way_out", "words",
]  # fmt: skip
