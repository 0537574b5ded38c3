"""Anchors: the events of a trade whose day chooses the edition of a rule or of a plan. Pure: no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum

from connectors.sdk.instants import day_of
from connectors.sdk.states import HAVING_IT, MAY_HAVE_IT, State
from hub.dossiers.dossier import DocumentFile, Dossier


class Anchor(StrEnum):
    """An event that a law counts from. The list is closed; a trade keeps the law of the day of its event."""

    ENTERED = "entered"
    DECLARED = "declared"
    ACCEPTED = "accepted"
    EXPORTED = "exported"
    DEPARTED = "departed"
    RELEASED = "released"
    RECEIVED = "received"


MILESTONE_OF: Mapping[Anchor, str] = {
    Anchor.EXPORTED: "departed",
    Anchor.DEPARTED: "departed",
    Anchor.RELEASED: "released",
    Anchor.RECEIVED: "arrived",
}
"""Anchor → the milestone that is the same event for the hub."""


def anchor_dates(dossier: Dossier, declaring: Collection[str]) -> Mapping[Anchor, date]:
    """The day in Beijing of each anchor that has happened; one that has not is absent.

    `declaring` are the kinds of paper by which goods are declared for export.

    `entered` is the first entry, whatever was amended since. `declared` is the day on which the declaration (清单 or
    报关单) went out, `accepted` the one on which customs took it; of a version that customs refused neither counts.
    `exported` and `departed` are one event for us: the carrier tells when the goods left, and nobody tells the hub the
    date of export that stands on the declaration. `received` is the arrival at the place that the trade goes to, not
    yet the stocking in a warehouse there.
    """
    papers = [document for document in dossier.documents.values() if document.kind in declaring]
    sent = [one.sent_at for one in papers if one.sent_at and one.state in MAY_HAVE_IT]
    taken = [at for one in papers for at in _taken(one)]
    moments = {
        Anchor.ENTERED: dossier.entered_at,
        Anchor.DECLARED: min(sent + taken, default=None),
        Anchor.ACCEPTED: min(taken, default=None),
        **{anchor: dossier.milestones.get(name) for anchor, name in MILESTONE_OF.items()},
    }
    return {anchor: day_of(moment) for anchor, moment in moments.items() if moment is not None}


def _taken(document: DocumentFile) -> list[datetime]:
    """When customs had a version that it did not refuse afterwards; one that is amended keeps its first day."""
    refused = {event.version for event in document.events if event.state is State.REJECTED}
    having = (event for event in document.events if event.state in HAVING_IT and event.version not in refused)
    return [event.happened_at for event in having]
