"""Nobody types what no paper says: each field of an entry is read by a paper, or by what the table names."""

from __future__ import annotations

from collections.abc import Mapping

from hub.entry.paths import typed_paths
from tests.support.deciding import desk

READ_OTHERWISE: Mapping[str, str] = {}
"""Path of a field that no paper reads → what does. Nothing so far: whoever adds a field says who needs it."""


def inside(path: str, of: str) -> bool:
    return path.startswith((f"{of}.", f"{of}[]."))


def test_each_field_of_an_entry_is_read_by_a_paper_or_has_a_reason() -> None:
    paths = typed_paths()
    typed = {path for path in paths if not any(inside(other, path) for other in paths)}
    assert len(typed) > 40, "fields, not the groups that they stand in"
    read = {path for derivation in desk().derivations.values() for path in derivation.entry_paths()}
    unread = {path for path in typed if not any(path == one or inside(path, one) for one in read)}
    assert unread == READ_OTHERWISE.keys()
    assert all(reason.strip() for reason in READ_OTHERWISE.values())
