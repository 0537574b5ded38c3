"""The live rule of asking: what comes is what was asked for, by the objects that are watched and by the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from connectors.sdk.stream import Ask
from connectors.sdk.testing.pulling import Keys, Pulled, Puller
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import Note, Rule, beside, some
from connectors.sdk.testing.visit import hand_all_in, visiting

ASKS_FOR_ALL = "it watches nothing and is not by_time"


def brings_what_is_asked(subject: Subject) -> Iterator[str]:
    """A stream that brings more than it is asked for costs its authority dear; one that brings less loses something."""
    judged, notes = 0, list[Note]()
    streams = some(subject.connector.streams, "stream")
    with visiting(subject) as visit:
        desk = Puller(visit, hand_all_in(visit, subject))
        for name in streams:
            source, whole = visit.connector.streams[name], desk.pull(name)
            if source.watches:
                yield from _by_object(desk, name, whole)
            if source.by_time:
                told = [*_by_time(desk, name, whole)]
                notes += [one for one in told if isinstance(one, Note)]
                yield from (one for one in told if not isinstance(one, Note))
            elif not source.watches:
                notes.append(Note(f"{name}: {ASKS_FOR_ALL}"))
                continue
            judged += bool(whole.pages or whole.error)
    yield from beside(judged, notes)


def _by_object(desk: Puller, name: str, whole: Pulled) -> Iterator[str]:
    """Nothing watched, nothing asked; one object after the other comes to all of them together."""
    nothing = replace(desk, papers=()).pull(name)
    if nothing.pages or desk.visit.desk.requests:
        yield f"{name}: nothing is watched, and it asks all the same"
    single, asked = Keys(), desk.keys(name, whole.pages)
    for paper in desk.papers:
        single |= desk.keys(name, replace(desk, papers=[paper]).pull(name).pages)
    if differ := single ^ asked:
        yield f"{name}: about one object after the other it reads other things, such as {' '.join(min(differ))}"


def _by_time(desk: Puller, name: str, whole: Pulled) -> Iterator[str]:
    """What changed since a moment and what changed before it: neither brings anything of the other, nothing is lost."""
    changed = _changed(desk, name, whole)
    times = sorted({*changed.values()})
    if not times:
        yield Note(f"{name}: the twin says nothing")
        return
    middle = times[len(times) // 2]
    for words, ask, wanted in (
        (f"since {middle:%FT%TZ}", Ask(since=middle), {key for key, at in changed.items() if at >= middle}),
        (f"until {middle:%FT%TZ}", Ask(until=middle), {key for key, at in changed.items() if at < middle}),
    ):
        pulled = desk.pull(name, ask)
        found = desk.keys(name, pulled.pages)
        if pulled.error:
            yield f"{name}: asked for what changed {words} it ends in {type(pulled.error).__name__}: {pulled.error}"
        elif differ := found ^ wanted:
            what = "brings" if differ & found else "loses"
            yield f"{name}: asked for what changed {words} it {what} {' '.join(min(differ))}"


def _changed(desk: Puller, name: str, pulled: Pulled) -> dict[tuple[str, str], datetime]:
    """When each record that was read changed."""
    return {
        (record["noun"], record["source_id"]): datetime.fromisoformat(record["as_of"]).astimezone(UTC)
        for record in desk.records(name, pulled.pages)
    }


RULES = (
    Rule(
        "asked",
        "问什么答什么：所关注的对象、所限的时间",
        "What comes is what was asked for: of the objects that are watched, of the time",
        brings_what_is_asked,
        live=True,
    ),
)
