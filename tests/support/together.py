"""One test for a whole table: it walks all rows, and names every one that fails."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Check = Callable[..., None]


def together(
    names: str | Iterable[str], rows: Iterable[Any], ids: Callable[[Any], object] | Iterable[object] | None = None
) -> Callable[[Check], Check]:
    """As `pytest.mark.parametrize`, but one case: for rows that cost nothing and need no fixture each.

    BaseExceptionGroup of all that failed; its message names their rows, by `ids` or by what stands in them.
    """
    wanted = [name.strip() for name in names.split(",")] if isinstance(names, str) else [*names]
    table = [tuple(row) if len(wanted) > 1 else (row,) for row in rows]
    given = None if ids is None or callable(ids) else [*ids]
    spell = ids if callable(ids) else repr
    labels = given or [", ".join(str(spell(one)) for one in row)[:200] for row in table]
    if not table or len(labels) != len(table):
        raise ValueError(f"{len(table)} rows, {len(labels)} names for them")

    def decorate(check: Check) -> Check:
        def walk(**fixtures: Any) -> None:
            failed = list[tuple[object, BaseException]]()
            for label, row in zip(labels, table, strict=True):
                try:
                    check(**fixtures, **dict(zip(wanted, row, strict=True)))
                except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:  # noqa: BLE001 - raised below
                    failed.append((label, error))
            if failed:
                named = "; ".join(str(label) for label, _ in failed)
                raise BaseExceptionGroup(f"{len(failed)} of {len(table)}: {named}", [error for _, error in failed])

        left = [one for name, one in inspect.signature(check).parameters.items() if name not in wanted]
        walk.__signature__ = inspect.Signature(left)  # type: ignore[attr-defined]
        walk.__name__, walk.__module__, walk.__doc__ = check.__name__, check.__module__, check.__doc__
        return walk

    return decorate
