"""Questions, parsed and validated once: consoles and programs ask the same ones with other variables."""

from __future__ import annotations

from functools import lru_cache

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate

MOST_TOKENS = 2_000  # validation is quadratic in repeated fields: refuse before it begins
KEPT, LONGEST_KEPT = 64, 8_000
"""How many questions are kept, and up to how many characters: what strangers ask must not fill the memory."""


class Unanswerable(Exception):
    """A question that the schema does not allow, with all that is wrong with it."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(*errors)
        self.errors = errors


class Documents:
    """Reads the questions that a schema is asked."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._known = lru_cache(maxsize=KEPT)(self._read)

    def read(self, text: str) -> DocumentNode:
        """The question, sound for this schema. GraphQLSyntaxError or Unanswerable where it is not; that is not kept."""
        return self._known(text) if len(text) <= LONGEST_KEPT else self._read(text)

    def _read(self, text: str) -> DocumentNode:
        try:
            document = parse(text, max_tokens=MOST_TOKENS)
            errors = validate(self.schema, document)
        except RecursionError:  # parser and rules go down with every bracket
            raise Unanswerable([GraphQLError("The query is nested too deep.")]) from None
        if errors:
            raise Unanswerable(errors)
        return document
