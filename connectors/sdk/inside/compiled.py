"""Schemas as plain functions: what marshmallow loads, loaded sooner.

marshmallow is the contract. A schema whose fields and validators all stand in the tables below is written out once as
Python source for the common case: sound values of the plain types. Where that source meets anything else (a wrong
value, a subclass, bytes for text, an unknown key), it gives up, and marshmallow loads the same values from the start;
so every error is marshmallow's own. A schema with anything beyond the tables (a hook, a field class or a validator of
somebody's own) is left to marshmallow as a whole.

`function_text(schema)` is the source, to be read by a person; tracebacks and `inspect.getsource` find it too.
"""

from __future__ import annotations

import datetime
import linecache
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, missing, validate
from marshmallow.decorators import POST_LOAD, PRE_LOAD, VALIDATES, VALIDATES_SCHEMA

from connectors.sdk.instants import Moment

Load = Callable[[Any], Any]
HOOKS = (PRE_LOAD, POST_LOAD, VALIDATES, VALIDATES_SCHEMA)
METHODS = ("load", "_do_load", "_deserialize")
NUMBERS = frozenset({str, int, float, Decimal})
INDENT = "    "


class Unusual(Exception):
    """A value, or a whole schema, that marshmallow has to look at."""


@cache
def loader(schema: type[Schema]) -> Load:
    """The `load` of a schema class, compiled where it can be; made once for each class."""
    return compiled(schema())


def compiled(schema: Schema) -> Load:
    """A function that answers or raises exactly what `schema.load(values)` would."""
    source = function_text(schema)
    if source is None:
        return schema.load
    common = source.function()

    def load(values: Any) -> Any:
        try:
            record = common(values)
        except Exception:  # noqa: BLE001 - whatever it stumbled over, marshmallow has the word for it
            record = None
        return schema.load(values) if record is None else record

    return load


def function_text(schema: Schema) -> FunctionText | None:
    """The source of a schema's common case; None where marshmallow must load it."""
    source = FunctionText(type(schema).__qualname__)
    try:
        if schema.many:
            return None
        source.schema(schema, schema.unknown)
    except Unusual:
        return None
    return source


