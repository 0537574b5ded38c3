"""What a connector pulls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from inspect import signature

from connectors.sdk.http import Http, Page
from connectors.sdk.members import Told
from connectors.sdk.records import RECORDS, Record

PAGE_LIMIT = 10_000
"""A source that still has pages after so many in one run never ends; the run stops and says so."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a run asks a stream for. ValueError where a time is not UTC, or the window is empty.

    `cursor` is the position after the last page that we have; empty: the beginning. `since` and `until` bound the time
    at which the source changed a record, the `as_of` of what is read: `since <= as_of < until`, each open where it is
    None (`from` is a keyword, hence `since`). Only a stream that is `by_time` is asked with them. `watched` are the
    values that a stream with `watches` asks about; nothing is watched by others.
    """

    cursor: str = ""
    since: datetime | None = None
    until: datetime | None = None
    watched: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        times = [one for one in (self.since, self.until) if one is not None]
        if any(one.utcoffset() != timedelta(0) for one in times):
            raise ValueError("since and until are instants in UTC")
        if len(times) > 1 and times[0] >= times[1]:
            raise ValueError("since comes before until")

    @property
    def by_time(self) -> bool:
        """Whether it asks for a window of time."""
        return self.since is not None or self.until is not None


class Stream(ABC):
    """One thing that can be asked for, page by page; what a hook brings for it is read as a page like any other.

    `records` are the schemas that `read` may use; `watches` is a reference kind: a stream that asks about single
    objects is given the values of that kind whose papers are still open, and once more when one is done. `by_time` says
    whether the source can be asked for a window of time; False: it cannot, and `since` and `until` never come.
    """

    name: str
    records: tuple[type[Record], ...]
    watches: str | None = None
    by_time: bool = False

    def problem(self) -> str | None:
        """What is wrong with the stream as it was written, before anything is fetched; None where it is whole."""
        what = type(self).__name__
        if not getattr(self, "name", ""):
            return f"the stream {what} has no name"
        if not getattr(self, "records", ()):
            return f"the stream {self.name} names no records"
        for record in self.records:
            key = record().fields.get("source_id")
            if key is None or not key.required:
                return f"the stream {self.name} has no key: {record.__name__}.source_id must be there and required"
            if record.noun not in RECORDS:
                return f"the stream {self.name} emits {record.__name__}, whose noun is none of {', '.join(RECORDS)}"
        if [*signature(self.pages).parameters] != ["http", "ask"]:
            return f"the stream {self.name} is not asked by pages(http, ask): see docs/connector-sdk-versions.md"
        return None

    @abstractmethod
    def pages(self, http: Http, ask: Ask) -> Iterator[Page]:
        """Fetches all that is asked for, oldest first; each page carries the cursor after it."""

    @abstractmethod
    def read(self, page: Page) -> Iterator[Told]:
        """The records of a page, as the authority names their fields; every list goes through `each`.

        BadData where the whole page is unreadable. Whatever is raised sets the page aside whole: nothing of it counts.
        """

    def named(self, page: Page) -> Sequence[str]:
        """Watched objects of which a pushed page says that there is news, and not what: they are asked about at once.

        None by default: what is pushed says all of it.
        """
        return ()

    def excerpt(self, page: Page, source_id: str) -> tuple[bytes, str] | None:
        """What a page says in the record with this source id and nothing of its neighbours, with its content type.

        A page may hold what others were told as well; who may read this record may not read those. None where the
        stream cannot cut its pages: the record itself is shown instead. (Only the source id tells apart several
        records about one paper in one page.)
        """
        return None
