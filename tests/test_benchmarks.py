"""The benchmarks run, with numbers too small to say anything; no test judges a time."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import records, servers, spine
from benchmarks.place import SQLITE


def test_records_are_measured_beside_marshmallow_and_a_floor(tmp_path: Path) -> None:
    found = records.run(rounds=2, times=1, keep=tmp_path)
    for comparison in found:
        names = " ".join(one.name for one in comparison.measured)
        assert "compiled" in names
        assert "marshmallow" in names
        assert 1.0 in [one.ratio for one in comparison.measured]  # the floor beside itself
    kept = json.loads((tmp_path / "records.json").read_text("utf-8"))
    assert [one["title"] for one in kept["comparisons"]] == [one.title for one in found]
    assert kept["machine"]["python"]


def test_the_hub_is_measured_beside_its_floors(tmp_path: Path) -> None:
    found = spine.run(rounds=1, trades=2, responses=200, requests=2, keep=tmp_path, databases=[SQLITE])
    assert len(found) == 5
    assert all(one.seconds > 0 for comparison in found for one in comparison.measured)
    assert (tmp_path / "spine.json").exists()


def test_the_web_server_is_measured_beside_a_floor_and_answers_while_lines_are_held(tmp_path: Path) -> None:
    found = servers.run(rounds=1, questions=2, singles=1, held=10, keep=tmp_path)
    assert len(found) == 4
    for comparison in found:
        assert {"floor", "hub"} <= {one.name for one in comparison.measured}
    assert (tmp_path / "servers.json").exists()
