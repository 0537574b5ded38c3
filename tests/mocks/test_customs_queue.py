"""The receivers' queues of the stand-in customs authority: order, repetitions, delays, and the official schema."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

from mocks.customs.responses import GUIDS_OF_THE_PORT
from tests.support.mocks.ceb import CREDENTIALS, DXP, SENDER, Desk, paper, tell_whole_story

GUID, OTHER = "1B6F0E52-9C1E-4C55-8F6B-0F1E2D3C4B5A", "2B6F0E52-9C1E-4C55-8F6B-0F1E2D3C4B5A"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_queue_neither_loses_nor_reorders(desk: Desk) -> None:
    for turn in range(40):
        for kind in ("CEB303", "CEB403", "CEB505"):
            desk.post(kind, paper(kind, str(turn)))
        desk.clock.wait(seconds=7)
        desk.collect(limit=2)
    desk.clock.wait(days=1)
    desk.collect(limit=3)
    numbers = [number for number, _, _ in desk.messages]
    assert numbers == sorted(set(numbers))
    assert numbers == [number for number, _, _ in desk.read()] == [number for number, _, _ in desk.read("unheard of")]
    assert all(len(number) == 32 for number in numbers)
    for turn in range(40):
        assert desk.statuses("CEB304", orderNo=f"SO-{turn}") == ["2", "3", "120"]
        came = [one["returnStatus"] for one in desk.responses("CEB506", logisticsNo=f"PK-{turn}")]
        assert list(dict.fromkeys(came)) == ["2", "3", "399"]


def test_nothing_is_told_before_it_is_due(desk: Desk) -> None:
    desk.post("CEB303", paper("CEB303"))
    for seconds, statuses in ((0, []), (2, ["2"]), (4, ["2", "3"]), (60, ["2", "3", "120"])):
        desk.clock.wait(seconds=seconds)
        assert desk.statuses("CEB304") == statuses


def test_queues_misbehave_by_the_seed() -> None:
    orders, twice = [], 0
    for _ in range(2):
        desk = Desk(seed=5)
        desk.release(*map(str, range(40)))
        came = desk.responses("CEB604")
        orders.append([(one["copNo"], one["returnStatus"]) for one in came])
        twice = len(came) - len(set(orders[-1]))
    assert orders[0] == orders[1]
    first = {told: turn for turn, told in reversed(list(enumerate(orders[0])))}
    overtaken = [no for no in range(40) if first[f"INV-{no}", "800"] < first[f"INV-{no}", "399"]]
    assert 3 <= len(overtaken) <= 20
    assert twice > 40
    assert {"300", "500"} <= {status for _, status in orders[0]}


def test_the_guid_of_an_answer_is_the_requests_or_the_ports_own() -> None:
    for kinds, own in (((), False), (GUIDS_OF_THE_PORT, True)):
        desk = Desk(own_guids=kinds)
        order, inventory = paper("CEB303", guid=GUID), paper("CEB603", guid=OTHER)
        desk.send_three("9")
        desk.do("CEB303", order)
        desk.do("CEB603", inventory)
        guids = {one["guid"] for one in desk.responses("CEB304", orderNo="SO-1")}
        assert (GUID in guids, len(guids) > 2) == (not own, own)
        said = {one["returnInfo"] for one in desk.responses("CEB304", orderNo="SO-1", returnStatus="2")}
        assert said == {f"新增申报成功[{GUID}]"}, "the words of status 2 name the request's guid either way"
        assert {one["guid"] for one in desk.responses("CEB604")} == {OTHER}, "of which the schema says nothing"


def test_messages_fit_the_official_schema(desk: Desk) -> None:
    folder = os.environ.get("YUHUB_CEB_XSD_DIR")
    if not folder:
        pytest.skip("YUHUB_CEB_XSD_DIR does not name the folder of the official XSDs")
    names = ("ceb-export", "ceb-import", "dxp-terminal")
    export, entry, terminal = (etree.XMLSchema(file=Path(folder, f"{name}-202205.xsd")) for name in names)
    numbers = tell_whole_story(desk)
    desk.do("CEB603", paper("CEB603"), paper("CEB603", "1", act="2"), paper("CEB603", "5"))
    desk.do("CEB605", paper("CEB605", invt=numbers[0]))
    desk.do("CEB303", paper("CEB303", "6", state="1"), paper("CEB303", "7", state="2"), paper("CEB303", "7"))
    desk.do("CEB303", paper("CEB303", "7", act="3"))
    desk.do("CEB311", paper("CEB311"))
    desk.post_raw("CEB303Message", b"no")
    desk.clock.wait(days=1)
    desk.collect()
    assert len({kind for _, kind, _ in desk.messages}) == 12
    for _, kind, root in desk.messages:
        (entry if kind in ("CEB312Message", "CEB900Message") else export).assertValid(root)
    for kept in desk.app.extensions["ledger"].entries("message", "accepted"):
        (entry if "CEB311Message" in kept.body else export).assertValid(etree.fromstring(kept.body.encode()))
    queue = desk.client.get(f"/dxp/messages?receiver={SENDER}", headers=CREDENTIALS)
    for sent in etree.fromstring(queue.data).iter(f"{{{DXP}}}DxpMsg"):
        terminal.assertValid(etree.fromstring(etree.tostring(sent)))
