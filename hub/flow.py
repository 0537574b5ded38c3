"""The steps of a trade and of the sync, named once: logs, the trace of a trade and pages use these names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    # SHARE: from what was typed to what an authority holds
    ENTERED = "entered"
    CHECKED = "checked"
    PLANNED = "planned"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    # SYNC: from what an authority says to what the model knows
    FETCHED = "fetched"
    KEPT = "kept"
    READ = "read"
    MERGED = "merged"
    ADVANCED = "advanced"


@dataclass(frozen=True, slots=True)
class Meaning:
    flow: str
    zh: str
    en: str


MEANINGS: dict[Step, Meaning] = {
    Step.ENTERED: Meaning("share", "录入：交易只录入一次", "the trade arrives, once"),
    Step.CHECKED: Meaning("share", "校验：一次给出全部错误", "all errors at once, the authorities' tables included"),
    Step.PLANNED: Meaning("share", "生成：每份单证各自成文", "a paper is derived, each field with its source"),
    Step.SENT: Meaning("share", "发送：按批送达主管部门", "the paper goes out with its batch"),
    Step.ACKNOWLEDGED: Meaning("share", "受理：记下对方的编号", "the authority has it; its reference is kept"),
    Step.FETCHED: Meaning("sync", "取回：拉取一页", "a page arrives"),
    Step.KEPT: Meaning("sync", "留存：原文入链", "the page is stored as it came, chained"),
    Step.READ: Meaning("sync", "解析：按模式读取，否则隔离", "records are read by their schema, or quarantined"),
    Step.MERGED: Meaning("sync", "合并：与游标同一事务", "rows, cursor and counters in one transaction"),
    Step.ADVANCED: Meaning("sync", "推进：等待的单证就绪", "papers that waited for it become ready"),
}
