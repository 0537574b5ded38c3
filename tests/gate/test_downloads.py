"""Files to download: the exact paper that went out and the exact words that came back, each to whom it concerns."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import requests
from lxml import etree
from sqlalchemy import select

from hub.access import Role
from hub.gate.originals import File
from hub.model import AuditEntry
from tests.support.connectors.ceb_responses import envelopes
from tests.support.databases import ON_SQLITE
from tests.support.sync.pulling import misbehave
from tests.support.world import World, demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
PAPERS = """
query($n: String!) { trade(number: $n) { documents {
  kind number state download events { code download }
} } }"""


class Files:
    """What can be fetched from the hub, by whom."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = world.exporter()
        world.run("customs.tariffs", "tax.rates", "forex.parity")

    def enters(self, order: str, key: str = "", **changes: Any) -> str:
        typed = demo_file("trades", "xuchang-wigs-to-chicago") | {"orderNumber": order, **changes}
        entered = self.world.ask(ENTER, key or self.key, input=typed)["enterTrade"]
        assert entered["errors"] == []
        return str(entered["trade"]["number"])

    def papers(self, number: str, key: str = "") -> dict[str, Any]:
        documents = self.world.ask(PAPERS, key or self.key, n=number)["trade"]["documents"]
        return {one["kind"]: one for one in documents}

    def get(self, path: str, key: str | None = None, language: str = "en") -> requests.Response:
        key = self.key if key is None else key
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {key}"} if key else {})
        return requests.get(f"{self.world.address}{path}", headers=headers, timeout=20)

    def refusal(self, path: str, key: str | None = None, language: str = "en") -> tuple[int, str]:
        answer = self.get(path, key, language)
        (error,) = answer.json()["errors"]
        assert error["message"]
        assert error["extensions"]["wayOut"]
        return answer.status_code, error["extensions"]["code"]

    def neighbour(self) -> str:
        """Another exporter whose orders travel with ours; its key."""
        key = self.world.exporter("luoyang-furniture")
        ours = demo_file("enterprises", "xuchang-hair")
        partners = {name: ours[name] for name in ("platforms", "paymentProviders")}
        renewed = demo_file("enterprises", "luoyang-furniture") | partners
        register = "mutation($input: RegistrationInput!) { registerEnterprise(input: $input) { errors { code } } }"
        assert self.world.ask(register, key, input=renewed)["registerEnterprise"]["errors"] == []
        return key


@pytest.fixture
def files(world: World) -> Files:
    return Files(world)


@pytest.fixture
def small_files(small_world: World) -> Files:
    return Files(small_world)


def content(envelope: bytes) -> bytes:
    """What stands inside a DxpMsg."""
    return base64.b64decode(etree.fromstring(envelope).findtext("{*}Data") or "")


@ON_SQLITE
def test_a_paper_is_handed_out_as_it_went(files: Files) -> None:
    number = files.enters("XC-1")
    files.world.run("customs.send")
    order = files.papers(number)["customs.order"]
    answer = files.get(order["download"])
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{order["number"]}-v1.xml"'
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == (
        "nosniff",
        "private, no-store",
    )
    taken = [one.body.encode() for one in files.world.taken("customs", "message")]
    assert content(answer.content) in taken, "byte for byte what customs took"
    assert b"XC-1" in content(answer.content)
    assert files.get(f"{order['download']}/1").content == answer.content


def test_a_paper_in_json_is_one_too(small_files: Files) -> None:
    files = small_files
    number = files.enters("XC-1")
    files.world.until(lambda: bool(files.world.taken("airport", "waybill")))
    waybill = files.papers(number)["airport.waybill"]
    answer = files.get(waybill["download"])
    assert answer.headers["Content-Type"].partition(";")[0] in ("application/json", "application/ld+json")
    assert answer.headers["Content-Disposition"].endswith('.json"')
    (taken,) = files.world.taken("airport", "waybill")
    assert answer.text == taken.body


def test_before_it_goes_a_paper_is_shown_as_it_would_go(small_files: Files) -> None:
    files = small_files
    paper = files.papers(files.enters("XC-1"))["customs.order"]
    before = files.get(paper["download"])
    assert (before.status_code, b"XC-1" in content(before.content)) == (200, True)
    assert files.world.taken("customs") == []
    files.world.run("customs.send")
    after = files.get(paper["download"])
    heads = [etree.fromstring(content(one.content)).findtext(".//{*}guid") for one in (before, after)]
    assert heads[0] == heads[1], "the same version is the same document"


