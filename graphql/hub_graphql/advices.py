"""Money that is not in: what banks took back or have not booked yet, and what a person says of it."""

from __future__ import annotations

from typing import Any

import graphene

from hub.access.acts import Act
from hub.access.meant import require_somewhere
from hub.model import Document, ForexAdvice
from hub.model.states import AdviceState
from hub.operate.reversing import drop_paper, settle_by_person
from hub_graphql.asking import Asking, at_most
from hub_graphql.maps import afresh, newest
from hub_graphql.states import ADVICE_STATE
from hub_graphql.types import DOCUMENT, FOREX_ADVICE

MOST = 200


class AdviceQuery:
    """Mixed into the query root."""

    advices = graphene.List(
        graphene.NonNull(lambda: FOREX_ADVICE.graphene_type),
        required=True,
        state=ADVICE_STATE(),
        first=graphene.Int(default_value=50),
        description="Money that is not in: taken back, pending, for information; newest first. `unclear` ones wait "
        "for a person",
    )

    @staticmethod
    def resolve_advices(root: Any, info: Any, first: int, state: AdviceState | None = None) -> Any:
        asking: Asking = info.context
        asking.caller.must("see trades")
        require_somewhere(asking.connection, asking.caller, Act.MONEY)
        return newest(asking, ForexAdvice, "as_of", at_most(MOST, first), state=state)


class AdviceMutation:
    """Mixed into the mutation root."""

    settle_advice = graphene.Field(
        lambda: FOREX_ADVICE.graphene_type,
        required=True,
        id=graphene.Int(required=True, description="Of the advice"),
        receipts=graphene.List(graphene.NonNull(graphene.Int), required=True, description="Ids; none: of no receipt"),
        reason=graphene.String(default_value="", description="Why; it goes to the audit log"),
        description="Say which receipts an unclear reversal takes back",
    )
    drop_paper = graphene.Field(
        lambda: DOCUMENT.graphene_type,
        required=True,
        number=graphene.String(required=True, description="The hub's number of the paper"),
        reason=graphene.String(required=True, description="What was done about it; it goes to the audit log"),
        description="Say that a paper was deleted at the authority, because its receipt was taken back",
    )

    @staticmethod
    def resolve_settle_advice(root: Any, info: Any, id: int, receipts: list[int], reason: str) -> Any:  # noqa: A002
        asking: Asking = info.context
        with asking.database.write() as connection:
            settle_by_person(connection, asking.desk, asking.caller, id, receipts, reason)
        return afresh(asking, ForexAdvice, "id", id)

    @staticmethod
    def resolve_drop_paper(root: Any, info: Any, number: str, reason: str) -> Any:
        asking: Asking = info.context
        with asking.database.write() as connection:
            drop_paper(connection, asking.desk, asking.caller, number, reason)
        return afresh(asking, Document, "number", number)
