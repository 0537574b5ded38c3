"""The contract suite itself: a sound connector passes every rule, and every rule can fail, with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sdk.testing import RULES, Outcome, Verdict, check
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import judge
from tests.sdk.packages import Change, Make, make

__all__ = ["make"]
RULE = {rule.name: rule for rule in RULES}
LIST = 'read_list(page.body, "results")'
ROWS = f"return each({LIST}, self._result)"
KEY = 'key = key_of(row.get("notice"), row.get("status"))'
SIGNS_IN = 'return bearer(self.settings["token"])'
HANDS_OVER = 'return http.post("notices", message.body, message.content_type, answers=(REFUSED,))'
TAKES_ANY_STATUS = Change("documents.py", "answers=(REFUSED,)", "answers=range(200, 600)")
CALLS_IT_BAD_DATA = Change(
    "documents.py",
    HANDS_OVER,
    f"""try:
            {HANDS_OVER}
        except Exception as error:
            from connectors.sdk import BadData
            raise BadData(str(error))""",
)

BROKEN = Change("manifest.toml", "[streams.results]", "[streams.answers]")
LONG = Change("connector.py", "from __future__", "# more\n" * 80 + "from __future__")
LETS_ANYBODY_IN = """(Hook("news", Anybody()),)


class Anybody:
    def check(self, push: object) -> None: ...
    def prove(self, push: object) -> object: return push
    def vouches_for(self, header: str) -> bool: return True
