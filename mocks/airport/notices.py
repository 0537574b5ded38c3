"""Notifications (`api:Notification`, ONE Record 2025-07): that something happened to an object, and not what."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable

from flask import Flask, Response, jsonify, request

from mocks.airport.jsonld import CARGO, MEDIA_TYPE, XSD, Node, Objection
from mocks.airport.spelling import Spell
from mocks.airport.terminal import Terminal
from mocks.push import Subscriber

API = {"api": "https://onerecord.iata.org/ns/api#"}


class Notices:
    """Who wants to be told, and of which events nobody has been told yet."""

    def __init__(self, terminal: Terminal, spell: Spell) -> None:
        self._terminal = terminal
        self._spell = spell
        self._lock = threading.Lock()
        self._subscribers: list[Subscriber] = []
        self._told: set[str] = set()

    def subscribe(self, subscriber: Subscriber) -> None:
        with self._lock:
            self._subscribers = [subscriber, *(one for one in self._subscribers if one != subscriber)]

    def tell(self) -> int:
        """Tells every subscriber of each event that came since the last time; how many notifications were taken."""
        with self._lock:
            subscribers = list(self._subscribers)
            fresh = [event for event in self._terminal.all_events() if event["@id"] not in self._told]
            self._told.update(event["@id"] for event in fresh)
        bodies = [json.dumps(self._spell(notification(iri))).encode() for iri in _objects(fresh)]
        return sum(one.tell(body, MEDIA_TYPE) for one in subscribers for body in bodies)


def notification(iri: str) -> Node:
    """As the standard has it: neither the event nor an id of its own stands in it."""
    return {
        "@context": API,
        "@type": "api:Notification",
        "api:hasEventType": {"@id": "api:LOGISTICS_EVENT_RECEIVED"},
        "api:hasLogisticsObject": {"@id": iri},
        "api:hasLogisticsObjectType": {"@type": f"{XSD}anyURI", "@value": f"{CARGO}Waybill"},
    }


def _objects(events: Iterable[Node]) -> list[str]:
    return list(dict.fromkeys(event["cargo:eventFor"]["@id"] for event in events))


def tell_subscribers(app: Flask, notices: Notices) -> None:
    """Two servers agree on notifications by people, keys included; `POST /_control/subscribers` stands for that."""
    app.extensions["notices"] = notices

    @app.post("/_control/subscribers")
    def subscribe() -> tuple[Response, int]:
        given = request.get_json(force=True)
        if not isinstance(given, dict) or not all(isinstance(given.get(name), str) for name in ("endpoint", "token")):
            raise Objection(400, "Invalid Subscriber", [("", "endpoint and token wanted")])
        notices.subscribe(Subscriber(given["endpoint"], given["token"]))
        return jsonify(subscribed=given["endpoint"]), 201

    @app.post("/_control/notify")
    def notify() -> Response:
        return jsonify(told=notices.tell())
