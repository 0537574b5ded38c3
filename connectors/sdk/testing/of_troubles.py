"""Live rules of an authority that fails: each fault ends in the error that says what happens next, and in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from connectors.sdk.errors import BadData, ConnectorError, NeedsCredentials, OutcomeUnknown, Retriable
from connectors.sdk.http import Page
from connectors.sdk.inside.retry import Retry
from connectors.sdk.papers import Paper
from connectors.sdk.testing.faults import Fault, answers, cut, endless, silent
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import Rule, some
from connectors.sdk.testing.visit import Visit, ends_in, name_of, new_papers, visiting

SHORT, LONG = timedelta(seconds=0.2), timedelta(seconds=3)
"""How long a connector waits in these rules, instead of what its manifest says."""
IN_TIME = 4.0
ONCE = Retry(attempts=1)
"""Silence is waited for; that questions are repeated is the SDK's, and the same for every stream."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault, and what a read and a hand-over have to end in."""

    name: str
    zh: str
    en: str
    fault: Fault
    reading: type[ConnectorError]
    sending: type[ConnectorError]


TROUBLES = (
    Trouble(
        "refused",
        "凭证被拒",
        "credentials are refused",
        answers("401 Unauthorized"),
        NeedsCredentials,
        NeedsCredentials,
    ),
    Trouble(
        "forbidden",
        "无权限",
        "the credentials do not allow it",
        answers("403 Forbidden"),
        NeedsCredentials,
        NeedsCredentials,
    ),
    Trouble(
        "too-many",
        "请求过多",
        "there are too many requests",
        answers("429 Too Many Requests", ("Retry-After", "7")),
        Retriable,
        Retriable,
    ),
    Trouble(
        "broken",
        "对方故障",
        "the authority fails",
        answers("500 Internal Server Error"),
        OutcomeUnknown,
        OutcomeUnknown,
    ),
    Trouble("closed", "服务暂停", "the authority is closed", answers("503 Service Unavailable"), Retriable, Retriable),
    Trouble(
        "redirected",
        "被重定向",
        "it is sent elsewhere",
        answers("302 Found", ("Location", "http://127.0.0.1:9/")),
        BadData,
        BadData,
    ),
    Trouble("cut", "连接中断", "the line is cut", cut, OutcomeUnknown, OutcomeUnknown),
    Trouble("silent", "对方无应答", "nothing is answered", silent, OutcomeUnknown, OutcomeUnknown),
    Trouble("endless", "应答无止境", "the answer has no end", endless, BadData, OutcomeUnknown),
)
"""A hand-over whose answer cannot be read may have arrived; a read may not, and nothing is lost by it."""


def _rule_for(trouble: Trouble) -> Rule:
    def problems(subject: Subject) -> Iterator[str]:
        patience = SHORT if trouble.fault is silent else LONG
        for act in some(_acts(subject, trouble), "stream and no paper to send"):
            with visiting(subject, patience=patience) as visit:
                visit.http.retry = ONCE if trouble.fault is silent else visit.http.retry
                visit.desk.misbehave(trouble.fault)
                began = time.monotonic()
                found = ends_in(partial(act.do, visit))
                took = time.monotonic() - began
                if found is not act.expected:
                    yield f"{act.what} ends in {name_of(found)} instead of {act.expected.__name__}"
                if took > IN_TIME:
                    yield f"{act.what} takes {took:.1f} s"
                if act.once and visit.desk.requests > 1:
                    yield f"{act.what} is repeated {visit.desk.requests - 1} times though it may have arrived"

    return Rule(
        f"when-{trouble.name}",
        f"{trouble.zh}时归入正确的错误类",
        f"When {trouble.en}, the error says what happens next",
        problems,
        live=True,
    )


@dataclass(frozen=True, slots=True)
class _Act:
    """Something that a connector does at the desk. What may have arrived is done only once."""

    what: str
    expected: type[ConnectorError]
    do: Callable[[Visit], Any]
    once: bool = False


def _first_page(stream: str, papers: Sequence[Paper], visit: Visit) -> Page | None:
    return next(visit.pages(stream, papers), None)


def _send(paper: Paper, visit: Visit) -> Page:
    return visit.send(paper)


def _acts(subject: Subject, trouble: Trouble) -> Iterator[_Act]:
    """Reading each stream, and handing over a paper of each submission."""
    papers = new_papers(subject)
    for name in subject.connector.streams:
        yield _Act(name, trouble.reading, partial(_first_page, name, papers))
    for paper in {type(subject.connector.submissions[paper.kind]): paper for paper in papers}.values():
        once = issubclass(trouble.sending, OutcomeUnknown)
        yield _Act(paper.kind, trouble.sending, partial(_send, paper), once)


RULES = tuple(map(_rule_for, TROUBLES))
