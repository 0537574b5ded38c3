"""What authorities say may come in any order and any number of times: through the real merge it ends the same."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import select

from connectors.sdk import Ask, Page
from connectors.sdk.codecs import read_xml
from connectors.sdk.states import HAVING_IT, UNKNOWN
from hub.model import Document, DocumentEvent, Milestone, PaperVersion, Trade
from hub.progress.advance import advance_touched
from sync.merge import merge
from sync.page_reading import Reader
from tests.support.connectors.ceb_codes import NEGATIVE
from tests.support.world import World, demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
CEB, DXP = "http://www.chinaport.gov.cn/ceb", "http://www.chinaport.gov.cn/dxp"
LATER = timedelta(hours=12)


class End(NamedTuple):
    """What a trade has come to."""

    trade: str
    papers: dict[str, tuple[str, str | None]]
    milestones: dict[str, datetime]
    heard: int


class Copies:
    """A hub whose database can be put back to one moment as often as one likes."""

    def __init__(self, world: World, folder: Path) -> None:
        self.hub, self.kept, self.file = world.hub, folder / "kept.db", Path(str(world.hub.settings.database_url)[10:])
        with closing(sqlite3.connect(self.file)) as now, closing(sqlite3.connect(self.kept)) as kept:
            now.backup(kept)
        self.reader = Reader("customs", self.hub.connectors["customs"].codes)

    def put_back(self) -> None:
        with closing(sqlite3.connect(self.kept)) as kept, closing(sqlite3.connect(self.file)) as now:
            kept.backup(now)

    def hear(self, page: bytes) -> None:
        """One page, read, merged and followed up as a run would."""
        stream = self.hub.connectors["customs"].streams["responses"]
        now = self.hub.desk.now()
        reading = self.reader.read(stream.read(Page(page, "application/xml", "", 200, now)), None, now)
        assert reading.aside == []
        with self.hub.database.write() as connection:
            counts = merge(connection, "customs", reading.rows)
        assert counts.add_up
        advance_touched(self.hub.database, self.hub.desk)

    def end(self) -> End:
        with self.hub.database.read() as connection:
            papers = connection.execute(select(Document.kind, Document.state, Document.attention))
            milestones = connection.execute(select(Milestone.name, Milestone.reached_at))
            return End(
                connection.execute(select(Trade.state)).scalar_one(),
                {row.kind: (row.state, row.attention["code"] if row.attention else None) for row in papers},
                {row.name: row.reached_at for row in milestones},
                len(connection.execute(select(DocumentEvent.id)).all()),
            )


def enter(world: World, name: str = "xuchang-wigs-to-chicago") -> str:
    key = world.exporter()
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    assert world.ask(ENTER, key, input=demo_file("trades", name))["enterTrade"]["errors"] == []
    return key


def state(world: World, kind: str) -> str:
    with world.hub.database.read() as connection:
        return str(connection.scalar(select(Document.state).where(Document.kind == kind)))


def everything_said(world: World) -> list[bytes]:
    """Every message that customs has for us by now."""
    customs = world.hub.connectors["customs"]
    with closing(customs.open()) as http:
        pages = list(customs.streams["responses"].pages(http, Ask()))
    return [etree.tostring(one) for page in pages for one in read_xml(page.body).iter("{*}DxpMsgSv")]


def together(messages: Sequence[bytes]) -> bytes:
    return b"<DxpMessages>" + b"".join(messages) + b"</DxpMessages>"


@pytest.mark.parametrize("name", ["xuchang-wigs-to-chicago", "xuchang-wrong-classification"])
def test_a_declaration_ends_the_same_in_whatever_order_it_is_heard_of(
    small_world: World, tmp_path: Path, name: str
) -> None:
    enter(small_world, name)
    small_world.until(lambda: state(small_world, "customs.inventory") == "sent", by=timedelta(minutes=1))
    copies = Copies(small_world, tmp_path)
    small_world.clock.forward(LATER)
    messages = everything_said(small_world)
    assert len(messages) > 8
    copies.hear(together(messages))
    right = copies.end()
    expected = "rejected" if name == "xuchang-wrong-classification" else "done"
    assert right.papers["customs.inventory"][0] == expected

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        order=st.permutations(range(len(messages))),
        again=st.lists(st.integers(0, len(messages) - 1), max_size=5),
        cuts=st.lists(st.integers(0, len(messages)), max_size=4),
    )
    def any_order(order: list[int], again: list[int], cuts: list[int]) -> None:
        copies.put_back()
        edges = [0, *sorted(cuts), len(order)]
        for start, end in pairwise(edges):
            copies.hear(together([messages[one] for one in order[start:end]]))
        copies.hear(together([messages[one] for one in again]))
        assert copies.end() == right

    any_order()


@pytest.fixture
def sent(small_world: World, tmp_path: Path) -> Copies:
    """An order that customs has, and of which nothing was heard."""
    small_world.key = enter(small_world)  # type: ignore[attr-defined]
    small_world.run("customs.send")
    return Copies(small_world, tmp_path)


def response(copies: Copies, code: str, words: str) -> bytes:
    """A CEB304 about our order, as customs would write it."""
    with copies.hub.database.read() as connection:
        guid = connection.scalar(
            select(PaperVersion.guid)
            .join(Document, Document.id == PaperVersion.document_id)
            .where(Document.kind == "customs.order")
        )
    trade = demo_file("trades", "xuchang-wigs-to-chicago")
    inner = (
        f'<ceb:CEB304Message xmlns:ceb="{CEB}" guid="{guid}" version="1.0"><ceb:OrderReturn>'
        f"<ceb:guid>{guid}</ceb:guid><ceb:ebpCode>x</ceb:ebpCode><ceb:ebcCode>411096500K</ceb:ebcCode>"
        f"<ceb:orderNo>{trade['orderNumber']}</ceb:orderNo><ceb:returnStatus>{code}</ceb:returnStatus>"
        f"<ceb:returnTime>20260109093000000</ceb:returnTime><ceb:returnInfo>{words}</ceb:returnInfo>"
        "</ceb:OrderReturn></ceb:CEB304Message>"
    )
    data = base64.b64encode(inner.encode()).decode()
    envelope = f'<DxpMsgSv xmlns="{DXP}"><DxpMsg ver="1.0"><Data>{data}</Data></DxpMsg></DxpMsgSv>'
    return envelope.encode()


EVENTS = """
{ trades { documents { kind state attention { code message wayOut } events { code meaning words wayOut } } } }"""


def order_of(world: World, language: str) -> Any:
    trade = world.ask(EVENTS, world.key, language)["trades"][0]  # type: ignore[attr-defined]
    return next(one for one in trade["documents"] if one["kind"] == "customs.order")


def test_every_negative_code_that_arrives_ends_in_a_state_words_in_two_languages_and_a_way_out(
    sent: Copies, small_world: World
) -> None:
    for code in NEGATIVE:
        sent.put_back()
        sent.hear(together([response(sent, code, f"原文[{code}]")]))
        english, chinese = order_of(small_world, "en"), order_of(small_world, "zh")
        (event,), (said,) = english["events"], chinese["events"]
        assert (event["code"], event["words"]) == (code, f"原文[{code}]")
        assert event["meaning"] != said["meaning"], code
        assert event["wayOut"] != said["wayOut"], code
        assert all((event["meaning"], said["meaning"], event["wayOut"], said["wayOut"])), code
        if english["state"] in HAVING_IT:
            assert english["attention"] is None, code  # it is there already
            continue
        assert english["attention"]["wayOut"] == event["wayOut"], code
        assert chinese["attention"]["wayOut"] == said["wayOut"], code
        assert f"[{code}]" in english["attention"]["message"], code


@pytest.mark.parametrize("code", ["-999999", "7", "2600", "放行", "800", "OK"])
def test_a_code_that_nobody_knows_asks_for_a_person_with_the_words_that_came(
    sent: Copies, small_world: World, code: str
) -> None:
    sent.hear(together([response(sent, code, "业务处理完成，成功")]))
    order = order_of(small_world, "en")
    assert order["state"] == "sent", "it is never a success"
    assert order["attention"]["code"] == "AUTHORITY_UNCLEAR"
    assert "业务处理完成，成功" in order["attention"]["message"]
    assert order["attention"]["wayOut"]
    assert order["events"][0]["meaning"] == UNKNOWN.en
    assert sent.end().trade == "attention"
    assert not any(name.startswith("accepted:") for name in sent.end().milestones)

    sent.hear(together([response(sent, "120", "入库")]))
    assert order_of(small_world, "en")["state"] == "done", "what is clear afterwards counts"
