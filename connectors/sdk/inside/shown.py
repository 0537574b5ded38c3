"""What came from outside, made fit to be shown: nothing in it steers a terminal, forges a line or hides.

What would act is written out as its escape (`\\x1b`, `\\n`, `\\u202e`), so that it is seen and nothing is lost.
Chinese, emoji and combining marks stay as they are. Names of classes of characters are those of Unicode, UAX #44.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

LONGEST = 20_000
"""Characters of a line that are shown; how many more there are is said."""
ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
UNSEEN = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0xFFF0, 0xFFFC)}
"""Letters and marks that are drawn as nothing."""
NOBODYS = {plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF)} | {*range(0xFDD0, 0xFDF0)}
JOINER, FLAG, END_OF_FLAG = "\u200d", "\U0001f3f4", "\U000e007f"


_SELECTOR = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_EMOJI = "[\u203c-\u3299\U0001f000-\U0001faff]"
_KEPT = (
    f"(?<={_EMOJI}){JOINER}(?={_EMOJI})|(?<=[\ufe0f]){JOINER}(?={_EMOJI})"
    f"|{FLAG}[\U000e0061-\U000e007a\U000e0030-\U000e0039]{{3,6}}{END_OF_FLAG}"
)
"""Invisible characters of which emoji are made: families, flags of regions."""
_ODD = re.compile(f"({_KEPT})|((?<=[{_SELECTOR}])[{_SELECTOR}])|[^ -~\u3400-\u9fff]")
"""What is kept together, a selector that selects nothing, and every character that needs a look."""
_BREAKS = "\n\t"
NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def shown(text: object, *, most: int = LONGEST) -> str:
    """One line of text in which nothing acts; beyond `most` characters only how many more there are."""
    return _cut(_ODD.sub(lambda found: _code(found[0]) if _acts(found) else found[0], str(text)), most)


def shown_lines(text: object) -> str:
    """The same for a text of ours that has several lines: its line breaks and tabs stay."""

    def said(found: re.Match[str]) -> str:
        return _code(found[0]) if _acts(found) and found[0] not in _BREAKS else found[0]

    return _ODD.sub(said, str(text))


def shown_json(value: Any, indent: int | None = None) -> str:
    """JSON that reads back as exactly this value, and in which nothing acts on a terminal."""
    written = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return _ODD.sub(lambda found: _json(found[0]) if _acts(found) and found[0] != "\n" else found[0], written)


def _acts(found: re.Match[str]) -> bool:
    if found[1] or found[2]:
        return bool(found[2])
    code = ord(found[0])
    return code in UNSEEN or code in NOBODYS or unicodedata.category(found[0]) in ACTING


def _code(character: str) -> str:
    code = ord(character)
    return NAMED.get(character) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )


def _json(character: str) -> str:
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… [+{len(text) - most:,}]"
