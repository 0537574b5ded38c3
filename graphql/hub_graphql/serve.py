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

from connectors.sdk.codecs import read_asked
from connectors.sdk.errors import BadData
from hub.access import Caller
from hub.access.consent import log_access
from hub.access.knocking import must_be
from hub.access.signing_in import language_of, sign_in
from hub.errors import BodyUnreadable, Broken, HubError, describe
from hub.life import Life
from hub.model import Database
from hub.share.desk import Desk
from hub_graphql.asking import Asking
from hub_graphql.documents import Documents, Unanswerable

LOG = logging.getLogger("yuhub.graphql")
JSON = "application/json"
NUL = re.compile(r"\\u(?:0000|\{0+\})|\0")


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
        caller = sign_in(request, self.database, self.now())
        asked = read_request(request)
        result = self.answer(asked, caller, language, only_read=request.method != "POST")
        answer: dict[str, Any] = {}
        if result.errors:
            answer["errors"] = [self._describe(error, language) for error in result.errors]
        if result.data is not None or not result.errors:
            answer["data"] = result.data
        return _respond(answer, 200 if "data" in answer else 400, _wait(result))

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
    if asked.method == "POST":
        if asked.content_type or asked.content_length != 0:
            must_be(asked, JSON)
        values = _json(asked.get_data())
    else:
        values = dict(asked.args)
        if "variables" in values:
            values["variables"] = _json(values["variables"])
    if not isinstance(values, dict) or not isinstance(values.get("query"), str):
        raise BodyUnreadable(cause="there is no query")
    if not isinstance(values.get("variables") or {}, dict):
        raise BodyUnreadable(cause="variables are no object")
    if not isinstance(values.get("operationName") or "", str):
        raise BodyUnreadable(cause="operationName is no text")
    if NUL.search(values["query"]):
        raise BodyUnreadable(cause="the query holds NUL, U+0000")
    return values


def _json(text: bytes | str) -> Any:
    try:
        return read_asked(text)
    except BadData as error:
        raise BodyUnreadable(cause=error.text) from None


def _places(error: GraphQLError) -> dict[str, Any]:
    locations = error.locations or []
    return {"locations": [{"line": place.line, "column": place.column} for place in locations]}


def _wait(result: ExecutionResult) -> HubError | None:
    """Why nothing was answered now, where it would be later."""
    causes = (error.original_error for error in result.errors or () if not result.data)
    return next((one for one in causes if isinstance(one, HubError) and one.retry_after is not None), None)


def _respond(answer: Mapping[str, Any], status: int, wait: HubError | None = None) -> Response:
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    headers = {"Retry-After": str(wait.retry_after)} if wait else {}
    return Response(body, wait.status if wait else status, headers, content_type="application/json; charset=utf-8")
