"""Papers whose message was refused as a whole, and that were several in it, go out again, each alone, at once.

That says which of them was to blame, and holds up none of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, select, update

from connectors.sdk.states import Doing, State, that_may
from hub.model import DeliveryAttempt, Document, DocumentEvent
from hub.model.document import MESSAGE_REFERENCE
from hub.model.row_states import DeliveryOutcome

MESSAGE_REFUSED = "MESSAGE_REFUSED"


def send_apart(connection: Connection, subject_ids: Sequence[int], now: datetime) -> None:
    """Of these subjects, whose papers the caller holds. A refusal that is heard again sends nothing again."""
    of_message = DocumentEvent.about_kind == MESSAGE_REFERENCE
    about_its_message = and_(of_message, DocumentEvent.about_value == DeliveryAttempt.message_id)
    refused = connection.execute(
        select(DeliveryAttempt.id, DeliveryAttempt.document_id, DeliveryAttempt.version, DocumentEvent.words)
        .join(Document, Document.id == DeliveryAttempt.document_id)
        .join(DocumentEvent, and_(DocumentEvent.source == Document.authority, about_its_message))
        .where(Document.subject_id.in_(subject_ids), DeliveryAttempt.error_code.is_distinct_from(MESSAGE_REFUSED))
        .where(DocumentEvent.state == State.REJECTED, DocumentEvent.document_id.is_(None))  # of one, it would be tied
    ).all()
    for one in refused:
        columns = {
            "outcome": DeliveryOutcome.FAILED,
            "error_code": MESSAGE_REFUSED,
            "error": one.words,
            "ended_at": now,
        }
        this = DeliveryAttempt.id == one.id
        connection.execute(update(DeliveryAttempt).where(this).values(**columns, next_try_at=now))
        sent = (
            Document.id == one.document_id,
            Document.version == one.version,
            Document.state.in_(that_may(Doing.RESEND)),
        )
        again = {"state": State.READY, "state_since": now, "sent_at": None}
        connection.execute(update(Document).where(*sent).values(**again))
