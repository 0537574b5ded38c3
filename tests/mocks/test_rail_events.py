"""The stand-in railway platform: what it tells of a container on its way, and of goods in warehouses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from mocks.rail.app import create_app
from tests.support.mocks.clocks import MONDAY, HandPace
from tests.support.mocks.railway import REFERENCE, book, changes, goods, look, order, standing, token

AT_HOME = [("GTIN", "CNZGZ"), ("STUF", "CNZGZ"), ("LOAD", "CNZGZ"), ("DEPA", "CNZGZ")]


def over(border: str) -> list[tuple[str, str]]:
    return [(code, border) for code in ("ARRI", "CUSR", "DISC", "LOAD", "CROS")]


def at_last(place: str) -> list[tuple[str, str]]:
    return [(code, place) for code in ("ARRI", "DISC", "GTOT")]


def events(client: FlaskClient) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = look(client, f"/events?after={after}&limit=500")
        rows += page["events"]
        after = page["next"]
    return rows


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def code(event: dict[str, Any]) -> str:
    kinds = {"TRANSPORT": "transportEventTypeCode", "EQUIPMENT": "equipmentEventTypeCode"}
    return str(event[kinds[event["eventType"]]])


def once(told: list[dict[str, Any]], classifier: str) -> list[dict[str, Any]]:
    """Each event once, by the time at which it happened."""
    own = {event["eventID"]: event for event in told if event["eventClassifierCode"] == classifier}
    return sorted(own.values(), key=lambda event: event["eventDateTime"])


def way(told: list[dict[str, Any]], classifier: str = "ACT") -> list[tuple[str, str]]:
    return [(code(event), event["transportCall"]["UNLocationCode"]) for event in once(told, classifier)]


@pytest.fixture
def pace() -> HandPace:
    return HandPace()


@pytest.fixture
def client(pace: HandPace) -> FlaskClient:
    return create_app(pace).test_client()


def test_a_container_goes_to_a_warehouse_in_duisburg(client: FlaskClient, pace: HandPace) -> None:
    book(client, order())
    pace.wait(hours=8)
    booking = standing(client)
    assert way(events(client), "PLN") == [("DEPA", "CNZGZ"), ("ARRI", "DEDUI")]
    assert way(events(client)) == []
    pace.wait(days=20)
    told = events(client)
    lifted = [("DISC", "PLMAA"), ("LOAD", "PLMAA")]
    assert way(told) == [*AT_HOME, *over("CNAKL"), *lifted, *at_last("DEDUI")]
    left, arrived = once(told, "ACT")[3], once(told, "ACT")[-3]
    assert (left["eventDateTime"], arrived["eventDateTime"]) == (booking["departure"], booking["arrival"])
    assert [event["eventDateTime"] for event in once(told, "PLN")] == [booking["departure"], booking["arrival"]]
    assert left | {"sequence": 0, "eventID": "", "eventCreatedDateTime": ""} == {
        "sequence": 0,
        "eventID": "",
        "eventType": "TRANSPORT",
        "eventCreatedDateTime": "",
        "eventDateTime": booking["departure"],
        "eventClassifierCode": "ACT",
        "transportEventTypeCode": "DEPA",
        "transportCall": {
            "UNLocationCode": "CNZGZ",
            "facilityTypeCode": "RAMP",
            "modeOfTransport": "RAIL",
            "exportVoyageNumber": booking["trainNumber"],
        },
        "equipmentReference": booking["container"],
        "ISOEquipmentCode": "45G1",
        "emptyIndicatorCode": "LADEN",
        "documentReferences": [{"documentReferenceType": "BKG", "documentReferenceValue": REFERENCE}],
    }


def test_the_container_comes_empty_and_borders_are_borders(client: FlaskClient, pace: HandPace) -> None:
    book(client, order())
    pace.wait(days=25)
    told = once(events(client), "ACT")
    assert [code(event) for event in told if event["emptyIndicatorCode"] == "EMPTY"] == ["GTIN"]
    borders = {e["transportCall"]["UNLocationCode"] for e in told if e["transportCall"]["facilityTypeCode"] == "BORD"}
    assert borders == {"CNAKL", "PLMAA"}


def test_a_container_goes_to_almaty_without_a_warehouse(client: FlaskClient, pace: HandPace) -> None:
    paper = order(to="KZALA", deliveryWarehouse=None)
    assert book(client, paper).status_code == 202
    pace.wait(days=12)
    assert standing(client)["trainNumber"] == "X9012"
    assert standing(client)["deliveryWarehouse"] is None
    assert way(events(client)) == [*AT_HOME, *over("CNHRS"), *at_last("KZALA")]
    assert look(client, "/stock") == {"levels": [], "next": None}


@pytest.mark.parametrize("weekday", range(7))
def test_minsk_is_reached_through_mongolia_or_manzhouli(weekday: int) -> None:
    pace = HandPace(clock=[MONDAY + timedelta(days=weekday)])
    client = create_app(pace).test_client()
    book(client, order(**{"from": "CNZZZ"}, to="BYMSQ", deliveryWarehouse=None))
    pace.wait(days=30)
    border = {"X8061": "CNERC", "X8065": "CNMLX"}[standing(client)["trainNumber"]]
    home = [(code, "CNZZZ") for code, _ in AT_HOME]
    assert way(events(client)) == [*home, *over(border), *at_last("BYMSQ")]


def test_goods_are_in_stock_after_they_left_the_terminal(client: FlaskClient, pace: HandPace) -> None:
    book(client, order(goods=[goods(1, "A", "300.00"), goods(2, "B", 1.5), goods(3, "A", "0.25"), goods(4, "C", 7)]))
    pace.wait(hours=2)
    arrival = moment(standing(client)["arrival"])
    pace.clock[0] = arrival + timedelta(hours=25)
    assert "GTOT" in [place for place, _ in way(events(client))]
    assert look(client, "/stock") == {"levels": [], "next": None}
    pace.wait(hours=1)
    levels = look(client, "/stock")["levels"]
    assert [(row["sequence"], row["sku"], row["quantity"]) for row in levels] == [
        (1, "A", "300.25"),
        (2, "B", 1.5),
        (3, "C", 7),
    ]
    shelf = {(row["warehouse"], row["reference"], row["unit"], row["asOf"]) for row in levels}
    shelved = (arrival + timedelta(hours=26)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert shelf == {("DUI01", REFERENCE, "件", shelved)}
    first = look(client, "/stock?limit=2")
    assert (first["next"], look(client, "/stock?after=2")["next"]) == (2, None)


def test_the_warehouses_are_where_trains_go(client: FlaskClient) -> None:
    rows = look(client, "/warehouses")["warehouses"]
    assert [(row["code"], row["place"], row["kind"]) for row in rows] == [
        ("DUI01", "DEDUI", "overseas"),
        ("HAM01", "DEHAM", "overseas"),
        ("ALA01", "KZALA", "overseas"),
    ]


def test_some_events_come_late_and_some_twice(client: FlaskClient, pace: HandPace) -> None:
    for place in range(30):
        book(client, order(f"LATE-{place}"))
    pace.wait(days=60)
    told = events(client)
    own: dict[str, list[dict[str, Any]]] = {}
    for event in told:
        own.setdefault(event["eventID"], []).append({k: v for k, v in event.items() if k != "sequence"})
    assert all(copies.count(copies[0]) == len(copies) <= 2 for copies in own.values())
    acts = once(told, "ACT")
    late = [event for event in acts if event["eventCreatedDateTime"] > event["eventDateTime"]]
    assert 0.25 < len(late) / len(acts) < 0.42
    assert 0.17 < len([copies for copies in own.values() if len(copies) == 2]) / len(own) < 0.33
    for event in late:
        assert moment(event["eventCreatedDateTime"]) - moment(event["eventDateTime"]) <= timedelta(hours=6)
    happened = [event["eventDateTime"] for event in told if event["eventClassifierCode"] == "ACT"]
    assert happened != sorted(happened)
    assert [event["sequence"] for event in told] == list(range(1, len(told) + 1))


def test_nothing_is_told_before_it_happened(client: FlaskClient, pace: HandPace) -> None:
    for place in range(5):
        book(client, order(f"SOON-{place}"))
    seen = 0
    while pace.now() < MONDAY + timedelta(days=25):
        pace.wait(hours=1)
        rows = look(client, f"/events?after={seen}")["events"]
        assert all(moment(row["eventCreatedDateTime"]) <= pace.now() for row in rows)
        actual = [row for row in rows if row["eventClassifierCode"] == "ACT"]
        assert all(moment(row["eventDateTime"]) <= moment(row["eventCreatedDateTime"]) for row in actual)
        seen += len(rows)
    assert seen > 5 * 16


LISTS = {"/events": "events", "/bookings/changes": "changes", "/stock": "levels"}


def test_lists_never_change_while_many_read_and_book() -> None:
    pace = HandPace(divide=86400)  # a day in a second, so that the token lasts
    app = create_app(pace)
    door = token(app.test_client())

    def place(number: int) -> int:
        paper = order(f"MANY-{number}", readyAt=MONDAY.isoformat())
        return app.test_client().post("/bookings", json=paper, headers=door).status_code

    def read(turn: int) -> tuple[str, list[dict[str, Any]]]:
        pace.wait(seconds=0.2)
        path = list(LISTS)[turn % len(LISTS)]
        return path, app.test_client().get(f"{path}?limit=500", headers=door).get_json()[LISTS[path]]

    with ThreadPoolExecutor(8) as crowd:
        work = [
            (crowd.submit(place, turn), [crowd.submit(read, 6 * turn + more) for more in range(6)])
            for turn in range(25)
        ]
        assert {booked.result() for booked, _ in work} == {202}
        told = [one.result() for _, seen in work for one in seen]
    assert {path for path, rows in told if rows} == set(LISTS)
    client = app.test_client()
    pace.wait(days=60)
    last = {path: look(client, f"{path}?limit=500")[name] for path, name in LISTS.items()}
    assert all(last[path][: len(rows)] == rows for path, rows in told)
    assert all([row["sequence"] for row in rows] == list(range(1, len(rows) + 1)) for rows in last.values())
    assert [row["at"] for row in last["/bookings/changes"]] == sorted(row["at"] for row in last["/bookings/changes"])


def test_the_railways_pace_divides_its_times() -> None:
    pace = HandPace(divide=3600)
    client = create_app(pace).test_client()
    book(client, order(readyAt=MONDAY.isoformat()))
    pace.wait(seconds=2)
    booking = standing(client)
    assert booking["status"] == "confirmed"
    spell = moment(booking["arrival"]) - moment(booking["departure"])
    assert abs(spell - timedelta(seconds=336)) < timedelta(milliseconds=2)
    assert MONDAY + timedelta(seconds=24) <= moment(booking["departure"]) < MONDAY + timedelta(minutes=12)
    pace.wait(seconds=1200)
    assert way(events(client))[-1] == ("GTOT", "DEDUI")
    assert len(look(client, "/stock")["levels"]) == 2
    assert [row["at"] for row in changes(client)] == ["2026-03-02T01:00:00.000Z", "2026-03-02T01:00:02.000Z"]


def test_the_same_seed_tells_the_same_story() -> None:
    def story(seed: int) -> list[dict[str, Any]]:
        pace = HandPace(seed=seed)
        client = create_app(pace).test_client()
        book(client, order())
        pace.wait(days=40)
        return events(client)

    assert story(3) == story(3)
    assert story(3) != story(4)
