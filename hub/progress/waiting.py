"""What a trade waits for: from whom, since when, and how long that usually takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from connectors.sdk.states import OVER, STAGES, State
from hub.dossiers.dossier import DocumentFile, Dossier
from hub.dossiers.rows import Attention
from hub.papers.desk import Desk
from hub.papers.plan import PlanRow

Whom = Literal["person", "hub", "authority"]
ORDER: Mapping[str, set[str]] = {"report_number": {"remittance_matched"}}
"""A milestone that is not awaited by itself while one of these is: there is nothing yet that it could be of."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that is awaited. Waits that follow from another one are not listed.

    `milestone` is what has to happen; `attention` is why a person is asked, `subject_id` whose paper waits.
    """

    whom: Whom
    kind: str
    authority: str
    since: datetime
    normal: timedelta
    milestone: str | None = None
    attention: Attention | None = None
    subject_id: int | None = None


def waits(dossier: Dossier, desk: Desk) -> Iterator[Awaited]:
    """Whom the trade waits for now, in the order of the plan."""
    for row in desk.asked(dossier):
        if row.kind not in desk.plan.authorities:
            continue  # its connector is left out
        for document in dossier.all_documents:
            if document.kind == row.kind and document.state is not State.CANCELLED:
                yield from _wait(row, document, dossier, desk)


def _wait(row: PlanRow, document: DocumentFile, dossier: Dossier, desk: Desk) -> Iterator[Awaited]:
    turn = STAGES[document.state].turn
    authority, normal = document.authority, desk.kinds[row.kind].normal
    since = document.state_since or dossier.entered_at
    if document.attention:
        asked = document.attention_since or since
        yield Awaited("person", row.kind, authority, asked, normal, None, document.attention, document.subject_id)
    elif turn == "others":
        missing = dossier.awaited(row.after, row.each, document.part)
        for name in missing:
            if not _comes_by_paper(name, dossier, desk) and not ORDER.get(name, set()) & {*missing}:
                yield Awaited("authority", row.kind, authority, since, normal, name, None, document.subject_id)
    elif turn != "nobody":
        yield Awaited(turn, row.kind, authority, since, normal, subject_id=document.subject_id)


def _comes_by_paper(name: str, dossier: Dossier, desk: Desk) -> bool:
    """Whether a paper of the trade that is not over yet may bring it about: it is awaited through that one."""
    kinds = {*desk.plan.bringers(name)} & {row.kind for row in desk.asked(dossier)}
    found = [one for one in dossier.all_documents if one.kind in kinds]
    return any(one.state not in OVER for one in found) or bool(kinds - {one.kind for one in found})


def awaited_milestones(dossier: Dossier, desk: Desk, kind: str, part: int) -> list[str]:
    """What has to happen before a paper of this kind is due; of several, its `part`-th."""
    return [
        name for row in desk.due(dossier) if row.kind == kind for name in dossier.awaited(row.after, row.each, part)
    ]
