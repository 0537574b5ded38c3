"""Which characters a text may hold, and which an identifier may: one rule for what is typed and for what is sent.

XML 1.0 (fifth edition, 2.2 Char) is the measure, because most papers are XML: every character is text but the control
characters, halves of surrogate pairs, U+FFFE and U+FFFF. So joiners, private use, combining marks, emoji and letters
that are younger than this program are text. Marks that turn the direction of reading are kept out as well: with them a
text reads otherwise than it is.
"""

from __future__ import annotations

import re
import unicodedata

UNWRITABLE = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
INVISIBLE = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by their category that show nothing."""
FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")


def is_blank(text: str) -> bool:
    """Whether there is nothing to read: blanks, joiners and marks alone are no text."""
    return all(unicodedata.category(letter) in INVISIBLE or letter in FILLERS for letter in text)


def is_half_width(text: str) -> bool:
    """Whether digits and Latin letters are the plain ones: １２３ and 123 are two identifiers, ١ and 1 too.

    Signs may be wide: 豫（2026）1号 is how a Chinese contract is numbered.
    """
    return not FULL_WIDTH.search(text) and all(
        letter.isascii() or unicodedata.category(letter) != "Nd" for letter in text
    )
