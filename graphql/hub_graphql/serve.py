"""GraphQL over HTTP: reads the request, signs the caller in, answers; errors have one shape."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import graphene
from flask import Blueprint, Request, Response, request
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
)

from hub.access import Caller
from hub.access.consent import log_access
from hub.access.signing_in import language_of, sign_in
from hub.errors import BodyUnreadable, Broken, HubError, describe
from hub.life import Life
from hub.model import Database
from hub.share.desk import Desk
from hub_graphql.asking import Asking
from hub_graphql.documents import Documents, Unanswerable

LOG = logging.getLogger("yuhub.graphql")
HALVES = re.compile(r"\\u[dD][89a-fA-F]")


class Gateway:
    """Answers GraphQL requests."""

    def __init__(
        self,
        schema: graphene.Schema,
        database: Database,
        desk: Desk,
        now: Callable[[], datetime],
        language: str,
        life: Life,
    ) -> None:
        self.schema = schema.graphql_schema
        self.documents = Documents(self.schema)
        self.database = database
        self.desk = desk
        self.now = now
        self.language = language
        self.life = life

    def blueprint(self) -> Blueprint:
        routes = Blueprint("graphql", __name__)
        routes.add_url_rule("/graphql", "graphql", self.serve, methods=["GET", "POST"])
        return routes

    def serve(self) -> Response:
        language = language_of(request, self.language)
        asked = read_request(request)
        caller = sign_in(request, self.database, self.now())
        result = self.answer(asked, caller, language, only_read=request.method == "GET")
        answer: dict[str, Any] = {}
        if result.errors:
            answer["errors"] = [self._describe(error, language) for error in result.errors]
        if result.data is not None or not result.errors:
            answer["data"] = result.data
        return _respond(answer, 200 if "data" in answer else 400)

    def answer(self, asked: Mapping[str, Any], caller: Caller, language: str, *, only_read: bool) -> ExecutionResult:
        """Parses, validates and executes, over one snapshot."""
        try:
            document = self.documents.read(asked["query"])
        except GraphQLSyntaxError as error:
            return ExecutionResult(None, [error])
        except Unanswerable as error:
            return ExecutionResult(None, error.errors)
        operation = get_operation_ast(document, asked.get("operationName"))
        if only_read and operation and operation.operation is not OperationType.QUERY:
            return ExecutionResult(None, [GraphQLError("A mutation is sent by POST.")])
        if operation and operation.operation is OperationType.MUTATION:
            self.life.must_take_on()
        with ExitStack() as snapshots:
            connection = snapshots.enter_context(self.database.read())
            asking = Asking(caller, language, self.database, self.desk, connection, self.now(), snapshots)
            result = execute(
                self.schema,
                document,
                context_value=asking,
                variable_values=asked.get("variables") or {},
                operation_name=asked.get("operationName"),
            )
        if caller.consents and asking.seen:
            self._log_access(asking, operation)
        assert isinstance(result, ExecutionResult)  # noqa: S101 - no resolver is asynchronous
        return result

    def _log_access(self, asking: Asking, operation: OperationDefinitionNode | None) -> None:
        """What was seen by consent goes to the log that the enterprise reads, before it is answered."""
        name = operation.name.value if operation and operation.name else "query"
        counts = {enterprise: len(trades) for enterprise, trades in asking.seen.items()}
        with self.database.write() as connection:
            log_access(connection, asking.caller, counts, name, asking.now)

    def _describe(self, error: GraphQLError, language: str) -> dict[str, Any]:
        cause = error.original_error
        if isinstance(cause, HubError):
            return describe(cause, language) | {"path": error.path, **_places(error)}
        if error.path is None or cause is None:  # no resolver was reached: the question or a variable is wrong
            return dict(error.formatted) | {"extensions": {"code": "GRAPHQL_INVALID"}}
        trace = uuid.uuid4().hex
        LOG.error("%s", trace, exc_info=cause)
        return describe(Broken(trace=trace), language) | {"path": error.path, **_places(error)}


def read_request(asked: Request) -> Mapping[str, Any]:
    """query, variables and operationName of a GET or POST. BodyUnreadable says what is wrong."""
    if asked.method == "GET":
        values: Any = dict(asked.args)
        if "variables" in values:
            values["variables"] = _json(values["variables"])
    else:
        values = _json(asked.get_data(as_text=True))
    if not isinstance(values, dict) or not isinstance(values.get("query"), str):
        raise BodyUnreadable(cause="there is no query")
    if not isinstance(values.get("variables") or {}, dict):
        raise BodyUnreadable(cause="variables are no object")
    return values


def _json(text: str) -> Any:
    try:
        read = json.loads(text)
        if HALVES.search(text):
            json.dumps(read, ensure_ascii=False).encode()  # half a character is none, and no database takes it
    except ValueError as error:
        raise BodyUnreadable(cause=str(error)) from None
    return read


def _places(error: GraphQLError) -> dict[str, Any]:
    locations = error.locations or []
    return {"locations": [{"line": place.line, "column": place.column} for place in locations]}


def _respond(answer: Mapping[str, Any], status: int) -> Response:
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, content_type="application/json; charset=utf-8")
