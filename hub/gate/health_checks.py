"""Whether the hub is fit to serve, as a list of named checks: each is data, and none of them stops the others."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request

from hub.access.signing_in import language_of
from hub.errors import DatabaseBusy, HubError, describe

LONGEST_LOOK = 5.0
"""Seconds that one who asks waits for another who is looking."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a check has found. Of the facts that are not ok, only one that `stops` the hub makes it not ready."""

    about: Mapping[str, Any]
    ok: bool = True
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """A name, and what looks: it answers with a Fact, or raises the HubError that keeps the hub from serving.

    `needs` names a check without which this one cannot be made.
    """

    name: str
    look: Callable[[], Fact]
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found at once. `facts` by name of the check; `errors` are why the hub is not ready."""

    facts: Mapping[str, Mapping[str, Any]]
    errors: tuple[HubError, ...]

    @property
    def ready(self) -> bool:
        return all(fact["ok"] or not fact["stops"] for fact in self.facts.values())


@dataclass(slots=True)
class Health:
    """Remembers since when a check fails. One look at a time, so that those who ask do not pile up."""

    checks: Sequence[Check]
    now: Callable[[], datetime]
    _since: dict[str, datetime] = field(default_factory=dict)
    _looking: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> Found:
        """Makes every check. DatabaseBusy where another look does not end."""
        if not self._looking.acquire(timeout=LONGEST_LOOK):
            raise DatabaseBusy(seconds=f"{LONGEST_LOOK:g}")
        try:
            return self._look()
        finally:
            self._looking.release()

    def _look(self) -> Found:
        facts: dict[str, dict[str, Any]] = {}
        errors: list[HubError] = []
        for check in self.checks:
            if check.needs and not facts[check.needs]["ok"]:
                facts[check.name] = {"ok": False, "stops": True, "needs": check.needs}
                continue
            try:
                found = check.look()
            except HubError as error:
                errors.append(error)
                found = Fact({"code": error.code, "error": describe(error, "en")["message"]}, ok=False)
            facts[check.name] = {"ok": found.ok, "stops": found.stops, **found.about, **self._dated(check.name, found)}
        return Found(facts, tuple(errors))

    def _dated(self, name: str, found: Fact) -> dict[str, str]:
        if found.ok:
            self._since.pop(name, None)
            return {}
        return {"since": self._since.setdefault(name, self.now()).isoformat()}


class HealthDoor:
    """`/health/live` answers while the process does; `/health/ready` says each fact, with 503 where one stops the hub.

    `more` are members of the answer beside the checks.
    """

    def __init__(self, health: Health, language: str, more: Callable[[], Mapping[str, Any]]) -> None:
        self.health = health
        self.language = language
        self.more = more

    def blueprint(self) -> Blueprint:
        routes = Blueprint("health", __name__)
        routes.add_url_rule("/", "home", lambda: redirect("/health/ready"))
        routes.add_url_rule("/health/live", "live", self.live)
        routes.add_url_rule("/health/ready", "ready", self.ready)
        return routes

    def live(self) -> Response:
        return jsonify(status="ok")

    def ready(self) -> Response:
        found = self.health.look()
        said = {"status": "ready" if found.ready else "not ready", "checks": found.facts, **self.more()}
        if not found.ready:
            language = language_of(request, self.language)
            said["errors"] = [describe(error, language) for error in found.errors]
        body = json.dumps(said, ensure_ascii=False) + "\n"
        waits = [one.retry_after for one in found.errors if one.retry_after is not None]
        headers = {"Retry-After": str(max(waits))} if waits else {}
        return Response(body, 200 if found.ready else 503, headers, content_type="application/json; charset=utf-8")
