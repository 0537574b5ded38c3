"""Questions, measured before they are validated: consoles and programs ask the same ones with other variables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate

from hub.access import Role
from hub.errors import HubError
from hub_graphql.counting import tokens_of
from hub_graphql.limits import LIMITS
from hub_graphql.measure import measure

KEPT, LONGEST_KEPT = 64, 8_000
"""How many questions are kept, and up to how many characters: what strangers ask must not fill the memory."""


class Unanswerable(Exception):
    """A question that the schema does not allow, with all that is wrong with it."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(*errors)
        self.errors = errors


class Documents:
    """Reads the questions that a schema is asked. `limits` are those of each role."""

    def __init__(self, schema: GraphQLSchema, limits: Mapping[Role, Mapping[str, int]] = LIMITS) -> None:
        self.schema = schema
        self.limits = limits
        self._known = lru_cache(maxsize=KEPT)(self._read)

    def read(self, text: str, role: Role = Role.ANONYMOUS) -> DocumentNode:
        """The question, sound for this schema and not too large for the role; only such a one is kept.

        QUERY_TOO_LARGE, GraphQLSyntaxError or Unanswerable where it is not.
        """
        return self._known(text, role) if len(text) <= LONGEST_KEPT else self._read(text, role)

    def weigh(
        self, document: DocumentNode, operation: str | None, variables: Mapping[str, Any], role: Role
    ) -> Mapping[str, int]:
        """What an operation comes to with these variables; QUERY_TOO_LARGE where that is too much for the role."""
        measured = measure(document, operation, variables, self.schema)
        self.refuse(measured, role)
        return measured

    def refuse(self, measured: Mapping[str, int], role: Role) -> None:
        """QUERY_TOO_LARGE for the first measure that is beyond the role's limit."""
        limits = self.limits[role]
        for name, value in measured.items():
            if name in limits and value > limits[name]:
                raise HubError("QUERY_TOO_LARGE", measure=name, measured=value, limit=limits[name])

    def _read(self, text: str, role: Role) -> DocumentNode:
        self.refuse({"characters": len(text)}, role)
        tokens, nesting = tokens_of(text)
        self.refuse({"tokens": tokens, "nesting": nesting}, role)
        document = parse(text, max_tokens=self.limits[role]["tokens"])
        structure = measure(document, None, {}, self.schema)
        self.refuse({name: value for name, value in structure.items() if name not in OF_VARIABLES}, role)
        errors = validate(self.schema, document)
        if errors:
            raise Unanswerable(errors)
        return document


OF_VARIABLES = {"cost"}
"""Measures that depend on the values of variables: they are taken anew for each request."""
