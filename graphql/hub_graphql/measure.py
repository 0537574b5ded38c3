"""What a GraphQL document comes to, before it is validated: one walk, through fragments, linear in the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DefinitionNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_operation_ast,
    is_list_type,
    is_non_null_type,
)
from graphql.language import IntValueNode, ListValueNode, NameNode, Node, ObjectValueNode

from hub_graphql.counting import values_of
from hub_graphql.sizes import INTROSPECTION, SIZES, UNKNOWN, WEIGHTS

MOST_KEYS = 5_000
"""So many names are put together to find repeated fields; a document with more has more fields than anybody may ask."""
LONGEST_NUMBER = 9


@dataclass(slots=True)
class Sum:
    """What selections come to. `keys` are the names that they answer under, with how often each stands there."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    repeated: int = 0
    cost: int = 0
    introspection: int = 0
    keys: dict[str, int] = field(default_factory=dict)

    def add(self, other: Sum, times: int = 1, *, deeper: int = 0, alongside: bool = False) -> None:
        """Takes in what stands inside a field, or with `alongside` what a fragment adds to the same selections."""
        self.depth = max(self.depth, other.depth + deeper)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.repeated += other.repeated
        self.cost += other.cost * times
        self.introspection += other.introspection * times
        if alongside:
            for key, count in other.keys.items():
                self.repeated += count if key in self.keys else 0
                self.keys[key] = self.keys.get(key, 0) + count


NOTHING = Sum()


def measure(
    document: DocumentNode, operation: str | None, variables: Mapping[str, Any], schema: GraphQLSchema
) -> Mapping[str, int]:
    """Measure → value, as `limits.BOUNDS` names them; `steps` is how many nodes were looked at.

    Cost and mutations are those of the operation that is executed; what only takes validating counts over the whole
    document, used or not. Variables that have no value, and lists whose `first` is not known, count as the most.
    """
    return _Walk(document, operation, variables, schema).measured()


