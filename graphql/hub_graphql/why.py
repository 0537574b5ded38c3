"""Why a paper has the value that it has: where it came from, who said it, when, under which rule."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import graphene
from sqlalchemy import Row, or_, select

from hub.access.visibility import visible
from hub.errors import HubError, NotFound, came_from, lack
from hub.model import Document, Trade
from hub.progress.evidence_reads import Read
from hub.progress.why import Lack, Why, why
from hub_graphql.context import Context
from hub_graphql.explained import authority_name, kind_name
from hub_graphql.maps import fetch
from hub_graphql.scalars import DateTime
from hub_graphql.states import PAPER_STATE
from hub_graphql.wholes import LINE_OF, fields_shown, is_anothers, is_whole


class ReadType(graphene.ObjectType):
    """One thing that a value was read from."""

    class Meta:
        name = "Read"

    source = graphene.String(required=True, description="entry:goods[2].quantity, tariff:unit1, fact:…")
    origin = graphene.String(required=True, description="What that is, in the caller's language")
    value = graphene.String(description="What stood there")
    as_of = DateTime(description="As of when, at the source")
    typed_by = graphene.String(description="Who typed it")
    typed_at = DateTime(description="When it was typed")
    entry_version = graphene.Int(description="Version of the entry in which it was typed")
    valid_from = graphene.String(description="From which day on its edition is valid")
    authority = graphene.String(description="Code of the authority that told it")
    authority_name = graphene.String(description="Name of that authority, in the caller's language")
    heard_at = DateTime(description="When it was heard")
    code = graphene.String(description="Code of the response that told it")
    raw_message = graphene.String(description="Id of the raw message it stands in")
    download = graphene.String(description="Path to GET the response from")


class LackType(graphene.ObjectType):
    """Something that is awaited before the value is there."""

    class Meta:
        name = "Lack"

    what = graphene.String(required=True, description="What it is, in the caller's language")
    whom = graphene.String(required=True, description="Who brings it: person or authority")
    kinds = graphene.List(graphene.NonNull(graphene.String), required=True, description="Papers that bring it")
    authorities = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Who answers those papers, by name"
    )
    path = graphene.String(description="Where in the entry a person says it")


class WhyType(graphene.ObjectType):
    """Why a field of a paper has its value."""

    class Meta:
        name = "Why"

    number = graphene.String(required=True, description="The hub's number of the paper")
    kind = graphene.String(required=True)
    name = graphene.String(required=True, description="Name of the kind, in the caller's language")
    authority_name = graphene.String(required=True)
    field = graphene.String(required=True)
    standing = graphene.String(
        required=True,
        description="sent: in a version that went out; written: it has not; planned: what it would be now; missing; "
        "left_out: the paper is complete without it",
    )
    value = graphene.String()
    version = graphene.Int(description="The version that this is about; null where none is written")
    sent_at = DateTime(description="When that version went out")
    newest_version = graphene.Int(required=True, description="The version that the paper is at")
    state = PAPER_STATE(required=True, description="Where the paper stands")
    source = graphene.String(required=True, description="entry:…, registration:…, tariff:…, fact:…, computed:…")
    origin = graphene.String(required=True, description="What that is, in the caller's language")
    as_of = DateTime(description="As of when, at the source")
    computation = graphene.String(description="Name of the computation")
    meaning = graphene.String(description="What it works out")
    how = graphene.String(description="How it came about this time")
    rules = graphene.List(graphene.NonNull(graphene.String), required=True, description="公告 and forms that it names")
    reads = graphene.List(graphene.NonNull(ReadType), required=True, description="What it was read from")
    lacks = graphene.List(graphene.NonNull(LackType), required=True, description="What is awaited, and who brings it")


class WhyQuery:
    """Mixed into the query root."""

    why = graphene.Field(
        graphene.NonNull(WhyType),
        number=graphene.String(required=True),
        field=graphene.String(required=True),
        kind=graphene.String(),
        version=graphene.Int(),
        description="Why a field of a paper has its value. `number` is the paper's, or with `kind` its trade's; "
        "`field` is such as goods[2].hs_code; without `version` the newest that went out is meant",
    )

    @staticmethod
    def resolve_why(
        root: Any, info: Any, number: str, field: str, kind: str | None = None, version: int | None = None
    ) -> WhyType:
        context: Context = info.context
        context.caller.must("download")
        document = _document(context, number, kind)
        if is_anothers(document, context):
            raise NotFound("paper", document.number)
        found = why(context.connection, context.desk, document, field, version)
        if not fields_shown(document, found.version, context)(found.name, found.source):
            raise NotFound("paper", f"{document.number} {field}")
        if is_whole(document, context) and not LINE_OF.match(found.name):
            found.reads = []  # of everybody's goods
        return _why_type(found, document, context)


def _document(context: Context, number: str, kind: str | None) -> Row[Any]:
    """The paper that is meant; of several of a kind the last. Errors name what there is."""
    own = fetch(context, Document, "number", number, order=("id",))
    if own and kind in (None, own[0].kind):
        return own[0]
    of_trade = or_(Trade.number == number, Trade.order_number == number)
    trades = context.connection.scalars(select(Trade.id).where(of_trade, visible(Trade, context.caller)).limit(2)).all()
    if len(trades) > 1:
        raise HubError("TRADE_AMBIGUOUS", order=number)
    papers = own or (fetch(context, Document, "subject_id", trades[0], order=("id",)) if trades else [])
    if not papers:
        raise NotFound("trade", number)
    kinds = list(dict.fromkeys(one.kind for one in papers))
    if kind is None:
        raise HubError("PAPER_KIND_UNNAMED", number=number, kinds=", ".join(kinds))
    found = [one for one in papers if one.kind == kind]
    if not found:
        near = ", ".join(get_close_matches(kind, kinds, n=3, cutoff=0.0))
        raise HubError("PAPER_KIND_UNKNOWN", number=number, kind=kind[:100], near=near, kinds=", ".join(kinds))
    return found[-1]


def _why_type(found: Why, document: Row[Any], context: Context) -> WhyType:
    return WhyType(
        number=document.number,
        kind=document.kind,
        name=kind_name(document, context),
        authority_name=authority_name(document, context),
        field=found.name,
        standing=found.standing,
        value=found.value,
        version=found.version or None,
        sent_at=found.sent_at,
        newest_version=document.version,
        state=document.state,
        source=found.source,
        origin=came_from(found.source.partition(":")[0], context.language),
        as_of=found.as_of,
        computation=found.computation or None,
        meaning=found.meaning or None,
        how=found.how or None,
        rules=found.rules,
        reads=[_read_type(one, context) for one in found.reads],
        lacks=[_lack_type(one, context) for one in found.lacks],
    )


def _read_type(read: Read, context: Context) -> ReadType:
    typed = bool(read.by)
    return ReadType(
        source=read.source,
        origin=came_from(read.kind, context.language),
        value=read.value,
        as_of=read.as_of,
        typed_by=read.by or None,
        typed_at=read.at if typed else None,
        entry_version=read.version or None,
        valid_from=read.valid_from or None,
        authority=read.authority or None,
        authority_name=context.desk.authority_name(read.authority, context.language) if read.authority else None,
        heard_at=None if typed else read.at,
        code=read.code or None,
        raw_message=read.raw_id or None,
        download=f"/responses/{read.event_id}" if read.event_id else None,
    )


def _lack_type(one: Lack, context: Context) -> LackType:
    language, desk = context.language, context.desk
    sources = dict.fromkeys(desk.plan.authorities[kind] for kind in one.kinds if kind in desk.plan.authorities)
    return LackType(
        what=desk.milestone_name(one.what, language) if one.milestone else lack(one.what, language),
        whom="person" if one.path else "authority",
        kinds=list(one.kinds),
        authorities=[desk.authority_name(source, language) for source in sources],
        path=one.path or None,
    )
