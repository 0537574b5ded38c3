"""A bug for every rule, planted in the connector that `yuhub connector new` writes: what is changed, and what is said.

`also` are rules that the same bug breaks, because they ask about the same thing on another way.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.support.sdk.packages import Change


class Bug(NamedTuple):
    """Changes of a sound package, words of the verdict that they come to (NAME is the connector's code)."""

    said: str
    changes: tuple[Change, ...]
    also: frozenset[str] = frozenset()


def bug(said: str, *changes: Change, also: tuple[str, ...] = ()) -> Bug:
    return Bug(said, changes, frozenset(also))


READ = 'return each(read_list(page.body, "results"), self._result)'
KEY = 'key = key_of(row.get("notice"), row.get("status"))'
PAGES = 'return by_cursor(http, "results", ask.cursor, last, lambda after: {"after": after or "0", "limit": PAGE})'
LAST = 'last = last_of("results", "sequence")'
SIGNS_IN = 'return bearer(self.settings["token"])'
HANDS_OVER = 'return http.post("notices", message.body, message.content_type, answers=tuple(self.codes))'
REFUSALS = '{422: "refused"}'


def sends(*lines: str) -> Change:
    """Another way to hand a paper over."""
    old = "    def reference(self"
    new = "\n        ".join(["    def send(self, http, message, papers):", *lines])
    return Change("submissions.py", old, f"{new}\n\n{old}")


def takes(status: int) -> Change:
    """A status that is no answer is taken for one."""
    return Change("submissions.py", REFUSALS, f'{REFUSALS[:-1]}, {status}: "received"}}')


def calls_it_bad_data(words: str) -> Change:
    """What may have arrived is said to be wrong."""
    return sends(
        "from connectors.sdk import BadData, OutcomeUnknown",
        "try:",
        f"    {HANDS_OVER}",
        "except OutcomeUnknown as error:",
        f'    raise BadData(error.text) if "{words}" in error.text else error',
    )


def pages(*lines: str) -> Change:
    """Another way from page to page; what is fetched by `source` is the sound one's."""
    source = PAGES.replace("return", "source =")
    return Change("streams.py", PAGES, "\n        ".join(["from dataclasses import replace", source, *lines]))


def last_is(*lines: str) -> tuple[Change, ...]:
    """The cursor after a page, told in another way than by `last_of`."""
    return (
        Change("streams.py", LAST, "last = _last"),
        Change("streams.py", "PAGE = 100\n", "\n    ".join(["PAGE = 100\n\n\ndef _last(page):", *lines]) + "\n"),
    )


def door(proof: str, *more: str) -> tuple[Change, ...]:
    """A hook of the connector, and how it is proved who pushes."""
    return (
        Change(
            "manifest.toml",
            "[send]",
            """[hooks.news]
stream = "results"
secret = "token"
zh = "推送"
en = "Push"

[send]""",
        ),
        Change(
            "connector.py",
            SIGNS_IN,
            "\n".join([SIGNS_IN, "", "    def build_hooks(self):", f'        return (Hook("news", {proof}),)', *more]),
        ),
        Change("connector.py", "import Connector,", "import Connector, Hook,"),
    )


SHUT = door('__import__("connectors.sdk.hook", fromlist=["bearer"]).bearer(self.settings["token"])')
OPEN = door(
    "Anybody()",
    "",
    "",
    "class Anybody:",
    "    def check(self, push: object) -> None: ...",
    "    def prove(self, push: object) -> object: return push",
    "    def vouches_for(self, header: str) -> bool: return True",
    "",
)
UNBUILT = Change("manifest.toml", "[streams.results]", "[streams.replies]")
LONG = Change("connector.py", "from __future__", "# more\n" * 80 + "from __future__")
PUSHED = Change("samples/results.records.json", '"stream": "results"', '"hook": "news", "names": ["7"]')

BUGS: dict[str, Bug] = {
    "builds": bug("replies, results", UNBUILT),
    "files": bug("__init__.py is missing", Change("__init__.py")),
    "names": bug("zh is not Chinese: 'Notice'", Change("papers/notice.toml", "到货预告", "Notice")),
    "settings": bug("token: looks like a secret", Change("manifest.toml", "secret = true", "")),
    "times": bug(
        "streams.results: promises 0:00:01",
        Change(
            "manifest.toml",
            '[streams.results]\nevery = "60s"\npromise = "10m"',
            '[streams.results]\nevery = "60s"\npromise = "1s"',
        ),
    ),
    "readme": bug("README.md does not name `results`", Change("README.md", "`results`", "results")),
    "imports": bug("imports requests", Change("streams.py", "from marshmallow", "import requests\nfrom marshmallow")),
    "small": bug("80 are enough", LONG),
    "quality": bug("names noise", Change("manifest.toml", "# [quality]", '[quality]\nnoise = "todo: x"')),
    "code-words": bug("'accepted'): no Chinese words", Change("codes.py", "已受理", "")),
    "code-way-out": bug("'refused'): asks for a person", Change("codes.py", "按原因修改所指字段后重发", "")),
    "code-milestones": bug("has not taken the paper", Change("codes.py", '"Received"', '"Received", "released"')),
    "code-ends": bug("no code leads to done", Change("codes.py", "State.DONE", "State.ACCEPTED")),
    "code-known": bug("'finished' about NAME.notice is in no table", Change("codes.py", '"finished"', '"ended"')),
    "samples": bug("the stream results has no sample", Change("samples/results.records.json")),
    "sample-sent": bug("what goes out is not NAME.notice.sent", Change("submissions.py", '"goods":', '"lines":')),
    "reaches-wire": bug(
        "papers/notice.toml: remark is in no sample; write it into NAME.notice.paper.json, or delete the line",
        Change("papers/notice.toml", "[head]", '[head]\nremark = "text? <- entry:parcelNumber"'),
    ),
    "sample-received": bug(
        "records[1].words is read as ''",
        Change("streams.py", '"reason")', '"why")'),
        also=("read-any-order", "encodings"),
    ),
    "records": bug("Result comes and is not declared", Change("streams.py", "(Result,)", "(DocumentEvent,)")),
    "read-again": bug(
        "after other pages, it says something else",
        Change("streams.py", KEY, 'self.seen = getattr(self, "seen", 0) + 1\n        key = str(self.seen)'),
        also=("sample-received", "read-any-order", "encodings"),
    ),
    "read-any-order": bug(
        "with its rows turned round",
        Change("streams.py", READ, f'self.first = str(read_list(page.body, "results")[:1])\n        {READ}'),
        Change("streams.py", KEY, f'{KEY} if "accepted" in self.first else str(row.get("status"))'),
    ),
    "encodings": bug(
        "with a byte order mark it says something else",
        Change("streams.py", READ, f'if page.body[:1] == b"\\xef":\n            return iter(())\n        {READ}'),
    ),
    "garbage": bug(
        "a document that is only null is read as a page on which nothing stands",
        Change("streams.py", READ, f'if page.body == b"null":\n            return iter(())\n        {READ}'),
    ),
    "drift": bug(
        "ZeroDivisionError",
        Change("streams.py", READ, f'1 / len(read_list(page.body, "results"))\n        {READ}'),
    ),
    "bad-member": bug(
        "results: in results, a row that is 'None': the others are not read",
        Change(
            "streams.py", READ, 'return (one for row in read_list(page.body, "results") for one in self._result(row))'
        ),
    ),
    "secrets": bug(
        "the connector shows a secret setting",
        Change(
            "connector.py", SIGNS_IN, f"{SIGNS_IN}\n\n    def __repr__(self) -> str:\n        return str(self.settings)"
        ),
    ),
    "pushes": bug("news has no sample", *SHUT),
    "push-names": bug("results: nobody is named, its records.json says ['7']", *SHUT, PUSHED, also=("samples",)),
    "strangers": bug("news: a push that proves nothing is let in", *OPEN, also=("pushes",)),
    "sent-once": bug(
        "it was taken 2 times",
        sends(
            'again = __import__("uuid").uuid4().hex.encode()',
            HANDS_OVER.replace("message.body", "message.body.replace(papers[0].guid.encode(), again)"),
        ),
        also=("lost-answer",),
    ),
    "lost-answer": bug("`find` does not say so", Change("submissions.py", '"notices/{}"', '"notice/{}"')),
    "understands": bug("'vanished' about NAME.notice", Change("tests/twin.py", '"finished")', '"vanished")')),
    "hush": bug(
        "the log shows a secret setting",
        Change("connector.py", SIGNS_IN, f'__import__("logging").info("%s", self.settings)\n        {SIGNS_IN}'),
    ),
    "served": bug(
        "in pages of 2, the twin served 5D0E7E0B-6E0B-4A53-8A0C-3F2B1E7D9C44 accepted, and it is not read",
        pages(
            "for page in source:",
            "    yield page",
            '    if len(read_list(page.body, "results")) < PAGE:',
            "        return",
        ),
    ),
    "cursor": bug(
        "results: going on from cursor '3' loses document_event",
        pages("for page in source:", "    yield replace(page, cursor=str(int(page.cursor) + 1))"),
        also=("broken-off",),
    ),
    "broken-off": bug(
        "when after its first page credentials are refused, it ends in no error instead of NeedsCredentials",
        pages("yield next(source)", "try:", "    yield from source", "except Exception:", "    return"),
    ),
    "odd-last": bug(
        "results: behind a page with an odd last row it loses document_event",
        *last_is('rows = read_list(page.body, "results")', 'return str(rows[-1]["sequence"]) if rows else None'),
    ),
    "stuck": bug(
        "the same page came 50 times",
        pages(
            "at = ask.cursor",
            "while True:",
            '    page = http.get("results", params={"after": at or "0", "limit": PAGE})',
            "    if not last(page):",
            "        return",
            "    at = last(page)",
            "    yield replace(page, cursor=at)",
        ),
    ),
    "asked": bug(
        "results: asked for what changed until 2",
        Change("streams.py", "    records = (Result,)\n", "    records = (Result,)\n    by_time = True\n"),
    ),
    "when-refused": bug("NAME.notice ends in no error instead of NeedsCredentials", takes(401)),
    "when-forbidden": bug("ends in no error instead of NeedsCredentials", takes(403)),
    "when-too-many": bug("ends in no error instead of Retriable", takes(429)),
    "when-broken": bug("ends in no error instead of OutcomeUnknown", takes(500)),
    "when-closed": bug("ends in no error instead of Retriable", takes(503)),
    "when-redirected": bug("ends in no error instead of BadData", takes(302)),
    "when-cut": bug("ends in BadData instead of OutcomeUnknown", calls_it_bad_data("broke"), also=("lost-answer",)),
    "when-silent": bug("ends in BadData instead of OutcomeUnknown", calls_it_bad_data("no answer")),
    "when-endless": bug("ends in BadData instead of OutcomeUnknown", calls_it_bad_data("is larger")),
}
