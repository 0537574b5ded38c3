"""What is worked out for a row: words in the caller's language, evidence, waits, re-use."""

from __future__ import annotations

from typing import Any

import graphene
from sqlalchemy import select

from connectors.sdk.states import Ruling
from hub.access.acts import Act
from hub.errors import term
from hub.model import PaperVersion
from hub.money.match import PaymentDue
from hub.money.remittances import payment_due_of
from hub.papers.reuse import Reuse, reuse
from hub.progress.trace import Trace, trace
from hub.progress.waiting import Awaited, awaited_milestones, waits
from hub_graphql.context import Context
from hub_graphql.scalars import DateTime, Decimal
from hub_graphql.wholes import aboard, anothers, fields_shown, is_anothers


class Attention(graphene.ObjectType):
    """Why a person is needed, and what to do."""

    code = graphene.String(required=True, description="Stable code")
    message = graphene.String(required=True, description="What happened, in the caller's language")
    way_out = graphene.String(required=True, description="What to do")
    field = graphene.String(description="The field of the paper that is meant")
    path = graphene.String(description="Where its value was typed in the entry")


class PaperField(graphene.ObjectType):
    """One value of a paper, and where it came from."""

    name = graphene.String(required=True)
    value = graphene.String(required=True)
    source = graphene.String(required=True, description="entry:…, registration:…, tariff:…, fact:…, computed:…")
    as_of = graphene.String(description="As of when, at the source")


class SourceCount(graphene.ObjectType):
    """How many delivered values came from one kind of source."""

    source = graphene.String(required=True)
    count = graphene.Int(required=True)


class ReuseType(graphene.ObjectType):
    """The re-use ledger of a trade."""

    class Meta:
        name = "Reuse"

    typed = graphene.Int(required=True, description="Values that a person typed")
    delivered = graphene.Int(required=True, description="Values delivered in papers so far")
    typed_twice = graphene.Int(required=True, description="Values that had to be typed again")
    by_source = graphene.List(graphene.NonNull(SourceCount), required=True)


class WaitType(graphene.ObjectType):
    """Something that a trade waits for."""

    class Meta:
        name = "Awaited"

    whom = graphene.String(required=True, description="person, hub, authority; holder: of its consolidation")
    kind = graphene.String(required=True, description="Kind of the paper that waits")
    name = graphene.String(required=True, description="Name of that kind, in the caller's language")
    authority = graphene.String(required=True, description="Code of the authority")
    authority_name = graphene.String(required=True, description="Its name, in the caller's language")
    since = DateTime(required=True)
    normal_minutes = graphene.Float(required=True, description="How long it usually takes")
    milestone = graphene.String(description="What has to happen")
    awaited = graphene.String(description="What has to happen, in the caller's language")
    attention = graphene.Field(Attention, description="Why a person is asked")


class CandidateType(graphene.ObjectType):
    """A trade that a remittance may be for."""

    class Meta:
        name = "Candidate"

    number = graphene.String(required=True, description="The hub's number of the trade")
    score = Decimal(required=True, description="How likely, up to 1")
    why = graphene.List(graphene.NonNull(graphene.String), required=True, description="What speaks for it")


class PaymentDueType(graphene.ObjectType):
    """What is still to come in for a trade."""

    class Meta:
        name = "PaymentDue"

    due = DateTime(required=True, description="By when it has to be in")
    outstanding = Decimal(required=True, description="In the trade's currency")
    overdue = graphene.Boolean(required=True)


class TraceType(graphene.ObjectType):
    """One step of a trade, by the names of docs/data-flow.md."""

    class Meta:
        name = "Trace"

    at = DateTime(required=True)
    step = graphene.String(required=True)
    kind = graphene.String(required=True, description="Kind of the paper, empty for the trade itself")
    reference = graphene.String(required=True)
    raw_message = graphene.String(required=True, description="Id of the raw message behind it")
    words = graphene.String(required=True)


def trace_of(row: Any, context: Context) -> list[Trace]:
    subjects = [one.id for one in aboard(context, [row.id])[row.id]]
    return trace(context.connection, row.id, anothers(context, subjects))


def kind_name(row: Any, context: Context) -> str:
    return context.desk.kind_name(row.kind, context.language)


