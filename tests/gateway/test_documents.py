"""A question is parsed once; what strangers ask does not fill the memory."""

from __future__ import annotations

import pytest
from graphql import GraphQLSyntaxError

from hub_graphql.query_documents import KEPT, LONGEST_KEPT, QueryDocuments, Unanswerable
from hub_graphql.schema import build_schema

TRADE = "query($number: String) { trade(number: $number) { number } }"


@pytest.fixture(scope="module")
def documents() -> QueryDocuments:
    return QueryDocuments(build_schema().graphql_schema)


def test_the_same_question_is_read_once(documents: QueryDocuments) -> None:
    assert documents.read(TRADE) is documents.read(TRADE)
    assert documents.read(TRADE) is not documents.read(TRADE.replace("query", "query Other"))


@pytest.mark.parametrize("text", ["{ nonsense }", "query($a: String) { trade(number: $b) { number } }"])
def test_what_the_schema_does_not_allow_is_refused_each_time(documents: QueryDocuments, text: str) -> None:
    for _ in range(2):
        with pytest.raises(Unanswerable) as refused:
            documents.read(text)
        assert refused.value.errors


def test_what_is_no_graphql_is_refused_each_time(documents: QueryDocuments) -> None:
    for _ in range(2):
        with pytest.raises(GraphQLSyntaxError):
            documents.read("{ trade(")


def test_long_questions_are_answered_and_not_kept(documents: QueryDocuments) -> None:
    long = TRADE + " " * LONGEST_KEPT
    assert documents.read(long) is not documents.read(long)


def test_only_so_many_questions_are_kept(documents: QueryDocuments) -> None:
    first = documents.read(TRADE)
    for number in range(KEPT):
        documents.read(TRADE.replace("query", f"query Q{number}"))
    assert documents.read(TRADE) is not first
