"""What an account may do for an enterprise: one table of acts, and what each covers. Chinese, English."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum


class Act(StrEnum):
    READ = "read"
    ENTER = "enter"
    AMEND = "amend"
    CARRY = "carry"
    MONEY = "money"
    WEBHOOKS = "webhooks"
    OWN = "own"


COVERS: Mapping[Act, tuple[str, str]] = {
    Act.READ: ("查看企业的交易、单证与回执，下载文件", "see its trades, papers and answers, and download them"),
    Act.ENTER: ("录入交易", "enter trades"),
    Act.AMEND: ("更正与取消交易，了结单证", "amend and cancel trades, settle papers"),
    Act.CARRY: (
        "集拼运输：把交易放入集拼，只看到其编号、件数、重量与是否放行",
        "put its trades into consolidations, see of them number, packages, weight and release",
    ),
    Act.MONEY: ("查看收汇，关联到交易，补充申报", "see the money that came in, match it, complete its declaration"),
    Act.WEBHOOKS: ("设置本账号的 webhook", "have webhooks of one's own, which end with the mandate"),
    Act.OWN: (
        "企业自身的事：登记与银行账户、授权、代理、全部 webhook、访问与审计记录",
        "what concerns the enterprise itself: registration, bank account, consents, mandates, all webhooks, logs",
    ),
}

OWNERS = frozenset(Act)
"""The owner does everything."""
LENT = tuple(act for act in Act if act is not Act.OWN)
"""What an owner can let others do."""
USUAL = (Act.READ, Act.ENTER, Act.AMEND)
"""What a broker gets where nothing is said."""


def in_full(acts: Collection[Act]) -> list[Act]:
    """A mandate as it is written: it reads, too, unless it carries and does nothing else."""
    whole = {*acts} if {*acts} == {Act.CARRY} else {Act.READ, *acts}
    return [act for act in Act if act in whole]
