"""Puts a stand-in on a port of this machine. pytest-httpserver carries it, in tests and from the command line alike."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PATIENCE_SECONDS = 30.0


@contextmanager
def serving(
    app: WSGIApplication, host: str = "127.0.0.1", port: int = 0, patience: float = PATIENCE_SECONDS
) -> Iterator[str]:
    """Serves `app` until the block ends and yields its base URL; port 0 takes any free port.

    Whoever says nothing for `patience` seconds, in the middle of a body or after the answer, is hung up on.
    """
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for every request is noise here
    server = _Server(host, port, patience)

    def answer(request: Request) -> Response:
        server.clear_log()  # it keeps every request otherwise, and we serve for hours
        return Response.from_app(app, _whole(request))

    server.expect_request(re.compile(".*")).respond_with_handler(answer)
    server.start()
    try:
        yield f"http://{host}:{server.port}"
    finally:
        server.clear()
        server.stop()


class _Server(HTTPServer):
    """Without a time limit a body that is announced and never sent would hold its connection for ever."""

    def __init__(self, host: str, port: int, patience: float) -> None:
        super().__init__(host, port, threaded=True)
        self.no_handler_status_code = 404
        self._handler = type("Handler", (WSGIRequestHandler,), {"timeout": patience})

    def thread_target(self) -> None:
        if self.server is not None:
            self.server.RequestHandlerClass = self._handler
        super().thread_target()


def _whole(request: Request) -> dict[str, Any]:
    """The environment of a request whose body has been read, so that it has a length however it came.

    Left marked as chunked, a body over the application's limit would be cut off there and taken for a whole one.
    """
    body = request.get_data()
    environ = {**request.environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    for name in ("HTTP_TRANSFER_ENCODING", "wsgi.input_terminated"):
        environ.pop(name, None)
    return environ
