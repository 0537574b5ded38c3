"""A stand-in over real HTTP, for tests that talk to it as they would to its test client."""

from __future__ import annotations

import json
from typing import Any

import requests
from flask import Response

LOCALHOST = {"Host": "localhost"}  # a stand-in names its own objects by the host that it is asked as


class Wire:
    """The address of a stand-in that is being served."""

    def __init__(self, base: str) -> None:
        self._base = base

    def get(self, path: str, **given: Any) -> Response:
        return self._ask("GET", path, **given)

    def post(self, path: str, **given: Any) -> Response:
        return self._ask("POST", path, **given)

    def patch(self, path: str, **given: Any) -> Response:
        return self._ask("PATCH", path, **given)

    def _ask(self, method: str, path: str, **given: Any) -> Response:
        """`json`, or `data` with a `content_type`; with `headers`."""
        headers = {**LOCALHOST, **given.get("headers", {})}
        data = given.get("data")
        if "json" in given:
            data, headers["Content-Type"] = json.dumps(given["json"]), "application/json"
        elif "content_type" in given:
            headers["Content-Type"] = given["content_type"]
        data = data.encode() if isinstance(data, str) else data
        answer = requests.request(method, self._base + path, data=data, headers=headers, timeout=30)
        return Response(answer.content, answer.status_code, dict(answer.headers))
