"""Asking a running hub over HTTP, as anybody's program would."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import click

from connectors.sdk.codecs import read_json, write_json
from connectors.sdk.credentials import bearer
from connectors.sdk.errors import BadData, ConnectorError
from connectors.sdk.http import Http, Timeouts
from connectors.sdk.inside.retry import Retry
from connectors.sdk.inside.shown import shown
from hub.cli.say import language
from hub.errors import HubError

ERRORS = range(400, 600)
DEFAULT = "http://127.0.0.1:8080"
BULK = Timeouts(read=timedelta(seconds=120), total=timedelta(seconds=300))
"""A hub under load takes its time for two hundred trades; entered they are at the end all the same."""

Answer = Mapping[str, Any]
"""What became of a trade: `number` and `same`, or `errors`."""


@dataclass(frozen=True, slots=True)
class Client:
    """A hub's address and the key to ask with."""

    address: str
    key: str

    def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The data of an answer. HUB_UNREACHABLE, or a ClickException with the hub's own words."""
        body = write_json({"query": query, "variables": dict(variables or {})})
        with self._line() as http:
            page = http.post("graphql", body, "application/json", headers=_headers(), answers=ERRORS)
            answer = read_json(page.body)
        _refuse(answer)
        if "data" not in answer:
            raise HubError("HUB_UNREACHABLE", address=self.address, cause="no hub")
        return answer["data"]

    def fetch(self, path: str) -> bytes:
        """A file of the hub's. It raises as `ask`."""
        with self._line() as http:
            page = http.get(path.lstrip("/"), headers=_headers(), answers=ERRORS)
            if page.status >= 400:
                _refuse(read_json(page.body))
        return page.body

    @contextmanager
    def entering(
        self, enterprise: str | None, *, check: bool = False
    ) -> Iterator[Callable[[Sequence[bytes]], list[Answer]]]:
        """A connection to enter trades over, each a line of JSON; one answer for each, in order. It raises as `ask`.

        `check`: they are only looked at, and each is answered by its `verdicts`.
        """
        wanted = ({"enterprise": enterprise} if enterprise else {}) | ({"check": "1"} if check else {})
        path = f"trades?{urlencode(wanted)}" if wanted else "trades"
        with self._line(BULK) as http:

            def enter(lines: Sequence[bytes]) -> list[Answer]:
                body = b"\n".join(lines)
                page = http.post(path, body, "application/x-ndjson", headers=_headers(), answers=ERRORS)
                answers = [read_json(line) for line in page.body.splitlines()]
                if answers and "line" not in answers[-1]:
                    _refuse(answers[-1])
                if len(answers) != len(lines):
                    raise BadData(f"{len(answers)} answers to {len(lines)} trades")
                return answers

            yield enter

    @contextmanager
    def _line(self, timeouts: Timeouts | None = None) -> Iterator[Http]:
        credentials = bearer(self.key) if self.key else None
        http = Http(self.address, credentials=credentials, retry=Retry(attempts=1), timeouts=timeouts)
        try:
            yield http
        except ConnectorError as error:
            raise HubError("HUB_UNREACHABLE", address=self.address, cause=error.text) from None
        finally:
            http.close()


def _headers() -> dict[str, str]:
    return {"Accept-Language": language()}


def _refuse(answer: Mapping[str, Any]) -> None:
    if answer.get("errors"):
        raise click.ClickException("\n".join(_line(error) for error in answer["errors"]))


def _line(error: Mapping[str, Any]) -> str:
    extensions = error.get("extensions") or {}
    way_out = f"\n  → {shown(extensions['wayOut'])}" if extensions.get("wayOut") else ""
    return f"{shown(extensions.get('code', ''))}: {shown(error['message'])}{way_out}".lstrip(": ")


def client_options(command: Any) -> Any:
    """--hub and --key, which a command gets as one `client`."""

    def wrap(hub: str, key: str | None, **given: Any) -> Any:
        return command(client=Client(hub, key or os.environ.get("YUHUB_KEY", "")), **given)

    wrap.__name__, wrap.__doc__ = command.__name__, command.__doc__
    wrap.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    option = click.option(
        "--hub", envvar="YUHUB_HUB", default=DEFAULT, show_default=True, help="Address of the hub; else YUHUB_HUB."
    )
    return option(click.option("--key", help="API key; YUHUB_KEY where it is not given.")(wrap))
