"""The web server: when it ends, nobody is hung up on in the middle of an answer."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests
from flask import Flask

from hub.cli.serve import serving_front
from hub.gate.front import Front

WHOLE = "all of it" * 2_000_000


def test_who_is_being_answered_when_the_server_ends_is_answered_to_the_end(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("slow", static_folder=None)
    asked, go_on = threading.Event(), threading.Event()

    @app.get("/")
    def slow() -> str:
        asked.set()
        go_on.wait(30)
        return WHOLE

    def fetch(address: str) -> str:
        with requests.get(address, stream=True, timeout=30) as answer:
            time.sleep(0.5)  # a caller far away: most of it waits at the server
            return answer.text

    with ThreadPoolExecutor() as pool, ExitStack() as stack:
        address = stack.enter_context(serving_front(Front(app), "127.0.0.1", 0))
        answer = pool.submit(fetch, address)
        assert asked.wait(30)
        ended = pool.submit(stack.pop_all().close)
        go_on.set()
        assert answer.result() == WHOLE
        ended.result()
    assert caplog.records == []
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=30)
