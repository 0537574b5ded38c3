"""docs/files.md says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.entry.files import lines, ndjson, workbook
from hub.entry.schema import MOST_LINES, MOST_PURCHASES
from hub.gate import trades

MIB, GIB = 2**20, 2**30
GUIDE = Path(__file__).parents[2] / "docs" / "files.md"
CHINESE, ENGLISH = GUIDE.read_text("utf-8").split("\n---\n")


@pytest.mark.parametrize("guide", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_the_limits_of_the_guide_are_those_of_the_code(guide: str) -> None:
    assert f"{MOST_LINES} " in guide
    assert f"{MOST_PURCHASES} " in guide
    for said in (
        f"{lines.LONGEST // MIB} MiB",
        f"{ndjson.LARGEST_JSON // MIB} MiB",
        f"{workbook.LARGEST // GIB} GiB",
        f"{workbook.SMALL // MIB} MiB",
        f"{workbook.LARGEST_PART // MIB} MiB",
        f"{workbook.RATIO}",
        f"{trades.MOST_LINES} ",
        f"{trades.MOST_BYTES // MIB} MiB",
    ):
        assert said in guide, said
