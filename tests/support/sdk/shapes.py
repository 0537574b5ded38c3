"""Schemas of every shape: each field with each of its options, and any mixture of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from marshmallow import EXCLUDE, INCLUDE, RAISE, Schema, fields, validate

from connectors.sdk.instants import Moment, from_compact
from tests.support.sdk.odd import ODD


class Money(Schema):
    class Meta:
        unknown = INCLUDE

    amount = fields.Decimal(required=True)


PLAIN = {
    "text": fields.String(),
    "text or none": fields.String(allow_none=True),
    "text, none by default": fields.String(load_default=None),
    "text, never none": fields.String(load_default=None, allow_none=False),
    "text of a length": fields.String(validate=validate.Length(1, 3)),
    "text of one length": fields.String(validate=validate.Length(equal=0)),
    "text of a form": fields.String(validate=validate.Regexp("^[A-Z]{3}$", error="no code")),
    "one of": fields.String(validate=validate.OneOf(["CNY", "1", ""])),
    "whole number": fields.Integer(),
    "whole number, strictly": fields.Integer(strict=True),
    "whole number in a range": fields.Integer(validate=validate.Range(1, 7)),
    "whole number between": fields.Integer(validate=validate.Range(0, 7, min_inclusive=False, max_inclusive=False)),
    "decimal": fields.Decimal(),
    "decimal in a range": fields.Decimal(validate=validate.Range(max=Decimal("1.5"))),
    "decimal with places": fields.Decimal(places=1),
    "decimal or no number": fields.Decimal(allow_nan=True),
    "yes or no": fields.Boolean(),
    "yes or no, in other words": fields.Boolean(truthy={"CNY", 7}, falsy={"1"}),
    "anything is yes": fields.Boolean(truthy=()),
    "day": fields.Date(),
    "day, written otherwise": fields.Date(format="%Y%m%d"),
    "moment": Moment(),
    "moment, written otherwise": Moment(parse=from_compact),
    "list": fields.List(fields.String()),
    "list of lists": fields.List(fields.List(fields.String(allow_none=True))),
    "list of a length": fields.List(fields.Integer(), validate=validate.Length(max=1)),
    "mapping": fields.Dict(),
    "mapping of texts": fields.Dict(keys=fields.String(), values=fields.String()),
    "mapping of numbers": fields.Dict(keys=fields.Integer(), values=fields.Decimal(allow_none=True)),
    "nested": fields.Nested(Money),
    "nested, closed": fields.Nested(Money, unknown=RAISE),
    "several nested": fields.Nested(Money, many=True, unknown=EXCLUDE),
    "other key": fields.String(data_key="Text", attribute="words"),
    "key without a letter": fields.String(data_key=""),
    "dotted": fields.Integer(attribute="in.side"),
}
MORE_ODD = [{"amount": amount, "more": 1} for amount in ODD] + [[one] for one in ODD] + [{1: one} for one in ODD]


LENGTHS = st.none() | st.integers(0, 4)
CHECKS: dict[type, st.SearchStrategy[Any]] = {
    fields.String: st.one_of(
        st.builds(validate.Length, LENGTHS, LENGTHS),
        st.builds(validate.Length, equal=st.integers(0, 4)),
        st.sampled_from(
            [validate.Regexp("^[A-Z]{3}$", error="no code"), validate.Regexp(b"^a"), validate.Range("a", "z")]
        ),
        st.builds(validate.OneOf, st.sampled_from([["a", "CNY"], "CNY", {"air"}, ("1",)])),
    ),
    fields.Integer: st.builds(
        validate.Range, LENGTHS, LENGTHS, min_inclusive=st.booleans(), max_inclusive=st.booleans()
    ),
    fields.Decimal: st.builds(validate.Range, LENGTHS, st.just(Decimal("7.5")), min_inclusive=st.booleans())
    | st.builds(validate.OneOf, st.just([Decimal(1), "a"])),
    fields.Boolean: st.builds(validate.OneOf, st.just([True])),
    fields.List: st.builds(validate.Length, st.integers(0, 2), LENGTHS),
    fields.Dict: st.builds(validate.Length, LENGTHS, st.integers(1, 3)),
}
MORE: dict[type, st.SearchStrategy[dict[str, Any]]] = {
    fields.Integer: st.fixed_dictionaries({"strict": st.booleans()}),
    fields.Decimal: st.sampled_from([{}, {}, {"places": 2}, {"allow_nan": True}]),
    fields.Boolean: st.sampled_from([{}, {"truthy": {"J", 7}, "falsy": {"N"}}, {"truthy": ()}]),
    fields.Date: st.sampled_from([{}, {"format": "iso"}, {"format": "%Y%m%d"}]),
    Moment: st.sampled_from([{}, {"parse": from_compact}]),
}
SIMPLE = [fields.String, fields.Integer, fields.Decimal, fields.Boolean, fields.Date, Moment]


@st.composite
def options(draw: st.DrawFn, kind: type) -> dict[str, Any]:
    chosen = dict(draw(MORE.get(kind, st.just({}))))
    if kind in CHECKS:
        chosen["validate"] = draw(st.lists(CHECKS[kind], max_size=2))
    match draw(st.sampled_from(["required", "default", "none", "neither"])):
        case "required":
            chosen["required"] = True
        case "default":
            chosen["load_default"] = draw(st.sampled_from([*ODD[:20], dict, list, lambda: "made"]))
        case "none":
            chosen["load_default"] = None
    if draw(st.booleans()):
        chosen["allow_none"] = draw(st.booleans())
    return chosen


@st.composite
def field(draw: st.DrawFn, depth: int = 2) -> fields.Field[Any]:
    kind = draw(st.sampled_from([*SIMPLE, fields.List, fields.Dict, fields.Nested] if depth else SIMPLE))
    chosen = draw(options(kind))
    if draw(st.integers(0, 3)) == 0:
        chosen["data_key"] = draw(st.sampled_from(["schlüssel", "it's", 'a"b', "a\nb", "{x}", "\\", "f0"]))
    if draw(st.integers(0, 9)) == 0:
        chosen["attribute"] = draw(st.sampled_from(["in.side", "class", "other"]))
    inner = field(depth - 1)
    if kind is fields.List:
        return fields.List(draw(inner), **chosen)
    if kind is fields.Dict:
        return fields.Dict(keys=draw(st.none() | field(0)), values=draw(st.none() | inner), **chosen)
    if kind is fields.Nested:
        unknown = draw(st.sampled_from([None, EXCLUDE, INCLUDE, RAISE]))
        return fields.Nested(type(draw(schemas(depth - 1))), many=draw(st.booleans()), unknown=unknown, **chosen)
    made: fields.Field[Any] = kind(**chosen)
    return made


@st.composite
def schemas(draw: st.DrawFn, depth: int = 2) -> Schema:
    chosen = draw(st.lists(field(depth), max_size=4))
    made = Schema.from_dict({f"f{number}": one for number, one in enumerate(chosen)})
    made.opts.unknown = draw(st.sampled_from([EXCLUDE, INCLUDE, RAISE]))
    try:
        return made()
    except ValueError:  # two fields of one name
        return Schema()
