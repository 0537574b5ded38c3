"""Trades in bulk over HTTP: a line of NDJSON for each, and as many lines of answers, in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wsgi import get_input_stream

from hub.access import Caller
from hub.access.api_keys import as_of_now
from hub.access.knocking import must_be
from hub.access.signing_in import language_of, sign_in
from hub.entry.accept import enter
from hub.entry.dry_run import check_trades, said_of
from hub.entry.files.lines import NumberedLines
from hub.entry.files.ndjson import read_line
from hub.entry.files.problem_words import told
from hub.errors import EntryProblem, HubError, describe
from hub.life import Life
from hub.model import Database
from hub.papers.desk import Desk

NDJSON = "application/x-ndjson"
MOST_LINES, MOST_BYTES = 200, 2 * 1024 * 1024
"""What is entered in one transaction; both bound the memory that a request takes, however long it is."""

Said = dict[str, Any]
Answering = Callable[[Caller, Sequence[Any], str | None, str], list[Said]]
"""Trades, for an enterprise, in a language → what is answered to each."""
Line = tuple[int, Any, EntryProblem | None]
"""Its number, the trade on it, or why there is none."""


class TradeDoor:
    """Takes trades of any number.

    Each line is answered by `{"line", "number", "same"}` or `{"line", "errors"}`; blank lines are not. An answer goes
    out when its trade is stored, so whoever loses the connection sends the same again and nothing is entered twice. If
    the hub itself fails on the way, the last line is `{"errors"}` without a number: what was answered stands, what
    comes after was not entered.

    With `?check=1` nothing is entered, and each is answered by `{"line", "verdicts"}`: what the rules say of it.
    """

    def __init__(self, database: Database, desk: Desk, language: str, life: Life) -> None:
        self.database, self.desk, self.language, self.life = database, desk, language, life

    def blueprint(self) -> Blueprint:
        routes = Blueprint("trades", __name__)
        routes.add_url_rule("/trades", "trades", self.serve, methods=["POST"])
        return routes

    def serve(self) -> Response:
        language = language_of(request, self.language)
        caller = sign_in(request, self.database, self.desk.now())
        enterprise = request.args.get("enterprise")
        enter(self.database, self.desk, caller, [], enterprise)  # who may not is told so before anything is read
        must_be(request, NDJSON)
        lines = NumberedLines(get_input_stream(request.environ).read)  # no cap on the whole body: it is never held
        answer = self._checked if request.args.get("check") else self._entered
        answers = self._answers(lines, caller, enterprise, language, answer)
        first = next(answers, b"")  # what fails before the first answer is still told with a status
        return Response(chain([first], _to_the_end(answers, language)), content_type=NDJSON)

    def _answers(
        self, lines: NumberedLines, caller: Caller, enterprise: str | None, language: str, answer: Answering
    ) -> Iterator[bytes]:
        for batch in _batches(lines):
            self.life.must_take_on()
            with self.database.read() as connection:  # what it may do can end while it sends
                caller = as_of_now(connection, caller, self.desk.now())
            answers = iter(answer(caller, [trade for _, trade, wrong in batch if not wrong], enterprise, language))
            yield b"".join(
                _written({"line": number} | (_errors([wrong], language) if wrong else next(answers)))
                for number, _, wrong in batch
            )

    def _entered(self, caller: Caller, trades: Sequence[Any], enterprise: str | None, language: str) -> list[Said]:
        return [
            _errors(one.problems, language) if one.problems else {"number": one.number, "same": one.same}
            for one in enter(self.database, self.desk, caller, trades, enterprise)
        ]

    def _checked(self, caller: Caller, trades: Sequence[Any], enterprise: str | None, language: str) -> list[Said]:
        with self.database.read() as connection:
            verdicts = check_trades(connection, self.desk, caller, trades, enterprise)
        return [{"verdicts": said_of(said, one, language)} for one, said in zip(trades, verdicts, strict=True)]


def _batches(lines: NumberedLines) -> Iterator[Sequence[Line]]:
    batch: list[Line] = []
    size = 0
    for number, line in lines:
        if line is not None and not line.strip(b"\xef\xbb\xbf \t"):
            continue
        batch.append((number, *read_line(line)))
        size += len(line or b"")
        if len(batch) == MOST_LINES or size > MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _errors(problems: Sequence[EntryProblem], language: str) -> Said:
    return {"errors": [told(problem, language) for problem in problems]}


def _to_the_end(answers: Iterator[bytes], language: str) -> Iterator[bytes]:
    """The status has gone out by now: what fails is said in the last line."""
    try:
        yield from answers
    except HubError as error:
        yield _written({"errors": [describe(error, language)]})


def _written(answer: dict[str, Any]) -> bytes:
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace") + b"\n"  # half a surrogate pair stays the escape that it came as
