"""Cells of a CSV file that a spreadsheet would take for a formula, and how they are kept from it.

An apostrophe before such a cell makes it text (OWASP, CSV Injection). It stands in files of refused trades, which are
known by their column of reasons, and our reader takes it off there again, so that the cell is what it was.
"""

from __future__ import annotations

import re

APOSTROPHE = "'"
BLANK = r"\s\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
FORMULA = re.compile(rf"[{BLANK}']*[=+\-@＝＋－＠]|'*[\t\r\n]")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?", re.ASCII)


def guarded(cell: str) -> str:
    """A cell as it is written; one that begins as a formula does, and is no number, behind an apostrophe."""
    return APOSTROPHE + cell if _is_taken_for_a_formula(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that was written so."""
    return cell[1:] if cell.startswith(APOSTROPHE) and _is_taken_for_a_formula(cell[1:]) else cell


def _is_taken_for_a_formula(cell: str) -> bool:
    return bool(FORMULA.match(cell)) and not NUMBER.fullmatch(cell)
