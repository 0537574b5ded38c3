"""Money that came in: which is unclear and what it may be for; a person says what it is for."""

from __future__ import annotations

from typing import Any

import graphene
from sqlalchemy import select

from hub.access.visibility import visible
from hub.errors import EntryRefused
from hub.model import ForexReceipt
from hub.model.states import ReceiptMatch
from hub.operate.matching import SHARE, match_by_person
from hub_graphql.asking import Asking, at_most
from hub_graphql.entering import EntryError, error_of, plain
from hub_graphql.inputs import input_type
from hub_graphql.maps import fetch
from hub_graphql.states import RECEIPT_MATCH
from hub_graphql.types import FOREX_RECEIPT

ShareInput = input_type(SHARE, "ShareInput")
MOST = 200


class Matched(graphene.ObjectType):
    """What became of a person's decision; with errors nothing is changed."""

    receipt = graphene.Field(lambda: FOREX_RECEIPT.graphene_type)
    errors = graphene.List(graphene.NonNull(EntryError), required=True)


class MoneyQuery:
    """Mixed into the query root."""

    receipts = graphene.List(
        graphene.NonNull(lambda: FOREX_RECEIPT.graphene_type),
        required=True,
        match=RECEIPT_MATCH(),
        first=graphene.Int(default_value=50),
        description="Money that came in, newest first; `unclear` ones wait for a person",
    )

    @staticmethod
    def resolve_receipts(root: Any, info: Any, first: int, match: ReceiptMatch | None = None) -> Any:
        asking: Asking = info.context
        asking.caller.must("see trades")
        chosen = select(ForexReceipt.__table__).where(visible(ForexReceipt, asking.caller))
        if match:
            chosen = chosen.where(ForexReceipt.match == match)
        chosen = chosen.order_by(ForexReceipt.booked_at.desc(), ForexReceipt.id.desc())
        return asking.connection.execute(chosen.limit(at_most(MOST, first))).all()


class MoneyMutation:
    """Mixed into the mutation root."""

    match_receipt = graphene.Field(
        Matched,
        required=True,
        id=graphene.Int(required=True, description="Of the receipt"),
        shares=graphene.List(graphene.NonNull(ShareInput), required=True),
        reason=graphene.String(default_value="", description="Staff say why; it goes to the audit log"),
        description="Say for which trades an unclear receipt is",
    )

    @staticmethod
    def resolve_match_receipt(root: Any, info: Any, id: int, shares: list[Any], reason: str) -> Matched:  # noqa: A002
        asking: Asking = info.context
        try:
            with asking.database.write() as connection:
                match_by_person(connection, asking.caller, id, plain(shares), reason, asking.now)
        except EntryRefused as refused:
            return Matched(errors=[error_of(problem, asking) for problem in refused.problems])
        asking.renew()
        (receipt,) = fetch(asking, ForexReceipt, "id", id, order=("id",))
        return Matched(receipt=receipt, errors=[])
