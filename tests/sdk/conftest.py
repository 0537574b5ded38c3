"""Lines to authorities."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.support.sdk.line import Line


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address that is held, but where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/"