def test_what_was_heard_is_handed_out_as_it_was_said(files: Files) -> None:
    number = files.enters("XC-1")
    files.world.until(lambda: bool(files.papers(number)["customs.order"]["events"]))
    event = files.papers(number)["customs.order"]["events"][0]
    answer = files.get(event["download"])
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert answer.headers["Content-Disposition"].endswith('.xml"')
    message = etree.fromstring(answer.content)
    inner = [etree.fromstring(content(etree.tostring(one))) for one in message.iter("{*}DxpMsg")] or [message]
    said = {element.text for one in inner for element in one.iter("{*}returnStatus")}
    assert event["code"] in said


@ON_SQLITE
def test_of_a_message_with_others_in_it_each_gets_its_own_part(files: Files) -> None:
    world, neighbour = files.world, files.neighbour()
    mine, theirs = files.enters("MINE-1"), files.enters("THEIRS-1", neighbour)
    world.run("customs.send")
    assert len(world.taken("customs", "CEB303")) == 2
    messages = [one.body for one in world.taken("customs", "message")]
    assert any("MINE-1" in body and "THEIRS-1" in body for body in messages), "customs took both in one message"

    owners = ((mine, files.key), (theirs, neighbour))
    world.until(lambda: all(files.papers(*one)["customs.order"]["events"] for one in owners))
    for number, key, own, other in ((mine, files.key, "MINE-1", "THEIRS-1"), (theirs, neighbour, "THEIRS-1", "MINE-1")):
        order = files.papers(number, key)["customs.order"]
        paper = content(files.get(order["download"], key).content).decode()
        assert own in paper
        assert other not in paper
        for event in order["events"]:
            heard = files.get(event["download"], key)
            assert heard.status_code == 200
            assert own in heard.text
            assert other not in heard.text


def test_a_member_that_nobody_can_read_spoils_no_ones_part_and_is_shown_to_none(small_files: Files) -> None:
    files = small_files
    world, neighbour = files.world, files.neighbour()
    mine, theirs = files.enters("MINE-1"), files.enters("THEIRS-1", neighbour)

    def with_bad_members(body: bytes) -> tuple[str, bytes, dict[str, str]]:
        odd = envelopes("U0VDUkVU").removesuffix("</DxpMessages>").encode()  # the word SECRET
        return "200 OK", body.replace(b"<DxpMessages>", odd), {"Content-Type": "application/xml"}

    world.run("customs.send")
    misbehave(world, "customs", "/dxp/messages", with_bad_members)
    owners = ((mine, files.key), (theirs, neighbour))
    while not all(files.papers(*one)["customs.order"]["events"] for one in owners):
        world.clock.forward(timedelta(seconds=20))
        assert world.run("customs.responses") == {"customs.responses": "ok"}
    for number, key, own, other in ((mine, files.key, "MINE-1", "THEIRS-1"), (theirs, neighbour, "THEIRS-1", "MINE-1")):
        for event in files.papers(number, key)["customs.order"]["events"]:
            heard = files.get(event["download"], key)
            assert (heard.status_code, own in heard.text) == (200, True)
            assert not {word for word in (other, "U0VDUkVU", "SECRET") if word in heard.text}


