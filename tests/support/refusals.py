"""Expecting an error of the hub by its code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hub.errors import HubError


@contextmanager
def refuses(code: str, **parameters: Any) -> Iterator[pytest.ExceptionInfo[HubError]]:
    """What stands inside raises the error of this code; the parameters that are given here are among its own."""
    with pytest.raises(HubError) as caught:
        yield caught
    error = caught.value
    assert error.code == code, f"{error} is raised, {code} is expected"
    assert {name: error.parameters.get(name) for name in parameters} == parameters
