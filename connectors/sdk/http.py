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
from urllib3 import exceptions as transport

from connectors.sdk.credentials import Credentials
from connectors.sdk.deadline import TooLate, within
from connectors.sdk.errors import BadData, Bug, ConnectorError, NeedsCredentials, OutcomeUnknown, Retriable
from connectors.sdk.http_errors import classify_failure, classify_status
from connectors.sdk.retry import Retry

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
    """The clock where nobody hands another one in."""
    return datetime.now(UTC)


class Timeouts(NamedTuple):
    """To connect, between two pieces of an answer, and for a whole call with its repetitions."""

    connect: timedelta = timedelta(seconds=3)
    read: timedelta = timedelta(seconds=20)
    total: timedelta = timedelta(seconds=60)


def _host(base_url: str) -> str:
    """Host and port, as errors name them: never a password that stands in the address."""
    split = urlsplit(base_url)
    return f"{split.hostname}:{split.port}" if split.port else str(split.hostname)


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
        self.host = _host(base_url)
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
        renewed, attempt = False, 1
        while True:
            try:
                signed = self._credentials.headers(self._ask_token) if self._credentials else {}
                return self._talk(method, path, params, body, {**signed, **(headers or {})}, answers)
            except NeedsCredentials:
                if renewed or not (self._credentials and self._credentials.renew()):
                    raise
                renewed = True  # once, with fresh ones, whatever attempts are left
                continue
            except Retriable as error:
                repeats = method == "GET" or not isinstance(error, OutcomeUnknown)
                if not repeats or attempt >= self.retry.attempts or (error.after or 0) > self.retry.longest_wait:
                    raise  # the job comes back at its own time; holding a worker would only block others
                wait = error.after if error.after is not None else self.retry.wait(attempt, self._chance())
            self._sleep(wait)
            attempt += 1

    def _ask_token(self, path: str, form: bytes, headers: Mapping[str, str]) -> bytes:
        """How credentials fetch a token: the same line, not signed by them. No paper can have arrived by it."""
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            return self._talk("POST", path, None, form, headers, ()).body
        except OutcomeUnknown as error:
            raise Retriable(error.text, after=error.after) from None

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
        ends = time.monotonic() + self.timeouts.total.total_seconds()
        times = (self.timeouts.connect.total_seconds(), self.timeouts.read.total_seconds())
        try:
            response = within(
                self.timeouts.total.total_seconds(),
                lambda: self._session.request(
                    method, url, params=params, data=body, headers=headers, timeout=times, allow_redirects=False,
                    stream=True,
                ),
            )  # fmt: skip
            with response:
                content = self._read(response, ends)
        except (failures.RequestException, TooLate) as error:
            late = isinstance(error, TooLate)
            found = classify_failure(failures.ReadTimeout() if late else error, self.host)  # type: ignore[arg-type]
            raise self._unknown_after_sending(method, found) from None
        except BadData as error:
            raise self._unknown_after_sending(method, error) from None
        except (UnicodeError, ValueError) as error:
            raise Bug(f"{self.host}: the request cannot be written: {type(error).__name__}") from None
        if not (200 <= response.status_code < 300 or response.status_code in answers):
            raise classify_status(response.status_code, response.headers, self.host)
        return Page(
            body=content,
            content_type=response.headers.get("Content-Type", ""),
            url=url,
            status=response.status_code,
            received_at=self._now(),
            headers=dict(response.headers),
        )

    @staticmethod
    def _unknown_after_sending(method: str, error: ConnectorError) -> ConnectorError:
        """An answer that cannot be read says nothing about whether what was sent has arrived."""
        return OutcomeUnknown(error.text) if method != "GET" and isinstance(error, BadData) else error

    def _address(self, path: str) -> str:
        try:
            url = urljoin(self.base_url, path)
            asked = urlsplit(url)
            port = asked.port
        except ValueError:
            raise BadData(f"{self.host}: an address that cannot be read") from None
        base = urlsplit(self.base_url)
        if (asked.scheme, asked.hostname, port) != (base.scheme, base.hostname, base.port):
            raise BadData(f"refused to go to {asked.scheme}://{asked.hostname}: the settings name {self.host}")
        return url

    def _read(self, response: requests.Response, ends: float) -> bytes:
        content = bytearray()
        try:
            while chunk := response.raw.read1(CHUNK, decode_content=True):
                content += chunk
                if len(content) > self.largest_body:
                    raise BadData(f"{self.host}: the answer is larger than {self.largest_body:,} bytes")
                if time.monotonic() > ends:
                    raise failures.ReadTimeout
        except transport.ReadTimeoutError:
            raise failures.ReadTimeout from None
        except transport.DecodeError:
            raise failures.ContentDecodingError from None
        except transport.HTTPError:
            raise failures.ChunkedEncodingError from None
        return bytes(content)
