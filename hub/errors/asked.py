"""Errors of a request: who asks, for what, and in which form."""

from __future__ import annotations

from typing import Any

from hub.errors.kinds import HubError


class MediaTypeWrong(HubError):
    code = "MEDIA_TYPE"


class Unauthenticated(HubError):
    code = "UNAUTHENTICATED"


class AuthorizationWrong(Unauthenticated):
    """A header that shows no key at all, whatever else it shows."""

    code = "AUTHORIZATION_WRONG"


class Wait(HubError):
    """Refused for now: `wait` says for how many seconds."""

    told = ("limit", "measured")

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        self.retry_after = int(parameters["wait"])

    @property
    def facts(self) -> dict[str, Any]:
        return super().facts | {"retryAfter": self.retry_after}


class TooManyRequests(Wait):
    """`measured` of at most `limit` within `seconds`."""

    code = "TOO_MANY_REQUESTS"


class TooManyWrongKeys(Wait):
    code = "TOO_MANY_WRONG_KEYS"


class RegistrationsFull(Wait):
    """As many wait for a decision as may."""

    code = "REGISTRATIONS_FULL"


class EncodingWrong(HubError):
    code = "ENCODING_WRONG"


class Forbidden(HubError):
    code = "FORBIDDEN"


class ActNotGranted(HubError):
    """The caller acts for the enterprise, but not in this. `act` and `covers` are of `hub.access.acts`."""

    code = "ACT_NOT_GRANTED"


class OwnerStays(HubError):
    code = "OWNER_STAYS"


class LastOwner(HubError):
    code = "LAST_OWNER"


class OwnApplication(HubError):
    code = "OWN_APPLICATION"


class RoleDiffers(HubError):
    code = "ROLE_DIFFERS"


class AccountKnown(HubError):
    code = "ACCOUNT_KNOWN"


class AccountElsewhere(HubError):
    code = "ACCOUNT_ELSEWHERE"


class SandboxOnly(HubError):
    code = "SANDBOX_ONLY"


class NotFound(HubError):
    """`what` is a noun of `terms`, `name` what it was called."""

    code = "NOT_FOUND"

    def __init__(self, what: str, name: object = "") -> None:
        super().__init__(what=what, name=f" {str(name)[:100]}" if name else "")


class JobUnknown(HubError):
    code = "JOB_UNKNOWN"


class JobPaused(HubError):
    code = "JOB_PAUSED"


class JobPausedAlready(HubError):
    code = "JOB_PAUSED_ALREADY"


class JobNotPaused(HubError):
    code = "JOB_NOT_PAUSED"


class JobOrdered(HubError):
    code = "JOB_ORDERED"


class JobLeftOut(HubError):
    code = "JOB_LEFT_OUT"


class ActionUnknown(HubError):
    code = "ACTION_UNKNOWN"


class TradeUnnamed(HubError):
    code = "TRADE_UNNAMED"


class TradeAmbiguous(HubError):
    code = "TRADE_AMBIGUOUS"


class EnterpriseUnnamed(HubError):
    code = "ENTERPRISE_UNNAMED"


class PathUnknown(HubError):
    code = "PATH_UNKNOWN"


class MethodWrong(HubError):
    code = "METHOD_WRONG"


class RequestWrong(HubError):
    code = "REQUEST_WRONG"


class Broken(HubError):
    """Something that nobody thought of; the log has it under `trace`."""

    code = "BUG"


class ReasonMissing(HubError):
    code = "REASON_MISSING"


class PurposeMissing(HubError):
    code = "PURPOSE_MISSING"


class ReasonUnfit(HubError):
    code = "REASON_UNFIT"


class ReplayNothing(HubError):
    code = "REPLAY_NOTHING"


class BodyUnreadable(HubError):
    code = "BODY_UNREADABLE"


class BodyTooLarge(HubError):
    code = "BODY_TOO_LARGE"
    told = ("measure", "measured", "limit")


class GraphqlInvalid(HubError):
    """The question or a variable does not fit the schema. `cause` is what graphql-core says of it."""

    code = "GRAPHQL_INVALID"


class QueryTooLarge(HubError):
    """`measure` is what was measured, `measured` the value, `limit` the most that the caller's role may."""

    code = "QUERY_TOO_LARGE"
    told = ("measure", "measured", "limit")


class AnswerTooLarge(QueryTooLarge):
    """The answer turned out larger than was foreseen; the operation was ended."""

    code = "ANSWER_TOO_LARGE"


class QueryTooLong(HubError):
    """The operation had its time, in seconds, and was ended."""

    code = "QUERY_TOO_LONG"
    told = ("measure", "measured", "limit")

    def __init__(self, measured: float, limit: float) -> None:
        super().__init__(measure="seconds", measured=round(measured, 1), limit=limit)


class CallerGone(HubError):
    """Who asked has closed the line, so nothing more was done for the answer. 499 as nginx has it; few read it."""

    code = "CALLER_GONE"


class AnswerCutShort(HubError):
    """What was ordered is stored, as `stored` names it; the answer to it was too long or too large."""

    code = "ANSWER_CUT_SHORT"
    told = ("measure", "measured", "limit", "stored")


class HookRefused(HubError):
    code = "HOOK_REFUSED"


class HookOutOfTime(HubError):
    code = "HOOK_OUT_OF_TIME"


class HeadTooLarge(HubError):
    code = "HEAD_TOO_LARGE"


class RequestSlow(HubError):
    code = "REQUEST_SLOW"


class RoomFull(HubError):
    code = "ROOM_FULL"
    retry_after = 2
