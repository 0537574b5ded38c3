"""Money that came in, and the bank's numbers for it: what is unclear, and what a person says of it."""

from __future__ import annotations

from typing import Any

import graphene

from hub.access.acts import Act
from hub.access.meant import require_somewhere
from hub.errors import EntryRefused
from hub.model import BasicInformation, ForexReceipt
from hub.model.states import ReceiptMatch
from hub.operate.declaring import COMPLETION, complete, match_number
from hub.operate.matching import SHARE, match_by_person
from hub_graphql.asking import Asking, at_most
from hub_graphql.entering import EntryError, error_of, plain
from hub_graphql.inputs import input_type
from hub_graphql.maps import afresh, newest
from hub_graphql.states import RECEIPT_MATCH
from hub_graphql.types import BASIC_INFORMATION, FOREX_RECEIPT

ShareInput = input_type(SHARE, "ShareInput")
CompletionInput = input_type(COMPLETION, "CompletionInput")
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

    basic_information = graphene.List(
        graphene.NonNull(lambda: BASIC_INFORMATION.graphene_type),
        required=True,
        match=RECEIPT_MATCH(),
        first=graphene.Int(default_value=50),
        description="The bank's basic information, newest first; of `unclear` ones a person says the receipt",
    )

    @staticmethod
    def resolve_basic_information(root: Any, info: Any, first: int, match: ReceiptMatch | None = None) -> Any:
        asking: Asking = info.context
        asking.caller.must("see trades")
        require_somewhere(asking.connection, asking.caller, Act.MONEY)
        revoked = False if match else None  # what the bank took back asks nobody
        return newest(asking, BasicInformation, "made_at", at_most(MOST, first), match=match, revoked=revoked)

    @staticmethod
    def resolve_receipts(root: Any, info: Any, first: int, match: ReceiptMatch | None = None) -> Any:
        asking: Asking = info.context
        asking.caller.must("see trades")
        require_somewhere(asking.connection, asking.caller, Act.MONEY)
        return newest(asking, ForexReceipt, "booked_at", at_most(MOST, first), match=match)


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

    match_basic_information = graphene.Field(
        lambda: BASIC_INFORMATION.graphene_type,
        id=graphene.Int(required=True, description="Of the basic information"),
        receipt=graphene.Int(required=True, description="Of the receipt"),
        reason=graphene.String(default_value="", description="Staff say why; it goes to the audit log"),
        description="Say of which receipt the bank's 申报号码 is, where that is unclear",
    )
    complete_declaration = graphene.Field(
        Matched,
        required=True,
        receipt=graphene.Int(required=True, description="Of the receipt"),
        completion=graphene.Argument(CompletionInput, default_value={}),
        reason=graphene.String(default_value="", description="Staff say why; it goes to the audit log"),
        description="Complete a receipt's declaration, or have it declared anew as things are now",
    )

    @staticmethod
    def resolve_match_basic_information(
        root: Any,
        info: Any,
        id: int,  # noqa: A002
        receipt: int,
        reason: str,
    ) -> Any:
        asking: Asking = info.context
        with asking.database.write() as connection:
            match_number(connection, asking.caller, id, receipt, reason, asking.now)
        return afresh(asking, BasicInformation, "id", id)

    @staticmethod
    def resolve_complete_declaration(
        root: Any, info: Any, receipt: int, reason: str, completion: Any = None
    ) -> Matched:
        asking: Asking = info.context
        try:
            with asking.database.write() as connection:
                complete(connection, asking.desk, asking.caller, receipt, plain(completion or {}), reason)
        except EntryRefused as refused:
            return Matched(errors=[error_of(problem, asking) for problem in refused.problems])
        return Matched(receipt=afresh(asking, ForexReceipt, "id", receipt), errors=[])

    @staticmethod
    def resolve_match_receipt(root: Any, info: Any, id: int, shares: list[Any], reason: str) -> Matched:  # noqa: A002
        asking: Asking = info.context
        try:
            with asking.database.write() as connection:
                match_by_person(connection, asking.caller, id, plain(shares), reason, asking.now)
        except EntryRefused as refused:
            return Matched(errors=[error_of(problem, asking) for problem in refused.problems])
        return Matched(receipt=afresh(asking, ForexReceipt, "id", id), errors=[])
