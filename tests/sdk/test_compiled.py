"""A compiled schema and marshmallow are the same function, in what they answer and in what they refuse."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import (
    EXCLUDE,
    INCLUDE,
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    pre_load,
    validates,
    validates_schema,
)

from connectors.sdk.compiled import compiled, loader, written
from connectors.sdk.members import Aside
from connectors.sdk.records import Draft, Record
from connectors.sdk.testing.samples import Samples
from tests.support.connectors.parts import CONNECTORS, connector, samples
from tests.support.sdk.odd import ODD, anything, values
from tests.support.sdk.shapes import MORE_ODD, PLAIN, schemas
from tests.support.together import together


def below(schema: type[Record]) -> Iterator[type[Record]]:
    for one in schema.__subclasses__():
        yield one
        yield from below(one)


RECORDS = [one for one in below(Record) if one.__module__.startswith("connectors.")]
"""Every noun, and what each connector makes of it."""


def exact(value: Any) -> Any:
    """A value with the class of each of its parts, for 1, True and Decimal("1.0") are equal and not the same."""
    if isinstance(value, Mapping):
        return type(value), [(exact(key), exact(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [exact(item) for item in value]
    try:
        return type(value), repr(value)
    except ValueError:  # a whole number with more digits than Python writes
        return type(value), value


def outcome(load: Callable[[Any], Any], sent: Any) -> Any:
    """What comes of it: a record, a refusal with all that it says, or some other error."""
    try:
        return "loaded", exact(load(sent))
    except ValidationError as error:
        return "refused", exact(error.messages), exact(error.valid_data), error.data is sent
    except Exception as error:  # noqa: BLE001 - a validator may stumble over a type; then both must
        return type(error), str(error)


def assert_same(schema: Schema, sent: Any) -> None:
    assert outcome(compiled(schema), sent) == outcome(schema.load, sent)


@together("schema", RECORDS)
def test_every_record_of_ours_is_compiled(schema: type[Record]) -> None:
    assert written(schema()) is not None


@pytest.mark.parametrize("schema", RECORDS)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_records_load_as_with_marshmallow_whatever_an_authority_sends(
    schema: type[Record], data: st.DataObject
) -> None:
    assert_same(schema(), data.draw(values(schema())))


@together("schema", RECORDS)
@together("sent", [None, [], "text", 1, {}, OrderedDict(), MappingProxyType({}), [{}]], ids=repr)
def test_what_is_no_record_at_all_is_refused_alike(schema: type[Record], sent: Any) -> None:
    assert_same(schema(), sent)


def test_numbers_longer_than_python_writes_are_refused_alike() -> None:
    class Numbers(Schema):
        whole = fields.Integer()
        exact = fields.Decimal()

    for number in (10**5000, "9" * 5000, -(10**5000)):
        assert_same(Numbers(), {"whole": number, "exact": number})
        assert_same(Numbers(), {"exact": number})


def sample_drafts() -> Iterator[Draft]:
    """Every record in the samples of the connectors."""
    for code in CONNECTORS:
        source = connector(code)
        for sample in Samples(samples(code), source.manifest).received:
            yield from (one for one in sample.drafts(source) if not isinstance(one, Aside))


def test_sound_records_never_trouble_marshmallow() -> None:
    drafts = [*sample_drafts()]
    assert {schema.noun for schema, _ in drafts} >= {"document_event", "leg", "tariff", "forex_receipt"}
    for schema, sent in drafts:
        source = written(schema())
        assert source is not None
        assert exact(source.function()(sent)) == exact(schema().load(sent)) == exact(loader(schema)(sent))


@together("kind", PLAIN)
def test_each_field_makes_the_same_of_every_odd_value(kind: str) -> None:
    schema = Schema.from_dict({"field": PLAIN[kind]})()
    load = compiled(schema)
    for odd in [*ODD, *MORE_ODD]:
        assert outcome(load, {"field": odd}) == outcome(schema.load, {"field": odd})


@together("unknown", [EXCLUDE, INCLUDE, RAISE])
@together("kind", PLAIN)
def test_what_stands_beside_a_field_is_taken_alike(kind: str, unknown: str) -> None:
    schema = Schema.from_dict({"field": PLAIN[kind], "next": fields.String(load_default="")})(unknown=unknown)
    load = compiled(schema)
    for odd in [*ODD, *MORE_ODD] if kind == next(iter(PLAIN)) else ODD[:3]:
        for sent in ({"field": odd, "next": "a", "more": 1}, {"Text": odd}, {"": odd}):
            assert outcome(load, sent) == outcome(schema.load, sent)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_any_schema_loads_anything_as_with_marshmallow(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    for sent in data.draw(st.lists(values(schema) | anything, min_size=1, max_size=5)):
        assert_same(schema, sent)


class Trimmed(fields.String):
    def _deserialize(self, *arguments: Any, **settings: Any) -> str:
        return super()._deserialize(*arguments, **settings).strip()


class Hooked(Schema):
    name = fields.String()


class Before(Hooked):
    @pre_load
    def rename(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"name": data.get("Name", "")}


class After(Hooked):
    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> str:
        return str(data["name"])


class Checked(Hooked):
    @validates("name")
    def short(self, name: str, **_: Any) -> None:
        if len(name) > 1:
            raise ValidationError("too long")


class Whole(Hooked):
    @validates_schema
    def refuse(self, data: dict[str, Any], **_: Any) -> None:
        raise ValidationError("never")


class Wrapped(Hooked):
    def load(self, data: Any, **settings: Any) -> Any:
        return [super().load(data, **settings)]


class Ordered(Hooked):
    dict_class = OrderedDict


class Partial(Schema):
    name = fields.String(required=True)

    def __init__(self) -> None:
        super().__init__(partial=True)


class Several(Hooked):
    def __init__(self) -> None:
        super().__init__(many=True)


class Endless(Schema):
    below = fields.Nested(lambda: Endless(), allow_none=True)


class Counted(Schema):
    made: ClassVar[list[int]] = []
    number = fields.Integer(load_default=lambda: 7)


class OwnField(Schema):
    name = Trimmed()


class OwnCheck(Schema):
    name = fields.String(validate=lambda name: None)


class Below(Schema):
    inner = fields.Nested(After)


@together(
    "schema",
    [Before, After, Checked, Whole, Wrapped, Ordered, Partial, Several, Endless, Counted, OwnField, OwnCheck, Below],
)
def test_what_is_beyond_the_tables_is_left_to_marshmallow(schema: type[Schema]) -> None:
    assert written(schema()) is None
    inner = {"below": {"below": None}, "inner": {"name": "a"}}
    for sent in ({"name": " ab "}, {"Name": "b"}, {}, [{"name": "a"}], inner):
        assert_same(schema(), sent)


def test_a_schema_is_compiled_once() -> None:
    assert loader(Hooked) is loader(Hooked)


def test_defaults_are_made_anew_for_each_record() -> None:
    class Bag(Schema):
        things = fields.Dict(load_default=dict)

    load = compiled(Bag())
    load({})["things"]["a"] = 1
    assert load({}) == {"things": {}}


def test_a_record_shares_nothing_with_what_it_was_read_from() -> None:
    class Bag(Schema):
        things = fields.Dict()
        names = fields.List(fields.String())

    sent: dict[str, Any] = {"things": {"a": 1}, "names": ["a"]}
    record = compiled(Bag())(sent)
    record["things"]["b"], record["names"][0] = 2, "b"
    assert sent == {"things": {"a": 1}, "names": ["a"]}


def test_the_source_can_be_read_by_a_person() -> None:
    source = written(Hooked())
    assert source is not None
    assert "value = values['name']" in str(source)
    assert inspect.getsource(source.function()) in str(source)
