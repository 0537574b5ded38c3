"""Checking trades without entering them: everything that the rules say, and nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from hub.access.caller import Caller
from hub.dossiers.typed_paths import leaves
from hub.entry.accept import NOBODY, Accepted, NewlyEntered, acting_for, entered_as, meet, open_new, surroundings
from hub.entry.parcels import parcel_of, parcel_taken, taken
from hub.entry.precheck import precheck
from hub.entry.reading import read_entry
from hub.errors import EntryProblem
from hub.papers.desk import Desk
from hub.rules.entry_rules import AUTHORITY_TABLE, ENTERED_ONCE, RULES
from hub.rules.judging import Verdict, blocking, told_verdicts

LONGEST_VALUE = 200


def check_trades(
    connection: Connection, desk: Desk, caller: Caller, typed: Sequence[Any], uscc: str | None = None
) -> list[list[Verdict]]:
    """What the rules say of each trade, each by itself, as of now.

    The authorities' tables are held against what single fields and rules let pass; an order that was entered with the
    same content was held against them then.
    """
    caller.must("enter")
    enterprise = acting_for(connection, caller, uscc)
    around = surroundings(connection, desk, typed)
    found = []
    for place, one in enumerate(typed):
        entry, verdicts = read_entry(one, around)
        if entry is not None and not blocking(verdicts):
            new = open_new(place, one, entry, enterprise, around)
            known = entered_as(connection, enterprise["id"], [entry["orderNumber"]]).get(entry["orderNumber"], NOBODY)
            refused = [] if known.digest == new.digest else precheck(new.dossier, desk)
            verdicts += told_verdicts(RULES, AUTHORITY_TABLE, refused, around.now)
            met = _met(connection, new) if known is NOBODY else _known(new, known)
            verdicts += told_verdicts(RULES, ENTERED_ONCE, met, around.now)
        found.append(verdicts)
    return found


def _known(new: NewlyEntered, known: Any) -> list[EntryProblem]:
    answer = Accepted()
    meet(answer, new.entry["orderNumber"], known, new.digest)
    return answer.problems


def _met(connection: Connection, new: NewlyEntered) -> list[EntryProblem]:
    """Whether its parcel is another trade's."""
    parcel = parcel_of(new.entry, new.dossier.enterprise)
    return [parcel_taken(new.entry)] if taken(connection, [parcel]) else []


def said_of(verdicts: Sequence[Verdict], typed: Any, language: str) -> list[dict[str, Any]]:
    """Verdicts as they leave: the rule with edition, anchor and source, the place with the value read, the words.

    `day` is the one that chose the edition; with `forecast` its event is to come, and it is today.
    """
    values = dict(leaves(typed))
    return [_said(one, values, language) for one in verdicts]


def _said(verdict: Verdict, values: Mapping[str, Any], language: str) -> dict[str, Any]:
    law, problem = verdict.law, verdict.problem
    value = values.get(problem.path)
    return {
        "rule": law.rule.code,
        "severity": str(law.edition.severity),
        "source": verdict.source,
        "since": law.edition.since and law.edition.since.isoformat(),
        "until": law.edition.until and law.edition.until.isoformat(),
        "anchor": str(law.rule.anchor),
        "day": law.day.isoformat(),
        "forecast": law.forecast,
        "path": problem.path,
        "code": problem.code,
        "value": None if value is None else str(value)[:LONGEST_VALUE],
        "message": problem.words(language),
        "wayOut": problem.way_out(language),
    }