def authority_name(row: Any, context: Context) -> str:
    return context.desk.authority_name(row.authority, context.language)


def _ruling(row: Any, context: Context) -> Ruling:
    return context.desk.rule(row.source, row.about_kind, row.code)


def meaning(row: Any, context: Context) -> str:
    return _ruling(row, context).words(context.language)


def event_way_out(row: Any, context: Context) -> str | None:
    return _ruling(row, context).way_out(context.language) or None


def attention(row: Any, context: Context) -> Attention | None:
    return describe_attention(row.attention, context) if row.attention else None


def paper_attention(row: Any, context: Context) -> Attention | None:
    """What is asked about a consolidation's paper is its holder's to know."""
    return None if is_anothers(row, context) else attention(row, context)


def event_words(row: Any, context: Context) -> str:
    """Free words about a whole consolidation may name anybody in it."""
    return "" if is_anothers(row, context) else str(row.words)


def event_path(row: Any, context: Context) -> str | None:
    return None if is_anothers(row, context) else f"/responses/{row.id}"


def describe_attention(given: Any, context: Context) -> Attention:
    message, way_out = context.say(given["code"], given)
    return Attention(
        code=given["code"], message=message, way_out=way_out, field=given.get("field"), path=given.get("path")
    )


def fields(row: Any, context: Context) -> list[PaperField]:
    """Papers tell of money and of partners: their fields are not shown by consent."""
    if context.caller.consents:
        return []
    evidence = context.connection.scalar(
        select(PaperVersion.evidence).where(PaperVersion.document_id == row.id, PaperVersion.version == row.version)
    )
    shown = fields_shown(row, row.version, context)
    return [PaperField(**one) for one in evidence or () if shown(one["name"], one["source"])]


def paper_path(row: Any, context: Context) -> str | None:
    """Where its paper can be fetched, once there is one; `/<version>` behind it fetches an earlier one."""
    return f"/papers/{row.number}" if row.ready_at and not is_anothers(row, context) else None


def awaits(row: Any, context: Context) -> list[str]:
    return awaited_milestones(context.dossier(row, "subject_id"), context.desk, row.kind, row.part)


def awaited(row: Any, context: Context) -> list[str]:
    return [context.desk.milestone_name(name, context.language) for name in awaits(row, context)]


def candidates(row: Any, context: Context) -> list[CandidateType]:
    return [
        CandidateType(number=one["number"], score=one["score"], why=[term(why, context.language) for why in one["why"]])
        for one in row.candidates or ()
    ]


def payment_due(row: Any, context: Context) -> PaymentDue | None:
    if not (context.caller.is_staff or context.caller.may(Act.MONEY, row.enterprise_id)):
        return None  # money is not shown by consent, nor to a broker that does not handle it
    return payment_due_of(context.connection, context.dossier(row), row.total, context.now)


def reuse_of(row: Any, context: Context) -> ReuseType:
    ledger: Reuse = reuse(context.dossier(row))
    by_source = [SourceCount(source=source, count=count) for source, count in ledger.by_source.items()]
    return ReuseType(
        typed=ledger.typed, delivered=ledger.delivered, typed_twice=ledger.typed_twice, by_source=by_source
    )


def waits_of(row: Any, context: Context) -> list[WaitType]:
    dossier = context.dossier(row)
    found = list(waits(dossier, context.desk))
    of_others = anothers(context, {wait.subject_id for wait in found} - {dossier.trade_id})
    return [_wait(wait, context, of_holder=wait.subject_id in of_others) for wait in found]


def _wait(wait: Awaited, context: Context, *, of_holder: bool) -> WaitType:
    return WaitType(
        whom="holder" if of_holder and wait.whom == "person" else wait.whom,
        kind=wait.kind,
        name=context.desk.kind_name(wait.kind, context.language),
        authority=wait.authority,
        authority_name=context.desk.authority_name(wait.authority, context.language),
        since=wait.since,
        normal_minutes=wait.normal.total_seconds() / 60,
        milestone=wait.milestone,
        awaited=context.desk.milestone_name(wait.milestone, context.language) if wait.milestone else None,
        attention=describe_attention(wait.attention, context) if wait.attention and not of_holder else None,
    )
