"""Papers with something changed in them."""

from __future__ import annotations

import copy
import re
from typing import Any


def changed(paper: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with changes to cells by path such as `exports[0].hsCode`; None takes a cell away."""
    paper = copy.deepcopy(paper)
    for path, value in changes.items():
        *steps, last = [int(step) if step.isdigit() else step for step in re.split(r"[.\[]", path.replace("]", ""))]
        place: Any = paper
        for step in steps:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return paper
