"""Whom something is given to, for what and until when: typed alike for consents and mandates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError

from connectors.sdk.instants import Moment
from hub.entry.reading import problems_of
from hub.entry.value_fields import Words
from hub.errors import EntryProblem, EntryRefused
from hub_graphql.context import Context

TERM = Schema.from_dict(
    {
        "account": Words(100, required=True),
        "purpose": Words(200),
        "endsAt": Moment(allow_none=True),
    }
)()


def read_moment(name: str, typed: str | None) -> datetime | None:
    """The time that an argument names. EntryRefused where it names none."""
    schema = Schema.from_dict({name: Moment(allow_none=True)})()
    try:
        read: datetime | None = schema.load({name: typed})[name]
    except ValidationError as error:
        raise EntryRefused(problems_of(error, schema)) from None
    return read


def read_term(context: Context, **typed: Any) -> dict[str, Any]:
    """account, purpose and endsAt, as far as they were typed. EntryRefused says what is wrong with them."""
    try:
        read: dict[str, Any] = TERM.load(typed)
    except ValidationError as error:
        raise EntryRefused(problems_of(error, TERM)) from None
    ends = read.get("endsAt")
    if ends and ends <= context.now:
        raise EntryRefused([EntryProblem("endsAt", "IN_THE_PAST", {"value": typed["endsAt"]})])
    return read
