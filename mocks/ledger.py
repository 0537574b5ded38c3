"""What an authority remembers of what it was sent: the witness that tests ask."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that arrived.

    `kind` is the authority's own name for it (`CEB303`, `refund`, `bop`, `waybill`), `key` its business key,
    `guid` the sender's own id, `outcome` one of `accepted`, `duplicate`, `refused`.
    """

    at: str
    kind: str
    key: str
    guid: str
    outcome: str
    body: str = ""


def _printable(text: str) -> str:
    """JSON may hold half of a surrogate pair (`"\\ud800"`), which no encoding can write: it is kept as it was typed."""
    return text.encode(errors="backslashreplace").decode()


class Ledger:
    """Append-only, in order of arrival; safe to read while others write."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def write(self, kind: str, key: str, guid: str, outcome: str, body: str = "") -> None:
        entry = Entry(datetime.now(UTC).isoformat(), *map(_printable, (kind, key, guid, outcome, body)))
        with self._lock:
            self._entries.append(entry)

    def entries(self, kind: str | None = None, outcome: str | None = None) -> list[Entry]:
        with self._lock:
            entries = list(self._entries)
        return [
            entry
            for entry in entries
            if (kind is None or entry.kind == kind) and (outcome is None or entry.outcome == outcome)
        ]

    def as_json(self, kind: str | None = None) -> dict[str, list[dict[str, str]]]:
        return {"entries": [asdict(entry) for entry in self.entries(kind)]}
