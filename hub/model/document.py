"""Papers, what was said about them, and by which references they are known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from connectors.sdk.papers import Action
from connectors.sdk.states import State
from hub.model.base import About, Base, Key, Sourced, about_index
from hub.model.row_states import DeliveryOutcome
from hub.model.types import word_column

MESSAGE_REFERENCE = "message"
"""Reference kind of an envelope: an answer to a whole message is said of each paper in it."""


class Document(Base):
    """One paper of a subject for one authority, over all its versions.

    `part` counts papers of the same kind from 0 (one declaration for each remittance). `number` is ours and
    stays the same; `reference` is the authority's main one. `attention` is why a person is needed: a code of
    `hub.errors` with its parameters. `taken`: the authority holds an earlier version, so the next goes out as a change.
    `corrected`: what of the version that is out would be otherwise now, because what it was derived from had been read
    wrongly: field → [as it went out, as it would be now], null where there is no value. A person settles it.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("subject_id", "kind", "part"),
        Index("ix_document_authority_state", "authority", "state"),
    )
    id: Mapped[Key]
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    kind: Mapped[str] = mapped_column(String(60))
    part: Mapped[int] = mapped_column(default=0)
    authority: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(30), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[State]
    state_since: Mapped[datetime]
    taken: Mapped[bool] = mapped_column(default=False)
    reference: Mapped[str | None]
    attention: Mapped[dict[str, Any] | None]
    attention_since: Mapped[datetime | None]
    corrected: Mapped[dict[str, Any] | None]
    planned_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]


class PaperVersion(Base):
    """One version of a paper as derived: its content, and for every field where the value came from.

    `known_by`: the reference kinds under which the authority answers it; a withdrawal may have one of its own. Empty in
    versions from before this was kept. `line_trades`: group of lines → the trade that each line is about, of a paper
    that is of several.
    """

    __tablename__ = "paper_version"
    __table_args__ = (UniqueConstraint("document_id", "version"),)
    id: Mapped[Key]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    version: Mapped[int]
    guid: Mapped[str] = mapped_column(String(36), unique=True)
    action: Mapped[Action] = mapped_column(word_column(Action, 10))
    content: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    derived_at: Mapped[datetime]
    known_by: Mapped[list[Any] | None]
    line_trades: Mapped[dict[str, Any] | None]


class DocumentEvent(Base, Sourced, About):
    """What an authority said about a document: its code, our state, its words, when it happened, when we heard.

    `guid` is that of the version that it answers, where the authority repeats it, or one of the authority's own.
    `version` is the version that it answers; 0: none of ours. Without any guid it is the one that is current when it
    is heard.
    """

    __tablename__ = "document_event"
    __table_args__ = (UniqueConstraint("source", "source_id"), about_index("document_event"))
    id: Mapped[Key]
    guid: Mapped[str | None] = mapped_column(String(36))
    version: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(60))
    words: Mapped[str]
    state: Mapped[State | None]
    rank: Mapped[int]
    milestone: Mapped[str | None] = mapped_column(String(60))
    attention: Mapped[bool]
    happened_at: Mapped[datetime]
    answers: Mapped[dict[str, Any]]
    references: Mapped[dict[str, Any]]


class Reference(Base):
    """(source, kind, value) → subject and document: how every incoming record finds its trade.

    Without a trade it is the whole paper that is known by it.
    """

    __tablename__ = "reference"
    __table_args__ = (Index("ix_reference_document_id_kind", "document_id", "kind"),)
    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(200), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    trade_id: Mapped[int | None] = mapped_column(ForeignKey("trade.id"))


class DeliveryAttempt(Base):
    """One attempt to hand a version of a paper over. The claim is a lease; an outcome that is unknown is asked about.

    `outcome`: empty while claimed, then `delivered`, `unknown` (it may have arrived) or `failed` (it has not).
    """

    __tablename__ = "delivery_attempt"
    __table_args__ = (
        UniqueConstraint("document_id", "version", "number"),
        Index("ix_delivery_attempt_outcome_next_try_at", "outcome", "next_try_at"),
    )
    id: Mapped[Key]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    version: Mapped[int]
    number: Mapped[int]
    guid: Mapped[str] = mapped_column(String(36))
    message_id: Mapped[str | None] = mapped_column(String(60))
    claimed_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    run_id: Mapped[str] = mapped_column(String(36), index=True)
    outcome: Mapped[DeliveryOutcome | None]
    ended_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None]
    sent_raw_id: Mapped[str | None] = mapped_column(ForeignKey("raw_message.id"))
    answer_raw_id: Mapped[str | None] = mapped_column(ForeignKey("raw_message.id"))