class _Walk:
    def __init__(
        self, document: DocumentNode, operation: str | None, variables: Mapping[str, Any], schema: GraphQLSchema
    ) -> None:
        self.schema = schema
        self.given = variables
        self.steps = self.put_together = self.inputs = self.longest = 0
        definitions = document.definitions
        self.operations = [one for one in definitions if isinstance(one, OperationDefinitionNode)]
        self.chosen = get_operation_ast(document, operation)
        self.fragments = {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}
        self.count = len([one for one in definitions if isinstance(one, FragmentDefinitionNode)])
        self.defaults = _defaults(self.chosen)
        self.known: dict[str, Sum] = {}
        self.spread: set[str] = set()

    def measured(self) -> Mapping[str, int]:
        for name in self._in_order():
            one = self.fragments[name]
            self.known[name] = self._definition(one, self.schema.get_type(one.type_condition.name.value))
        whole, own = Sum(), NOTHING
        for operation in self.operations:
            one_sum = self._definition(operation, self.schema.get_root_type(operation.operation))
            whole.add(one_sum)
            own = one_sum if operation is self.chosen else own
        for name in self.fragments.keys() - self.spread:
            whole.add(self.known[name])  # nobody uses it, and yet it is validated
        mutating = self.chosen is not None and self.chosen.operation is OperationType.MUTATION
        values, nesting = values_of(self.given)
        return {
            "operations": len(self.operations),
            "fragments": self.count,
            "variables": max((len(one.variable_definitions or ()) for one in self.operations), default=0),
            "directives": whole.directives,
            "name": self.longest,
            "nesting": nesting,
            "depth": whole.depth,
            "fields": whole.fields,
            "aliases": whole.aliases,
            "repeated": whole.repeated,
            "mutations": sum(own.keys.values()) if mutating else 0,
            "inputs": self.inputs + values,
            "cost": own.cost,
            "introspection": own.introspection,
            "steps": self.steps,
        }

    def _in_order(self) -> Iterator[str]:
        """Fragments, each after those that it spreads; one that comes back to itself is not followed again."""
        uses = {name: [*self._spreads(one)] for name, one in self.fragments.items()}
        begun: set[str] = set()
        for root in self.fragments:
            waiting = [(root, False)]
            while waiting:
                name, over = waiting.pop()
                if over:
                    yield name
                elif name not in begun:
                    begun.add(name)
                    waiting.append((name, True))
                    waiting += [(used, False) for used in uses[name]]

    def _spreads(self, fragment: FragmentDefinitionNode) -> Iterator[str]:
        waiting: list[SelectionNode] = [*fragment.selection_set.selections]
        while waiting:
            node = waiting.pop()
            self.steps += 1
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in self.fragments:
                    yield node.name.value
            elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set:
                waiting += node.selection_set.selections

    def _definition(self, node: OperationDefinitionNode | FragmentDefinitionNode, type_: Any) -> Sum:
        found = self._selections(node.selection_set.selections, type_)
        found.directives += len(node.directives or ())
        self._name(node.name)
        for declared in getattr(node, "variable_definitions", None) or ():
            self._name(declared.variable.name)
            found.directives += len(declared.directives or ())
            if declared.default_value:
                self._value(declared.default_value)
        return found

    def _selections(self, nodes: Iterable[SelectionNode], type_: GraphQLNamedType | None) -> Sum:
        found = Sum()
        for node in nodes:
            self.steps += 1
            found.directives += len(node.directives or ())
            for directive in node.directives or ():
                self._arguments(directive)
            if isinstance(node, FieldNode):
                self._field(found, node, type_)
            elif isinstance(node, InlineFragmentNode):
                named = node.type_condition
                inner = self.schema.get_type(named.name.value) if named else type_
                self._alongside(found, self._selections(node.selection_set.selections, inner))
            elif isinstance(node, FragmentSpreadNode):
                self.spread.add(node.name.value)
                self._alongside(found, self.known.get(node.name.value, NOTHING))
        return found

    def _alongside(self, found: Sum, other: Sum) -> None:
        self.put_together += len(other.keys)
        found.add(other, alongside=self.put_together < MOST_KEYS)

    def _field(self, found: Sum, node: FieldNode, type_: GraphQLNamedType | None) -> None:
        name = node.name.value
        key = node.alias.value if node.alias else name
        self._name(node.name)
        self._name(node.alias)
        self._arguments(node)
        declared = self._declared(type_, name)
        inner = get_named_type(declared.type) if declared else None
        weight, times = self._rows(node, declared, f"{type_.name if type_ else ''}.{name}")
        found.depth = max(found.depth, 1)
        found.fields += 1
        found.aliases += bool(node.alias)
        found.repeated += key in found.keys
        found.keys[key] = found.keys.get(key, 0) + 1
        if name in ("__schema", "__type") or (type_ and type_.name.startswith("__")):
            found.introspection += weight
        else:
            found.cost += weight
        if node.selection_set:
            found.add(self._selections(node.selection_set.selections, inner), times, deeper=1)

    def _declared(self, type_: GraphQLNamedType | None, name: str) -> Any:
        meta = {"__schema": "__Schema", "__type": "__Type"}.get(name)
        if meta and type_ is self.schema.query_type:
            return _Meta(self.schema.type_map[meta])
        return getattr(type_, "fields", {}).get(name)

    def _rows(self, node: FieldNode, declared: Any, place: str) -> tuple[int, int]:
        """What a field costs by itself, and how many rows it has."""
        weight = WEIGHTS.get(place, 1)
        if declared is None or not _is_list(declared.type):
            return weight, 1
        if place.startswith("__"):
            types = len(self.schema.type_map)
            return 1, types if place == "__Schema.types" else INTROSPECTION.get(node.name.value, types)
        most = SIZES.get(place, UNKNOWN)
        if "first" not in declared.args:
            return weight, most
        first = self._first(node, declared.args["first"].default_value)
        return weight, most if first is None else max(0, min(first, most))

    def _first(self, node: FieldNode, standard: Any) -> int | None:
        """How many rows are asked for; None where that is not known."""
        value = next((one.value for one in node.arguments or () if one.name.value == "first"), None)
        if value is None:
            return _whole(standard)
        return self._number(value)

    def _number(self, value: ValueNode) -> int | None:
        if isinstance(value, IntValueNode):
            return int(value.value) if len(value.value) <= LONGEST_NUMBER else None
        if not isinstance(value, VariableNode):
            return None
        name = value.name.value
        return _whole(self.given[name]) if name in self.given else self.defaults.get(name)

    def _arguments(self, node: Any) -> None:
        for argument in node.arguments or ():
            self._name(argument.name)
            self._value(argument.value)

    def _value(self, value: ValueNode) -> None:
        waiting: list[Node] = [value]
        while waiting:
            one = waiting.pop()
            self.inputs += 1
            if isinstance(one, ListValueNode):
                waiting += one.values
            elif isinstance(one, ObjectValueNode):
                waiting += [inner.value for inner in one.fields]

    def _name(self, node: NameNode | None) -> None:
        if node:
            self.longest = max(self.longest, len(node.value))


@dataclass(frozen=True, slots=True)
class _Meta:
    """`__schema` and `__type`, which every query root has and no schema names."""

    type: Any
    args: Mapping[str, Any] = field(default_factory=dict)


def _is_list(type_: Any) -> bool:
    return bool(is_list_type(type_.of_type if is_non_null_type(type_) else type_))


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _defaults(operation: DefinitionNode | None) -> Mapping[str, int]:
    """Defaults of the variables that are whole numbers."""
    if not isinstance(operation, OperationDefinitionNode):
        return {}
    return {
        one.variable.name.value: int(one.default_value.value)
        for one in operation.variable_definitions or ()
        if isinstance(one.default_value, IntValueNode) and len(one.default_value.value) <= LONGEST_NUMBER
    }
