"""A service that takes each paper as one JSON message, answers it at once, and lists in JSON what came of it.

What connectors of such services share stands here: writing, posting, asking and taking back, the answer with its code,
the words of a refusal, the rows of a list. A connector adds its field table, its codes and what is really its own.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from connectors.sdk.codecs import as_object, read_agreed, read_list, write_json
from connectors.sdk.http import Http, Page
from connectors.sdk.members import Told, each
from connectors.sdk.papers import Paper, Value
from connectors.sdk.records import DocumentEvent, Draft
from connectors.sdk.stream import Stream
from connectors.sdk.submission import Holding, Message, Submission

JSON = "application/json"
REFUSED, NOT_THERE = 400, 404
INVALID = 422
STATE = "STATE"
"""The code of what comes too late: the paper cannot be changed or taken back any more."""


def plain_value(value: Value) -> str | int | None:
    """A value for JSON: numbers as they are written, without an exponent and without zeros at the end; times in ISO."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def filled(table: Mapping[str, str], values: Mapping[str, Value]) -> dict[str, Any]:
    """An object from a table of the service's names and ours, in its order; `shipper.name` stands inside `shipper`.

    What the paper does not have is null.
    """
    content: dict[str, Any] = {}
    for path, field in table.items():
        *outer, name = path.split(".")
        inside = content
        for one in outer:
            inside = inside.setdefault(one, {})
        inside[name] = plain_value(values.get(field))
    return content


def answered(paper: Paper, answer: Page, about: str, code: str, words: str = "", **more: Any) -> Draft:
    """What an answer says of a paper, which the service calls `about`; `more` are other fields of the event."""
    said = {"guid": paper.guid, "code": code, "words": words, "happened_at": answer.received_at}
    return DocumentEvent, {"as_of": answer.received_at, "about_kind": paper.kind, "about_value": about} | said | more


class JsonSubmission(Submission):
    """One paper in one message, of which the service's own reference is known before it goes.

    `path` is where it is posted, `found_at` where it is asked about (`{}` is the reference), and `undo` what is added
    to that to take it back. An answer of success has the members `agreed`. `codes` has the code of every status that is
    a refusal and yet an answer; `taken` is that of success. What has a status of `gone` is there no more. `fields` and
    `line_fields` are the names in the message and ours, of the head and of a line.
    """

    says_back = True
    path: ClassVar[str]
    found_at: ClassVar[str]
    undo: ClassVar[str] = ""
    agreed: ClassVar[tuple[str, ...]] = ()
    codes: ClassVar[Mapping[int, str]] = {409: "DUPLICATE", INVALID: "INVALID"}
    taken: ClassVar[str] = "received"
    gone: ClassVar[tuple[str, ...]] = ()
    fields: ClassVar[Mapping[str, str]] = {}
    line_fields: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def reference(self, paper: Paper) -> str:
        """What the service will call the paper by."""

    @abstractmethod
    def content(self, paper: Paper) -> Any:
        """The message of a new or changed paper, as JSON has it. Bug where it cannot be written."""

    def called(self, paper: Paper) -> str:
        """What the service calls the paper, also where it is to be taken back."""
        return self.reference(paper)

    def query(self, paper: Paper) -> str:
        """What is added to the address of a paper when it is asked about or taken back, such as `?taxpayer=…`."""
        return ""

    def is_this(self, told: Mapping[str, Any], paper: Paper) -> bool:
        """Whether what the service has under the reference is this version of the paper."""
        return True

    def is_same(self, told: Mapping[str, Any], paper: Paper) -> bool:
        """Whether what is there has the content of this version, whatever became of it."""
        return self.is_this(told, paper)

    def code(self, status: int, told: Mapping[str, Any], paper: Paper) -> str:
        """The code of an answer. A withdrawal that is refused comes too late."""
        return STATE if paper.action == "withdraw" else self.codes.get(status, self.taken)

    def given(self, told: Mapping[str, Any], paper: Paper) -> dict[str, Any]:
        """What an answer gives beyond its code: `references`, `answers` and other fields of the event."""
        return {}

    def references(self, paper: Paper) -> Mapping[str, str]:
        return {self.kinds[0]: self.reference(paper)}

    def encode(self, papers: Sequence[Paper]) -> Message:
        (paper,) = papers
        content = {"reason": paper.reason} if paper.action == "withdraw" else self.content(paper)
        return Message(write_json(content), JSON)

    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        (paper,) = papers
        path = f"{self._place(paper)}/{self.undo}{self.query(paper)}" if paper.action == "withdraw" else self.path
        return http.post(path, message.body, message.content_type, answers=tuple(self.codes))

    def find(self, http: Http, paper: Paper) -> Page | None:
        if paper.action == "withdraw":
            return None  # asking twice to take it back does no harm
        answer = http.get(f"{self._place(paper)}{self.query(paper)}", answers=(NOT_THERE,))
        if answer.status == NOT_THERE or not self.is_this(read_agreed(answer.body), paper):
            return None
        return answer

    def holding(self, http: Http, paper: Paper) -> Holding | None:
        """What it has, however far that is; `is_same` says whether it is this version."""
        answer = http.get(f"{self._place(paper)}{self.query(paper)}", answers=(NOT_THERE,))
        told = {} if answer.status == NOT_THERE else read_agreed(answer.body)
        if not told or told.get("status") in self.gone:
            return None
        names = self.given(told, paper).get("references", {})
        return Holding(self.is_same(told, paper), str(told.get("status") or ""), names)

    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Draft]:
        (paper,) = papers
        refused = answer.status >= REFUSED
        told = read_agreed(answer.body, *(() if refused else self.agreed))
        if paper.action == "withdraw" and not refused:
            return  # what comes of it follows
        code = self.code(answer.status, told, paper)
        key = "/".join(dict.fromkeys((self.reference(paper), paper.guid, code)))
        event = {"source_id": key, **self.given(told, paper)}
        yield answered(paper, answer, self.called(paper), code, _words(answer.status, code, told), **event)

    def field_named(self, words: str) -> str | None:
        """The service names a path such as `goods[2].hsCode` before a colon."""
        path = words.partition(":")[0]
        place, inside, name = path.rpartition("].")
        field = self.line_fields.get(name) if inside else self.fields.get(path)
        return f"{place}{inside}{field}" if field else None

    def _place(self, paper: Paper) -> str:
        return self.found_at.format(self.called(paper))


def _words(status: int, code: str, told: Mapping[str, Any]) -> str:
    """The reason of what comes too late; of what breaks a rule the field, a colon and the reason."""
    if code == STATE:
        return str(told.get("message", ""))
    return f"{told.get('field', '')}: {told.get('message', '')}" if status == INVALID else ""


class JsonRows(Stream):
    """A list of objects in a JSON page, under the name `rows`."""

    rows: ClassVar[str]

    def read(self, page: Page) -> Iterator[Told]:
        return each(read_list(page.body, self.rows), lambda member: self.read_row(as_object(member), page))

    @abstractmethod
    def read_row(self, row: dict[str, Any], page: Page) -> Iterable[Told]:
        """The records of one row. BadData("why", field="status") where it is not understood: it waits for a person."""
