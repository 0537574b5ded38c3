"""Money that came in, and the bank's numbers for it: what is unclear, and what a person says of it."""

from __future__ import annotations

from typing import Any

import graphene

from hub.access.acts import Act
from hub.access.meant import require_somewhere
from hub.errors import EntryRefused
from hub.model import BasicInformation, Remittance
from hub.model.row_states import RemittanceMatch
from hub.operate.completion import COMPLETION, complete, match_number
from hub.operate.matching import SHARE, match_by_person
from hub_graphql.context import Context, at_most
from hub_graphql.entering import EntryError, error_of, plain_input
from hub_graphql.inputs import input_type
from hub_graphql.maps import afresh, newest
from hub_graphql.states import REMITTANCE_MATCH
from hub_graphql.trade_types import BASIC_INFORMATION, REMITTANCE

ShareInput = input_type(SHARE, "ShareInput")
CompletionInput = input_type(COMPLETION, "CompletionInput")
MOST = 200


class Matched(graphene.ObjectType):
    """What became of a person's decision; with errors nothing is changed."""

    remittance = graphene.Field(lambda: REMITTANCE.graphene_type)
    errors = graphene.List(graphene.NonNull(EntryError), required=True)


class MoneyQuery:
    """Mixed into the query root."""

    remittances = graphene.List(
        graphene.NonNull(lambda: REMITTANCE.graphene_type),
        required=True,
        match=REMITTANCE_MATCH(),
        first=graphene.Int(default_value=50),
        description="Money that came in, newest first; `unclear` ones wait for a person",
    )

    basic_information = graphene.List(
        graphene.NonNull(lambda: BASIC_INFORMATION.graphene_type),
        required=True,
        match=REMITTANCE_MATCH(),
        first=graphene.Int(default_value=50),
        description="The bank's basic information, newest first; of `unclear` ones a person says the remittance",
    )

    @staticmethod
    def resolve_basic_information(root: Any, info: Any, first: int, match: RemittanceMatch | None = None) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        require_somewhere(context.connection, context.caller, Act.MONEY)
        revoked = False if match else None  # what the bank took back asks nobody
        return newest(context, BasicInformation, "made_at", at_most(MOST, first), match=match, revoked=revoked)

    @staticmethod
    def resolve_remittances(root: Any, info: Any, first: int, match: RemittanceMatch | None = None) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        require_somewhere(context.connection, context.caller, Act.MONEY)
        return newest(context, Remittance, "booked_at", at_most(MOST, first), match=match)


class MoneyMutation:
    """Mixed into the mutation root."""

    match_remittance = graphene.Field(
        Matched,
        required=True,
        id=graphene.Int(required=True, description="Of the remittance"),
        shares=graphene.List(graphene.NonNull(ShareInput), required=True),
        reason=graphene.String(default_value="", description="Staff say why; it goes to the audit log"),
        description="Say for which trades an unclear remittance is",
    )

    match_basic_information = graphene.Field(
        lambda: BASIC_INFORMATION.graphene_type,
        id=graphene.Int(required=True, description="Of the basic information"),
        remittance=graphene.Int(required=True, description="Of the remittance"),
        reason=graphene.String(default_value="", description="Staff say why; it goes to the audit log"),
        description="Say of which remittance the bank's 申报号码 is, where that is unclear",
    )
    complete_declaration = graphene.Field(
        Matched,
        required=True,
        remittance=graphene.Int(required=True, description="Of the remittance"),
        completion=graphene.Argument(CompletionInput, default_value={}),
        reason=graphene.String(default_value="", description="Staff say why; it goes to the audit log"),
        description="Complete a remittance's declaration, or have it declared anew as things are now",
    )

    @staticmethod
    def resolve_match_basic_information(
        root: Any,
        info: Any,
        id: int,  # noqa: A002
        remittance: int,
        reason: str,
    ) -> Any:
        context: Context = info.context
        with context.database.write() as connection:
            match_number(connection, context.caller, id, remittance, reason, context.now)
        return afresh(context, BasicInformation, "id", id)

    @staticmethod
    def resolve_complete_declaration(
        root: Any, info: Any, remittance: int, reason: str, completion: Any = None
    ) -> Matched:
        context: Context = info.context
        try:
            with context.database.write() as connection:
                complete(connection, context.desk, context.caller, remittance, plain_input(completion or {}), reason)
        except EntryRefused as refused:
            return Matched(errors=[error_of(problem, context) for problem in refused.problems])
        return Matched(remittance=afresh(context, Remittance, "id", remittance), errors=[])

    @staticmethod
    def resolve_match_remittance(root: Any, info: Any, id: int, shares: list[Any], reason: str) -> Matched:  # noqa: A002
        context: Context = info.context
        try:
            with context.database.write() as connection:
                match_by_person(connection, context.caller, id, plain_input(shares), reason, context.now)
        except EntryRefused as refused:
            return Matched(errors=[error_of(problem, context) for problem in refused.problems])
        return Matched(remittance=afresh(context, Remittance, "id", id), errors=[])
