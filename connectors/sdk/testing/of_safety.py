"""Rules about what strangers send: bombs, garbage and drift are refused in time, and nothing secret is said."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from marshmallow import ValidationError

from connectors.sdk.http import Page
from connectors.sdk.inside.deadline import TooLate, within
from connectors.sdk.paging import UNREADABLE
from connectors.sdk.testing.forms import form_of
from connectors.sdk.testing.samples import Received, loaded, readable, with_forms
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import Note, NotHere, Rule, beside, some

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
MOST_DRIFTS = 3000
HARMLESS = ("read", "empty", "refused")
MARK = "spilt-7f3a"


def refuses_garbage(subject: Subject) -> Iterator[str]:
    """A stream that read garbage as an empty page would look fresh for ever."""
    for sample in some(_one_of_each(subject), "sample of a page"):
        form = form_of(sample.page.body)
        for what, body in HOSTILE.items():
            if not body and form is not None and form.may_be_nothing:
                continue
            said = _outcome(subject, sample, body)
            if said == "empty" and sample.answer_to is None:
                yield f"{sample.stream}: {what} is read as a page on which nothing stands"
            elif said not in HARMLESS:
                yield f"{sample.name}: {what} ends in {said}"


def sets_drift_aside(subject: Subject) -> Iterator[str]:
    """Fields removed, retyped, filled with rubbish: the record or the page waits, and nothing breaks."""
    for sample, form in some(with_forms(subject.samples.received), "sample in JSON, NDJSON, CSV or XML"):
        for place, body in islice(form.drifted(), MOST_DRIFTS):
            said = _outcome(subject, sample, body)
            if said not in HARMLESS:
                yield f"{sample.name}: with {place} it ends in {said}"
                break


def stops_for_no_odd_member(subject: Subject) -> Iterator[str]:
    """A list with one odd member, first or last: the others are read as if it were not there."""
    pages = [sample for sample in subject.samples.received if sample.answer_to is None]
    listing = set[str]()
    for sample, form in with_forms(pages):
        alone = _records_of(subject, sample, sample.page.body)
        stopped = set[str]()
        for place in form.listed():
            others = _records_of(subject, sample, place.others)
            fewer, more = (alone, others) if place.only else (others, alone)
            if not fewer or more is None or not fewer < more or place.name in stopped:
                continue  # no member is listed here: with one more of it the page does not just say more
            listing.add(sample.stream)
            for what, body in islice(place.odd, MOST_DRIFTS):
                found = _records_of(subject, sample, body)
                # beside its like a copy may change how the one that is sound is called
                if found is None or (found.total() < fewer.total() if place.only else not fewer <= found):
                    stopped.add(place.name)
                    yield f"{sample.name}: in {place.name}, {what}: the others are not read"
                    break
    streams = some(subject.connector.streams, "stream")
    notes = [Note(f"{name}: no sample lists anything") for name in streams if name not in listing]
    yield from beside(len(listing), notes)


def keeps_its_secrets(subject: Subject) -> Iterator[str]:
    """Nothing that is shown, logged or stored as sent holds what the settings keep secret."""
    secrets = subject.marked_secrets(MARK)
    if not secrets:
        raise NotHere("it has no secret settings")
    connector = subject.build(secrets)
    with_line = connector.open()
    with_line.close()
    shown = {
        "the connector": repr(connector),
        "its credentials": repr(connector.sign_in()),
        "its line": repr(with_line),
        **{f"the stream {name}": repr(stream) for name, stream in connector.streams.items()},
        **{f"the submission {name}": repr(submission) for name, submission in connector.submissions.items()},
    }
    for sample in subject.samples.sent:
        submission = connector.submissions[sample.paper.kind]
        message = submission.encode([sample.paper])
        shown[f"the message of {sample.name}"] = repr((message, submission.letter(message)))
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


def _records_of(subject: Subject, sample: Received, body: bytes) -> Counter[str] | None:
    """What the engine would merge of a page, each record with how often it comes; None where the page is refused."""
    try:
        records = readable(sample.drafts(subject.connector, sample.page_with(body)))
    except (Exception, SystemExit):  # noqa: BLE001 - whatever is raised, nothing of the page counts
        return None
    return Counter(json.dumps(record, sort_keys=True) for record in records)


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
        if type(error).__module__ != "builtins":
            return "refused"  # a library says what is wrong with the page
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


RULES = (
    Rule("garbage", "垃圾与炸弹被拒绝", "Garbage and bombs are refused, in time", refuses_garbage),
    Rule("drift", "字段缺失或变型只影响该记录", "Fields that go or change their type break nothing", sets_drift_aside),
    Rule(
        "bad-member",
        "一条异常不影响其余记录",
        "One odd member of a list does not keep the others from being read",
        stops_for_no_odd_member,
    ),
    Rule("secrets", "密钥不出现在任何输出中", "Secrets are in no message and no output", keeps_its_secrets),
)
