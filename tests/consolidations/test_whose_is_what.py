"""Nobody who is in a consolidation comes to what is another's in it: by no question, file, notice or consent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
from graphql import GraphQLObjectType
from sqlalchemy import insert, select

from hub.access import Role
from hub.model import Consolidation, Document, DocumentEvent
from hub.progress.advance import touch
from tests.support.consolidations.quay import CLOSE, JOIN, Quay
from tests.support.gateway.town import SCHEMA
from tests.support.gateway.walking import everything
from tests.support.world import World

MARKED = {
    "orderNumber": "MARK-ORDER", "payment.transaction": "MARK-PAID", "goods[0].sku": "MARK-SKU",
    "goods[0].name.en": "MARKED wigs", "buyer.name": "MARK Buyer Inc.", "buyer.address": "1 MARK Street",
}  # fmt: skip
ROOTS = {"trade": "number", "trades": "", "consolidation": "number", "consolidations": "", "stock": ""}
GRANT = 'mutation { grantConsent(account: "platform", purpose: "statistics") }'
LOG = "{ accessLog(first: 500) { numbers shown { kind count } } }"
WHY = "query($n: String!, $f: String!) { why(number: $n, field: $f) { value reads { value } } }"


class Flown(Quay):
    """A flight of a neighbour's trade, and of one of the exporter's all of whose own values are marked."""

    def __init__(self, world: World) -> None:
        super().__init__(world, trades=1)
        self.trades.append(self.enters(MARKED))
        self.number = self.opens()
        assert self.does(JOIN, self.number, *self.trades) == ""
        world.until(self.all_released)
        self.closes()

    def closes(self) -> None:
        assert self.does(CLOSE, self.number) == ""
        self.world.run("hub.advance")

    def flies(self) -> None:
        self.world.until(lambda: self.row(self.number).state == "done", by=timedelta(hours=6))

    def all_released(self) -> bool:
        kind = Document.kind == "customs.inventory"
        return {row.state for row in self.office.rows(select(Document.state).where(kind))} == {"done"}

    def tells(self, key: str, number: str) -> str:
        """All that a key is told of a trade and of the consolidation, as text."""
        root = SCHEMA.type_map["Query"]
        assert isinstance(root, GraphQLObjectType)
        found = []
        for name, argument in ROOTS.items():
            given = f'({argument}: "{number if name == "trade" else self.number}")' if argument else "(first: 1)"
            answer = self.world.post(f"{{ {name}{given} {everything(root.fields[name])} }}", key)
            assert answer.status_code == 200, answer.text
            assert "QUERY_TOO_LARGE" not in answer.text
            found.append(answer.text)
        return "\n".join(found)

    def fetched(self, path: str, key: str) -> int:
        headers = {"Authorization": f"Bearer {key}"}
        return requests.get(self.world.address + path, headers=headers, timeout=10).status_code


@pytest.fixture
def flown(small_world: World) -> Flown:
    made = Flown(small_world)
    made.flies()
    return made


def test_by_no_question_a_neighbour_reads_what_is_another_s(flown: Flown) -> None:
    mine, other = flown.trades
    flown.world.ask(GRANT, flown.keys["neighbour"])
    platform = flown.world.issue("platform", Role.BELT)
    for who, key in (("the neighbour", flown.keys["neighbour"]), ("a platform by its consent", platform)):
        text = flown.tells(key, mine)
        assert flown.number in text, who
        assert "MARK" not in text, who
        assert other not in text, who
    assert "MARK-SKU" in flown.tells(flown.keys["exporter"], other)
    entries = flown.world.ask(LOG, flown.keys["neighbour"])["accessLog"]
    assert {number for entry in entries for number in entry["numbers"]} == {mine}
    kinds = {one["kind"] for entry in entries for one in entry["shown"]}
    assert kinds >= {"Consolidation", "ConsolidationLine", "Document", "DocumentEvent"}
    assert flown.world.ask(LOG, flown.keys["exporter"])["accessLog"] == [], "nothing of it was shown"


def test_the_holder_reads_of_a_line_what_carrying_it_takes(flown: Flown) -> None:
    seen = flown.sees(flown.number)
    assert {(line["number"], line["state"], line["released"]) for line in seen["lines"]} == {
        (number, "loaded", True) for number in flown.trades
    }
    text = flown.tells(flown.keys["holder"], flown.trades[0])
    assert [one for one in ("MARK-SKU", "MARK-ORDER", "MARK Buyer", "MARK Street", "MARK-PAID") if one in text] == []
    (waybill,) = [one for one in seen["documents"] if one["kind"] == "airport.waybill"]
    fields = {one["name"]: one["value"] for one in waybill["fields"]}
    assert "MARKED wigs" in fields["goods_description"], "what is in all of it is the holder's to know"
    assert [name for name in fields if name.startswith("goods[")] == []


def test_a_paper_shows_an_exporter_its_own_lines_and_the_way(flown: Flown) -> None:
    papers = {one["kind"]: one for one in flown.sees(flown.number, "neighbour")["documents"]}
    fields = {one["name"] for one in papers["customs.waybill_list"]["fields"]}
    assert {"voyage", "transport_document", "parcels[0].parcel_number"} <= fields
    assert [name for name in fields if name.startswith("parcels[1]")] == []
    assert "gross_weight" not in fields
    assert {paper["download"] for paper in papers.values()} == {None}
    assert {event["words"] for event in flown.sees(flown.number, "neighbour")["events"]} == {""}


def test_files_of_the_whole_are_the_holder_s_and_staff_s(flown: Flown) -> None:
    seen = flown.sees(flown.number)
    paths = [one["download"] for one in (*seen["documents"], *seen["events"])]
    assert len(paths) > 5
    for path in paths:
        flown.world.clock.forward(timedelta(minutes=1))
        codes = [flown.fetched(path, flown.keys[who]) for who in ("holder", "exporter", "neighbour")]
        assert [*codes, flown.fetched(path, flown.world.staff)] == [200, 404, 404, 200], path


def test_why_a_value_stands_there_is_told_to_whom_it_concerns(flown: Flown) -> None:
    number = next(one["number"] for one in flown.sees(flown.number)["documents"] if one["kind"] == "airport.waybill")

    def asks(who: str, field: str) -> Any:
        answer = flown.world.post(WHY, flown.keys[who], n=number, f=field).json()
        return answer["errors"][0]["extensions"]["code"] if "errors" in answer else answer["data"]["why"]

    assert asks("neighbour", "gross_weight") == asks("exporter", "goods[0].item_number") == "NOT_FOUND"
    assert asks("holder", "goods[1].item_number") == "NOT_FOUND"
    assert asks("holder", "gross_weight")["reads"] == []


def test_of_a_refusal_the_holder_is_told_why_and_the_others_that_it_is_so(small_world: World) -> None:
    quay = Flown(small_world)
    with quay.writes() as connection:
        number = Consolidation.number == quay.number
        row = connection.execute(
            select(Document.__table__).join(Consolidation, Consolidation.id == Document.subject_id).where(number)
        ).first()
        assert row is not None
    small_world.until(lambda: _state(quay, row.id) == "accepted")
    with quay.writes() as connection:
        connection.execute(
            insert(DocumentEvent).values(
                source=row.authority, source_id="refusal", as_of=quay.now, fetched_at=quay.now, digest="",
                about_kind=row.kind, about_value=row.number, subject_id=row.subject_id, document_id=row.id, version=1,
                code="REJECTED", words="MARK-WORDS", state="rejected", rank=99, attention=False,
                happened_at=quay.now, answers={}, references={},
            )
        )  # fmt: skip
    _advance(quay, row.subject_id)
    assert [one["attention"]["words"] for one in quay.notices("holder")] == ["MARK-WORDS"]
    for who in ("exporter", "neighbour"):
        (notice,) = quay.notices(who)
        assert "MARK-WORDS" not in str(notice)
        assert (notice["consolidation"], notice["paper"]["kind"]) == ({"number": quay.number}, row.kind)
        assert notice["trade"]["number"] == quay.trades[who == "exporter"]
    ask = "query($n: String!) { trade(number: $n) { waitsFor { whom attention { message } } } }"
    waits = small_world.ask(ask, quay.keys["neighbour"], n=quay.trades[0])["trade"]["waitsFor"]
    assert {"whom": "holder", "attention": None} in waits


def _state(quay: Flown, document_id: int) -> str:
    return str(quay.office.rows(select(Document.state).where(Document.id == document_id))[0].state)


def _advance(quay: Flown, subject_id: int) -> None:
    with quay.writes() as connection:
        touch(connection, [subject_id])
    quay.world.run("hub.advance")
