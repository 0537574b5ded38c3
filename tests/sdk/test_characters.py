"""What a text and an identifier may hold: XML 1.0 is the measure, and lxml says what XML takes."""

from __future__ import annotations

import sys

import pytest
from lxml import etree

from connectors.sdk.characters import UNWRITABLE, is_blank, is_half_width

KEPT_OUT = {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Control characters, of which XML takes some, and what turns the direction of reading."""


def xml_takes(letter: str) -> bool:
    try:
        etree.Element("a").text = letter
    except ValueError:
        return False
    return True


def test_text_may_hold_what_xml_takes_but_control_characters_and_turns_of_direction() -> None:
    places = [*range(0x3000), *range(0xD7F0, 0xE010), *range(0xF8F0, 0x10010), *range(0x1F300, sys.maxunicode, 997)]
    for place in places:
        letter = chr(place)
        assert bool(UNWRITABLE.search(letter)) == (place in KEPT_OUT or not xml_takes(letter)), hex(place)


@pytest.mark.parametrize("text", ["", " ", "\u3000\xa0", "\u200b\u200d\ufeff", "\u0301", "\u3164", "\u2800", "\ufe0f"])
def test_blanks_joiners_and_marks_alone_are_nothing_to_read(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(f"{text}a")


@pytest.mark.parametrize("text", ["假", "\ue000", "\U000323b0", "💇", "1", "-"])
def test_whatever_shows_is_no_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize("text", ["XC-2026/1_a", "订单42", "豫（2026）1号", "①", "💇"])
def test_an_identifier_is_written_in_plain_digits_and_letters(text: str) -> None:
    assert is_half_width(text)
    for wide in ("１", "Ａ", "ｚ", "٣"):
        assert not is_half_width(f"{text}{wide}")
