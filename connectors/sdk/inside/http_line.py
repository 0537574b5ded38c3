"""One exchange with one host: no other host, no redirect, a time-out for the whole, a cap on the answer."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import requests
from requests import exceptions as failures
from requests.adapters import HTTPAdapter
from urllib3 import exceptions as transport

from connectors.sdk.errors import BadData, Bug
from connectors.sdk.inside.deadline import TooLate, within
from connectors.sdk.inside.http_errors import classify_failure
from connectors.sdk.inside.tls import Tls

CHUNK = 64 * 1024
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Page:
    """What came back, as it came: kept raw before anybody reads it.

    `part` names the object that was asked about where a stream asks about many; `cursor` is where to go on from once
    this page is merged; `stopped` is why nothing is asked for after it though the source has not said that it ends.
    """

    body: bytes
    content_type: str
    url: str
    status: int
    received_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    cursor: str = ""
    stopped: str = ""


class Timeouts(NamedTuple):
    """To connect, between two pieces of an answer, and for a whole call."""

    connect: timedelta = timedelta(seconds=3)
    read: timedelta = timedelta(seconds=20)
    total: timedelta = timedelta(seconds=60)


class Request(NamedTuple):
    """What is asked. `path` is joined to the base address."""

    method: str
    path: str
    params: Mapping[str, str | int] | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = {}


def utc_now() -> datetime:
    """The clock where nobody hands another one in."""
    return datetime.now(UTC)


class HttpLine:
    """Talks to one authority at one address. Whatever status comes back is a page; the caller judges it."""

    def __init__(
        self, base_url: str, timeouts: Timeouts, largest_body: int, tls: Tls | None, now: Callable[[], datetime]
    ) -> None:
        self.base_url = base_url.rstrip("/") + "/"
        self.host = _host(base_url)
        self.timeouts = timeouts
        self.largest_body = largest_body
        self._now = now
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy and no .netrc of whoever started the hub
        if tls:
            self._session.verify = tls.authorities or True
            self._session.mount("https://", _OwnContext(tls.context()))

    def close(self) -> None:
        self._session.close()

    def address(self, path: str) -> str:
        """The whole address of a path. BadData, before anything is sent, where it leads to another host."""
        try:
            url = urljoin(self.base_url, path)
            asked = urlsplit(url)
            elsewhere = origin(url) != origin(self.base_url)
        except ValueError:
            raise BadData(f"{self.host}: an address that cannot be read") from None
        if elsewhere:
            raise BadData(f"refused to go to {asked.scheme}://{asked.hostname}: the settings name {self.host}")
        return url

    def exchange(self, request: Request, url: str) -> Page:
        """One request and its answer. The errors of `http_errors` where none came; BadData where it is unreadable."""
        total = self.timeouts.total.total_seconds()
        ends = time.monotonic() + total
        try:
            response = within(total, lambda: self._ask(request, url))
            with response:
                content = self._read(response, ends)
        except TooLate:
            raise classify_failure(failures.ReadTimeout(), self.host) from None
        except failures.RequestException as error:
            raise classify_failure(error, self.host) from None
        except (UnicodeError, ValueError) as error:
            raise Bug(f"{self.host}: the request cannot be written: {type(error).__name__}") from None
        return Page(
            body=content,
            content_type=response.headers.get("Content-Type", ""),
            url=url,
            status=response.status_code,
            received_at=self._now(),
            headers=dict(response.headers),
        )

    def _ask(self, request: Request, url: str) -> requests.Response:
        return self._session.request(
            request.method,
            url,
            params=request.params,
            data=request.body,
            headers=request.headers,
            timeout=(self.timeouts.connect.total_seconds(), self.timeouts.read.total_seconds()),
            allow_redirects=False,
            stream=True,
        )

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


class _OwnContext(HTTPAdapter):
    """Connects with a TLS context of ours: our certificate, and its key that may have a password."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)


def origin(address: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port, by which two addresses are of one place (RFC 6454). ValueError where it is no address."""
    split = urlsplit(address)
    return split.scheme, split.hostname, split.port or PORTS.get(split.scheme)


def _host(base_url: str) -> str:
    """Host and port, as errors name them: never a password that stands in the address."""
    split = urlsplit(base_url)
    return f"{split.hostname}:{split.port}" if split.port else str(split.hostname)
