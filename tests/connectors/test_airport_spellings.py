"""One document in many spellings: JSON-LD is read by its meaning, within bounds, and nothing is fetched."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.airport.expanded import API, CARGO
from connectors.airport.jsonld import Graph, walk_nodes
from connectors.sdk import BadData
from connectors.sdk.hook import PUSHED
from connectors.sdk.testing.samples import as_json, loaded
from mocks.airport.app import create_app
from mocks.airport.change import CANCELLED_AFTER
from mocks.airport.jsonld import CONTEXT
from mocks.airport.notices import notification
from mocks.airport.spelling import SPELLINGS
from tests.support.connectors.parts import StandIn, changed, connector, handed_over, page, sample_paper, samples
from tests.support.together import together
from tests.support.world import Clock, ClockPace, Street

CASES = Path(__file__).parent / "cases" / "airport"
OBJECT = "https://air.example/logistics-objects/1"
STREAMS = connector("airport").streams
PAPER = sample_paper("airport.waybill")


def read(stream: str, value: Any, part: str = f"{OBJECT}/logistics-events") -> list[dict[str, Any]]:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return loaded(STREAMS[stream].read(page(body, part=part)))


def test_an_expanded_answer_reads_as_the_compacted_one() -> None:
    tracking, heard = read("events", (CASES / "A02-expanded.json").read_bytes())
    assert (tracking["source_id"], tracking["about_value"]) == (f"{OBJECT}/logistics-events/a", OBJECT)
    assert (tracking["place"], tracking["words"], tracking["time_kind"]) == ("CNCGO", "Departed", "actual")
    assert (tracking["code"], heard["code"], heard["noun"]) == ("DEP", "DEP", "document_event")
    assert f"{heard['happened_at']:%Y-%m-%d %H:%M}" == "2026-01-20 10:00"


def test_a_partial_departure_is_an_event_and_no_departure_of_the_whole() -> None:
    (tracking,) = read("events", (CASES / "A22-partial-departure.json").read_bytes())
    assert (tracking["noun"], tracking["code"], tracking["place"]) == ("tracking_event", "DEP.PARTIAL", "CNCGO")


def sample(name: str) -> tuple[Any, dict[str, Any]]:
    folder = samples("airport")
    return tuple(json.loads((folder / f"{name}.{end}.json").read_text("utf-8")) for end in ("received", "records"))  # type: ignore[return-value]


@together("spelling", SPELLINGS)
@together("name", ["events", "waybills", "waybills-cancelled"])
def test_the_samples_say_the_same_in_every_spelling(name: str, spelling: str) -> None:
    received, expected = sample(name)
    told = read(expected["stream"], SPELLINGS[spelling](received), expected["part"])
    records = [as_json(record) for record in told]
    assert sorted(records, key=json.dumps) == sorted(expected["records"], key=json.dumps)


def meet(street: Street, clock: Clock, spelling: str, **more: bool) -> StandIn:
    app = create_app(ClockPace(clock=clock), spelling=spelling, **more)
    street.doors["airport"].app = app
    source = connector("airport", now=clock, base_url=street.addresses["airport"])
    return StandIn(source, clock, app.extensions["ledger"])


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_whatever_a_server_spells_its_waybill_is_left_flown_and_refused_alike(street: Street, spelling: str) -> None:
    stand_in = meet(street, Clock(), spelling)
    refused = handed_over(stand_in.connector, changed(PAPER, {"gross_weight": 0}, guid="A" * 36))
    assert refused["code"] == "INVALID"
    assert stand_in.connector.submissions[PAPER.kind].field_named(refused["words"]) == "gross_weight"
    address = handed_over(stand_in.connector, PAPER)["about_value"]
    stand_in.clock.forward(timedelta(days=4))
    booked, leg = stand_in.pulls("waybills", address)
    assert (booked["code"], leg["origin"], leg["destination"]) == ("CONFIRMED", "CNCGO", "USORD")
    told = stand_in.pulls("events", address)
    heard = {one["code"] for one in told if one["noun"] == "document_event"}
    assert heard == {"BKD", "RCS", "PRE", "MAN", "DEP", "ARR", "RCF", "NFD", "DLV"}
    assert not [one for one in told if one["noun"] == "aside"]
    late = changed(PAPER, action="withdraw", guid="B" * 36, known={PAPER.kind: address})
    assert handed_over(stand_in.connector, late)["words"].endswith("the flight has departed")
    street.clear()


def test_a_waybill_that_flies_in_two_parts_departs_once(street: Street) -> None:
    stand_in = meet(street, Clock(), "compact", splits=True)
    address = handed_over(stand_in.connector, PAPER)["about_value"]
    stand_in.clock.forward(timedelta(days=4, seconds=CANCELLED_AFTER))
    told = stand_in.pulls("events", address)
    ahead = {one["code"]: one for one in told if one["code"].endswith(".PARTIAL")}
    assert set(ahead) == {"DEP.PARTIAL", "ARR.PARTIAL"}
    assert ahead["DEP.PARTIAL"]["words"].endswith("1 件 / 1 pieces")
    departures = {one["source_id"] for one in told if one["noun"] == "document_event" and one["code"] == "DEP"}
    assert len(departures) == 1
    street.clear()


# Spellings that no server of ours speaks

EVENT = {
    "@id": f"{OBJECT}/logistics-events/a",
    "@type": "LogisticsEvent",
    "creationDate": "2026-01-20T10:00:00Z",
    "eventDate": "2026-01-20T10:00:00Z",
    "eventCode": {"@id": "https://onerecord.iata.org/ns/code-lists/StatusCode#DEP"},
    "eventTimeType": "ACTUAL",
}
ITEMS = {"@id": f"{API}hasItem"}
ODD: dict[str, Any] = {
    "no context at all": {"@type": "Collection", "hasItem": [EVENT]},
    "IATA's address": {"@context": "https://onerecord.iata.org/ns/cargo", "@type": "Collection", "hasItem": EVENT},
    "IATA's addresses with versions": {
        "@context": ["https://onerecord.iata.org/ns/api/2.3.0#", "https://onerecord.iata.org/ns/cargo/3.2.0"],
        "@type": "Collection",
        "hasItem": EVENT,
    },
    "a context of the type": {
        "@context": {"@version": 1.1, "Box": {"@id": f"{API}Collection", "@context": {"things": f"{API}hasItem"}}},
        "@type": ["Box"],
        "things": EVENT,
    },
    "a context of the property": {
        "@context": {"@version": 1.1, "@vocab": "urn:other:", "box": ITEMS | {"@context": {"@vocab": CARGO}}},
        "@type": f"{API}Collection",
        "box": EVENT,
    },
    "a list": {"@type": "Collection", "hasItem": {"@list": [EVENT]}},
    "a list by its term": {"@context": {"i": ITEMS | {"@container": "@list"}}, "@type": "Collection", "i": [EVENT]},
    "a set": {"@type": "Collection", "hasItem": {"@set": [EVENT]}},
    "a map by index": {"@context": {"i": ITEMS | {"@container": "@index"}}, "@type": "Collection", "i": {"one": EVENT}},
    "a map by id": {
        "@context": {"i": ITEMS | {"@container": "@id"}},
        "@type": "Collection",
        "i": {EVENT["@id"]: {name: value for name, value in EVENT.items() if name != "@id"}},
    },
    "nested under another name": {
        "@context": {"@version": 1.1, "page": "@nest"}, "@type": "Collection", "page": {"hasItem": [EVENT]},
    },
    "included": {"@type": "Collection", "hasItem": {"@id": EVENT["@id"]}, "@included": [EVENT]},
    "relative names": {"@type": "Collection", "hasItem": EVENT | {"@id": "logistics-events/a"}},
    "aliases of keywords": {
        "@context": {"id": "@id", "type": "@type"},
        "type": "Collection",
        "hasItem": {name.lstrip("@"): value for name, value in EVENT.items()},
    },
    "a property in two places": [
        {"@type": "Collection", "hasItem": {"@id": EVENT["@id"], "eventTimeType": "ACTUAL"}},
        {name: value for name, value in EVENT.items() if name != "eventTimeType"},
    ],
    "a named graph": {"@id": "urn:g", "@graph": [{"@type": "Collection", "hasItem": {"@id": EVENT["@id"]}}, EVENT]},
    "events without a collection": {"@graph": [EVENT]},
    "one event alone": EVENT,
    "types by @vocab": {
        "@context": {"eventTimeType": {"@id": f"{CARGO}eventTimeType", "@type": "@vocab"}},
        "@type": "Collection",
        "hasItem": EVENT,
    },
}  # fmt: skip


@together("how", ODD)
def test_an_event_is_found_however_it_is_spelt(how: str) -> None:
    tracking, heard = read("events", ODD[how])
    assert (tracking["code"], tracking["time_kind"], tracking["source_id"]) == ("DEP", "actual", EVENT["@id"])
    assert heard["code"] == "DEP"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Departed", "Departed"),
        ({"@value": "Departed", "@language": "fr"}, "Departed"),
        ([{"@value": "Parti", "@language": "fr"}, {"@value": "Departed", "@language": "en-GB"}], "Departed"),
        ([{"@value": "Departed", "@language": "en"}, {"@value": "已起飞", "@language": "zh-Hans"}], "已起飞"),
        (None, ""),
        ({"@id": "https://air.example/words"}, ""),
        (True, "true"),
        (7, "7"),
    ],
)
def test_words_are_read_in_the_language_that_is_first(name: Any, words: str) -> None:
    tracking, _ = read("events", {"@type": "Collection", "hasItem": EVENT | {"eventName": name}})
    assert tracking["words"] == words


def test_a_language_map_is_read() -> None:
    context = {"eventName": {"@id": f"{CARGO}eventName", "@container": "@language"}}
    named = EVENT | {"eventName": {"en": "Departed", "zh": "已起飞"}}
    tracking, _ = read("events", {"@context": context, "@type": "Collection", "hasItem": named})
    assert tracking["words"] == "已起飞"


def test_what_names_itself_in_a_circle_is_walked_once() -> None:
    nodes = [{"@id": f"urn:{n}", "@type": "Waybill", "shipment": {"@id": f"urn:{(n + 1) % 3}"}} for n in range(3)]
    graph = Graph.read(json.dumps({"@graph": nodes}).encode(), "")
    assert [one.id for one, _ in walk_nodes(graph.top[0])] == ["urn:0", "urn:1", "urn:2"]


def test_of_several_waybills_the_one_that_was_asked_about_counts() -> None:
    nodes = [{"@id": f"{OBJECT}{n}", "@type": "Waybill", "bookingStatus": status} for n, status in
             enumerate(("REJECTED", "CONFIRMED"))]  # fmt: skip
    (record,) = read("waybills", {"@graph": nodes}, f"{OBJECT}1")
    assert record["code"] == "CONFIRMED"
    with pytest.raises(BadData, match="2 nodes of the type cargo:Waybill came"):
        read("waybills", {"@graph": nodes}, OBJECT)


# What is not read


def deep(levels: int) -> Any:
    return {"@context": {f"t{levels}": CARGO}, "cargo:x": deep(levels - 1)} if levels else "x"


BOMBS: dict[str, tuple[Any, str]] = {
    "a context elsewhere": ({"@context": "https://evil.example/context"}, "https://evil.example/context is not known"),
    "a context beside ours": (
        {"@context": "https://onerecord.iata.org/ns/cargo-but-mine"}, "cargo-but-mine is not known here, and none is"
    ),
    "a relative context": ({"@context": "/context"}, "https://air.example/context is not known here"),
    "a context that imports": (
        {"@context": {"@version": 1.1, "@import": "https://evil.example/c"}}, "https://evil.example/c is not known"
    ),
    "a context within a term": (
        {"@context": {"t": {"@id": f"{CARGO}t", "@context": "https://evil.example/t"}}, "t": {}}, "example/t is not"
    ),
    "a document that is an address": ("https://evil.example/document", "an object or a list of objects"),
    "terms in a circle": ({"@context": {"a": "b:x", "b": "a:x"}, "a:y": 1}, "cyclic IRI mapping"),
    "a chain of prefixes": (
        {"@context": {"p0": CARGO} | {f"p{n}": f"p{n - 1}:{'a' * 100}/" for n in range(1, 4000)}}, "contexts of this"
    ),
    "a context for every node": (
        {"cargo:x": [{"@context": {f"u{n}": f"{CARGO}u{n}"}} for n in range(20_000)]}, "contexts of this"
    ),
    "more values than a day has": ({"cargo:x": [0] * 50_001}, "more than 50,000 values"),
    "a term that is no term": ({"@context": {"a": 5}}, "invalid term definition"),
}  # fmt: skip


@together("bomb", BOMBS)
@together("stream", ["events", "waybills"])
def test_what_cannot_be_resolved_is_set_aside_alone_with_its_reason(stream: str, bomb: str) -> None:
    document, reason = BOMBS[bomb]
    (aside,) = read(stream, document, OBJECT)
    assert aside["noun"] == "aside"
    assert reason in aside["reason"]


def test_nested_contexts_are_read_as_deep_as_json_may_be() -> None:
    assert read("events", {"@type": "Collection", "hasItem": EVENT, "cargo:x": deep(30)})[0]["code"] == "DEP"


@pytest.mark.parametrize("document", [{"@type": "Error", "hasTitle": "no"}, {}, [], {"status": "error"}])
@pytest.mark.parametrize("stream", ["events", "waybills"])
def test_an_error_that_calls_itself_a_success_has_nothing_to_say(stream: str, document: Any) -> None:
    with pytest.raises(BadData, match="something else came where a"):
        read(stream, document)


# What is said in several places, and of others


IN_TWO_PLACES = {"@type": "Collection", "hasItem": {"@id": EVENT["@id"]}}


@pytest.mark.parametrize("first", [0, 1])
def test_an_event_that_is_said_in_two_ways_has_not_happened(first: int) -> None:
    """By its meaning it has both values, whichever comes first."""
    said = [EVENT | {"eventTimeType": "ACTUAL"}, EVENT | {"eventTimeType": "PLANNED"}]
    (aside,) = read("events", {"@graph": [IN_TWO_PLACES, said[first], said[1 - first]]})
    assert (aside["noun"], aside["field"]) == ("aside", "eventTimeType")
    assert "several of eventTimeType" in aside["reason"]


def test_an_item_that_says_otherwise_than_its_node_is_set_aside() -> None:
    item = IN_TWO_PLACES | {"hasItem": {"@id": EVENT["@id"], "eventTimeType": "PLANNED"}}
    assert [one["noun"] for one in read("events", [item, EVENT])] == ["aside"]


def test_what_is_said_twice_alike_is_said_once() -> None:
    assert len(read("events", {"@graph": [IN_TWO_PLACES, EVENT, EVENT]})) == 2
    assert len(read("events", {"@graph": [EVENT, EVENT]})) == 2


def test_the_items_of_a_collection_in_two_places_are_those_of_both() -> None:
    other = EVENT | {"@id": f"{OBJECT}/logistics-events/b"}
    halves = [{"@id": "urn:c", "@type": "Collection", "hasItem": one} for one in (EVENT, other)]
    tracked = [one["source_id"] for one in read("events", {"@graph": halves}) if one["noun"] == "tracking_event"]
    assert tracked == [EVENT["@id"], other["@id"]]


@pytest.mark.parametrize(
    ("beside", "other", "field"),
    [
        (IN_TWO_PLACES, {}, "hasItem"),
        (IN_TWO_PLACES, {"@type": "cargo:SecurityEvent"}, "eventCode"),
        ({}, {"@type": "cargo:SecurityEvent"}, "eventCode"),
    ],
)
def test_an_event_that_is_not_read_is_set_aside(beside: Any, other: Any, field: str) -> None:
    unread = EVENT | {"@id": f"{OBJECT}/logistics-events/b"} | other
    *told, aside = read("events", {"@graph": [beside, EVENT, unread]})
    assert [one["source_id"] for one in told] == [EVENT["@id"]] * 2
    assert (aside["noun"], aside["field"]) == ("aside", field)


def test_a_waybill_is_not_told_of_another() -> None:
    booked = {"@type": "Waybill", "bookingStatus": {"@id": "cargo:CONFIRMED"}}
    with pytest.raises(BadData, match=r"logistics-objects/2 came where .*/1 was asked for"):
        read("waybills", booked | {"@id": "2"}, OBJECT)
    for name in ({}, {"@id": OBJECT}, {"@id": "1"}, {"@id": "https://inner/1"}, {"@id": "_:w"}):
        (told,) = read("waybills", booked | name, OBJECT)
        assert told["about_value"] == OBJECT


# Notifications

# Notifications


def news(spelling: str = "compact", **changes: Any) -> Any:
    return SPELLINGS[spelling](notification(OBJECT) | {f"api:{name}": value for name, value in changes.items()})


def named(document: Any) -> list[str]:
    return list(STREAMS["events"].named(page(json.dumps(document), part=f"{PUSHED}notifications/1")))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_notification_names_its_object_in_every_spelling(spelling: str) -> None:
    assert named(news(spelling)) == [OBJECT]
    assert read("events", news(spelling), f"{PUSHED}notifications/1") == []


def test_a_notification_that_names_the_event_names_its_object() -> None:
    document = notification(OBJECT) | {"api:hasLogisticsEvent": {"@id": f"{OBJECT}/logistics-events/7"}}
    assert named(document) == [OBJECT]
    del document["api:hasLogisticsObject"]
    assert named(document) == [OBJECT]


@pytest.mark.parametrize(
    "document",
    [{"@context": "https://evil.example/"}, {}, [], 7, news(hasEventType="LOGISTICS_OBJECT_UPDATED"),
     news(hasEventType=["A", "B"]), news(hasLogisticsObject="a text"), news(hasEventType={"@id": "urn:x"})],
)  # fmt: skip
def test_an_odd_notification_names_nobody_and_breaks_nothing(document: Any) -> None:
    assert named(document) == []


@pytest.mark.parametrize(
    ("kind", "asides"), [("api:LOGISTICS_OBJECT_UPDATED", 0), ("api:CHANGE_REQUEST_REJECTED", 0), ("api:MADE_UP", 1)]
)
def test_a_notification_of_an_unknown_type_waits_for_a_person(kind: str, asides: int) -> None:
    told = read("events", news(hasEventType={"@id": kind}), f"{PUSHED}notifications/1")
    assert [one["noun"] for one in told] == ["aside"] * asides


# Refusals


@together("spelling", SPELLINGS)
@together(
    ("error", "words"),
    [
        ({"api:hasErrorDetail": {"api:hasMessage": "one"}, "api:hasTitle": "title"}, "one"),
        ({"api:hasErrorDetail": [], "api:hasTitle": {"@value": "title"}}, "title"),
        (
            {"api:hasErrorDetail": {"api:hasMessage": "wanted", "api:hasProperty": f"{CARGO}pieces"}},
            "cargo:pieces: wanted",
        ),
        (
            {"api:hasErrorDetail": {"api:hasMessage": "cargo:pieces: wanted", "api:hasProperty": f"{CARGO}pieces"}},
            "cargo:pieces: wanted",
        ),
        ({}, "refused without a reason"),
    ],
)
def test_a_refusal_gives_its_reason_in_every_spelling(error: dict[str, Any], words: str, spelling: str) -> None:
    document = SPELLINGS[spelling]({"@context": CONTEXT, "@type": "api:Error", **error})
    assert Graph.read(json.dumps(document).encode(), "").first_error() == words
