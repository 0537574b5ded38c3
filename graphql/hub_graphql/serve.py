"""GraphQL over HTTP: reads the request, signs the caller in, answers; errors have one shape."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import graphene
from flask import Blueprint, Request, Response, request
from graphql import (
    DocumentNode,
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
from hub.access import Caller, Role
from hub.access.consent import log_access
from hub.access.knocking import GONE, must_be
from hub.access.signing_in import language_of, sign_in
from hub.entry.files.told import told
from hub.errors import EntryRefused, HubError, describe
from hub.life import Life
from hub.model import Database
from hub.model.deadline import Deadline
from hub.share.desk import Desk
from hub_graphql.asking import Asking
from hub_graphql.counting import values_of
from hub_graphql.documents import Documents, Unanswerable
from hub_graphql.executing import Bounded, Spent, ended_by
from hub_graphql.limits import LIMITS

LOG = logging.getLogger("yuhub.graphql")
JSON = "application/json"
NUL = re.compile(r"\\u(?:0000|\{0+\})|\0")


def stays() -> bool:
    """Of a caller that nothing is known of."""
    return False


class Gateway:
    """Answers GraphQL requests, each within the limits of the caller's role; `tick` counts its seconds."""

    def __init__(
        self,
        schema: graphene.Schema,
        database: Database,
        desk: Desk,
        now: Callable[[], datetime],
        language: str,
        life: Life,
        limits: Mapping[Role, Mapping[str, int]] = LIMITS,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self.schema = schema.graphql_schema
        self.limits = limits
        self.tick = tick
        self.documents = Documents(self.schema, limits)
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
        asked = read_request(request, self.limits[caller.role])
        is_gone = request.environ.get(GONE, stays)
        result = self.answer(asked, caller, language, only_read=request.method != "POST", is_gone=is_gone)
        answer: dict[str, Any] = {}
        if result.errors:
            answer["errors"] = [self._describe(error, language) for error in result.errors]
        if result.data is not None or not result.errors:
            answer["data"] = result.data
        return _respond(answer, 200 if "data" in answer else 400, _wait(result))

    def answer(
        self, asked: Mapping[str, Any], caller: Caller, language: str, *, only_read: bool, is_gone: Callable[[], bool]
    ) -> ExecutionResult:
        """Measures, validates and executes, over one snapshot. QUERY_TOO_LARGE before any of it.

        `is_gone` says whether the caller has gone: a query ends with that.
        """
        name, variables = asked.get("operationName"), asked.get("variables") or {}
        try:
            document = self.documents.read(asked["query"], caller.role)
        except GraphQLSyntaxError as error:
            return ExecutionResult(None, [error])
        except Unanswerable as error:
            return ExecutionResult(None, error.errors)
        self.documents.weigh(document, name, variables, caller.role)
        operation = get_operation_ast(document, name)
        if only_read and operation and operation.operation is not OperationType.QUERY:
            return ExecutionResult(None, [GraphQLError("A mutation is sent by POST.")])
        if operation and operation.operation is OperationType.MUTATION:
            self.life.must_take_on()
            is_gone = stays  # what was ordered is carried out
        asking, result = self._execute(document, name, variables, caller, language, is_gone)
        if asking.shown:
            self._log_access(asking, operation)
        cause = ended_by(result.errors)
        if cause and asking.stored:
            raise HubError("ANSWER_CUT_SHORT", stored=", ".join(asking.stored), **cause.parameters)
        if cause:
            raise cause
        return result

    def _execute(
        self,
        document: DocumentNode,
        name: str | None,
        variables: Mapping[str, Any],
        caller: Caller,
        language: str,
        is_gone: Callable[[], bool],
    ) -> tuple[Asking, ExecutionResult]:
        limits = self.limits[caller.role]
        deadline = Deadline(limits["seconds"], self.tick, lambda: asking.keep(), is_gone)
        database = self.database.within(deadline)
        with ExitStack() as snapshots:
            connection = snapshots.enter_context(database.read())
            asking = Asking(
                caller, language, database, self.desk, connection, self.now(), snapshots, deadline, Spent(limits)
            )
            result = execute(
                self.schema,
                document,
                context_value=asking,
                variable_values=dict(variables),
                operation_name=name,
                execution_context_class=Bounded,
            )
        assert isinstance(result, ExecutionResult)  # noqa: S101 - no resolver is asynchronous
        return asking, result

    def _log_access(self, asking: Asking, operation: OperationDefinitionNode | None) -> None:
        """What was seen by consent goes to the log that the enterprise reads, before it is answered."""
        name = operation.name.value if operation and operation.name else "query"
        with self.database.write() as connection:
            log_access(connection, asking.caller, asking.shown, name, asking.now)

    def _describe(self, error: GraphQLError, language: str) -> dict[str, Any]:
        cause = error.original_error
        if isinstance(cause, HubError):
            if cause.wording.private:
                LOG.warning("%s", cause.words("en"))
            return _told(cause, language) | {"path": error.path, **_places(error)}
        if error.path is None or cause is None:  # no resolver was reached: the question or a variable is wrong
            return dict(error.formatted) | describe(HubError("GRAPHQL_INVALID", cause=error.message), language)
        trace = uuid.uuid4().hex
        LOG.error("%s", trace, exc_info=cause)
        return describe(HubError("BUG", trace=trace), language) | {"path": error.path, **_places(error)}


def read_request(asked: Request, limits: Mapping[str, int]) -> Mapping[str, Any]:
    """query, variables and operationName of a GET or POST, within these limits; BODY_UNREADABLE says what is wrong."""
    if asked.method == "POST":
        if asked.content_type or asked.content_length != 0:
            must_be(asked, JSON)
        values = _json(_body(asked, limits["body"]))
    else:
        values = dict(asked.args)
        if "variables" in values:
            values["variables"] = _json(values["variables"])
    if isinstance(values, list) and len(values) > limits["batch"]:
        raise HubError("QUERY_TOO_LARGE", measure="batch", measured=len(values), limit=limits["batch"])
    if isinstance(values, list):
        raise HubError("BODY_UNREADABLE", cause="a list")
    if not isinstance(values, dict) or not isinstance(values.get("query"), str):
        raise HubError("BODY_UNREADABLE", cause="no query")
    if NUL.search(values["query"]):
        raise HubError("BODY_UNREADABLE", cause="nul in query")
    _check(values, limits)
    return values


def _body(asked: Request, limit: int) -> bytes:
    if (asked.content_length or 0) > limit:
        raise HubError("BODY_TOO_LARGE", measure="body", measured=asked.content_length, limit=limit)
    return asked.get_data()


def _check(values: Mapping[str, Any], limits: Mapping[str, int]) -> None:
    """The variables and the operation's name are what they should be, and not too large."""
    name, variables = values.get("operationName"), values.get("variables") or {}
    if not isinstance(variables, dict):
        raise HubError("BODY_UNREADABLE", cause="variables")
    if not isinstance(name or "", str):
        raise HubError("BODY_UNREADABLE", cause="operation name")
    count, nesting = values_of(variables)
    longest = max(map(len, (*variables, name or "")))
    for measure, measured in {"inputs": count, "nesting": nesting, "name": longest}.items():
        if measured > limits[measure]:
            raise HubError("QUERY_TOO_LARGE", measure=measure, measured=measured, limit=limits[measure])


def _json(text: bytes | str) -> Any:
    try:
        return read_asked(text)
    except BadData as error:
        raise HubError("BODY_UNREADABLE", cause=error.text) from None


def _told(error: HubError, language: str) -> dict[str, Any]:
    """As at every door; arguments that were refused are named one by one."""
    said = describe(error, language)
    if isinstance(error, EntryRefused):
        said["extensions"]["errors"] = [told(problem, language) for problem in error.problems]
    return said


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