@ON_SQLITE
def test_only_the_owner_its_broker_and_staff_may_fetch(files: Files) -> None:
    world, number = files.world, files.enters("XC-1")
    files.world.until(lambda: bool(files.papers(number)["customs.order"]["events"]))
    order = files.papers(number)["customs.order"]
    paths = [order["download"], f"{order['download']}/1", order["events"][0]["download"]]
    stranger, platform = world.exporter("luoyang-furniture"), world.issue("platform", Role.BELT)
    world.ask('mutation { grantConsent(account: "platform", purpose: "statistics") }', files.key)
    broker = world.appoint(files.key, "broker", demo_file("enterprises", "xuchang-hair")["uscc"])
    for path in paths:
        assert files.refusal(path, "") == (401, "UNAUTHENTICATED")
        assert files.refusal(path, stranger) == (404, "NOT_FOUND")
        assert files.refusal(path, platform) == (403, "FORBIDDEN")
        assert files.get(path, broker).content == files.get(path).content
    assert files.get(paths[0], world.staff).content == files.get(paths[0]).content
    assert files.get(paths[2], world.staff).status_code == 200
    with world.hub.database.read() as connection:
        kept = connection.execute(select(AuditEntry.__table__).where(AuditEntry.action == "file.download")).all()
    owner = demo_file("enterprises", "xuchang-hair")["uscc"]
    who = [one.actor for one in kept]
    assert {name: who.count(name) for name in who} == {"broker": 3, owner: 4, "operator": 2}
    assert kept[0].subject == f"{order['number']}-v1.xml"
    assert len({one.enterprise_id for one in kept}) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/papers/NOTHING",
        "/papers/NOTHING/1",
        "/papers/NOTHING/99999999999999999999",
        "/papers/a%20b",
        "/papers/%00",
        "/papers/..%2f..%2fetc%2fpasswd",
        f"/papers/{'A' * 3000}",
        "/responses/4711",
        "/responses/-1",
        "/responses/x",
        "/responses/99999999999999999999",
    ],
)
def test_what_there_is_not_is_said_in_both_languages(small_files: Files, path: str) -> None:
    status, code = small_files.refusal(path)
    assert (status, code) in {(404, "NOT_FOUND"), (404, "PATH_UNKNOWN")}
    english, chinese = (small_files.get(path, language=language).json()["errors"][0] for language in ("en", "zh"))
    assert english["message"] != chinese["message"]


def test_a_paper_that_is_not_written_yet_and_a_version_that_never_was_are_not_found(small_files: Files) -> None:
    papers = small_files.papers(small_files.enters("XC-1"))
    planned = papers["customs.inventory"]
    assert planned["download"] is None
    assert small_files.refusal(f"/papers/{planned['number']}") == (404, "NOT_FOUND")
    assert small_files.refusal(f"{papers['customs.order']['download']}/2") == (404, "NOT_FOUND")


def test_an_earlier_version_stays_as_it_was(small_files: Files) -> None:
    """What was rejected and what went out instead can be held side by side."""
    files = small_files
    wrong = demo_file("trades", "xuchang-wrong-classification")
    number = files.enters("XC-1", goods=wrong["goods"], purchases=wrong["purchases"])
    files.world.until(lambda: files.papers(number)["customs.inventory"]["state"] == "rejected")
    inventory = files.papers(number)["customs.inventory"]
    first = files.get(inventory["download"]).content
    amend = """mutation($n: String!, $changes: [ChangeInput!]!) {
      amendTrade(number: $n, version: 1, changes: $changes) { errors { code } } }"""
    changes = [{"path": "goods[1].hsCode", "value": "6704200000"}]
    assert files.world.ask(amend, files.key, n=number, changes=changes)["amendTrade"]["errors"] == []
    assert files.get(f"{inventory['download']}/1").content == first
    second = files.get(inventory["download"])
    assert second.headers["Content-Disposition"].endswith('-v2.xml"')
    codes = [
        [element.text for element in etree.fromstring(content(body)).iter("{*}gcode")]
        for body in (first, second.content)
    ]
    assert codes[0] != codes[1]
    assert codes[1][1] == "6704200000"


def test_what_was_said_by_a_status_alone_is_handed_out_as_the_record_of_it(small_files: Files) -> None:
    """The airport answers a waybill with 201, a Location and no body."""
    files = small_files
    number = files.enters("XC-1")
    files.world.until(lambda: bool(files.papers(number)["airport.waybill"]["events"]))
    event = files.papers(number)["airport.waybill"]["events"][0]
    for key in (files.key, files.world.staff):
        answer = files.get(event["download"], key)
        assert answer.headers["Content-Disposition"].endswith('.json"')
        record = json.loads(answer.content)
        assert (record["authority"], record["code"]) == ("airport", event["code"])
        assert record["about"]["value"]


@pytest.mark.parametrize(
    ("name", "content_type", "safe"),
    [
        ('a"; filename="x.exe', "text/xml", ("a___filename__x.exe.xml", "text/xml")),
        ("../../\r\nSet-Cookie: x", "application/json", (".._..___Set-Cookie__x.json", "application/json")),
        ("回执", "text/html\r\nX: y", ("__.txt", "application/octet-stream")),
        ("a", "text/\u202e", ("a.txt", "application/octet-stream")),
    ],
)
def test_no_name_and_no_kind_of_an_authority_ends_a_header(name: str, content_type: str, safe: tuple[str, str]) -> None:
    file = File.named(name, b"", content_type)
    assert (file.name, file.content_type) == safe
