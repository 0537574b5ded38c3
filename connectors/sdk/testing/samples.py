"""Golden pairs: what goes out for a paper, and what a received page is read to. They lie beside each connector.

`<name>.paper.json` and `<name>.sent.*` are a paper and its wire form; `<name>.received.*` and `<name>.records.json` a
page and the records it holds. `records.json` names the `stream`, or the `hook` that the page came in by (and whom it
`names`), or the paper that it is an `answer_to`; and `status` or `part` where they matter. A change of either side
shows as a change of a file that a person can read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from connectors.sdk.connector import Connector
from connectors.sdk.errors import BadData
from connectors.sdk.hook import PUSHED
from connectors.sdk.http import Page
from connectors.sdk.inside.compiled import loader
from connectors.sdk.instants import Moment
from connectors.sdk.manifest import Manifest
from connectors.sdk.members import Aside, Told
from connectors.sdk.paper_json import read_content
from connectors.sdk.papers import Action, Paper
from connectors.sdk.records import RECORDS, Record
from connectors.sdk.testing.form import Form
from connectors.sdk.testing.forms import form_of

RECEIVED_AT = datetime(2026, 1, 9, 2, 0, tzinfo=UTC)
"""When every page of the samples was received."""
PAIRS = {"paper": "sent", "records": "received"}
ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Sent:
    """A paper and the message that it becomes."""

    name: str
    paper: Paper
    message: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """A page, of a stream or in answer to a paper, and its records as JSON. With `hook` it was pushed."""

    name: str
    stream: str
    answer_to: Paper | None
    page: Page
    records: list[dict[str, Any]]
    hook: str = ""
    names: list[str] = field(default_factory=list)

    def page_with(self, body: bytes | None) -> Page:
        """The page, or the same with another body."""
        return self.page if body is None else replace(self.page, body=body)

    def drafts(self, connector: Connector, page: Page | None = None) -> Iterator[Told]:
        """What the connector reads this page, or another in its place, to."""
        if self.answer_to is not None:
            told: Any = connector.submissions[self.answer_to.kind].read(page or self.page, [self.answer_to])
        elif self.stream in connector.streams:
            told = connector.streams[self.stream].read(page or self.page)
        else:
            raise BadData(f"{self.name}.records.json: there is no stream {self.stream!r}")
        if not isinstance(told, Iterable):
            raise BadData(f"{self.name}: what `read` gives are no records, but {told!r}")
        return iter(told)


class Samples:
    """The samples of a connector. BadData where a file is no sample."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    @cached_property
    def sent(self) -> list[Sent]:
        return [
            Sent(name, self.paper(name), self._partner(name, "sent").read_bytes()) for name in self._names("paper.json")
        ]

    @cached_property
    def received(self) -> list[Received]:
        return [self._received(name) for name in self._names("records.json")]

    def paper(self, name: str) -> Paper:
        """A paper as the hub hands it over: `customs.declaration`, or with a word more, `customs.declaration-b2b`."""
        kept = self._json(f"{name}.paper.json")
        try:
            head, lines = read_content(self.manifest.papers[kept["kind"]].schema, kept)
            return Paper(
                kind=kept["kind"],
                number=kept["number"],
                version=kept["version"],
                guid=kept["guid"],
                action=Action(kept["action"]),
                derived_at=datetime.fromisoformat(kept["derived_at"]),
                head=head,
                lines=lines,
                known=kept.get("known", {}),
                reason=kept.get("reason", ""),
            )
        except (KeyError, ValueError, TypeError, ArithmeticError) as error:
            raise BadData(f"{name}.paper.json: {type(error).__name__}: {error}") from None

    def lone(self) -> list[str]:
        """Files without a partner."""
        files = {path.name for path in self.folder.iterdir()} if self.folder.is_dir() else set()
        paired: set[str] = set()
        for one, other in PAIRS.items():
            for name in self._names(f"{one}.json"):
                partners = {file for file in files if file.startswith(f"{name}.{other}.")}
                paired |= partners | {f"{name}.{one}.json"} if len(partners) == 1 else set()
        return sorted(files - paired)

    def _names(self, ending: str) -> list[str]:
        return sorted(path.name.removesuffix(f".{ending}") for path in self.folder.glob(f"*.{ending}"))

    def _received(self, name: str) -> Received:
        expected = self._json(f"{name}.records.json")
        if not (isinstance(expected, dict) and _are_records(expected.get("records"))):
            raise BadData(f"{name}.records.json: an object with a list of `records` is wanted, each with its noun")
        answer_to, hook = expected.get("answer_to"), expected.get("hook", "")
        if hook and hook not in self.manifest.hooks:
            raise BadData(f"{name}.records.json: there is no hook {hook!r} in the manifest")
        body = self._partner(name, "received").read_bytes()
        part = f"{PUSHED}{hook}/sample" if hook else expected.get("part", "")
        return Received(
            name,
            self.manifest.hooks[hook].stream if hook else expected.get("stream", ""),
            self.paper(answer_to) if answer_to else None,
            page_of(body, status=expected.get("status", 200), part=part),
            [_whole(record) for record in expected["records"]],
            hook,
            expected.get("names", []),
        )

    def _partner(self, name: str, what: str) -> Path:
        found = list(self.folder.glob(f"{name}.{what}.*"))
        if len(found) != 1:
            raise BadData(f"{name}: one file {name}.{what}.* is wanted, there are {len(found)}")
        return found[0]

    def _json(self, file: str) -> Any:
        try:
            return json.loads((self.folder / file).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BadData(f"{file}: {error}") from None


def _whole(record: dict[str, Any]) -> dict[str, Any]:
    """A record as it is loaded: an optional field that came into the SDK after the sample was written says nothing."""
    schema = RECORDS.get(record.get("noun", ""))
    silent = (name for name, one in schema().fields.items() if one.load_default is None) if schema else ()
    return dict.fromkeys(silent) | record


def page_of(body: bytes, *, status: int = 200, part: str = "") -> Page:
    """A page with this body, as if it had been received at `RECEIVED_AT`."""
    return Page(body, "", "http://127.0.0.1/", status, RECEIVED_AT, part=part)


def loaded(told: Iterable[Told]) -> list[dict[str, Any]]:
    """Records as the engine takes them: each through the schema that came with it. An unreadable one raises.

    A member that is set aside stands among them with the noun `aside`, its reason and its field.
    """
    return [_loaded(one) for one in told]


def _loaded(one: Told) -> dict[str, Any]:
    if isinstance(one, Aside):
        return {"noun": ASIDE, "reason": one.reason, "field": one.field}
    if not (isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], type) and issubclass(one[0], Record)):
        raise BadData(f"`read` gives {one!r}, which is no record: a schema and its values are wanted")
    schema, values = one
    return {"noun": schema.noun, **loader(schema)(values)}


def _are_records(told: Any) -> bool:
    return isinstance(told, list) and all(isinstance(one, dict) and "noun" in one for one in told)


def with_forms(samples: Iterable[Received]) -> list[tuple[Received, Form]]:
    """Those samples of pages that are in a form which can be written otherwise."""
    return [(sample, form) for sample in samples if (form := form_of(sample.page.body)) is not None]


def readable(told: Iterable[Told]) -> list[dict[str, Any]]:
    """Those records that the engine would merge, as samples write them; what is set aside, and how, is left out."""
    found = []
    for one in told:
        with suppress(ValidationError):
            found += [as_json(record) for record in loaded([one]) if record["noun"] != ASIDE]
    return found


def as_json(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as samples write it."""
    return {name: _plain(value) for name, value in record.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return Moment().serialize("at", {"at": value})
    return str(value) if isinstance(value, date | Decimal) else value


def comparable(content: bytes) -> Any:
    """JSON, NDJSON and CSV as their values, XML in canonical form without white space for readers; else as it is."""
    form = form_of(content)
    return content.strip() if form is None else form.plain()
