"""What became of an order, as it is stored, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hub.errors import WORDS, words

DONE, LEFT_OUT = "done", "its connector is left out"
BEGUN = "begun"
"""Of an order whose run was enqueued and has not ended."""
RAN = "ran: {}"
PAGES, PAPERS = "{} pages read again", "{} papers tried anew"
ZH: Mapping[str, str] = {
    DONE: "已完成",
    LEFT_OUT: "连接器未载入，未执行",
    RAN.format("ok"): "已运行，正常结束",
    RAN.format("failed"): "已运行，失败",
    PAGES: "已重新读取 {} 页",
    PAPERS: "已重新尝试 {} 份单证",
}
"""What is stored → in Chinese; what is stored is in English already, an error behind its code."""


def outcome_in_words(stored: str | None, job: str, language: str) -> str | None:
    """What became of an order to a job, in the language."""
    if stored is None or language != "zh":
        return stored
    code = stored.partition(": ")[0]
    if code in WORDS:
        try:
            return f"{code}: {words(code, language, {'what': job})}"
        except KeyError:  # it has values that are not stored
            return stored
    count = re.match(r"\d+(?= )", stored)
    if count:
        return ZH.get(stored.replace(count[0], "{}", 1), stored).format(count[0])
    return ZH.get(stored, stored)
