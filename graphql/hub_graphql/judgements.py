"""What the rules say: of a trade that is not entered, and of one that is stored, anew."""

from __future__ import annotations

from typing import Any

import graphene

from hub.entry.dry_run import check_trades, said_of
from hub.entry.rejudging import Rejudged, rejudge
from hub.errors import NotFound, words
from hub.model import Trade
from hub_graphql.context import Context
from hub_graphql.entering import plain_input
from hub_graphql.inputs import TradeInput
from hub_graphql.maps import fetch
from hub_graphql.scalars import DateTime

EDITION_ABOUT = "The day since which this edition of the rule holds; null: always"


class VerdictType(graphene.ObjectType):
    """That a rule does not hold for a trade."""

    class Meta:
        name = "Verdict"

    rule = graphene.String(required=True, description="Code of the rule; docs/rules.md lists them")
    severity = graphene.String(required=True, description="block: it is refused; ask: answer it; note: know it")
    source = graphene.String(required=True, description="Announcement, table of an authority, or practice")
    since = graphene.String(description=EDITION_ABOUT)
    until = graphene.String(description="The last day of this edition; null: until further notice")
    anchor = graphene.String(required=True, description="The event whose day chooses the edition")
    day = graphene.String(required=True, description="That day; today where it is a forecast")
    forecast = graphene.Boolean(required=True, description="The event is to come: the law of today is shown")
    path = graphene.String(required=True, description="Where it was typed, such as goods[2].hsCode")
    code = graphene.String(required=True, description="Stable code of the words")
    value = graphene.String(description="What was read there")
    message = graphene.String(required=True, description="What is wrong, in the caller's language")
    way_out = graphene.String(required=True, description="What to do")


class RejudgedType(graphene.ObjectType):
    """A rule of a judgement that is stored, beside what the same rule says of the same facts by its day's edition."""

    class Meta:
        name = "Rejudged"

    rule = graphene.String(required=True, description="Code of the rule")
    occasion = graphene.String(required=True, description="entered, amended, or sending: before papers went out")
    version = graphene.Int(required=True, description="Version of the trade that was judged")
    judged_at = DateTime(required=True)
    since = graphene.String(description=f"{EDITION_ABOUT}; as it is stored")
    since_now = graphene.String(description=f"{EDITION_ABOUT}; by the days that are known now")
    equal = graphene.Boolean(required=True, description="The stored verdict is what it would be")
    differs = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="rule, since, digest, found, day, forecast"
    )
    found = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="What was found then, in the caller's language"
    )


class JudgementQuery:
    """Mixed into the query root."""

    check_trade = graphene.List(
        graphene.NonNull(VerdictType),
        required=True,
        input=graphene.Argument(TradeInput, required=True),
        enterprise=graphene.String(description="USCC, where the caller acts for several enterprises"),
        description="What all rules say of a trade as it would be entered now. Nothing is stored",
    )
    rejudged = graphene.List(
        graphene.NonNull(RejudgedType),
        required=True,
        number=graphene.String(required=True, description="The hub's number of a trade"),
        description="Judges a stored trade anew, by what was known then and the law of its days",
    )

    @staticmethod
    def resolve_check_trade(root: Any, info: Any, input: Any, enterprise: str | None = None) -> Any:  # noqa: A002
        context: Context = info.context
        typed = plain_input(input)
        (verdicts,) = check_trades(context.connection, context.desk, context.caller, [typed], enterprise)
        return [_verdict(**said) for said in said_of(verdicts, typed, context.language)]

    @staticmethod
    def resolve_rejudged(root: Any, info: Any, number: str) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        rows = fetch(context, Trade, "number", number, order=("id",))
        if not rows:
            raise NotFound("trade", number)
        return [_rejudged(one, context) for one in rejudge(context.connection, context.desk, context.dossier(rows[0]))]


def _verdict(wayOut: str, **said: Any) -> VerdictType:  # noqa: N803 - as it leaves
    return VerdictType(way_out=wayOut, **said)


def _rejudged(one: Rejudged, context: Context) -> RejudgedType:
    """What was found tells of what was typed: it is not shown by consent."""
    found = [] if context.caller.consents else (one.then or {}).get("found", [])
    return RejudgedType(
        rule=one.rule,
        occasion=str(one.occasion),
        version=one.version,
        judged_at=one.judged_at,
        since=(one.then or {}).get("since"),
        since_now=(one.now or {}).get("since"),
        equal=not one.differs,
        differs=list(one.differs),
        found=[words(said["code"], context.language, said["parameters"]) for said in found],
    )
