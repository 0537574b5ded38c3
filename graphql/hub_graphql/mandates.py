"""Who acts for whom, in what, until when: appointing, accepting, dismissing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import graphene

from hub.access.acting import must_act
from hub.access.acts import LENT, USUAL, Act
from hub.access.mandates import OFFERED_FOR
from hub.access.meant import enterprise_meant
from hub.operate import appointing
from hub_graphql.context import Context, at_most
from hub_graphql.descriptions import read_term
from hub_graphql.scalars import DateTime
from hub_graphql.states import MANDATE_ACT, MANDATE_STATE

MOST = 500
ENTERPRISE = "USCC, where the caller acts for several"


class MandateType(graphene.ObjectType):
    """An account may act for an enterprise."""

    class Meta:
        name = "Mandate"

    id = graphene.Int(required=True)
    account = graphene.String(required=True, description="Who acts")
    enterprise = graphene.String(required=True, description="USCC of for whom")
    enterprise_name = graphene.String(required=True, description="Its name in Chinese")
    acts = graphene.List(graphene.NonNull(MANDATE_ACT), required=True, description="In what")
    is_owner = graphene.Boolean(required=True, description="It does everything, what concerns the enterprise included")
    state = MANDATE_STATE(required=True)
    granted_at = DateTime(required=True)
    granted_by = graphene.String(required=True)
    accepted_at = DateTime()
    ends_at = DateTime()
    ended_at = DateTime()

    @staticmethod
    def resolve_acts(row: Any, info: Any) -> list[str]:
        return [act.value for act in LENT] if row.is_owner else row.acts

    @staticmethod
    def resolve_state(row: Any, info: Any) -> str:
        """The first that holds."""
        now = info.context.now
        if row.ended_at or (row.ends_at and row.ends_at <= now):
            return "ended"
        if row.accepted_at:
            return "in_force"
        return "lapsed" if row.granted_at <= now - OFFERED_FOR else "offered"


class MandateQuery:
    """Mixed into the query root."""

    mandates = graphene.List(
        graphene.NonNull(MandateType),
        required=True,
        first=graphene.Int(default_value=50),
        description="所有者：谁代理我的企业；账号：我代理谁、谁请我代理；新的在前，已结束的也在 · "
        "Who acts for my enterprises, for whom I act, who asks me to; newest first, over ones included",
    )

    @staticmethod
    def resolve_mandates(root: Any, info: Any, first: int) -> Any:
        context: Context = info.context
        context.caller.must("hold mandates")
        return appointing.mandates(context.connection, context.caller, at_most(MOST, first))


def _answering(answer: Callable[..., None], whose: str, about: str) -> graphene.Field:
    def resolve(root: Any, info: Any, enterprise: str) -> bool:
        context: Context = info.context
        context.caller.must("enter")
        with context.database.write() as connection:
            answer(connection, context.caller, enterprise, context.now)
        return True

    named = graphene.String(required=True, description=whose)
    return graphene.Field(graphene.Boolean, required=True, enterprise=named, description=about, resolver=resolve)


class MandateMutation:
    """Mixed into the mutation root."""

    appoint_broker = graphene.Boolean(
        required=True,
        account=graphene.String(required=True, description="Name of the broker's account, as the broker says it"),
        acts=graphene.List(
            graphene.NonNull(MANDATE_ACT), default_value=[act.value for act in USUAL], description="What it may do"
        ),
        ends_at=DateTime(description="When it ends by itself; without it, when somebody ends it"),
        enterprise=graphene.String(description=ENTERPRISE),
        description="所有者：请某账号代理企业，acceptMandate 后生效，已在代理的立即更改；账号有无回答一样 · "
        "The owner's: let an account act for the enterprise, once it accepts that (acceptMandate); what it holds is "
        "changed at once. The answer is the same whether there is such an account or not",
    )
    dismiss_broker = graphene.Boolean(
        required=True,
        account=graphene.String(required=True),
        enterprise=graphene.String(description=ENTERPRISE),
        description="所有者：立即结束代理或撤回邀请，其 webhook 一并删除 · "
        "The owner's: end a broker's mandate, or an offer, at once; its webhooks go with it",
    )
    accept_mandate = _answering(
        appointing.accept,
        "USCC of who offered it; see `mandates`",
        "接受代理邀请 · Take up a mandate that an enterprise offers",
    )
    leave_mandate = _answering(
        appointing.leave, "USCC", "不再代理，或谢绝邀请 · Give a mandate up, or turn an offer down"
    )

    @staticmethod
    def resolve_appoint_broker(
        root: Any, info: Any, account: str, acts: list[str] | None, ends_at: Any = None, enterprise: str | None = None
    ) -> bool:
        context: Context = info.context
        context.caller.must("hold mandates")
        term = read_term(context, account=account, endsAt=ends_at)
        with context.database.write() as connection:
            mine = enterprise_meant(connection, context.caller, Act.OWN, enterprise).id
            must_act(connection, context.caller, mine)
            wanted = USUAL if acts is None else {Act(str(act)) for act in acts}
            appointing.appoint(connection, context.caller, mine, term["account"], wanted, term["endsAt"], context.now)
        return True

    @staticmethod
    def resolve_dismiss_broker(root: Any, info: Any, account: str, enterprise: str | None = None) -> bool:
        context: Context = info.context
        context.caller.must("hold mandates")
        term = read_term(context, account=account)
        with context.database.write() as connection:
            mine = enterprise_meant(connection, context.caller, Act.OWN, enterprise).id
            appointing.end(connection, context.caller, mine, term["account"], context.now)
        return True
