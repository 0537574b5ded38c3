"""How the forex desk says no."""

from __future__ import annotations


class Objection(Exception):
    """A broken rule: its code, the element it is about, and the words for a person."""

    def __init__(self, code: str, field: str, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.answer = {"code": code, "field": field, "message": message}
        self.status = status
