"""What `yuhub verify` found last, part by part."""

from __future__ import annotations

import json
from typing import Any

import graphene
from sqlalchemy import Row, select

from hub.access.visibility import visible
from hub.model import Verification
from hub_graphql.context import Context
from hub_graphql.scalars import DateTime


class VerifyFaultType(graphene.ObjectType):
    """Something that is wrong, or that could not be asked."""

    class Meta:
        name = "VerifyFault"

    code = graphene.String(required=True, description="Stable code")
    message = graphene.String(required=True, description="What is wrong, in the caller's language")
    way_out = graphene.String(required=True, description="What to do")


class VerificationType(graphene.ObjectType):
    """The last result of one part of `yuhub verify`."""

    class Meta:
        name = "Verification"

    part = graphene.String(required=True, description="chains, counters or ledgers")
    verified_at = DateTime(required=True)
    holds = graphene.Boolean(required=True, description="Nothing is wrong in what could be asked")
    unknown = graphene.Boolean(required=True, description="Something could not be asked")
    fault_count = graphene.Int(required=True)
    counts = graphene.List(graphene.NonNull(graphene.String), required=True, description="Rows of JSON")
    faults = graphene.List(
        graphene.NonNull(VerifyFaultType), required=True, description="The first, and what is unknown"
    )


class VerifiedQuery:
    """Mixed into the query root."""

    verifications = graphene.List(
        graphene.NonNull(VerificationType),
        required=True,
        description="Of each part of `yuhub verify` what it found last; chains and counters every day",
    )

    @staticmethod
    def resolve_verifications(root: Any, info: Any) -> list[VerificationType]:
        context: Context = info.context
        context.caller.must("see jobs")
        chosen = select(Verification.__table__).where(visible(Verification, context.caller))
        return [_verification(row, context) for row in context.connection.execute(chosen.order_by(Verification.part))]


def _verification(row: Row[Any], context: Context) -> VerificationType:
    said = [(one["code"], *context.say(one["code"], one["parameters"])) for one in row.faults]
    return VerificationType(
        part=row.part,
        verified_at=row.verified_at,
        holds=row.holds,
        unknown=row.unknown,
        fault_count=row.fault_count,
        counts=[json.dumps(one, ensure_ascii=False) for one in row.counts],
        faults=[VerifyFaultType(code=code, message=message, way_out=way) for code, message, way in said],
    )