class FunctionText:
    """Functions as text, inner ones first, and the objects that the text names."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.lines: list[str] = []
        self.objects: dict[str, Any] = {"Unusual": Unusual, "missing": missing, "NUMBERS": NUMBERS, "Decimal": Decimal}
        self.last = ""
        self._open: list[type[Schema]] = []

    def __str__(self) -> str:
        return "\n".join(self.lines) + "\n"

    def function(self) -> Load:
        """The last function, for it is the outermost."""
        place = f"<compiled {self.title} {id(self):x}>"
        linecache.cache[place] = (len(str(self)), None, str(self).splitlines(keepends=True), place)
        made = dict(self.objects)
        exec(compile(str(self), place, "exec"), made)  # noqa: S102 - our own text; of a schema it holds only literals
        load: Load = made[self.last]
        return load

    def schema(self, schema: Schema, unknown: str) -> str:
        """Writes the function of a schema; its name."""
        if not _is_plain(schema) or type(schema) in self._open:  # a schema inside itself has no end
            raise Unusual
        self._open.append(type(schema))
        body = ["if type(value) is not dict: raise Unusual"]
        if unknown != EXCLUDE:
            known = frozenset(_key(name, field) for name, field in schema.load_fields.items())
            body.append(f"if not {self.name('known', known)}.issuperset(value): raise Unusual")
        body += ["values, record = value, {}"]
        for name, field in schema.load_fields.items():
            body += self._entry(name, field)
        self._open.pop()
        return self._define("load", [*body, "return record"])

    def value(self, field: fields.Field[Any]) -> str:
        """Writes the function of a single value, such as an item of a list; its name."""
        return self._define("read", [*self._nullable(field), "return value"])

    def name(self, word: str, thing: Any) -> str:
        """How the text calls an object: plain constants by their own literal."""
        if thing is None or type(thing) in (str, int, bool):
            return repr(thing)
        name = f"{word}{len(self.objects)}"
        self.objects[name] = thing
        return name

    def _define(self, word: str, body: Iterable[str]) -> str:
        self.last = f"{word}{len(self.objects)}"
        self.objects[self.last] = None  # the name is taken
        self.lines += [f"def {self.last}(value):", *_indented(body), ""]
        return self.last

    def _entry(self, name: str, field: fields.Field[Any]) -> list[str]:
        """From the values to the record, for one field."""
        key, target = self.name("key", _key(name, field)), field.attribute or name
        if type(target) is not str or "." in target:
            raise Unusual
        keep = f"record[{target!r}] = value"
        if field.required:
            return [f"value = values[{key}]", *self._nullable(field), keep]
        if field.load_default is missing:
            return [f"if {key} in values:", *_indented([f"value = values[{key}]", *self._nullable(field), keep])]
        if field.load_default is None and field.allow_none:
            return [f"value = values.get({key})", *self._nullable(field), keep]
        return [
            f"value = values.get({key}, missing)",
            f"if value is missing: value = {self._default(field)}",
            "else:",
            *_indented(self._nullable(field)),
            keep,
        ]

    def _default(self, field: fields.Field[Any]) -> str:
        default = field.load_default
        if not callable(default):
            return self.name("default", default)
        if default not in (dict, list, set):  # it might count its calls
            raise Unusual
        return f"{default.__name__}()"

    def _nullable(self, field: fields.Field[Any]) -> list[str]:
        lines = self._sound(field)
        return ["if value is not None:", *_indented(lines)] if field.allow_none else lines

    def _sound(self, field: fields.Field[Any]) -> list[str]:
        """Turns `value` into what the field makes of it, and checks it."""
        if getattr(field, "pre_load", None) or getattr(field, "post_load", None):
            raise Unusual
        lines = [*_known(FIELDS, field)(field, self)]
        for validator in field.validators:
            lines += _known(VALIDATORS, validator)(validator, self)
        return lines


def _known(table: dict[type, Any], one: Any) -> Any:
    """What a table says of exactly this class: a subclass may do anything."""
    if type(one) not in table:
        raise Unusual
    return table[type(one)]


def _is_plain(schema: Schema) -> bool:
    replaced = any(getattr(type(schema), name) is not getattr(Schema, name) for name in METHODS)
    hooked = any(schema._hooks.get(hook) for hook in HOOKS)
    return not (replaced or hooked or schema.partial or schema.dict_class is not dict)


def _key(name: str, field: fields.Field[Any]) -> str:
    return name if field.data_key is None else field.data_key


def _indented(lines: Iterable[str]) -> list[str]:
    return [INDENT + line for line in lines]


def _string(field: fields.String, source: FunctionText) -> Iterator[str]:
    yield "if type(value) is not str: raise Unusual"


def _integer(field: fields.Integer, source: FunctionText) -> Iterator[str]:
    if not field.strict:
        yield "if type(value) is str: value = int(value)"
    yield "if type(value) is not int: raise Unusual"


def _decimal(field: fields.Decimal, source: FunctionText) -> Iterator[str]:
    if field.places is not None or field.allow_nan:
        raise Unusual
    yield "if type(value) not in NUMBERS: raise Unusual"
    yield "value = Decimal(str(value))"
    yield "if not value.is_finite(): raise Unusual"


def _boolean(field: fields.Boolean, source: FunctionText) -> Iterator[str]:
    if not field.truthy:
        raise Unusual
    yield f"if value in {source.name('truthy', field.truthy)}: value = True"
    yield f"elif value in {source.name('falsy', field.falsy)}: value = False"
    yield "else: raise Unusual"


def _date(field: fields.Date, source: FunctionText) -> Iterator[str]:
    if field.format not in ("iso", "iso8601"):
        raise Unusual
    yield f"if type(value) is str: value = {source.name('read', datetime.date.fromisoformat)}(value)"
    yield f"elif type(value) is not {source.name('date', datetime.date)}: raise Unusual"


def _moment(field: Moment, source: FunctionText) -> Iterator[str]:
    yield f"value = {source.name('moment', field.read)}(value)"


def _list(field: fields.List[Any], source: FunctionText) -> Iterator[str]:
    yield "if type(value) is not list: raise Unusual"
    yield f"value = list(map({source.value(field.inner)}, value))"


def _dict(field: fields.Dict, source: FunctionText) -> Iterator[str]:
    yield "if type(value) is not dict: raise Unusual"
    key = f"{source.value(field.key_field)}(key)" if field.key_field else "key"
    item = f"{source.value(field.value_field)}(item)" if field.value_field else "item"
    yield f"value = {{{key}: {item} for key, item in value.items()}}"


def _nested(field: fields.Nested, source: FunctionText) -> Iterator[str]:
    schema = field.schema
    function = source.schema(schema, schema.unknown if field.unknown is None else field.unknown)
    if schema.many:
        yield "if type(value) is not list: raise Unusual"
        yield f"value = list(map({function}, value))"
    else:
        yield f"value = {function}(value)"


FIELDS: dict[type, Callable[[Any, FunctionText], Iterator[str]]] = {
    fields.String: _string,
    fields.Integer: _integer,
    fields.Decimal: _decimal,
    fields.Boolean: _boolean,
    fields.Date: _date,
    Moment: _moment,
    fields.List: _list,
    fields.Dict: _dict,
    fields.Nested: _nested,
}
"""Field class → the lines that read it; they find the value in `value`, and leave it there."""


def _length(check: validate.Length, source: FunctionText) -> Iterator[str]:
    if check.equal is not None:
        yield f"if len(value) != {source.name('equal', check.equal)}: raise Unusual"
    if check.min is not None:
        yield f"if len(value) < {source.name('least', check.min)}: raise Unusual"
    if check.max is not None:
        yield f"if len(value) > {source.name('most', check.max)}: raise Unusual"


def _range(check: validate.Range, source: FunctionText) -> Iterator[str]:
    if check.min is not None:
        yield f"if value {'<' if check.min_inclusive else '<='} {source.name('least', check.min)}: raise Unusual"
    if check.max is not None:
        yield f"if value {'>' if check.max_inclusive else '>='} {source.name('most', check.max)}: raise Unusual"


def _one_of(check: validate.OneOf, source: FunctionText) -> Iterator[str]:
    yield f"if value not in {source.name('choices', check.choices)}: raise Unusual"


def _regexp(check: validate.Regexp, source: FunctionText) -> Iterator[str]:
    yield f"if {source.name('match', check.regex.match)}(value) is None: raise Unusual"


VALIDATORS: dict[type, Callable[[Any, FunctionText], Iterator[str]]] = {
    validate.Length: _length,
    validate.Range: _range,
    validate.OneOf: _one_of,
    validate.Regexp: _regexp,
}
"""Validator class → the lines that check `value`."""
