"""The audit log: who did what, when and why; for staff all of it, for an owner what concerns its enterprise."""

from __future__ import annotations

import json
from typing import Any

import graphene

from hub.access.actions import ACTIONS
from hub.access.acts import Act
from hub.access.audit import Wanted, entries
from hub.access.meant import enterprise_meant, require_somewhere
from hub.errors import HubError
from hub_graphql.asking import Asking, at_most
from hub_graphql.scalars import DateTime
from hub_graphql.terms import read_moment

MOST = 500


class AuditEntryType(graphene.ObjectType):
    """Something that was done."""

    class Meta:
        name = "AuditEntry"

    id = graphene.Int(required=True, description="Give it as `after` for what was done before it")
    at = DateTime(required=True)
    actor = graphene.String(required=True, description="Account, or who was at the machine")
    role = graphene.String(required=True)
    key = graphene.String(required=True, description="First characters of the key; empty at the machine")
    action = graphene.String(required=True, description="Stable name, such as trade.enter")
    words = graphene.String(required=True, description="What was done, in the caller's language")
    subject = graphene.String(required=True, description="To what or whom")
    reason = graphene.String(required=True)
    before = graphene.String(
        required=True,
        description="What was there before, or what it came to; `before` and `after` where both are noted; JSON",
    )
    enterprise = graphene.String(description="USCC of the enterprise that it concerns")


class AuditQuery:
    """Mixed into the query root."""

    audit_log = graphene.List(
        graphene.NonNull(AuditEntryType),
        required=True,
        enterprise=graphene.String(description="USCC"),
        action=graphene.String(description="Such as mandate.end"),
        actor=graphene.String(),
        since=DateTime(),
        first=graphene.Int(default_value=50),
        after=graphene.Int(description="Id of the last entry that was read"),
        description="审计记录：工作人员可见全部，所有者可见涉及其企业的；新的在前 · "
        "What was done, newest first: staff see all, an owner what concerns its enterprises",
    )

    @staticmethod
    def resolve_audit_log(root: Any, info: Any, first: int, since: Any = None, **asked: Any) -> list[AuditEntryType]:
        asking: Asking = info.context
        caller = asking.caller
        caller.must("read the audit log")
        action, uscc = asked.get("action"), asked.get("enterprise")
        if action is not None and action not in ACTIONS:
            raise HubError("ACTION_UNKNOWN", action=action[:40], known=", ".join(ACTIONS))
        if not caller.is_staff:
            require_somewhere(asking.connection, caller, Act.OWN)
        if uscc and not caller.is_staff:
            enterprise_meant(asking.connection, caller, Act.OWN, uscc)
        wanted = Wanted(uscc, action, asked.get("actor"), read_moment("since", since), asked.get("after"))
        place = 0 if asking.language == "zh" else 1
        return [
            AuditEntryType(
                id=row.id,
                at=row.at,
                actor=row.actor,
                role=row.role,
                key=row.key,
                action=row.action,
                words=ACTIONS[row.action][place] if row.action in ACTIONS else row.action,
                subject=row.subject,
                reason=row.reason,
                before=json.dumps(row.before, ensure_ascii=False, sort_keys=True),
                enterprise=row.uscc,
            )
            for row in entries(asking.connection, caller, wanted, at_most(MOST, first))
        ]