"""
OPEN_DOOR = (
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
    Change("connector.py", SIGNS_IN, f"{SIGNS_IN}\n\n    def build_hooks(self):\n        return {LETS_ANYBODY_IN}"),
    Change("connector.py", "import Connector,", "import Connector, Hook,"),
)

MUTATIONS: dict[str, tuple[Change | tuple[Change, ...], str]] = {
    "builds": (BROKEN, "answers, results"),
    "files": (Change("__init__.py"), "__init__.py is missing"),
    "names": (Change("manifest.toml", "到货预告", "Notice"), "zh is not Chinese: 'Notice'"),
    "settings": (Change("manifest.toml", "secret = true", ""), "token: looks like a secret"),
    "times": (Change("manifest.toml", 'promise = "10m"', 'promise = "1s"'), "streams.results: promises 0:00:01"),
    "readme": (Change("README.md", "`results`", "results"), "README.md does not name `results`"),
    "imports": (Change("streams.py", "from marshmallow", "import requests\nfrom marshmallow"), "imports requests"),
    "small": (LONG, "80 are enough"),
    "quality": (Change("manifest.toml", "# [quality]", '[quality]\nnoise = "todo: x"'), "names noise"),
    "code-words": (Change("codes.py", "已受理", ""), "'accepted'): no Chinese words"),
    "code-way-out": (Change("codes.py", "按原因修改所指字段后重发", ""), "'refused'): asks for a person"),
    "code-milestones": (Change("codes.py", '"Received"', '"Received", "released"'), "has not taken the paper"),
    "code-ends": (Change("codes.py", "State.DONE", "State.ACCEPTED"), "no code leads to done"),
    "code-known": (Change("codes.py", '"finished"', '"ended"'), "'finished' about NAME.notice is in no table"),
    "samples": (Change("samples/results.records.json"), "the stream results has no sample"),
    "sample-sent": (Change("documents.py", '"goods":', '"lines":'), "what goes out is not NAME.notice.sent"),
    "sample-received": (Change("streams.py", '"reason")', '"why")'), "records[1].words is read as ''"),
    "records": (Change("streams.py", "(Result,)", "(DocumentEvent,)"), "Result comes and is not declared"),
    "read-again": (
        Change("streams.py", KEY, 'self.seen = getattr(self, "seen", 0) + 1\n        key = str(self.seen)'),
        "after other pages, it says something else",
    ),
    "read-any-order": (
        (
            Change("streams.py", KEY, 'key = row["place"]'),
            Change(
                "streams.py",
                ROWS,
                f"return each(({{**row, 'place': str(at)}} for at, row in enumerate({LIST})), self._result)",
            ),
        ),
        "with its rows turned round",
    ),
    "encodings": (
        Change("streams.py", ROWS, ROWS.replace("page.body", 'page.body.decode("ascii", "ignore").encode()')),
        "says something else",
    ),
    "garbage": (
        Change("streams.py", ROWS, f'return each({LIST} if page.body != b"null" else [], self._result)'),
        "a document that is only null is read as a page on which nothing stands",
    ),
    "drift": (
        Change("streams.py", ROWS, f'_ = [1 / len(row["notice"]) for row in {LIST}]\n        {ROWS}'),
        "ZeroDivisionError",
    ),
    "pushes": (OPEN_DOOR, "news has no sample"),
    "push-names": (
        (*OPEN_DOOR, Change("samples/results.records.json", '"stream": "results"', '"hook": "news", "names": ["7"]')),
        "results: nobody is named, its records.json says ['7']",
    ),
    "strangers": (OPEN_DOOR, "news: a push that proves nothing is let in"),
    "secrets": (
        Change(
            "connector.py", SIGNS_IN, f"{SIGNS_IN}\n\n    def __repr__(self) -> str:\n        return str(self.settings)"
        ),
        "the connector shows a secret setting",
    ),
    "sent-once": (
        Change("documents.py", '"notice": paper.guid,', '"notice": __import__("uuid").uuid4().hex,'),
        "it was taken 2 times",
    ),
    "lost-answer": (Change("documents.py", 'f"notices/', 'f"notice/'), "`find` does not say so"),
    "cursor": (
        Change("streams.py", '"after": after or "0"', '"after": int(after) + 1 if after else "0"'),
        "going on from cursor '1' loses",
    ),
    "understands": (Change("tests/twin.py", '"finished")', '"vanished")'), "'vanished' about NAME.notice"),
    "stuck": (
        Change(
            "streams.py",
            "return by_cursor(",
            'while True:\n            yield http.get("results?after=0&limit=1")\n        by_cursor(',
        ),
        "the same page came 50 times",
    ),
    "hush": (
        Change(
            "connector.py", SIGNS_IN, f'import logging\n        logging.info("%s", self.settings)\n        {SIGNS_IN}'
        ),
        "the log shows a secret setting",
    ),
    "when-refused": (TAKES_ANY_STATUS, "NAME.notice ends in no error instead of NeedsCredentials"),
    "when-forbidden": (TAKES_ANY_STATUS, "ends in no error instead of NeedsCredentials"),
    "when-too-many": (TAKES_ANY_STATUS, "ends in no error instead of Retriable"),
    "when-broken": (TAKES_ANY_STATUS, "ends in no error instead of OutcomeUnknown"),
    "when-closed": (TAKES_ANY_STATUS, "ends in no error instead of Retriable"),
    "when-redirected": (TAKES_ANY_STATUS, "ends in no error instead of BadData"),
    "when-cut": (CALLS_IT_BAD_DATA, "ends in BadData instead of OutcomeUnknown"),
    "when-silent": (CALLS_IT_BAD_DATA, "ends in BadData instead of OutcomeUnknown"),
    "when-endless": (CALLS_IT_BAD_DATA, "ends in BadData instead of OutcomeUnknown"),
}


def test_a_new_connector_keeps_every_rule(make: Make) -> None:
    made = make()
    expected = {name: Verdict(Outcome.PASSED) for name in RULE}
    expected |= dict.fromkeys(("pushes", "push-names", "strangers"), Verdict(Outcome.EXEMPT, "nobody may push to it"))
    assert {rule.name: verdict for rule, verdict in check(made.connector, made.twin)} == expected


def test_every_rule_has_a_connector_that_breaks_it() -> None:
    assert set(MUTATIONS) == set(RULE)


@pytest.mark.parametrize(("name", "mutation"), MUTATIONS.items(), ids=MUTATIONS)
def test_a_rule_that_is_broken_says_how(make: Make, name: str, mutation: tuple[Any, str]) -> None:
    changes, reason = mutation
    made = make(*(changes if isinstance(changes[0], Change) else (changes,)))
    verdict = judge(RULE[name], Subject(made.connector, made.twin))
    assert verdict.outcome is Outcome.FAILED
    assert reason.replace("NAME", made.connector.manifest.code) in verdict.reason


def test_a_door_that_opens_to_nobody_is_no_door(make: Make) -> None:
    shut = Change("connector.py", "def check(self, push: object) -> None: ...", "check = lambda self, push: 1 / 0")
    verdict = judge(RULE["strangers"], Subject(make(*OPEN_DOOR, shut).connector))
    assert "ZeroDivisionError" in verdict.reason
    wrong = Change("connector.py", "Anybody()", 'Signed("typed in by hand", signature="S")')
    imported = Change("connector.py", "import Connector, Hook,", "import Connector, Hook, Signed,")
    verdict = judge(RULE["strangers"], Subject(make(*OPEN_DOOR, wrong, imported).connector))
    assert "news: a push is let in where no secret is set" in verdict.reason


def test_what_cannot_be_built_is_said_once(make: Make) -> None:
    made = make(BROKEN)
    assert [rule.name for rule, _ in check(made.connector, made.twin)] == ["builds"]


def test_without_a_twin_the_live_rules_are_not_asked(make: Make) -> None:
    assert {rule.name for rule, _ in check(make().connector)} == {name for name, rule in RULE.items() if not rule.live}


@pytest.mark.parametrize("word", ["exempt", "todo"])
def test_what_a_manifest_excuses_is_told_with_its_reason(make: Make, word: str) -> None:
    excuse = Change("manifest.toml", "# [quality]", f'[quality]\nsmall = "{word}: it is a museum piece"')
    subject = Subject(make(LONG, excuse).connector)
    assert judge(RULE["small"], subject) == Verdict(Outcome(word), "it is a museum piece")


def test_an_excuse_that_is_not_needed_is_refused(make: Make) -> None:
    made = make(Change("manifest.toml", "# [quality]", '[quality]\nsmall = "exempt: it is large"'))
    verdict = judge(RULE["small"], Subject(made.connector))
    assert verdict.outcome is Outcome.FAILED
    assert "take small out of [quality]" in verdict.reason
