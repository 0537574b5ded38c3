"""What goes wrong with an authority, sorted by what happens next."""

from __future__ import annotations

from datetime import datetime, timedelta


class ConnectorError(Exception):
    """Base of everything a connector raises. `code` is stable; the text may be shown to staff and holds no secret.

    `status` is that of the HTTP answer which it is about, where there was one.
    """

    code = "CONNECTOR_ERROR"
    status: int | None = None

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.field = field


class Retriable(ConnectorError):
    """Nothing reached the authority, or it asked us to come back: the same again later is safe.

    `after` is the wait in seconds that the authority named.
    """

    code = "RETRIABLE"

    def __init__(self, text: str, *, after: float | None = None) -> None:
        super().__init__(text)
        self.after = after


class LeftAlone(Retriable):
    """Nobody was asked: the authority failed again and again and is given a rest. It counts as no attempt."""


class OutcomeUnknown(Retriable):
    """It may have arrived. Ask "do you have it?", or send the same guid again; never a new one."""

    code = "OUTCOME_UNKNOWN"


class NeedsCredentials(ConnectorError):
    """Key, password or certificate were refused: a person must act, retrying would lock the account."""

    code = "NEEDS_CREDENTIALS"


class RejectedByAuthority(ConnectorError):
    """The authority understood and said no; `field` names the field of the paper where it is known."""

    code = "REJECTED_BY_AUTHORITY"


class BadData(ConnectorError):
    """What came cannot be read as agreed: the record or the page goes to quarantine."""

    code = "BAD_DATA"


class Bug(ConnectorError):
    """The connector itself is wrong (a paper it cannot encode, a page it does not end)."""

    code = "BUG"


class ManifestError(ConnectorError):
    """A manifest or an entry point is wrong; the connector is left out and the others run."""

    code = "MANIFEST"


class NotProven(ConnectorError):
    """A push does not prove who sent it: it is refused, and nothing of it is kept."""

    code = "NOT_PROVEN"


class OutOfTime(ConnectorError):
    """A push was signed too long ago, or by a clock that is ahead: an old one may be somebody's who overheard it."""

    code = "OUT_OF_TIME"

    def __init__(self, signed_at: datetime, tolerance: timedelta) -> None:
        super().__init__(f"signed at {signed_at.isoformat()}, more than {tolerance} away from now")
        self.signed_at = signed_at
        self.tolerance = tolerance
