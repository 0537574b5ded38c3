"""Money that is not in: what banks took back or have not booked yet, and what a person says of it."""

from __future__ import annotations

from typing import Any

import graphene

from hub.access.acts import Act
from hub.access.meant import require_somewhere
from hub.model import BankAdvice, Document
from hub.model.row_states import AdviceState
from hub.operate.reversing import drop_paper, settle_by_person
from hub_graphql.context import Context, at_most
from hub_graphql.maps import afresh, newest
from hub_graphql.states import ADVICE_STATE
from hub_graphql.trade_types import BANK_ADVICE, DOCUMENT

MOST = 200


class AdviceQuery:
    """Mixed into the query root."""

    advices = graphene.List(
        graphene.NonNull(lambda: BANK_ADVICE.graphene_type),
        required=True,
        state=ADVICE_STATE(),
        first=graphene.Int(default_value=50),
        description="Money that is not in: taken back, pending, for information; newest first. `unclear` ones wait "
        "for a person",
    )

    @staticmethod
    def resolve_advices(root: Any, info: Any, first: int, state: AdviceState | None = None) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        require_somewhere(context.connection, context.caller, Act.MONEY)
        return newest(context, BankAdvice, "as_of", at_most(MOST, first), state=state)


class AdviceMutation:
    """Mixed into the mutation root."""

    settle_advice = graphene.Field(
        lambda: BANK_ADVICE.graphene_type,
        required=True,
        id=graphene.Int(required=True, description="Of the advice"),
        remittances=graphene.List(
            graphene.NonNull(graphene.Int), required=True, description="Ids; none: of no remittance"
        ),
        reason=graphene.String(default_value="", description="Why; it goes to the audit log"),
        description="Say which remittances an unclear reversal takes back",
    )
    drop_paper = graphene.Field(
        lambda: DOCUMENT.graphene_type,
        required=True,
        number=graphene.String(required=True, description="The hub's number of the paper"),
        reason=graphene.String(required=True, description="What was done about it; it goes to the audit log"),
        description="Say that a paper was deleted at the authority, because its remittance was taken back",
    )

    @staticmethod
    def resolve_settle_advice(root: Any, info: Any, id: int, remittances: list[int], reason: str) -> Any:  # noqa: A002
        context: Context = info.context
        with context.database.write() as connection:
            settle_by_person(connection, context.desk, context.caller, id, remittances, reason)
        return afresh(context, BankAdvice, "id", id)

    @staticmethod
    def resolve_drop_paper(root: Any, info: Any, number: str, reason: str) -> Any:
        context: Context = info.context
        with context.database.write() as connection:
            drop_paper(connection, context.desk, context.caller, number, reason)
        return afresh(context, Document, "number", number)
