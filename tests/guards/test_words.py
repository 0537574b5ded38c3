"""Every error has words in both languages and a way out, and every word of ours is said somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from string import Formatter

import pytest

from hub.errors import WORDS, HubError, Wording, error_kinds, way_out
from hub.errors.terms import CAUSES, LACKS, TERMS
from tests.support.guards.sources import modules, name, texts, tree

SPEAKERS = [path for path in modules("hub", "graphql", "sync", "connectors") if "hub/errors/te" not in name(path)]
OUTSIDE = [path for path in SPEAKERS if "hub/errors" not in name(path)]
SAID = {text for path in SPEAKERS for text in texts(path)}
CHINESE = re.compile(r"[一-鿿]")


KINDS = {one.__name__: one for one in vars(error_kinds).values() if isinstance(one, type) and issubclass(one, HubError)}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Wherever an error or what is wrong with an entry is made: where, the code, the call. An error has to name one."""
    for path in SPEAKERS:
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            kind, place = KINDS.get(node.func.id), f"{name(path)}:{node.lineno}"
            if node.func.id == "EntryProblem":
                yield from ((place, code, node) for one in node.args[1:2] for code in written(one))
            elif kind is not None and kind.__init__ is HubError.__init__:
                codes = [*written(node.args[0])] or [""] if node.args else [getattr(kind, "code", "")]
                yield from ((place, code, node) for code in codes)


def written(node: ast.expr) -> Iterator[str]:
    """The codes that an argument may be, as far as they are written there."""
    if isinstance(node, ast.IfExp):
        yield from written(node.body)
        yield from written(node.orelse)
    elif isinstance(node, ast.Constant):
        yield str(node.value)


def given(call: ast.Call) -> set[str] | None:
    """The parameters that a call names; None where it takes them from elsewhere."""
    names: list[str | None] = [one.arg for one in call.keywords]
    if isinstance(call.func, ast.Name) and call.func.id == "EntryProblem":
        if len(call.args) < 3 or not isinstance(call.args[2], ast.Dict):
            return None
        names = [one.value if isinstance(one, ast.Constant) else None for one in call.args[2].keys]
    return None if None in names else {one for one in names if one} | ({"what"} if "measure" in names else set())


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def named(words: Wording) -> set[str]:
    return fields(words.en) | fields(words.way_en)


def complaints(words: Wording) -> Iterator[str]:
    """What is wrong with the words of one error."""
    if not all((words.zh, words.en, words.way_zh, words.way_en)):
        yield "a text is empty"
    if not CHINESE.search(words.zh) and re.search(r"\w", re.sub(r"{.*?}", "", words.zh)):
        yield "zh is not Chinese"
    if not CHINESE.search(words.way_zh):
        yield "way_zh is not Chinese"
    if CHINESE.search(words.en + words.way_en):
        yield "the English is Chinese"
    if fields(words.zh) != fields(words.en) or fields(words.way_zh) != fields(words.way_en):
        yield "the languages name other fields"
    if not set(words.private) <= named(words):
        yield "what is private is nowhere said"
    if not 400 <= words.status < 600:
        yield f"{words.status} is no status of an error"


def test_an_error_says_the_same_in_both_languages() -> None:
    assert {code: found for code, words in WORDS.items() if (found := [*complaints(words)])} == {}


def test_what_the_authority_says_to_do_goes_before_what_we_say_in_general() -> None:
    own = {"words": "x", "remedy": "致电现场海关", "remedy_en": "Call the customs office"}
    assert (way_out("AUTHORITY_REJECTED", "zh", own), way_out("AUTHORITY_REJECTED", "en", own)) == (
        "致电现场海关",
        "Call the customs office",
    )
    assert way_out("AUTHORITY_REJECTED", "en", {"words": "x"}) == WORDS["AUTHORITY_REJECTED"].way_en


def test_every_code_that_is_raised_has_words() -> None:
    made = {code for _, code, _ in calls()}
    assert len(made) > 100
    assert sorted(made - WORDS.keys()) == []
    assert {one.code for one in KINDS.values() if "code" in vars(one)} <= WORDS.keys()


def test_an_error_is_made_with_its_code_and_with_all_that_its_words_name() -> None:
    lacking = {
        f"{place}: {code}": sorted(wanted)
        for place, code, call in calls()
        if (names := given(call)) is not None
        if (wanted := named(WORDS[code]) - names)
    }
    assert lacking == {}


def test_every_code_is_said_by_somebody() -> None:
    """Raised, or noted with a paper; a kind by its name."""
    names = {node.id for path in OUTSIDE for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}
    said = {text for path in OUTSIDE for text in texts(path)}
    said |= {one.code for one in KINDS.values() if one.__name__ in names and "code" in vars(one)}
    assert sorted(WORDS.keys() - said) == []


def test_an_error_has_a_class_where_somebody_catches_it_or_it_makes_its_own_words() -> None:
    caught = {
        inner.id
        for path in OUTSIDE
        for node in ast.walk(tree(path))
        for part in catching(node)
        for inner in ast.walk(part)
        if isinstance(inner, ast.Name)
    }
    own = {one.__name__ for one in KINDS.values() if "__init__" in vars(one)}
    assert sorted(KINDS.keys() - caught - own) == []


def catching(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.ExceptHandler) and node.type is not None:
        yield node.type
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
        yield node.args[1]
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
        yield node.value


@pytest.mark.parametrize("table", [CAUSES, TERMS, LACKS], ids=["causes", "terms", "lacks"])
def test_every_term_is_used(table: Mapping[str, tuple[str, str]]) -> None:
    texts_said = {text for path in SPEAKERS for text in texts(path)}
    for word, said in table.items():
        assert all(said), word
        assert fields(said[0]) == fields(said[1]), word
        assert any(is_said(word, text) for text in texts_said), word


def is_said(word: str, text: str) -> bool:
    """As it is, put together (`{} place`), or with what it is of behind a colon."""
    if text == word or text.startswith(f"{word}:"):
        return True
    fixed = text.replace("{}", "").strip()
    return fixed.isalpha() and fixed != text and bool(re.fullmatch(re.escape(text).replace(r"\{\}", r"\w+"), word))
