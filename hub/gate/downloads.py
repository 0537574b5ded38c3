"""The door to single papers and responses: each as it goes over the wire, for its owner and for staff."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, request
from sqlalchemy import Connection, and_, exists, select, true
from sqlalchemy.orm import aliased

from connectors.sdk.connector import Connector
from connectors.sdk.errors import ConnectorError
from connectors.sdk.http import Page
from hub.access import Caller
from hub.access.audit import write_audit
from hub.access.signing_in import sign_in
from hub.access.visibility import of_subject
from hub.dossiers.rows import KeptVersion
from hub.errors import HubError, NotFound
from hub.gate.originals import File, heard
from hub.model import Database, DeliveryAttempt, Document, PaperVersion, RawMessage
from hub.model.operation import as_page
from hub.papers.desk import Desk
from hub.progress.kept_papers import paper_of, select_versions

NUMBER = re.compile(r"[0-9A-Z.-]{1,30}")
LARGEST_VERSION, LARGEST_ID = 10**6, 2**63 - 1


class Sending(NamedTuple):
    """The last time a version went out: when, and the message as kept, where it held nothing else."""

    at: datetime | None
    alone: Page | None


class PaperDoor:
    """Serves `/papers/<number>`, `/papers/<number>/<version>` and `/responses/<event>`."""

    def __init__(self, database: Database, desk: Desk, connectors: Mapping[str, Connector]) -> None:
        self.database = database
        self.desk = desk
        self.connectors = connectors

    def blueprint(self) -> Blueprint:
        routes = Blueprint("papers", __name__)
        routes.add_url_rule("/papers/<number>", "paper", self.serve_paper)
        routes.add_url_rule(f"/papers/<number>/<int(max={LARGEST_VERSION}):version>", "version", self.serve_paper)
        routes.add_url_rule(f"/responses/<int(max={LARGEST_ID}):event>", "response", self.serve_response)
        return routes

    def serve_paper(self, number: str, version: int | None = None) -> Response:
        def work(connection: Connection, caller: Caller) -> File:
            return written(connection, self.desk, caller, number, version)

        return self._answer(work)

    def serve_response(self, event: int) -> Response:
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
            write_audit(
                connection, caller, "file.download", file.name, self.desk.now(), enterprise_id=file.enterprise_id
            )


def written(connection: Connection, desk: Desk, caller: Caller, number: str, version: int | None) -> File:
    """A version of a paper in its wire form, the newest where none is named; NotFound where the caller sees none.

    A consolidation's is its holder's alone. A message that held this paper alone is handed out as it went; of one that
    held several, what it would have been.
    """
    chosen = (
        select_versions()
        .where(Document.number == number, of_subject(Document, held_alone=True)(caller))
        .where(true() if version is None else PaperVersion.version == version)
        .order_by(PaperVersion.version.desc())
        .limit(1)
    )
    row = connection.execute(chosen).one_or_none() if NUMBER.fullmatch(number) else None
    if row is None:
        raise NotFound("paper", number if version is None else f"{number} v{version}")
    kept = KeptVersion(*row)
    return _file(connection, desk, kept)._replace(enterprise_id=kept.enterprise_id)


def _file(connection: Connection, desk: Desk, kept: KeptVersion) -> File:
    name = f"{kept.number}-v{kept.version}"
    sending = _last_sending(connection, kept)
    if sending.alone is not None:
        return File.named(name, sending.alone.body, sending.alone.content_type)
    try:
        message = desk.served[kept.authority][kept.kind].encode([paper_of(connection, desk, kept, sending.at)])
    except (ConnectorError, KeyError) as error:  # KeyError: its connector could not be loaded
        cause = error.text if isinstance(error, ConnectorError) else kept.kind
        raise HubError("PAPER_UNWRITABLE", number=kept.number, version=kept.version, cause=cause) from None
    return File.named(name, message.body, message.content_type)


def _last_sending(connection: Connection, kept: KeptVersion) -> Sending:
    """Of the attempts to hand a version over, the last that came as far as a message."""
    other, document_id = aliased(DeliveryAttempt), kept.document_id
    shared = exists().where(other.sent_raw_id == DeliveryAttempt.sent_raw_id, other.document_id != document_id)
    last = connection.execute(
        select(DeliveryAttempt.claimed_at, DeliveryAttempt.sent_raw_id, shared.label("shared"))
        .where(
            and_(DeliveryAttempt.document_id == document_id, DeliveryAttempt.version == kept.version),
            DeliveryAttempt.sent_raw_id.is_not(None),
        )
        .order_by(DeliveryAttempt.number.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return Sending(None, None)
    message = connection.execute(select(RawMessage.__table__).where(RawMessage.id == last.sent_raw_id)).one_or_none()
    return Sending(last.claimed_at, as_page(message) if message and not last.shared else None)
