"""What is refused or breaks at a door is told in one shape: message, stable code, way out; in the caller's language."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping
from tempfile import gettempdir

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from hub.access.signing_in import language_of
from hub.errors import DiskFull, HubError, describe
from hub.life import Life
from hub.private import NO_SPACE

ONLY_READ = frozenset({"GET", "HEAD", "OPTIONS"})
LOG = logging.getLogger("yuhub.web")


def refuse_alike(app: Flask, language: str, largest: int, life: Life) -> None:
    """Every door of the application raises, and this answers. `largest` is the longest body that it takes, in bytes.

    Once the hub is about to end, a door takes nothing on that is not only read; GraphQL tells the two apart itself.
    """

    def take_on() -> None:
        if request.method not in ONLY_READ and request.endpoint != "graphql.graphql":
            life.must_take_on()

    def tell(error: HubError, headers: Mapping[str, str] | None = None) -> Response:
        if error.wording.private:
            LOG.warning("%s", error.words("en"))
        body = json.dumps({"errors": [describe(error, language_of(request, language))]}, ensure_ascii=False)
        text = body.encode("utf-8", "backslashreplace")  # a path may hold half a character
        answer = Response(text, error.status, headers, content_type="application/json; charset=utf-8")
        if error.retry_after is not None:
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer

    def of_http(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response()  # whoever raised it has answered already
        return tell(*_ours(error, largest))

    def of_whatever(error: Exception) -> Response:
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            return tell(DiskFull(place=error.filename or gettempdir()))
        trace = uuid.uuid4().hex
        LOG.error("%s", trace, exc_info=error)
        return tell(HubError("BUG", trace=trace))

    app.before_request(take_on)
    app.register_error_handler(HubError, tell)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_whatever)


def _ours(error: HTTPException, largest: int) -> tuple[HubError, Mapping[str, str]]:
    """What werkzeug refuses, as an error of ours with its headers."""
    if isinstance(error, NotFound):
        return HubError("PATH_UNKNOWN", path=request.path[:200]), {}
    if isinstance(error, MethodNotAllowed):
        methods = set(error.valid_methods or ())
        allowed = ", ".join(sorted(methods - {"HEAD", "OPTIONS"}))
        wrong = HubError("METHOD_WRONG", path=request.path[:200], method=request.method[:20], allowed=allowed)
        return wrong, {"Allow": ", ".join(sorted(methods))}
    if isinstance(error, RequestEntityTooLarge):
        return HubError("BODY_TOO_LARGE", limit=largest), {}
    return HubError("REQUEST_WRONG", cause=error.name), {}
