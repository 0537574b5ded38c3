"""Every error has words in both languages and a way out, and every word of ours is said somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from string import Formatter

import pytest

from hub.errors import WORDS, HubError, Wording, way_out
from hub.errors.terms import CAUSES, LACKS, TERMS
from tests.support.guards.sources import modules, name, texts, tree

SPEAKERS = [path for path in modules("hub", "graphql", "sync", "connectors") if "hub/errors/te" not in name(path)]
CHINESE = re.compile(r"[一-鿿]")


def errors(base: type[HubError] = HubError) -> Iterator[type[HubError]]:
    for error in base.__subclasses__():
        yield error
        yield from errors(error)


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


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
    assert {error.code for error in errors()} <= WORDS.keys()
    told = {
        node.args[1].value
        for path in SPEAKERS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "EntryProblem"
        if len(node.args) > 1 and isinstance(node.args[1], ast.Constant)
    }
    assert told
    assert told <= WORDS.keys()


def test_every_error_is_raised_by_somebody() -> None:
    outside = "\n".join(path.read_text("utf-8") for path in SPEAKERS if "hub/errors" not in name(path))
    raised = {error.code for error in errors() if re.search(rf"\b{error.__name__}\b", outside)}
    assert [error.__name__ for error in errors() if error.code not in raised] == []
    spoken = {text for path in SPEAKERS if "hub/errors" not in name(path) for text in texts(path)}
    assert sorted(WORDS.keys() - raised - spoken - {HubError.code}) == []


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
