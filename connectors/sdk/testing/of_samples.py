"""Rules about samples: golden pairs both ways, and what their pages promise when they come again or otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from connectors.sdk.connector import Connector
from connectors.sdk.members import Aside
from connectors.sdk.records import RECORDS
from connectors.sdk.testing.samples import Received, as_json, comparable, loaded, with_forms
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import NotHere, Rule, some


def has_a_sample_of_everything(subject: Subject) -> Iterator[str]:
    """Every stream and every kind of paper is shown once at least, and no file lies there alone."""
    some([*subject.manifest.streams, *subject.manifest.papers], "stream and no submission")
    streams = {sample.stream for sample in subject.samples.received if not sample.hook}
    kinds = {sample.paper.kind for sample in subject.samples.sent}
    answers = {sample.answer_to.kind for sample in subject.samples.received if sample.answer_to}
    for name in sorted(set(subject.manifest.streams) - streams):
        yield f"the stream {name} has no sample: <name>.received.* and <name>.records.json"
    for name in sorted(set(subject.manifest.papers) - kinds):
        yield f"{name} has no sample: {name}.paper.json and {name}.sent.*"
    for name in sorted((streams - set(subject.manifest.streams) - {""}) | (answers - set(subject.manifest.papers))):
        yield f"a sample is of {name}, which is not in the manifest"
    for name in subject.samples.lone():
        yield f"{name} has no partner"


def writes_as_shown(subject: Subject) -> Iterator[str]:
    """The message of each sample paper is that of its sample; its own check finds nothing wrong with it."""
    if not subject.manifest.papers:
        raise NotHere("it sends no papers")
    for sample in some(subject.samples.sent, "sample of a paper"):
        submission = subject.connector.submissions[sample.paper.kind]
        for problem in submission.check(sample.paper):
            yield f"{sample.name}: its own check refuses {problem.field}: {problem.rule_en}"
        if comparable(submission.letter(submission.encode([sample.paper]))) != comparable(sample.message):
            yield f"{sample.name}: what goes out is not {sample.name}.sent"


def reads_as_shown(subject: Subject) -> Iterator[str]:
    """The records of each sample page are those of its sample, field by field."""
    for sample in some(subject.samples.received, "sample of a page"):
        found = _read(subject.connector, sample)
        if found != sample.records:
            yield f"{sample.name}: {_difference(sample.records, found)}"


def keeps_to_its_records(subject: Subject) -> Iterator[str]:
    """What a stream declares is what the hub makes room for, and nothing else comes."""
    for name, stream in some(subject.connector.streams.items(), "stream"):
        samples = [sample for sample in subject.samples.received if sample.stream == name]
        told = [one for sample in samples for one in sample.drafts(subject.connector)]
        found = {one[0] for one in told if not isinstance(one, Aside)}
        for schema in found - set(stream.records):
            yield f"{name}: {schema.__name__} comes and is not declared in `records`"
        for schema in set(stream.records) - found if samples else ():
            yield f"{name}: {schema.__name__} is declared and no sample shows one"
        for schema in stream.records:
            if not issubclass(schema, RECORDS.get(schema.noun, ())):
                yield f"{name}: {schema.__name__} is no record of the SDK"


def reads_alike_each_time(subject: Subject) -> Iterator[str]:
    """Kept pages are read again after a mapping is mended; what a page says cannot hang on what came before it."""
    connector = subject.build()
    samples = some(subject.samples.received, "sample of a page")
    first = {sample.name: _read(connector, sample) for sample in samples}
    for sample in reversed(samples):
        if _read(connector, sample) != first[sample.name]:
            yield f"{sample.name}: read again, after other pages, it says something else"
        elif _read(subject.build(), sample) != first[sample.name]:
            yield f"{sample.name}: another run reads something else in it"


def reads_in_any_order(subject: Subject) -> Iterator[str]:
    """Authorities repeat and reorder what they say."""
    turned = [(sample, form.turned()) for sample, form in with_forms(subject.samples.received)]
    for sample, body in some([(one, body) for one, body in turned if body], "sample that has several rows"):
        if _as_set(_read(subject.connector, sample, body)) != _as_set(sample.records):
            yield f"{sample.name}: with its rows turned round it says something else"


def survives_encodings(subject: Subject) -> Iterator[str]:
    """The same page in another encoding holds the same records."""
    for sample, form in some(with_forms(subject.samples.received), "sample in JSON, NDJSON, CSV or XML"):
        for how, body in form.encoded():
            if _read(subject.connector, sample, body) != sample.records:
                yield f"{sample.name}: {how} it says something else"


def _read(connector: Connector, sample: Received, body: bytes | None = None) -> list[dict[str, Any]]:
    return [as_json(record) for record in loaded(sample.drafts(connector, sample.page_with(body)))]


def _as_set(records: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(record, sort_keys=True) for record in records)


def _difference(expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> str:
    if len(expected) != len(found):
        return f"{len(found)} records are read, {len(expected)} are in its records.json"
    for number, (left, right) in enumerate(zip(expected, found, strict=True)):
        for name in sorted(left.keys() | right.keys()):
            if left.get(name) != right.get(name) or (name in left) != (name in right):
                return f"records[{number}].{name} is read as {right.get(name)!r}, expected {left.get(name)!r}"
    return "no difference"


RULES = (
    Rule(
        "samples",
        "每个数据流与单证有样例",
        "Every stream and paper has its pair of samples",
        has_a_sample_of_everything,
    ),
    Rule("sample-sent", "发送报文与样例一致", "A paper goes out as its sample shows", writes_as_shown),
    Rule("sample-received", "接收报文按样例解析", "A page is read as its sample shows", reads_as_shown),
    Rule("records", "记录符合声明的结构", "A stream emits what it declares", keeps_to_its_records),
    Rule("read-again", "同一页反复读取结果相同", "A page says the same each time it is read", reads_alike_each_time),
    Rule("read-any-order", "行序不影响结果", "The order of its rows changes nothing", reads_in_any_order),
    Rule("encodings", "GBK、转义与 BOM 不影响结果", "Encodings change nothing", survives_encodings),
)
