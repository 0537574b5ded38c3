"""What we believe that an authority has of each paper: the versions that went to it, and where the paper stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from connectors.sdk.papers import Action, Paper
from connectors.sdk.states import HAVING_IT, OVER, State
from hub.dossiers.rows import KeptVersion
from hub.model import DeliveryAttempt, Document, PaperVersion, Reference
from hub.model.row_states import DeliveryOutcome
from hub.papers.desk import Desk
from hub.progress.kept_papers import paper_of, select_versions


class PaperStands(NamedTuple):
    """What of a document a word of the authority is held against."""

    id: int
    number: str
    kind: str
    version: int
    state: State
    taken: bool
    reference: str | None
    state_since: datetime


@dataclass(slots=True)
class Belief:
    """One paper. `versions` went out, the newest first; where none did, the newest that is written stands there.

    Withdrawals are not among them; `unsent` are versions that did not go out.
    `moving`: something of it is on its way, so the authority may have it and may not. `known` are the identifiers that
    we have, by kind.
    """

    stands: PaperStands
    versions: list[KeptVersion] = field(default_factory=list)
    unsent: list[KeptVersion] = field(default_factory=list)
    moving: bool = False
    known: Mapping[str, set[str]] = field(default_factory=dict)

    @property
    def has_it(self) -> bool:
        return self.stands.state in HAVING_IT or self.stands.taken


def beliefs(connection: Connection, source: str, kinds: Sequence[str], since: datetime | None) -> list[Belief]:
    """The papers of a source that were ever written, by number; with `since`, without those that were over before."""
    chosen = select(*(Document.__table__.c[name] for name in PaperStands._fields)).where(
        Document.authority == source, Document.kind.in_(kinds)
    )
    if since:
        chosen = chosen.where(or_(Document.state.not_in(OVER), Document.state_since >= since))
    found = {row.id: Belief(PaperStands._make(row)) for row in connection.execute(chosen.order_by(Document.number))}
    of_source = Document.authority == source, Document.kind.in_(kinds)
    attempts = _attempts(connection, source)
    for row in connection.execute(select_versions().where(*of_source).order_by(PaperVersion.version.desc())):
        kept = KeptVersion._make(row)
        if kept.document_id in found:
            _add_version(found[kept.document_id], kept, attempts.get((kept.document_id, kept.version), []))
    known: defaultdict[int, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for reference in connection.execute(select(Reference.__table__).where(Reference.source == source)):
        known[reference.document_id][reference.kind].add(reference.value)
    for id_, one in found.items():
        one.known = known[id_]
        one.versions = one.versions or one.unsent[:1]
    return [one for one in found.values() if one.versions]


def stands_still(connection: Connection, belief: Belief) -> bool:
    """Whether the paper has not moved since: what was said of it then counts."""
    columns = (Document.version, Document.state, Document.state_since)
    row = connection.execute(select(*columns).where(Document.id == belief.stands.id)).one()
    stands = belief.stands
    return (row.version, row.state, row.state_since) == (stands.version, stands.state, stands.state_since)


def as_paper(connection: Connection, desk: Desk, kept: KeptVersion) -> Paper:
    """A version as it went out, before anything was heard of it."""
    sent_at = connection.scalar(
        select(DeliveryAttempt.claimed_at)
        .where(DeliveryAttempt.document_id == kept.document_id, DeliveryAttempt.version == kept.version)
        .order_by(DeliveryAttempt.number.desc())
        .limit(1)
    )
    return paper_of(connection, desk, kept, sent_at)


def _attempts(connection: Connection, source: str) -> Mapping[tuple[int, int], list[DeliveryOutcome | None]]:
    found: defaultdict[tuple[int, int], list[DeliveryOutcome | None]] = defaultdict(list)
    rows = select(DeliveryAttempt.document_id, DeliveryAttempt.version, DeliveryAttempt.outcome)
    of_source = rows.join(Document, Document.id == DeliveryAttempt.document_id).where(Document.authority == source)
    for document_id, version, outcome in connection.execute(of_source):
        found[document_id, version].append(outcome)
    return found


def _add_version(belief: Belief, kept: KeptVersion, outcomes: Sequence[DeliveryOutcome | None]) -> None:
    delivered = DeliveryOutcome.DELIVERED in outcomes
    if kept.version == belief.stands.version and not delivered:
        belief.moving = any(one in (None, DeliveryOutcome.UNKNOWN) for one in outcomes)
    if kept.action is Action.WITHDRAW:
        belief.moving = belief.moving or belief.stands.state not in OVER
    else:
        (belief.versions if delivered else belief.unsent).append(kept)
