"""Entering, amending and cancelling a trade."""

from __future__ import annotations

from typing import Any

import graphene

from hub.entry.accept import MOST_AT_ONCE, Accepted, enter
from hub.entry.amend import amend, cancel
from hub.entry.settle import settle
from hub.errors import EntryProblem, HubError
from hub.model import Trade
from hub_graphql.asking import Asking
from hub_graphql.inputs import TradeInput
from hub_graphql.maps import afresh, fetch
from hub_graphql.types import TRADE


class EntryError(graphene.ObjectType):
    """One thing that is wrong with an entry."""

    path = graphene.String(required=True, description="Where it was typed, such as goods[2].hsCode")
    code = graphene.String(required=True, description="Stable code")
    message = graphene.String(required=True, description="What is wrong, in the caller's language")
    way_out = graphene.String(required=True, description="What to do")


class Entered(graphene.ObjectType):
    """What became of one entry: a trade, or all of its errors at once; with errors nothing is stored."""

    trade = graphene.Field(lambda: TRADE.graphene_type)
    same = graphene.Boolean(required=True, description="It had been entered before, with the same content")
    errors = graphene.List(graphene.NonNull(EntryError), required=True)


class ChangeInput(graphene.InputObjectType):
    """A new value for one place of an entry."""

    path = graphene.String(required=True, description="Such as goods[1].hsCode; past the last element adds one")
    value = graphene.String(required=True, description="Text; a whole object or list as JSON; null empties the place")


class EnteringMutation:
    """Mixed into the mutation root."""

    enter_trade = graphene.Field(
        Entered,
        required=True,
        input=graphene.Argument(TradeInput, required=True),
        enterprise=graphene.String(description="USCC, where the caller acts for several enterprises"),
        description="Enter a trade once. The same content again answers with the same trade",
    )
    enter_trades = graphene.List(
        graphene.NonNull(Entered),
        required=True,
        inputs=graphene.List(graphene.NonNull(TradeInput), required=True),
        enterprise=graphene.String(description="USCC, where the caller acts for several enterprises"),
        description=f"Enter up to {MOST_AT_ONCE} trades; one answer for each, in order",
    )
    amend_trade = graphene.Field(
        Entered,
        required=True,
        number=graphene.String(required=True),
        version=graphene.Int(required=True, description="The version that is amended, as you saw it"),
        changes=graphene.List(graphene.NonNull(ChangeInput), required=True),
        description="Mend single places; only the papers that they reach go out again, in a new version",
    )
    cancel_trade = graphene.Field(
        lambda: TRADE.graphene_type,
        number=graphene.String(required=True),
        reason=graphene.String(required=True, description="Goes to the authorities and to the audit log"),
        description="Take a trade back before it departs; what an authority has is withdrawn, the last paper first",
    )

    settle_paper = graphene.Field(
        lambda: TRADE.graphene_type,
        number=graphene.String(required=True, description="Of the paper"),
        again=graphene.Boolean(required=True, description="Declare it again, as it would be now; else it is left"),
        reason=graphene.String(required=True, description="Goes to the audit log"),
        description="Settle a paper that is out and is otherwise by what is known now (PAPER_CORRECTED)",
    )

    @staticmethod
    def resolve_settle_paper(root: Any, info: Any, number: str, again: bool, reason: str) -> Any:
        asking: Asking = info.context
        trade = settle(asking.database, asking.desk, asking.caller, number, again, reason)
        return afresh(asking, Trade, "number", trade)

    @staticmethod
    def resolve_amend_trade(root: Any, info: Any, number: str, version: int, changes: list[Any]) -> Entered:
        asking: Asking = info.context
        wanted = [(change["path"], change["value"]) for change in changes]
        answer = amend(asking.database, asking.desk, asking.caller, number, version, wanted)
        asking.renew()
        return _entered(answer, asking)

    @staticmethod
    def resolve_cancel_trade(root: Any, info: Any, number: str, reason: str) -> Any:
        asking: Asking = info.context
        cancel(asking.database, asking.desk, asking.caller, number, reason)
        return afresh(asking, Trade, "number", number)

    @staticmethod
    def resolve_enter_trade(root: Any, info: Any, input: Any, enterprise: str | None = None) -> Entered:  # noqa: A002
        return _enter(info.context, [input], enterprise)[0]

    @staticmethod
    def resolve_enter_trades(root: Any, info: Any, inputs: list[Any], enterprise: str | None = None) -> list[Entered]:
        if len(inputs) > MOST_AT_ONCE:
            raise HubError("QUERY_TOO_LARGE", measure="trades at once", measured=len(inputs), limit=MOST_AT_ONCE)
        return _enter(info.context, inputs, enterprise)


def _enter(asking: Asking, typed: list[Any], enterprise: str | None) -> list[Entered]:
    answers = enter(asking.database, asking.desk, asking.caller, [plain(one) for one in typed], enterprise)
    asking.renew()  # the operation's own snapshot is older than the trades
    return [_entered(answer, asking) for answer in answers]


def plain(value: Any) -> Any:
    """Input objects as plain dictionaries, as a file would have given them."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def _entered(answer: Accepted, asking: Asking) -> Entered:
    trade = None
    if answer.number:
        (trade,) = fetch(asking, Trade, "number", answer.number, order=("id",))
    return Entered(trade=trade, same=answer.same, errors=[error_of(problem, asking) for problem in answer.problems])


def error_of(problem: EntryProblem, asking: Asking) -> EntryError:
    return EntryError(
        path=problem.path,
        code=problem.code,
        message=problem.words(asking.language),
        way_out=problem.way_out(asking.language),
    )
