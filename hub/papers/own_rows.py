"""The rows that a connector adds to the plan: what of them could never be."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from connectors.sdk.inside.toml_files import nearest_of
from connectors.sdk.manifest import Manifest, PlanSpec
from hub.papers.joining import Typed


def row_problems(manifest: Manifest, kinds: Collection[str], modes: Collection[str], typed: Typed) -> Iterator[str]:
    """Every kind, mode, path and value that there is not, by its key and with the nearest that there is.

    `kinds` are all that connectors declare, `modes` those that the hub plans.
    """
    for place, row in enumerate(manifest.plan):
        key = f"manifest.toml: plan.{place}"
        if row.kind not in kinds:
            yield f"{key}.kind: nobody declares {row.kind!r}; {nearest_of(row.kind, kinds)}"
        for mode in row.modes:
            if mode not in modes:
                yield f"{key}.modes: the hub plans no {mode!r}; {nearest_of(mode, modes)}"
        yield from _conditions(key, row, typed)


def _conditions(key: str, row: PlanSpec, typed: Typed) -> Iterator[str]:
    for path, value in row.only.items():
        if path not in typed.paths:
            yield f"{key}.only: nobody types {path!r}; {nearest_of(path, typed.paths)}"
        elif "[]" in path:
            yield f"{key}.only: {path!r} has a value for each line; name a field that an entry has once"
        elif problem := typed.problem(path, value):
            yield f"{key}.only: {path} is never {value!r}: {problem}"
