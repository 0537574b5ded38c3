"""Rules about what strangers send: bombs, garbage and drift are refused in time, and nothing secret is said."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree
from marshmallow import ValidationError

from connectors.sdk.deadline import TooLate, within
from connectors.sdk.http import Page
from connectors.sdk.paging import UNREADABLE
from connectors.sdk.testing.samples import Received, loaded
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import Rule

IN_TIME = 5.0
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
HOSTILE: dict[str, bytes] = {
    "nothing at all": b"",
    "bytes of nowhere": bytes(range(256)),
    "half a document": b'{"rows": [{"a": ',
    "a page for browsers": b"<html><head><title>Maintenance</title></head><body>Back soon</body></html>",
    "a document that is only null": b"null",
    "a list of numbers": b"[1, 2, 3]",
    "JSON a million levels deep": b"[" * 1_000_000,
    "JSON a hundred levels deep": b"[" * 100 + b"]" * 100,
    "a number of a million digits": b"9" * 1_000_000,
    "entities that blow up": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">' + LAUGHS + b"]><a>&l9;</a>",
    "a document type that reads files": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
}
"""What comes in place of a page."""
ODDITIES: tuple[Any, ...] = (None, 7, "x", True, [], {}, ["x"], "9" * 5000, "\x00")
MOST_DRIFTS = 3000
HARMLESS = ("read", "empty", "refused")
MARK = "spilt-7f3a"


def refuses_garbage(subject: Subject) -> Iterator[str]:
    """A stream that read garbage as an empty page would look fresh for ever."""
    for sample in _one_of_each(subject):
        for what, body in HOSTILE.items():
            said = _outcome(subject, sample, body)
            if said == "empty" and sample.answer_to is None:
                yield f"{sample.stream}: {what} is read as a page on which nothing stands"
            elif said not in HARMLESS:
                yield f"{sample.name}: {what} ends in {said}"


def sets_drift_aside(subject: Subject) -> Iterator[str]:
    """Fields removed, retyped, filled with rubbish: the record or the page waits, and nothing breaks."""
    for sample in subject.samples.received:
        for place, body in islice(_drifted(sample.page.body), MOST_DRIFTS):
            said = _outcome(subject, sample, body)
            if said not in HARMLESS:
                yield f"{sample.name}: with {place} it ends in {said}"
                break


def keeps_its_secrets(subject: Subject) -> Iterator[str]:
    """Nothing that is shown, logged or stored as sent holds what the settings keep secret."""
    connector = subject.build(subject.marked_secrets(MARK))
    with_line = connector.open()
    with_line.close()
    shown = {
        "the connector": repr(connector),
        "its credentials": repr(connector.sign_in()),
        "its line": repr(with_line),
        **{f"the stream {name}": repr(stream) for name, stream in connector.streams.items()},
        **{f"the document {name}": repr(document) for name, document in connector.documents.items()},
    }
    for sample in subject.samples.sent:
        document = connector.documents[sample.paper.kind]
        message = document.encode([sample.paper])
        shown[f"the message of {sample.name}"] = repr((message, document.letter(message)))
    for what, text in shown.items():
        if MARK in text:
            yield f"{what} shows a secret setting"


def _one_of_each(subject: Subject) -> Iterator[Received]:
    """A sample of each stream, of each door, and of the answer to each kind of paper."""
    seen = set()
    for sample in subject.samples.received:
        what = sample.hook or sample.stream or (sample.answer_to.kind if sample.answer_to else "")
        if what not in seen:
            seen.add(what)
            yield sample


def _outcome(subject: Subject, sample: Received, body: bytes) -> str:
    """`read`, `empty`, `refused`, or what else became of a page."""
    page = sample.page_with(body)
    try:
        return "read" if within(IN_TIME, lambda: _load(subject, sample, page)) else "empty"
    except (*UNREADABLE, ValidationError):
        return "refused"
    except TooLate:
        return f"nothing within {IN_TIME:g} s"
    except Exception as error:  # noqa: BLE001 - a crash of whatever kind is what is looked for
        return f"{type(error).__name__}: {str(error)[:120]}"


def _load(subject: Subject, sample: Received, page: Page) -> int:
    """Reads a page as the engine does; how many records stand on it."""
    drawn = 0
    for told in sample.drafts(subject.connector, page):
        drawn += 1
        try:
            loaded([told])
        except ValidationError:
            continue  # this record waits in quarantine, those after it are read
    return drawn


def _drifted(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The page again and again, each time with one value taken out or replaced by something odd."""
    if body.lstrip().startswith(b"<"):
        yield from _drifted_xml(body)
        return
    value = json.loads(body)
    for path in _paths(value):
        name = ".".join(map(str, path))
        yield f"{name} taken out", json.dumps(_changed(value, path, drop=True)).encode()
        for odd in ODDITIES:
            yield f"{name} = {str(odd)[:20]!r}", json.dumps(_changed(value, path, odd)).encode()


def _drifted_xml(body: bytes) -> Iterator[tuple[str, bytes]]:
    count = len([*etree.fromstring(body, None).iter("{*}*")])
    for number in range(1, count):
        for text in (None, "", "x", "9" * 5000):
            root = etree.fromstring(body, None)
            element = [*root.iter("{*}*")][number]
            name = etree.QName(element).localname
            parent = element.getparent()
            if text is None and parent is not None:
                parent.remove(element)
            else:
                element[:] = []
                element.text = text
            yield f"{name} {'taken out' if text is None else f'= {text[:20]!r}'}", etree.tostring(root)


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value; of a list only its first two."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, child in inner:
        yield (*before, key)
        yield from _paths(child, (*before, key))


def _changed(value: Any, path: tuple[Any, ...], new: Any = None, *, drop: bool = False) -> Any:
    whole = copy.deepcopy(value)
    place = whole
    for key in path[:-1]:
        place = place[key]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = new
    return whole


RULES = (
    Rule("garbage", "垃圾与炸弹被拒绝", "Garbage and bombs are refused, in time", refuses_garbage),
    Rule("drift", "字段缺失或变型只影响该记录", "Fields that go or change their type break nothing", sets_drift_aside),
    Rule("secrets", "密钥不出现在任何输出中", "Secrets are in no message and no output", keeps_its_secrets),
)
