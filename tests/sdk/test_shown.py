"""Nothing that came from outside acts on who reads it, and nothing of it is lost."""

from __future__ import annotations

import io
import json
import logging
import unicodedata

import pytest

from connectors.sdk.inside.masking import Mask, MaskedFormatter
from connectors.sdk.inside.shown import LONGEST, shown, shown_json, shown_lines
from tests.support.together import together

ACTING = {
    "\x1b[2J": r"\x1b[2J",
    "\x1b]8;;http://x\x1b\\": r"\x1b]8;;http://x\x1b" + "\\",
    "\x9b31m": r"\x9b31m",
    "\a\b\0\x7f": r"\x07\x08\x00\x7f",
    "a\r\nb\tc\v\f": r"a\r\nb\tc\x0b\x0c",
    "\u202egnp.exe": r"\u202egnp.exe",
    "\u2066\u2069\u200e\u200f\u061c": r"\u2066\u2069\u200e\u200f\u061c",
    "a\u200bb\u200cc\u200dd\ufeff\u00ad": r"a\u200bb\u200cc\u200dd\ufeff\xad",
    "\u2028\u2029\x85": r"\u2028\u2029\x85",
    "\ud83d \udc00": r"\ud83d \udc00",
    "\U000e0041\uffff\u3164": r"\U000e0041\uffff\u3164",
    "a\ufe00\ufe01\ufe02": "a\ufe00" + r"\ufe01\ufe02",
}
HARMLESS = (
    "[/foo] [red]x[/] :smile:",
    "河南许昌 发制品",
    "👨‍👩‍👧 ❤️‍🔥 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "e\u0301 é Ａ　ｂ",
    "葛\U000e0100",
    r"C:\new",
)


@together(("text", "seen"), ACTING.items(), ids=range(len(ACTING)))
def test_what_would_act_is_seen_as_its_escape(text: str, seen: str) -> None:
    assert shown(text) == seen
    assert json.loads(shown_json({text: [text]})) == {text: [text]}
    for said in (shown(text), shown_json(text), shown_lines(text).replace("\n", "").replace("\t", "")):
        assert not {unicodedata.category(one) for one in said} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_only_writing_stays(text: str) -> None:
    assert (shown(text), shown_lines(text), json.loads(shown_json(text))) == (text, text, text)
    assert "\\u" not in shown_json(text)


def test_what_is_cut_says_how_much() -> None:
    assert shown("x" * (LONGEST + 1234)).endswith("x… [+1,234]")


def test_one_record_of_a_log_is_one_line_with_its_traceback() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(MaskedFormatter(Mask(["sesame"]), "%(levelname)s %(message)s"))
    for name in ("yuhub.sync", "werkzeug", "waitress", "apscheduler"):
        log = logging.Logger(name)
        log.addHandler(handler)
        try:
            raise RuntimeError("sesame\nERROR forged \x1b[2J")
        except RuntimeError:
            log.exception("of %s", "a\nERROR forged\u2028x \u202e sesame")
    lines = written.getvalue().splitlines()
    assert len(lines) == 4
    assert all(line.startswith(r"ERROR of a\nERROR forged\u2028x \u202e •••\nTraceback") for line in lines)
    assert all(r"RuntimeError: •••\nERROR forged \x1b[2J" in line for line in lines)
