"""What is refused or breaks at a door is told in one shape: message, stable code, way out; in the caller's language."""

from __future__ import annotations

import errno
import json
import logging
import uuid
from tempfile import gettempdir

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from hub.access.signing_in import language_of
from hub.errors import BodyTooLarge, Broken, DiskFull, HubError, MethodWrong, PathUnknown, RequestWrong, describe

LOG = logging.getLogger("yuhub.web")
NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def refuse_alike(app: Flask, language: str, largest: int) -> None:
    """Every door of the application raises, and this answers. `largest` is the longest body that it takes, in bytes."""

    def tell(error: HubError, headers: dict[str, str] | None = None) -> Response:
        body = json.dumps({"errors": [describe(error, language_of(request, language))]}, ensure_ascii=False)
        return Response(body, error.status, headers, content_type="application/json; charset=utf-8")

    def of_http(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response()  # whoever raised it has answered already
        if isinstance(error, NotFound):
            return tell(PathUnknown(path=request.path[:200]))
        if isinstance(error, MethodNotAllowed):
            allowed = ", ".join(sorted(set(error.valid_methods or ()) - {"HEAD", "OPTIONS"}))
            return tell(MethodWrong(path=request.path, method=request.method, allowed=allowed), {"Allow": allowed})
        if isinstance(error, RequestEntityTooLarge):
            return tell(BodyTooLarge(limit=largest))
        return tell(RequestWrong(cause=error.name))

    def of_whatever(error: Exception) -> Response:
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            return tell(DiskFull(place=error.filename or gettempdir()))
        trace = uuid.uuid4().hex
        LOG.error("%s", trace, exc_info=error)
        return tell(Broken(trace=trace))

    app.register_error_handler(HubError, tell)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_whatever)
