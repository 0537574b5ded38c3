"""The stand-in airport: calling a booking off by an `api:Change`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from mocks.airport.app import create_app
from tests.support.mocks.clocks import THURSDAY, HandPace
from tests.support.mocks.onerecord import (
    BASE,
    DOOR,
    OWN,
    change,
    events,
    faults,
    happened,
    leave,
    look,
    movement,
    paper,
    read,
    send_change,
    when,
)

CANCELLED, CONFIRMED = {"@id": "cargo:CANCELLED"}, {"@id": "cargo:CONFIRMED"}


@pytest.fixture
def pace() -> HandPace:
    return HandPace(clock=[THURSDAY])


@pytest.fixture
def client(pace: HandPace) -> FlaskClient:
    return create_app(pace).test_client()


def ledger(client: FlaskClient) -> list[tuple[str, str]]:
    entries = client.get("/_control/ledger?kind=cancel").get_json()["entries"]
    assert {entry["guid"] for entry in entries} <= {OWN.rpartition("/")[2], "unheard-of"}
    return [(entry["key"], entry["outcome"]) for entry in entries]


def test_a_booking_is_called_off(client: FlaskClient, pace: HandPace) -> None:
    leave(client, paper(own=OWN))
    pace.wait(hours=2)
    answer = send_change(client, change())
    assert (answer.status_code, answer.data) == (201, b"")
    assert answer.headers["Type"] == "https://onerecord.iata.org/ns/api#ChangeRequest"
    request = answer.headers["Location"]
    assert request.startswith(f"{BASE}action-requests/")
    assert read(client, request)["api:hasRequestStatus"] == {"@id": "api:REQUEST_PENDING"}
    pace.wait(minutes=5, seconds=-1)
    assert (read(client, OWN)["cargo:bookingStatus"], read(client, OWN)["api:hasRevision"]) == (CONFIRMED, 2)
    pace.wait(seconds=1)
    off = read(client, OWN)
    assert (off["cargo:bookingStatus"], off["api:hasRevision"]) == (CANCELLED, 3)
    assert off["cargo:referredBookingOption"]["cargo:bookingStatus"] == CANCELLED
    assert len(off["cargo:waybillNumber"]) == 8
    done = read(client, request)
    assert (done["@type"], done["api:hasRequestStatus"]) == ("api:ChangeRequest", {"@id": "api:REQUEST_ACCEPTED"})
    assert done["api:hasChange"]["api:hasLogisticsObject"] == {"@id": OWN}
    pace.wait(days=3)
    assert happened(client, OWN) == ["BKD", "RCS"]
    assert read(client, OWN) == off
    assert ledger(client) == [(OWN, "accepted")]


def test_the_change_may_be_written_in_several_ways_and_sent_again(client: FlaskClient, pace: HandPace) -> None:
    leave(client, paper(own=OWN))
    pace.wait(minutes=10)
    node = change(p={"@id": "cargo:bookingStatus"}, op="https://onerecord.iata.org/ns/api#ADD", o=CANCELLED)
    node["@type"] = ["https://onerecord.iata.org/ns/api#Change"]
    before = change(op={"@id": "api:DELETE"}, value="cargo:CONFIRMED")["api:hasOperation"]
    node["api:hasOperation"] = before + node["api:hasOperation"]
    first = send_change(client, node)
    assert first.status_code == 201
    again = send_change(client, change(value={"@id": "https://onerecord.iata.org/ns/cargo#CANCELLED"}))
    assert (again.status_code, again.headers["Location"]) == (201, first.headers["Location"])
    pace.wait(minutes=5)
    assert read(client, OWN)["cargo:bookingStatus"] == CANCELLED
    assert ledger(client) == [(OWN, "accepted"), (OWN, "duplicate")]


def test_what_is_called_off_before_it_is_booked_is_never_booked(client: FlaskClient, pace: HandPace) -> None:
    leave(client, paper(own=OWN))
    pace.wait(minutes=4)
    assert send_change(client, change()).status_code == 201
    pace.wait(minutes=2)
    assert "cargo:bookingStatus" not in read(client, OWN)
    pace.wait(days=3)
    off = read(client, OWN)
    assert (off["cargo:bookingStatus"], "cargo:waybillNumber" in off, off["api:hasRevision"]) == (CANCELLED, False, 2)
    assert events(client, OWN) == []


def test_after_departure_it_is_too_late(client: FlaskClient, pace: HandPace) -> None:
    leave(client, paper(own=OWN))
    pace.wait(minutes=5)
    departure = when(movement(read(client, OWN))["cargo:movementTimes"][0]["cargo:movementTimestamp"])
    pace.wait(seconds=(departure - pace.now()).total_seconds())
    answer = send_change(client, change())
    assert (answer.status_code, len(faults(answer))) == (409, 1)
    leave(client, paper("XXX", own=f"{OWN}2"))
    pace.wait(minutes=5)
    assert send_change(client, change(f"{OWN}2"), f"{OWN}2").status_code == 409
    pace.wait(days=3)
    assert read(client, OWN)["cargo:bookingStatus"] == CONFIRMED


def test_the_room_on_the_flight_is_sold_again(client: FlaskClient, pace: HandPace) -> None:
    def free() -> list[int]:
        return [row["freeKilograms"] for row in client.get("/flights?to=ORD", headers=DOOR).get_json()["flights"]]

    before = free()
    leave(client, paper(kilograms=1000.0, own=OWN))
    assert sum(before) - sum(free()) == 1000
    send_change(client, change())
    assert free() == before


BROKEN: list[tuple[dict[str, Any], str]] = [
    (change() | {"@type": "cargo:Waybill"}, "@type"),
    (change() | {"api:hasLogisticsObject": {"@id": f"{OWN}2"}}, "api:hasLogisticsObject"),
    (change(s=f"{OWN}2"), "api:hasOperation/api:s"),
    (change(p="cargo:shippingRefNo"), "api:hasOperation/api:p"),
    (change(value="cargo:CONFIRMED"), "api:hasOperation/api:o"),
    (change(o=[]), "api:hasOperation/api:o"),
    (change(op={"@id": "api:DELETE"}), "api:hasOperation/api:o"),
    (change() | {"api:hasOperation": []}, "api:hasOperation/api:o"),
]


@pytest.mark.parametrize(("node", "where"), BROKEN, ids=[where for _, where in BROKEN])
def test_nothing_else_can_be_changed(client: FlaskClient, pace: HandPace, node: dict[str, Any], where: str) -> None:
    leave(client, paper(own=OWN))
    answer = send_change(client, node)
    assert answer.status_code == 400
    assert [message.partition(": ")[0] for message in faults(answer)] == [where]
    assert ledger(client) == [(OWN, "refused")]
    pace.wait(hours=1)
    assert read(client, OWN)["cargo:bookingStatus"] == CONFIRMED


def test_the_door_for_changes(client: FlaskClient, pace: HandPace) -> None:
    leave(client, paper(own=OWN))
    unheard = f"{BASE}logistics-objects/unheard-of"
    assert send_change(client, change(unheard), unheard).status_code == 404
    assert send_change(client, change(), content_type="application/json").status_code == 415
    assert ledger(client) == [(unheard, "refused"), (OWN, "refused")]
    assert client.patch(OWN, data="{", content_type="application/ld+json", headers=DOOR).status_code == 400
    assert client.patch(OWN, data=json.dumps(change())).status_code == 401
    assert look(client, f"{BASE}action-requests/{OWN.rpartition('/')[2]}").status_code == 404
    pace.wait(minutes=5)
    assert read(client, OWN)["cargo:bookingStatus"] == CONFIRMED
