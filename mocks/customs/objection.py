"""What the desk for declarations says to something that it does not take."""

from __future__ import annotations

DUPLICATE, STATE = "DUPLICATE", "STATE"


class Objection(Exception):
    """An answer with a status, a code and, where it helps, the field and the words for a person."""

    def __init__(self, code: str, status: int = 422, **more: str) -> None:
        super().__init__(code, *more.values())
        self.status = status
        self.answer = {"code": code, **more}

    @property
    def outcome(self) -> str:
        """What the ledger says about it."""
        return "duplicate" if self.answer["code"] == DUPLICATE else "refused"
