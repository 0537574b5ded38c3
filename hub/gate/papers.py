"""The door to single papers and receipts: each as it goes over the wire, for its owner and for staff."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, Response, request
from sqlalchemy import Connection, Row, and_, case, exists, select
from sqlalchemy.orm import aliased

from connectors.sdk.connector import Connector
from connectors.sdk.errors import ConnectorError
from hub.access import Caller
from hub.access.audit import record
from hub.access.signing_in import sign_in
from hub.access.visibility import visible
from hub.errors import HubError, NotFound
from hub.gate.heard import File, heard
from hub.model import Database, DeliveryAttempt, Document, PaperVersion, RawMessage, Trade
from hub.model.operation import as_page
from hub.share.desk import Desk
from hub.share.outbox import paper_of

NUMBER = re.compile(r"[0-9A-Z.-]{1,30}")
LARGEST_VERSION, LARGEST_ID = 10**6, 2**63 - 1


class Sending(NamedTuple):
    """The last time a version went out: when, and the message as kept, where it held nothing else."""

    at: datetime | None
    alone: Row[Any] | None


class PaperDoor:
    """Serves `/papers/<number>`, `/papers/<number>/<version>` and `/receipts/<event>`."""

    def __init__(self, database: Database, desk: Desk, connectors: Mapping[str, Connector]) -> None:
        self.database = database
        self.desk = desk
        self.connectors = connectors

    def blueprint(self) -> Blueprint:
        routes = Blueprint("papers", __name__)
        routes.add_url_rule("/papers/<number>", "paper", self.serve_paper)
        routes.add_url_rule(f"/papers/<number>/<int(max={LARGEST_VERSION}):version>", "version", self.serve_paper)
        routes.add_url_rule(f"/receipts/<int(max={LARGEST_ID}):event>", "receipt", self.serve_receipt)
        return routes

    def serve_paper(self, number: str, version: int | None = None) -> Response:
        def work(connection: Connection, caller: Caller) -> File:
            return written(connection, self.desk, caller, number, version)

        return self._answer(work)

    def serve_receipt(self, event: int) -> Response:
        return self._answer(lambda connection, caller: heard(connection, self.connectors, caller, event))

    def _answer(self, work: Callable[[Connection, Caller], File]) -> Response:
        caller = sign_in(request, self.database, self.desk.now())
        caller.must("download")
        with self.database.read() as connection:
            file = work(connection, caller)
        self._audit(caller, file)
        headers = {
            "Content-Disposition": f'attachment; filename="{file.name}"',
            "Cache-Control": "private, no-store",
        }
        return Response(file.body, 200, headers, content_type=file.content_type)

    def _audit(self, caller: Caller, file: File) -> None:
        """Papers tell of money and of people: who took one away is kept, before it is handed out."""
        with self.database.write() as connection:
            record(connection, caller, "file.download", file.name, self.desk.now(), enterprise_id=file.enterprise_id)


def written(connection: Connection, desk: Desk, caller: Caller, number: str, version: int | None) -> File:
    """A version of a paper in its wire form, the newest where none is named; NotFound where the caller sees none.

    A message that held this paper alone is handed out as it went; of one that held several, what it would have been.
    """
    row = _version(connection, caller, number, version)
    if row is None:
        raise NotFound("paper", number if version is None else f"{number} v{version}")
    return _file(connection, desk, row)._replace(enterprise_id=row.enterprise_id)


def _file(connection: Connection, desk: Desk, row: Row[Any]) -> File:
    name = f"{row.number}-v{row.version}"
    sending = _last_sending(connection, row)
    if sending.alone is not None:
        page = as_page(sending.alone)
        return File.named(name, page.body, page.content_type)
    try:
        message = desk.documents[row.kind].encode([paper_of(connection, desk, row, sending.at)])
    except (ConnectorError, KeyError) as error:  # KeyError: its connector could not be loaded
        cause = error.text if isinstance(error, ConnectorError) else row.kind
        raise HubError("PAPER_UNWRITABLE", number=row.number, version=row.version, cause=cause) from None
    return File.named(name, message.body, message.content_type)


def _version(connection: Connection, caller: Caller, number: str, version: int | None) -> Row[Any] | None:
    if not NUMBER.fullmatch(number):
        return None
    chosen = (
        select(
            Document.id,
            Document.number,
            Document.kind,
            Trade.enterprise_id,
            case((PaperVersion.action == "withdraw", Trade.cancel_reason)).label("cancel_reason"),
            PaperVersion.version,
            PaperVersion.guid,
            PaperVersion.action,
            PaperVersion.content,
            PaperVersion.derived_at,
        )
        .join(PaperVersion, PaperVersion.document_id == Document.id)
        .join(Trade, Trade.id == Document.trade_id)
        .where(Document.number == number, visible(Document, caller))
        .order_by(PaperVersion.version.desc())
        .limit(1)
    )
    return connection.execute(
        chosen if version is None else chosen.where(PaperVersion.version == version)
    ).one_or_none()


def _last_sending(connection: Connection, row: Row[Any]) -> Sending:
    """Of the attempts to hand a version over, the last that came as far as a message."""
    other = aliased(DeliveryAttempt)
    shared = exists().where(other.sent_raw_id == DeliveryAttempt.sent_raw_id, other.document_id != row.id)
    last = connection.execute(
        select(DeliveryAttempt.claimed_at, DeliveryAttempt.sent_raw_id, shared.label("shared"))
        .where(
            and_(DeliveryAttempt.document_id == row.id, DeliveryAttempt.version == row.version),
            DeliveryAttempt.sent_raw_id.is_not(None),
        )
        .order_by(DeliveryAttempt.number.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return Sending(None, None)
    kept = select(RawMessage.__table__).where(RawMessage.id == last.sent_raw_id)
    return Sending(last.claimed_at, None if last.shared else connection.execute(kept).one_or_none())
