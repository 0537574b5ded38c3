"""Executing one operation within its limits: fields answered, rows read, seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import ExecutionContext, GraphQLError, OperationType

from hub.errors import Ended, HubError


class Spent:
    """What an operation has used of its limits, counted while it is executed."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self.limits = limits
        self.used = dict.fromkeys(("cost", "introspection", "rows"), 0)

    def left(self, measure: str) -> int:
        return self.limits[measure] - self.used[measure]

    def add(self, measure: str, count: int) -> None:
        """ANSWER_TOO_LARGE beyond the limit."""
        self.used[measure] += count
        if self.used[measure] > self.limits[measure]:
            raise Ended("ANSWER_TOO_LARGE", measure=measure, measured=self.used[measure], limit=self.limits[measure])


class Bounded(ExecutionContext):
    """Looks at the limits before each field, and ends the whole operation where one is passed.

    Lists are noted as they are answered, so that what stands inside is fetched for all rows at once.
    """

    def execute_field(self, parent_type: Any, source: Any, field_nodes: Any, path: Any) -> Any:
        asking = self.context_value
        asking.deadline.check()
        asking.spent.add("introspection" if parent_type.name.startswith("__") else "cost", 1)
        if path.prev is None and self.operation.operation is OperationType.MUTATION:
            asking.ordering = path.key
        return super().execute_field(parent_type, source, field_nodes, path)

    def complete_list_value(self, return_type: Any, field_nodes: Any, info: Any, path: Any, result: Any) -> Any:
        if isinstance(result, list):
            self.context_value.together(result)
        return super().complete_list_value(return_type, field_nodes, info, path, result)

    def handle_field_error(self, error: GraphQLError, return_type: Any, path: Any) -> None:
        if isinstance(error.original_error, Ended):
            raise error
        super().handle_field_error(error, return_type, path)


def ended_by(errors: list[GraphQLError] | None) -> HubError | None:
    """What ended the operation before it was over."""
    causes = (error.original_error for error in errors or ())
    return next((cause for cause in causes if isinstance(cause, Ended)), None)
