"""The only place that talks HTTP: time-outs, total time, size cap, retries, classified errors, masked secrets."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import requests
from requests import exceptions as failures

from connectors.sdk.credentials import Credentials
from connectors.sdk.errors import BadData, Bug, ConnectorError, NeedsCredentials, OutcomeUnknown, Retriable
from connectors.sdk.retry import Retry, wait_asked_for

LARGEST_BODY = 32 * 1024 * 1024
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """What came back, as it came: kept raw before anybody reads it.

    `part` names the object that was asked about where a stream asks about many; `cursor` is where to go on from once
    this page is merged.
    """

    body: bytes
    content_type: str
    url: str
    status: int
    received_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    cursor: str = ""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Timeouts(NamedTuple):
    connect: timedelta = timedelta(seconds=3)
    read: timedelta = timedelta(seconds=20)
    total: timedelta = timedelta(seconds=60)


class Http:
    """Talks to one authority at one address.

    A GET is repeated on failures that repeat safely. A POST is repeated only where nothing can have reached the
    authority; where it may have, `OutcomeUnknown` is raised and the caller asks or sends the same guid again.
    """

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials | None = None,
        timeouts: Timeouts | None = None,
        retry: Retry | None = None,
        largest_body: int = LARGEST_BODY,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.base_url = base_url.rstrip("/") + "/"
        self.timeouts = timeouts or Timeouts()
        self.retry = retry or Retry()
        self.largest_body = largest_body
        self._now = now
        self._sleep = sleep
        self._chance = chance
        self._credentials = credentials
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy and no .netrc of whoever started the hub

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        answers: Collection[int] = (),
    ) -> Page:
        """Fetches a page. `answers` are statuses beyond 2xx that are an answer here (404 to "have you it?")."""
        return self._repeat("GET", path, params=params, headers=headers, answers=answers)

    def post(
        self,
        path: str,
        body: bytes,
        content_type: str,
        *,
        headers: Mapping[str, str] | None = None,
        answers: Collection[int] = (),
    ) -> Page:
        """Hands something over. `answers` as in `get`: a refusal with a reason is an answer, not a failure."""
        return self._repeat(
            "POST", path, body=body, headers={**(headers or {}), "Content-Type": content_type}, answers=answers
        )

    def patch(
        self,
        path: str,
        body: bytes,
        content_type: str,
        *,
        headers: Mapping[str, str] | None = None,
        answers: Collection[int] = (),
    ) -> Page:
        """Changes something; as `post`."""
        return self._repeat(
            "PATCH", path, body=body, headers={**(headers or {}), "Content-Type": content_type}, answers=answers
        )

    def close(self) -> None:
        self._session.close()

    def _repeat(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        answers: Collection[int] = (),
    ) -> Page:
        renewed = False
        for attempt in range(1, self.retry.attempts + 1):
            try:
                return self._once(method, path, params, body, headers, answers)
            except NeedsCredentials:
                if renewed or not (self._credentials and self._credentials.renew()):
                    raise
                renewed, wait = True, 0.0
            except OutcomeUnknown:
                if method != "GET" or attempt == self.retry.attempts:
                    raise
                wait = self.retry.wait(attempt, self._chance())
            except Retriable as error:
                if attempt == self.retry.attempts or (error.after or 0) > self.retry.longest_wait:
                    raise  # the job comes back at its own time; holding a worker would only block others
                wait = error.after or self.retry.wait(attempt, self._chance())
            self._sleep(wait)
        raise Bug("a retry policy must allow at least one attempt")

    def _once(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        answers: Collection[int],
    ) -> Page:
        signed = self._credentials.headers(self._ask_token) if self._credentials else {}
        return self._talk(method, path, params, body, {**signed, **(headers or {})}, answers)

    def _ask_token(self, path: str, form: bytes, headers: Mapping[str, str]) -> bytes:
        """How credentials fetch a token: the same line, not signed by them."""
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        return self._talk("POST", path, None, form, headers, ()).body

    def _talk(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        body: bytes | None,
        headers: Mapping[str, str],
        answers: Collection[int],
    ) -> Page:
        url = self._address(path)
        started = time.monotonic()
        try:
            response = self._session.request(
                method,
                url,
                params=params,
                data=body,
                headers=headers,
                timeout=(self.timeouts.connect.total_seconds(), self.timeouts.read.total_seconds()),
                allow_redirects=False,
                stream=True,
            )
            with response:
                content = self._read(response, started)
        except failures.RequestException as error:
            raise classify_failure(error, urlsplit(url).netloc) from None
        if not (200 <= response.status_code < 300 or response.status_code in answers):
            raise classify_status(response.status_code, response.headers, urlsplit(url).netloc)
        return Page(
            body=content,
            content_type=response.headers.get("Content-Type", ""),
            url=url,
            status=response.status_code,
            received_at=self._now(),
            headers=dict(response.headers),
        )

    def _address(self, path: str) -> str:
        url = urljoin(self.base_url, path)
        asked, named = urlsplit(url).netloc, urlsplit(self.base_url).netloc
        if asked != named:
            raise BadData(f"refused to go to {asked}: the settings name {named}")
        return url

    def _read(self, response: requests.Response, started: float) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) > self.largest_body:
                raise BadData(f"the answer is larger than {self.largest_body // 2**20} MiB")
            if time.monotonic() - started > self.timeouts.total.total_seconds():
                raise failures.ReadTimeout("the whole answer took too long")
        return bytes(content)


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


def classify_status(status: int, headers: Mapping[str, str], host: str) -> ConnectorError:
    """The error of ours for an HTTP status, with the wait the authority asked for."""
    kind, words = STATUSES.get(status) or STATUS_CLASSES[status // 100]
    text = f"{host}: {words} (HTTP {status})"
    if issubclass(kind, Retriable):
        return kind(text, after=wait_asked_for(headers.get("Retry-After"), datetime.now(UTC)))
    return kind(text)
