"""The customs office as its visitors see it: messages come in over the counter, responses go out through the queues."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from lxml import etree

from mocks.customs.agenda import Agenda
from mocks.customs.casework import Casework
from mocks.customs.check import GUID_LENGTH, UNREADABLE, FormError, check_message
from mocks.customs.declarations import Declarations
from mocks.customs.deliveries import Deliveries
from mocks.customs.documents import REPLACED_WHOLE, Archive, Document, read_document
from mocks.customs.envelope import Envelope, parse
from mocks.customs.form import CEB
from mocks.customs.holdings import held_by
from mocks.customs.mailbox import Slip
from mocks.customs.messages import ENTITIES
from mocks.customs.numbers import Numbers
from mocks.customs.reception import DELETE, NEW, Refusal, refuse
from mocks.customs.responses import FORM_RESPONSE, write_form_response
from mocks.customs.scripts import DELETION, EPORT_SECONDS, SAVED, SCRIPTS, STORED
from mocks.customs.signature import SignatureDesk, SignatureError, code_of
from mocks.customs.site import Site
from mocks.customs.usage import OfficeUsage
from mocks.ledger import Ledger
from mocks.objection import Objection
from mocks.pace import Pace

ACCEPTED, REFUSED = "accepted", "refused"
MESSAGE = "message"


class Office:
    """One office, one lock: whoever comes first has everything done that has become due since.

    `declarations` may be spoken to during a `visit` only.
    """

    def __init__(
        self,
        pace: Pace,
        ledger: Ledger,
        signatures: SignatureDesk,
        own_guids: Collection[str] = (),
        usage: OfficeUsage | None = None,
    ) -> None:
        self._pace = pace
        self._signatures = signatures
        self._ledger = ledger
        self._lock = threading.Lock()
        self._agenda = Agenda()
        self._archive = Archive()
        self._numbers = Numbers(pace.now())
        self._deliveries = Deliveries(pace, self._numbers)
        usage = usage or OfficeUsage()
        self._casework = Casework(pace, self._agenda, self._archive, self._deliveries, self._numbers, own_guids, usage)
        self._site = Site(pace, self._agenda, self._archive, self._casework, self._numbers, ledger, usage.operator)
        self._casework.follow(REPLACED_WHOLE, STORED, self._site.expect)
        self.declarations = Declarations(pace, self._agenda, self._archive, self._numbers)

    @contextmanager
    def visit(self) -> Iterator[datetime]:
        """Lets one visitor in, at the time that it then is."""
        with self._lock:
            now = self._pace.now()
            self._agenda.catch_up(now)
            yield now

    def receive(self, envelope: Envelope) -> None:
        """Takes a message over: either all its entities are looked at, or CEB900 says why none is."""
        with self.visit() as now:
            content, root = b"", None
            try:
                content = envelope.open()
                root = read_root(content)
                kind = check_message(root, envelope.message_type)
            except FormError as error:
                self._return_message(envelope, content, root, error, now)
            else:
                self._take_message(envelope, content, root, kind, now)

    def waiting(self, receiver: str, after: str, limit: int) -> list[str]:
        """What waits for a receiver behind a MsgId, as complete DxpMsgSv elements."""
        with self.visit() as now:
            return self._deliveries.waiting(receiver, after, limit, now)

    def inspect(self, number: str, status: str) -> None:
        """An officer stops the inventory of this number; Objection where none can be stopped."""
        with self.visit() as now:
            inventory = self._under_way(number)
            if inventory.held:
                raise Objection("STATE", "invtNo", "it is held already", 409)
            self._casework.hold(inventory, status, now)

    def decide(self, number: str, reason: str | None) -> None:
        """What the officer found: nothing, so that it is released, or a reason to turn it back."""
        with self.visit() as now:
            inventory = self._under_way(number)
            if not inventory.held:
                raise Objection("STATE", "invtNo", "nobody holds it", 409)
            if reason is None:
                self._casework.let_go(inventory, now)
            else:
                self._casework.turn_back(inventory, reason, now)

    def _under_way(self, number: str) -> Document:
        inventory = self._archive.inventory(number)
        if inventory is None:
            raise Objection("UNKNOWN", "invtNo", "no inventory has this number", 404)
        if not inventory.standing or self._archive.departed(inventory.head["logisticsNo"]):
            raise Objection("STATE", "invtNo", "it was returned, cancelled, or has left", 409)
        return inventory

    def holdings(self) -> dict[str, Any]:
        """What the office has, by its own numbers."""
        with self.visit():
            return held_by(self._archive) | {"declarations": self.declarations.holdings()}

    def _return_message(
        self, envelope: Envelope, content: bytes, root: etree._Element | None, error: FormError, now: datetime
    ) -> None:
        text = content.decode(errors="replace")
        guid = (root.get("guid") if root is not None else None) or ""
        self._ledger.write(MESSAGE, envelope.id, guid, REFUSED, text)
        at = self._pace.after(now, EPORT_SECONDS)
        entity = write_form_response(
            guid=guid if len(guid) == GUID_LENGTH else self._numbers.guid(),
            status=error.status,
            at=at,
            text=str(error),
            message_id=envelope.id,
            message_type=envelope.message_type,
            message=text,
        )
        self._deliveries.send((envelope.sender,), Slip(FORM_RESPONSE, envelope.id, entity), at)

    def _take_message(self, envelope: Envelope, content: bytes, root: etree._Element, kind: str, now: datetime) -> None:
        self._ledger.write(MESSAGE, envelope.id, root.get("guid", ""), ACCEPTED, content.decode())
        transfer_id = root.findtext(f"{{{CEB}}}BaseTransfer/{{{CEB}}}dxpId") or envelope.sender
        receivers = tuple(dict.fromkeys((envelope.sender, transfer_id)))
        wrong = self._wrong_signature(root, kind, now)
        for entity in root.iterchildren(ENTITIES[kind].tag):
            self._take(read_document(kind, entity, receivers), entity, wrong, now)

    def _wrong_signature(self, root: etree._Element, kind: str, now: datetime) -> Refusal | None:
        """A signature is of the whole message: where it is wrong, every document in it is refused."""
        try:
            self._signatures.check(root, now)
        except SignatureError as error:
            code = code_of(kind, error)
            return Refusal(code.status, code.text, REFUSED)
        return None

    def _take(self, document: Document, entity: etree._Element, wrong: Refusal | None, now: datetime) -> None:
        known = self._archive.find(document.identity)
        refusal = wrong or refuse(document, self._archive)
        outcome = refusal.outcome if refusal else ACCEPTED
        body = etree.tostring(entity, encoding="unicode", with_tail=False)
        self._ledger.write(document.kind, document.key, document.guid, outcome, body)
        again = known is not None and (refusal is not None or document.head["appType"] != NEW)
        document.numbers["preNo"] = known.numbers["preNo"] if known and again else self._numbers.dated("B", now)
        if document.kind == "CEB621" and not document.head.get("copNo"):
            document.numbers["copNo"] = document.numbers["preNo"]  # its response must name one
        if refusal:
            self._answer(document, refusal, now)
        else:
            self._start(document, known, now)

    def _answer(self, document: Document, refusal: Refusal, now: datetime) -> None:
        self._casework.tell(document, refusal.status, refusal.text, self._pace.after(now, EPORT_SECONDS))

    def _start(self, document: Document, known: Document | None, now: datetime) -> None:
        """A draft never displaces a declared document, and a deletion is not kept: it takes one away."""
        deleting = document.head["appType"] == DELETE
        declared = known is not None and known.standing
        if known is not None and deleting and not document.draft:
            self._archive.withdraw(known)
        elif not deleting and not (document.draft and declared):
            self._archive.file(document)
        script = DELETION if deleting else SCRIPTS
        self._casework.begin(document, SAVED if document.draft else script[document.kind], now)


def read_root(content: bytes) -> etree._Element:
    try:
        return parse(content)
    except ValueError as error:
        raise FormError(f"DxpMsg/Data:{error},0001报文格式错误", UNREADABLE) from None
