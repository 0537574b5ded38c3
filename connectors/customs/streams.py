"""What we pull from customs: the messages of our mailbox, and the tariff."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from functools import partial
from typing import Any

from lxml import etree
from marshmallow import fields

from connectors.customs.responses import EDITION, ResponseEvent, entities, read_entity, read_message, reading_of
from connectors.sdk import Ask, BadData, Http, Page, Stream
from connectors.sdk.codecs import as_object, local_name, read_json, read_xml, write_xml
from connectors.sdk.instants import Moment
from connectors.sdk.json_service import JsonRows
from connectors.sdk.members import Aside, Told, each
from connectors.sdk.paging import by_cursor, by_number, key_of
from connectors.sdk.records import HS_CODE, Tariff

PAGE = 200
MAILBOX = ("DxpMessages", "DxpMsgSv", "DxpMsg")
ECHO = "oriBizMessage"


class TariffRow(Tariff):
    hs_code = fields.String(required=True, data_key="hsCode", validate=HS_CODE)
    unit2 = fields.String(load_default=None, allow_none=True)
    export_duty = fields.Decimal(load_default=None, allow_none=True, data_key="exportDuty")
    valid_from = fields.Date(required=True, data_key="validFrom")
    valid_to = fields.Date(load_default=None, allow_none=True, data_key="validTo")
    as_of = Moment(required=True, data_key="updatedAt")


class Responses(Stream):
    """Our mailbox at the data exchange: every response, oldest first; the cursor is the last message's id."""

    name = "responses"
    records = (ResponseEvent,)

    def __init__(self, dxp_id: str) -> None:
        self.dxp_id = dxp_id

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_cursor(
            http,
            "dxp/messages",
            ask.cursor,
            _last_message,
            lambda after: {"receiver": self.dxp_id, "after": after, "limit": PAGE},
        )

    def read(self, page: Page) -> Iterator[Told]:
        yield from each(_envelopes(page), lambda envelope: each([_content(envelope)], _read_content))

    def excerpt(self, page: Page, source_id: str) -> tuple[bytes, str] | None:
        """The CEB message with the one response alone: a message answers papers of several enterprises.

        What cannot be read is passed over: it has no response, and is shown to nobody.
        """
        for envelope in _envelopes(page):
            with suppress(BadData):
                root = read_xml(_content(envelope))
                for entity in entities(root):
                    for told in each([entity], partial(read_entity, reading_of(root))):
                        if not isinstance(told, Aside) and told[1]["source_id"] == source_id:
                            return write_xml(_alone(root, entity)), "application/xml"
        return None


class Tariffs(JsonRows):
    """The tariff list, whole: it is small, and what was withdrawn shows by its last day."""

    name = "tariffs"
    records = (TariffRow,)
    rows = "rows"

    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        return by_number(http, "tariffs", _pages, lambda number: {"page": number, "size": PAGE})

    def read_row(self, row: dict[str, Any], page: Page) -> Iterator[Told]:
        names = as_object(row.get("name") or {})
        flat = row | {
            "name_zh": names.get("zh"),
            "name_en": names.get("en") or "",
            "unit2": row.get("unit2") or None,
        }
        yield TariffRow, flat | {"source_id": key_of(row.get("hsCode"), row.get("validFrom"))}


def _pages(page: Page) -> int:
    return int(read_json(page.body)["pages"])


def _last_message(page: Page) -> str | None:
    """The last MsgId of a page, None where the page is empty. BadData where not one of its messages has an id."""
    root = read_xml(page.body, *MAILBOX)
    if not _members(root):
        return None
    ids = [(element.text or "").strip() for element in root.iterfind(".//{*}SvNo/{*}MsgId")]
    last = next(filter(None, reversed(ids)), None)
    if last is None:
        raise BadData("not one message of the page has a MsgId: from where on is the mailbox read?", field="MsgId")
    return last


def _members(root: etree._Element) -> list[etree._Element]:
    return [*root] if local_name(root) == "DxpMessages" else [root]


def _envelopes(page: Page) -> Iterator[etree._Element]:
    """Each DxpMsg of a page, and whatever stands in the place of one."""
    for member in _members(read_xml(page.body, *MAILBOX)):
        inside = member.findall("{*}DxpMsg") if local_name(member) == "DxpMsgSv" else []
        yield from inside or [member]


def _content(envelope: etree._Element) -> bytes:
    """The CEB message inside a DxpMsg, as it was written. BadData where the envelope holds none."""
    if local_name(envelope) != "DxpMsg":
        raise BadData(f"<{local_name(envelope)}> came without a DxpMsg", field="DxpMsg")
    version = envelope.get("ver", EDITION)
    if version != EDITION:
        raise BadData(f"a DxpMsg has version {version!r}; only {EDITION} is known", field="ver")
    data = envelope.findall("{*}Data")
    if len(data) != 1 or len(data[0]):
        raise BadData("a DxpMsg must hold one Data with base64 in it", field="Data")
    text = "".join((data[0].text or "").split())  # base64Binary may be broken into lines
    if not text:
        raise BadData("the Data of a DxpMsg is empty", field="Data")
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise BadData("the Data of a DxpMsg is not base64", field="Data") from None


def _read_content(content: bytes) -> Iterator[Told]:
    return each([read_xml(content)], read_message)


def _alone(root: etree._Element, entity: etree._Element) -> etree._Element:
    """A response message with one of its responses. A 900 repeats what was sent, with others' papers: that goes too."""
    alone = deepcopy(root)
    kept = alone[root.index(entity)]
    for child in [*alone]:
        if child is not kept:
            alone.remove(child)
    for echo in kept.findall(f"{{*}}{ECHO}"):
        kept.remove(echo)
    alone.text = kept.tail = None
    return alone
