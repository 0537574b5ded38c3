"""Puts a stand-in on a port of this machine. pytest-httpserver carries it, in tests and from the command line alike."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@contextmanager
def serving(app: WSGIApplication, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serves `app` until the block ends and yields its base URL; port 0 takes any free port."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for every request is noise here
    server = HTTPServer(host=host, port=port, threaded=True)
    server.no_handler_status_code = 404

    def answer(request: Request) -> Response:
        server.clear_log()  # it keeps every request otherwise, and we serve for hours
        # the server has read the body already; the application finds it here again
        return Response.from_app(app, {**request.environ, "wsgi.input": io.BytesIO(request.get_data())})

    server.expect_request(re.compile(".*")).respond_with_handler(answer)
    server.start()
    try:
        yield f"http://{host}:{server.port}"
    finally:
        server.clear()
        server.stop()
