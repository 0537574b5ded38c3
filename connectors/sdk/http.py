"""The only place that talks HTTP: signed in, held back where it must be, repeated where that is safe, errors sorted.

One exchange is in `http_line.py`, what a failure means in `http_errors.py`, the limits in `limits.py`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from connectors.sdk.credentials import Credentials
from connectors.sdk.errors import BadData, ConnectorError, LeftAlone, NeedsCredentials, OutcomeUnknown, Retriable
from connectors.sdk.inside.http_errors import classify_status
from connectors.sdk.inside.http_line import HttpLine, Page, Request, Timeouts, utc_now
from connectors.sdk.inside.rate_limits import Restraint
from connectors.sdk.inside.retry import Retry
from connectors.sdk.inside.tls import Tls

LARGEST_BODY = 32 * 1024 * 1024


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
        tls: Tls | None = None,
        timeouts: Timeouts | None = None,
        retry: Retry | None = None,
        restraint: Restraint | None = None,
        largest_body: int = LARGEST_BODY,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._line = HttpLine(base_url, timeouts or Timeouts(), largest_body, tls, now)
        self.base_url, self.host = self._line.base_url, self._line.host
        self.retry = retry or Retry()
        self._credentials = credentials
        self._bucket = restraint.bucket if restraint else None
        self._breaker = restraint.breaker(self.host) if restraint else None
        self._sleep = sleep
        self._chance = chance

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        answers: Collection[int] = (),
    ) -> Page:
        """Fetches a page. `answers` are statuses beyond 2xx that are an answer here (404 to "have you it?")."""
        return self._repeat(Request("GET", path, params, headers=headers or {}), answers)

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
        return self._repeat(_handing("POST", path, body, content_type, headers), answers)

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
        return self._repeat(_handing("PATCH", path, body, content_type, headers), answers)

    def close(self) -> None:
        self._line.close()

    def _repeat(self, request: Request, answers: Collection[int]) -> Page:
        renewed, attempt = False, 1
        failed: Retriable | None = None
        while True:
            signed: Mapping[str, str] = {}
            try:
                signed = self._credentials.headers(self._ask_token) if self._credentials else {}
                return self._talk(request._replace(headers={**signed, **request.headers}), answers)
            except NeedsCredentials:
                if renewed or not (self._credentials and self._credentials.renew(signed)):
                    raise
                renewed = True  # once, with fresh ones, whatever attempts are left
                continue
            except Retriable as error:
                if failed and isinstance(error, LeftAlone):
                    raise failed from None  # that is what happened; the rest is what came of it
                failed = error
                repeats = request.method == "GET" or not isinstance(error, OutcomeUnknown)
                if not repeats or attempt >= self.retry.attempts or (error.after or 0) > self.retry.longest_wait:
                    raise  # the job comes back at its own time; holding a worker would only block others
                wait = error.after if error.after is not None else self.retry.wait(attempt, self._chance())
            self._sleep(wait)
            attempt += 1

    def _ask_token(self, path: str, form: bytes, headers: Mapping[str, str]) -> bytes:
        """How credentials fetch a token: the same line, not signed by them. No paper can have arrived by it."""
        try:
            return self._talk(_handing("POST", path, form, "application/x-www-form-urlencoded", headers), ()).body
        except OutcomeUnknown as error:
            raise Retriable(error.text, after=error.after) from None

    def _talk(self, request: Request, answers: Collection[int]) -> Page:
        url = self._line.address(request.path)
        self._hold_back()
        try:
            page = self._line.exchange(request, url)
        except Retriable as error:
            self._heard(error)
            raise
        except BadData as error:
            self._heard(None)
            if request.method == "GET":
                raise
            # an answer that cannot be read says nothing about whether what was sent has arrived
            raise OutcomeUnknown(error.text) from None
        refusal = classify_status(page.status, page.headers, self.host) if page.status // 100 != 2 else None
        self._heard(refusal if page.status >= 500 else None)
        if refusal and page.status not in answers:
            raise refusal
        return page

    def _hold_back(self) -> None:
        """Waits for its turn. Retriable where the turn is far off, or where the authority is left alone."""
        if self._bucket and (wait := self._bucket.turn(self.retry.longest_wait)):
            self._sleep(wait)
        if self._breaker:
            self._breaker.let_pass()

    def _heard(self, failure: ConnectorError | None) -> None:
        if self._breaker:
            self._breaker.heard(failure.text.removeprefix(f"{self.host}: ") if failure else None)


def _handing(method: str, path: str, body: bytes, content_type: str, headers: Mapping[str, str] | None) -> Request:
    return Request(method, path, None, body, {**(headers or {}), "Content-Type": content_type})


__all__ = ["LARGEST_BODY", "Http", "Page", "Timeouts", "utc_now"]
