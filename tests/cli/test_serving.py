"""The web server: when it ends, nobody is hung up on in the middle of an answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests
from flask import Flask

from hub.cli.serve import serving_app


def test_who_is_being_answered_when_the_server_ends_is_answered_to_the_end(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("slow", static_folder=None)
    asked, go_on = threading.Event(), threading.Event()

    @app.get("/")
    def slow() -> str:
        asked.set()
        go_on.wait(30)
        return "all of it"

    with ThreadPoolExecutor() as pool, ExitStack() as stack:
        address = stack.enter_context(serving_app(app, "127.0.0.1", 0))
        answer = pool.submit(requests.get, address, timeout=30)
        assert asked.wait(30)
        ended = pool.submit(stack.pop_all().close)
        assert not ended.done()
        go_on.set()
        assert answer.result().text == "all of it"
        ended.result()
    assert caplog.records == []
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=30)
