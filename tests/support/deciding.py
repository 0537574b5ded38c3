"""Dossiers made by hand, and what is decided of them. No database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from connectors.sdk.states import State
from hub.app import settings_of_connectors
from hub.dossiers.dossier import DocumentFile, Dossier
from hub.model import DocumentEvent
from hub.papers.desk import Desk
from hub.papers.joining import build_desk
from hub.progress.decide import TradeDecision, decide
from hub.settings import read_settings
from tests.support.world import demo_file

AT = datetime(2026, 1, 9, 1, tzinfo=UTC)


ORDER, RECEIPT, WAYBILL, INVENTORY = "customs.order", "customs.receipt", "customs.waybill", "customs.inventory"


@cache
def desk() -> Desk:
    asked, classes, _ = settings_of_connectors()
    settings = read_settings({}, None, asked)
    connectors = {code: connector(settings.of_connector(code)) for code, connector in classes.items()}
    return build_desk(connectors, lambda: AT, uuid4)


def said(code: str, minute: int = 0, kind: str = INVENTORY, **changes: Any) -> Any:
    """What customs said of a paper, so many minutes later, as its code rules."""
    ruling = desk().rule("customs", kind, code)
    return DocumentEvent(**{
        "source": "customs", "about_kind": kind, "code": code, "state": ruling.state, "rank": int(ruling.rank),
        "milestone": ruling.milestone, "attention": ruling.attention, "happened_at": AT + timedelta(minutes=minute),
        "version": 1, "guid": None, "words": "", "answers": {}, "references": {}, **changes,
    })  # fmt: skip


def paper(kind: str, state: State = State.SENT, *events: Any, **changes: Any) -> DocumentFile:
    """A paper in a state of ours, or one that it has by the events."""
    sent = None if state in (State.PLANNED, State.READY) else AT
    file = DocumentFile(
        kind, f"YH-{kind}", authority=kind.partition(".")[0], state=state, has_paper=state is not State.PLANNED,
        sent_at=sent,
    )  # fmt: skip
    for name, value in changes.items():
        setattr(file, name, value)
    file.events = list(events)
    return file


def standing(kind: str, state: State, **changes: Any) -> DocumentFile:
    """A paper that an authority has said to be in a state."""
    return paper(kind, state, said("120", kind=kind, state=state, rank=90, attention=False), **changes)


def trade(*papers: DocumentFile, mode: str = "9610", **changes: Any) -> Dossier:
    entry = demo_file("trades", "xuchang-wigs-to-chicago") | {"mode": mode}
    firm = demo_file("enterprises", "xuchang-hair")
    return Dossier(
        number="YH26010900000001K", mode=mode, entry=entry, entered_at=AT, trade_id=1,
        enterprise={"customs_code": firm["customsCode"], "name_zh": firm["nameZh"], "name_en": firm["nameEn"],
                    "address_en": firm["addressEn"], "uscc": firm["uscc"], "telephone": firm["telephone"],
                    "registered_at": AT, "partners": firm},
        documents={one.key: one for one in papers}, **changes,
    )  # fmt: skip


def decided(*papers: DocumentFile, **changes: Any) -> TradeDecision:
    return decide(trade(*papers, **changes), desk())


def heard(*events: Any, **changes: Any) -> DocumentFile:
    """The inventory after these words."""
    file = paper(INVENTORY, State.SENT, *events, **changes)
    decided(file)
    return file
