"""Which credit a reversal takes back: by what the bank calls it, never by a guess. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

SHORTEST = 2
"""An identifier of one character names nothing."""
DAY = timedelta(days=1)

Remittances = list[Row[Any]]
"""What one reversal may take back: a remittance, or all those of one entry of a statement."""


def credits_taken_back(advice: Row[Any], remittances: Sequence[Row[Any]]) -> Remittances | None:
    """The remittances that a reversal takes back; None where none or more than one fit, and a person has to say.

    They have its account and currency, add up to its amount and were booked before it. The same bank reference counts
    before another shared identifier (of the payer, of the network), and that before one that the reversal names with
    something added: `R1-RV` and `reversal of R1` name R1. Of those that name, the longest identifier counts.
    """
    fitting = [group for group in _groups(remittances) if _fits(advice, group)]
    scored = [(score, group) for group in fitting if any(score := _score(advice, group))]
    best = max((score for score, _ in scored), default=None)
    found = [group for score, group in scored if score == best]
    return found[0] if len(found) == 1 else None


def is_booked(advice: Row[Any], remittance: Row[Any]) -> bool:
    """Whether money that was pending came in as this remittance."""
    if (advice.account, advice.currency) != (remittance.account, remittance.currency):
        return False
    alike = (advice.amount, advice.payer, advice.remittance_information) == (
        remittance.amount,
        remittance.payer,
        remittance.remittance_information,
    )
    return alike or not set(advice.identifiers).isdisjoint(_identifiers(remittance))


def _groups(remittances: Sequence[Row[Any]]) -> Iterable[Remittances]:
    entries: dict[str, Remittances] = {}
    for remittance in remittances:
        yield [remittance]
        if remittance.entry_key:
            entries.setdefault(remittance.entry_key, []).append(remittance)
    yield from (group for group in entries.values() if len(group) > 1)


def _fits(advice: Row[Any], group: Remittances) -> bool:
    return sum((one.amount for one in group), Decimal(0)) == advice.amount and all(
        (one.account, one.currency) == (advice.account, advice.currency)
        and (advice.booked_at is None or one.booked_at < advice.booked_at + DAY)
        for one in group
    )


def _score(advice: Row[Any], group: Remittances) -> tuple[int, int, int]:
    """Same bank reference, other shared identifier, length of the longest one named; the greatest is the best."""
    told = set(advice.identifiers)
    known = {one for remittance in group for one in _identifiers(remittance)}
    words = " ".join([*advice.identifiers, advice.remittance_information])
    named = max((len(one) for one in known if _names(words, one)), default=0)
    return len(told & {one.bank_reference for one in group}) > 0, bool(told & known), named


def _identifiers(remittance: Row[Any]) -> list[str]:
    """What the bank calls it; of a remittance from before these were kept, its reference and the payer's."""
    kept = remittance.identifiers or [remittance.bank_reference, remittance.end_to_end_id or ""]
    return [one for one in kept if len(one) >= SHORTEST]


def _names(words: str, identifier: str) -> bool:
    """Whether the words name it as a whole: neither a longer number nor a longer word does."""
    before = _same_kind(identifier[0])
    after = _same_kind(identifier[-1])
    return identifier in words and bool(re.search(f"(?<!{before}){re.escape(identifier)}(?!{after})", words))


def _same_kind(character: str) -> str:
    return "[0-9]" if character.isdigit() else "[A-Za-z]"
