"""From what HTTP does to what happens next: one table for failures of the transport, one for statuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from requests import exceptions as failures

from connectors.sdk.errors import BadData, Bug, ConnectorError, NeedsCredentials, OutcomeUnknown, Retriable
from connectors.sdk.inside.retry import wait_asked_for

FAILURES: tuple[tuple[type[failures.RequestException], type[ConnectorError], str], ...] = (
    (failures.ConnectTimeout, Retriable, "no connection within the time-out"),
    (failures.ReadTimeout, OutcomeUnknown, "no answer within the time-out"),
    (failures.Timeout, OutcomeUnknown, "no answer within the time-out"),
    (failures.SSLError, NeedsCredentials, "the certificate was not accepted"),
    (failures.ProxyError, Retriable, "the proxy refused"),
    (failures.ChunkedEncodingError, OutcomeUnknown, "the connection broke while the answer came"),
    (failures.ContentDecodingError, BadData, "the answer is not compressed as it says"),
    (failures.ConnectionError, OutcomeUnknown, "the connection broke"),
    (failures.RetryError, Retriable, "too many attempts"),
    (failures.UnrewindableBodyError, Bug, "the body cannot be sent again"),
    (failures.StreamConsumedError, Bug, "the answer was read twice"),
    (failures.TooManyRedirects, BadData, "the authority redirects"),
    (failures.HTTPError, Retriable, "an HTTP error"),
    (failures.JSONDecodeError, BadData, "not JSON"),
    (failures.InvalidJSONError, BadData, "not JSON"),
    (failures.InvalidHeader, Bug, "a header is malformed"),
    (failures.InvalidProxyURL, Bug, "the proxy's address is malformed"),
    (failures.InvalidURL, Bug, "the address is malformed"),
    (failures.InvalidSchema, Bug, "the address does not begin with http:// or https://"),
    (failures.MissingSchema, Bug, "the address does not begin with http:// or https://"),
    (failures.URLRequired, Bug, "there is no address"),
    (failures.RequestException, Retriable, "the request failed"),
)
"""What each failure means for what happens next; the first row that fits counts. A test holds it complete."""


def classify_failure(error: failures.RequestException, host: str) -> ConnectorError:
    """The error of ours for a failure of the transport; only the host is named, never the whole address."""
    if isinstance(error, failures.ConnectionError) and _never_connected(error):
        return Retriable(f"{host}: nobody answers there (connection refused or host unknown)")
    for failure, kind, words in FAILURES:
        if isinstance(error, failure):
            return kind(f"{host}: {words}")
    raise error


def _never_connected(error: failures.ConnectionError) -> bool:
    """True where the connection was never made, so that nothing can have arrived."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError"}


STATUSES: Mapping[int, tuple[type[ConnectorError], str]] = {
    400: (BadData, "the request was not understood"),
    401: (NeedsCredentials, "the credentials were refused"),
    403: (NeedsCredentials, "the credentials do not allow this"),
    404: (BadData, "there is nothing at this address; check the base URL"),
    407: (NeedsCredentials, "the proxy wants credentials"),
    408: (OutcomeUnknown, "the authority gave up waiting"),
    409: (BadData, "it conflicts with what the authority has"),
    413: (Bug, "the message is too large for the authority"),
    415: (Bug, "the authority does not take this media type"),
    425: (Retriable, "too early"),
    429: (Retriable, "too many requests"),
    500: (OutcomeUnknown, "the authority failed"),
    502: (OutcomeUnknown, "the authority's gateway failed"),
    503: (Retriable, "the authority is not available"),
    504: (OutcomeUnknown, "the authority did not answer its gateway in time"),
}
"""What a status means where it is not an answer; other statuses go by their class."""
STATUS_CLASSES: Mapping[int, tuple[type[ConnectorError], str]] = {
    1: (BadData, "an unexpected interim answer"),
    3: (BadData, "the authority redirects, which is not followed"),
    4: (BadData, "the request was refused"),
    5: (OutcomeUnknown, "the authority failed"),
}
NO_STATUS: tuple[type[ConnectorError], str] = (BadData, "that is no HTTP status")


def classify_status(status: int, headers: Mapping[str, str], host: str) -> ConnectorError:
    """The error of ours for an HTTP status, with the wait the authority asked for."""
    kind, words = STATUSES.get(status) or STATUS_CLASSES.get(status // 100, NO_STATUS)
    text = f"{host}: {words} (HTTP {status})"
    error = (
        kind(text, after=wait_asked_for(headers.get("Retry-After"), datetime.now(UTC)))
        if issubclass(kind, Retriable)
        else kind(text)
    )
    error.status = status
    return error
