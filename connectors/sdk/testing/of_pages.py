"""Live rules of pages: all that an authority served is read, from page to page, over a fault, from every cursor on.

Each stream is pulled as it asks, and once more with pages so short that there are several.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from connectors.sdk.errors import BadData
from connectors.sdk.http import Page
from connectors.sdk.stream import Ask
from connectors.sdk.testing.faults import AfterTheFirst, SpoilsTheFirst, Stuck
from connectors.sdk.testing.forms import form_of
from connectors.sdk.testing.of_troubles import TROUBLES
from connectors.sdk.testing.pulling import Keys, Pulled, Puller
from connectors.sdk.testing.samples import page_of
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import Note, Rule, beside, some
from connectors.sdk.testing.visit import MOST_PAGES, all_new_papers, caught, hand_all_in, name_of, visiting

MIDWAY = ("refused", "too-many", "broken", "cut")
"""Troubles that come once the first page is there."""


def reads_all_that_was_served(subject: Subject) -> Iterator[str]:
    """A page that is fetched and dropped, or never asked for, is missed by nobody until a trade hangs on it."""
    judged, notes = 0, list[Note]()
    streams = some(subject.connector.streams, "stream")
    with visiting(subject) as visit:
        desk = Puller(visit, hand_all_in(visit, subject))
        says = desk.visit.desk.twin.served is not None
        for name in streams:
            whole = desk.pull(name)
            yield from _lost(desk, name, whole, "")
            short = None if whole.error else desk.in_short_pages(name, whole)
            if short:
                yield from _lost(desk, name, short[1], f"in pages of {short[0]}, ")
                missed = desk.keys(name, whole.pages) ^ desk.keys(name, short[1].pages)
                if missed:
                    yield f"{name}: in pages of {short[0]} it reads other things, such as {_first(missed)}"
            elif not whole.error:
                notes.append(Note(_one_page(name, whole)))
            judged += bool(short or whole.error or (says and whole.pages))
    if not says:
        notes.append(Note("the twin does not say what it served (Twin.served)"))
    yield from beside(judged, notes)


def goes_on_after_a_fault(subject: Subject) -> Iterator[str]:
    """What fails midway ends in the right error, and what came before it is not asked for in vain: nothing is lost."""
    notes = list[Note]()
    streams = some(subject.connector.streams, "stream")
    with visiting(subject) as visit:
        desk = Puller(visit, hand_all_in(visit, subject))
        for name in streams:
            whole = desk.pull(name)
            short = None if whole.error else desk.in_short_pages(name, whole)
            if short is None or len(short[1].pages) < 2:
                notes.append(Note(_one_page(name, whole)))
                continue
            yield from _after_faults(desk, name, *short)
    yield from beside(len(streams) - len(notes), notes)


def goes_on_behind_an_odd_row(subject: Subject) -> Iterator[str]:
    """The last row of a page is odd: that one is set aside, and the pages behind it are asked for all the same."""
    notes = list[Note]()
    streams = some(subject.connector.streams, "stream")
    with visiting(subject) as visit:
        desk = Puller(visit, hand_all_in(visit, subject))
        for name in streams:
            whole = desk.pull(name)
            longest = len(desk.records(name, whole.pages)) - 1
            length = next((one for one in (longest, 2 * longest // 3, longest // 2) if desk.pages(name, one) > 1), None)
            if length is None or whole.error:
                notes.append(Note(_one_page(name, whole)))
                continue
            odd = desk.pull(name, length=length, fault=SpoilsTheFirst(_with_odd_last))
            sound = desk.keys(name, whole.pages)
            first = desk.pull(name, length=length).pages[:1]
            lost = sound - desk.keys(name, odd.pages) - desk.keys(name, first)
            if odd.error:
                yield f"{name}: behind a page with an odd last row it ends in {type(odd.error).__name__}: {odd.error}"
            elif lost:
                yield f"{name}: behind a page with an odd last row it loses {_first(lost)}"
    yield from beside(len(streams) - len(notes), notes)


def goes_on_where_it_stopped(subject: Subject) -> Iterator[str]:
    """What comes after a run is read by the next one, from the cursor of the page at which the first one ended."""
    notes = list[Note]()
    streams = some(subject.connector.streams, "stream")
    with visiting(subject) as visit:
        papers = all_new_papers(subject)
        for paper in papers:
            visit.send(paper)
        desk = Puller(visit, papers)
        before: Mapping[str, list[Page]] = {}
        for name in streams:
            whole = desk.pull(name)
            short = None if whole.error else desk.in_short_pages(name, whole)
            before = {**before, name: (short[1] if short else whole).pages}
        visit.desk.twin.later(visit.desk.app)
        for name, pages in before.items():
            everything = desk.pull(name)
            if not everything.pages:
                notes.append(Note(_one_page(name, everything)))
                continue
            for number in sorted({0, 1, len(pages)} & {*range(len(pages) + 1)}):
                cursor = pages[number - 1].cursor if number else ""
                after = desk.pull(name, Ask(cursor))
                lost = desk.keys(name, everything.pages) - desk.keys(name, [*pages[:number], *after.pages])
                if after.error:
                    yield f"{name}: going on from cursor {cursor!r} ends in {type(after.error).__name__}: {after.error}"
                elif lost:
                    yield f"{name}: going on from cursor {cursor!r} loses {_first(lost)}"
    yield from beside(len(streams) - len(notes), notes)


def ends_where_the_source_does_not(subject: Subject) -> Iterator[str]:
    """A source that says the same page for ever is left."""
    notes = list[Note]()
    streams = some(subject.connector.streams, "stream")
    with visiting(subject) as visit:
        desk = Puller(visit, hand_all_in(visit, subject))
        for name in streams:
            pulled = desk.pull(name, fault=Stuck())
            if len(pulled.pages) == MOST_PAGES:
                yield f"{name}: the same page came {MOST_PAGES} times and was asked for again"
            elif pulled.error and not isinstance(pulled.error, BadData):
                raise pulled.error
            elif not visit.desk.requests:
                notes.append(Note(f"{name}: nothing is asked for"))
    yield from beside(len(streams) - len(notes), notes)


def _with_odd_last(body: bytes) -> bytes:
    form = form_of(body)
    return (form.with_odd_last() if form else None) or body


def _lost(desk: Puller, name: str, pulled: Pulled, how: str) -> Iterator[str]:
    """What was served and is not read of these pages; the desk still knows what it answered."""
    if pulled.error:
        yield f"{name}: {how}it ends in {type(pulled.error).__name__}: {pulled.error}"
        return
    for page in pulled.pages:
        if page.stopped:
            yield f"{name}: {how}{page.stopped}"
    read = desk.records(name, pulled.pages)
    dropped = _dropped(desk, name, pulled) - {(record["noun"], record["source_id"]) for record in read}
    if dropped:
        yield f"{name}: {how}a page is asked for and not handed on; {_first(dropped)} stands on it"
    served = desk.visit.desk.twin.served
    if served is None or dropped:
        return
    texts = [frozenset(_texts(record)) for record in read]
    things = [*served(desk.visit.desk.app, name)]
    if read and not things:
        yield f"{name}: the twin says that it served nothing (Twin.served), and {len(read)} records were read"
    for thing in things:
        wanted = {thing} if isinstance(thing, str) else {*map(str, thing)}
        if not any(wanted <= one for one in texts):
            yield f"{name}: {how}the twin served {' '.join(sorted(wanted))}, and it is not read"
            return


def _dropped(desk: Puller, name: str, pulled: Pulled) -> Keys:
    """What stands in answers of which no page was made, where they can be read as pages of this stream at all."""
    handed_on = {page.body for page in pulled.pages}
    keys = Keys()
    for answer in desk.visit.desk.answers:
        if answer.status // 100 == 2 and answer.body not in handed_on:
            caught(partial(lambda page: keys.update(desk.keys(name, [page])), page_of(answer.body)))
    return keys


def _after_faults(desk: Puller, name: str, length: int, undisturbed: Pulled) -> Iterator[str]:
    everything = desk.keys(name, undisturbed.pages)
    for trouble in TROUBLES:
        if trouble.name not in MIDWAY:
            continue
        when = f"when after its first page {trouble.en}"
        before = desk.pull(name, length=length, fault=AfterTheFirst(trouble.fault))
        found = type(before.error) if before.error else None
        if found is not trouble.reading:
            yield f"{name}: {when}, it ends in {name_of(found)} instead of {trouble.reading.__name__}"
        after = desk.pull(name, Ask(before.pages[-1].cursor if before.pages else ""), length)
        lost = everything - desk.keys(name, [*before.pages, *after.pages])
        if after.error:
            yield f"{name}: {when}, going on afterwards ends in {type(after.error).__name__}: {after.error}"
        elif lost:
            yield f"{name}: {when}, going on afterwards loses {_first(lost)}"


def _one_page(name: str, whole: Pulled) -> str:
    return f"{name}: {'one page only' if whole.pages else 'the twin says nothing'}"


def _first(keys: Keys) -> str:
    return " ".join(min(keys))


def _texts(value: Any) -> Iterator[str]:
    inner: Collection[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not inner:
        yield str(value)
    for one in inner:
        yield from _texts(one)


RULES = (
    Rule(
        "served",
        "对方提供的全部读到，短页也一样",
        "All that the authority serves is read, in short pages as in long ones",
        reads_all_that_was_served,
        live=True,
    ),
    Rule(
        "cursor",
        "从上次游标续读不丢数据",
        "Going on where the last run stopped loses nothing",
        goes_on_where_it_stopped,
        live=True,
    ),
    Rule(
        "broken-off",
        "翻页中途出错后续读不丢数据",
        "A fault after the first page ends in the right error, and going on loses nothing",
        goes_on_after_a_fault,
        live=True,
    ),
    Rule(
        "odd-last",
        "页末一条异常不影响翻页",
        "An odd last row of a page keeps nothing behind it from being read",
        goes_on_behind_an_odd_row,
        live=True,
    ),
    Rule(
        "stuck",
        "同一页不断重复时停止",
        "A source that repeats itself is left",
        ends_where_the_source_does_not,
        live=True,
    ),
)
