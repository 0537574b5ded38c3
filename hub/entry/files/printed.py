"""`python -m hub.entry.files.printed`: writes the columns into docs/files.md; a test says where they are old."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hub.entry.files.columns import COLUMNS, NAMES

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "files.md"
MARKED = re.compile(r"(<!-- columns (zh|en) -->\n).*?(<!-- end -->)", re.DOTALL)
HEADS = {"zh": ("列", "英文", "也认得", "路径", "示例"), "en": ("column", "Chinese", "also", "path", "example")}


def with_columns(guide: str) -> str:
    """The guide with the tables of columns as the code has them now."""
    return MARKED.sub(lambda found: f"{found[1]}{_table(found[2])}\n{found[3]}", guide)


def _table(language: str) -> str:
    rows = [HEADS[language], ("---",) * len(HEADS[language]), *_rows(language)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _rows(language: str) -> Iterator[tuple[str, ...]]:
    for path, column in COLUMNS.items():
        own, other = (column.zh, column.en) if language == "zh" else (column.en, column.zh)
        also = ", ".join(NAMES[path].others)
        yield f"{own}{' *' if column.mandatory else ''}", other, also, f"`{path}`", column.example


if __name__ == "__main__":
    GUIDE.write_text(with_columns(GUIDE.read_text("utf-8")), "utf-8")
