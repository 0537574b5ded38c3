"""Whose fault it is that a rule was cut short by an error: the suite's, or that of the connector that it asked."""

from __future__ import annotations

import sys
import traceback

from marshmallow import ValidationError

from connectors.sdk.errors import ConnectorError

SUITE = __name__.rpartition(".")[0]
NEUTRAL = sys.stdlib_module_names | {"lxml", "marshmallow", "werkzeug", "flask", "jinja2", "requests", "urllib3"}
"""Packages that both sides call: what is raised there is the fault of whoever called them last."""


def is_own_fault(error: BaseException, rule: str) -> bool:
    """Whether an error comes out of the suite, or of the module that a rule stands in, and not out of what it asked.

    What the SDK raises on purpose, and values that do not fit a schema, are always the connector's.
    """
    if isinstance(error, ConnectorError | ValidationError):
        return False
    for module in reversed(_modules(error)):
        if module == rule or f"{module}.".startswith(f"{SUITE}."):
            return True
        if module.partition(".")[0] not in NEUTRAL:
            return False
    return True


def raised_at(error: BaseException) -> str:
    """File, line and function where it was raised."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename}:{last.lineno} in {last.name}"


def _modules(error: BaseException) -> list[str]:
    return [frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__)]
