"""ONE Record by meaning: a document is asked for types and properties by their IRIs, however it spells them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from connectors.airport.expanded import API, CARGO, TooMuch, Unresolved, expand, sift
from connectors.airport.gathered import Said, index, topmost
from connectors.sdk import BadData
from connectors.sdk.codecs import read_json

CONTEXT = {"cargo": CARGO, "api": API}
"""The prefixes with which we write, and with which we ask."""
MEDIA_TYPE = "application/ld+json"
LANGUAGES = ("zh", "en")
FLAGS = {"true": True, "1": True, "false": False, "0": False}
PREFIXED = re.compile(r"[A-Za-z][\w.-]*:(?!//)(.+)", re.ASCII)


class ListedCode(NamedTuple):
    """An entry of a code list, and the list's name; it is empty where none is named."""

    code: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A node or a literal. What a document says of an identifier elsewhere belongs to each mention of it."""

    said: Said
    elsewhere: Mapping[str, Said]

    @property
    def id(self) -> str:
        """The full IRI; empty for a literal and for a node without a name of its own."""
        given = self.said.get("@id")
        return given if isinstance(given, str) and not given.startswith("_:") else ""

    @property
    def key(self) -> str | int:
        """What two mentions of one node have in common."""
        given = self.said.get("@id")
        return given if isinstance(given, str) else id(self.said)

    @property
    def is_literal(self) -> bool:
        return "@value" in self.said

    @property
    def whole(self) -> dict[str, Any]:
        """All that the document says of it."""
        return {**self.said, **self._elsewhere}

    @property
    def types(self) -> list[str]:
        return [*self.said.get("@type", ()), *self._elsewhere.get("@type", ())] if "@value" not in self.said else []

    def is_a(self, type_: str) -> bool:
        return _full(type_) in self.types

    def all(self, *path: str) -> list[Node]:
        """What stands at a path of properties, in the document's order; a list counts as its members."""
        found = [self]
        for name in path:
            found = [value for node in found for value in node._values(_full(name))]
        return found

    def one(self, *path: str) -> Node | None:
        return next(iter(self.all(*path)), None)

    def text(self, *path: str) -> str | None:
        """The literal at a path. Of one said in several languages Chinese counts, then English, then the first.

        BadData where it is said several times, and differently.
        """
        literals = [node.said for node in self.all(*path) if isinstance(node.said.get("@value"), str | int | float)]
        spoken = [(str(one.get("@language", "")).casefold(), _plain(one["@value"])) for one in literals]
        if any(language for language, _ in spoken):
            spoken = [min(spoken, key=lambda one: _preference(one[0]))]
        return _single([said for _, said in spoken], path)

    def flag(self, *path: str) -> bool | None:
        """An xsd:boolean, as a literal of any kind; None where there is none. BadData where it is something else."""
        said = self.text(*path)
        if said is None and self.all(*path):
            raise BadData("true or false was agreed", field=_local(path[-1]))
        if said is not None and said.casefold() not in FLAGS:
            raise BadData(f"{said} came where true or false was agreed", field=_local(path[-1]))
        return None if said is None else FLAGS[said.casefold()]

    def codes(self, *path: str) -> list[ListedCode]:
        """Entries of code lists: by their IRI, as a cargo:CodeListElement or as a plain literal; each one once."""
        return list(dict.fromkeys(code for node in self.all(*path) if (code := node._as_code())))

    def code(self, name: str, of: Sequence[str] | None = None) -> str | None:
        """The one code of a property, of a list that is called so, of the ontology itself, or of none by name.

        BadData where it is of other lists only, or is several. With None any list will do.
        """
        given = self.codes(name)
        lists = None if of is None else {_simple(one) for one in (*of, "", "cargo")}
        ours = list(dict.fromkeys(one.code for one in given if lists is None or _simple(one.of) in lists))
        if len(ours) > 1:
            raise BadData(f"several of {_local(name)}: {', '.join(ours)[:200]}", field=_local(name))
        if given and not ours:
            raise BadData(f"{_local(name)} {given[0].code} is of another list: {given[0].of}", field=_local(name))
        return ours[0] if ours else None

    def below(self) -> Iterator[Node]:
        """The nodes that stand in its properties; what they only name is looked up in the document."""
        for name in dict.fromkeys([*self.said, *self._elsewhere]):
            if not name.startswith("@"):
                yield from (value for value in self._values(name) if "@value" not in value.said)

    @property
    def _elsewhere(self) -> Said:
        return self.elsewhere.get(str(self.said.get("@id")), {})

    def _values(self, iri: str) -> Iterator[Node]:
        said = self._elsewhere  # the whole of it: what this mention says is gathered there, too
        given = said[iri] if iri in said else self.said.get(iri, ())
        return (Node(value, self.elsewhere) for value in _members(given))

    def _as_code(self) -> ListedCode | None:
        if "@value" in self.said:
            said = _plain(self.said["@value"])
            prefixed = PREFIXED.fullmatch(said)
            return ListedCode(prefixed[1]) if prefixed else _code_of(said)
        if code := self.text("cargo:code"):
            reference = (self.text("cargo:codeListReference") or "").rstrip("/#").rpartition("/")[2]
            return ListedCode(code, self.text("cargo:codeListName") or reference or _code_of(self.id).of)
        return _code_of(self.id) if self.id else None


@dataclass(frozen=True, slots=True)
class Graph:
    """What came, as nodes: those at its top, and what is said of each identifier anywhere in it."""

    top: tuple[Node, ...]
    odd: tuple[tuple[Any, str], ...] = ()
    """Members of its lists that are no JSON-LD by themselves, as they came, and why."""

    @classmethod
    def read(cls, body: bytes, base: str) -> Graph:
        """BadData where it is not JSON; Unresolved, a kind of it, where it is not JSON-LD that can be read here."""
        value = read_json(body)
        odd: list[tuple[Any, str]] = []
        try:
            expanded = expand(value, base)
        except TooMuch:
            raise
        except Unresolved:
            value, odd = sift(value, base)
            if not odd:
                raise
            expanded = expand(value, base)
        elsewhere: dict[str, dict[str, Any]] = {}
        index(expanded, elsewhere, {})
        return cls(tuple(Node(one, elsewhere) for one in topmost(expanded)), tuple(odd))

    def some(self, *types: str) -> list[Node]:
        """The nodes at its top that are of one of these types; one of which it speaks in several places counts once."""
        found = [node for node in self.top if any(node.is_a(type_) for type_ in types)]
        return [*{node.key: node for node in found}.values()]

    def agreed(self, type_: str, address: str = "") -> Node:
        """The one node of a type, that of an address where one is given, or one without a name of its own.

        BadData where there is none: an error that calls itself a success has nothing to say, and what is another's is
        not told of this one.
        """
        found = self.some(type_)
        if not found:
            raise BadData(f"something else came where a {type_} was agreed")
        named = [node for node in found if node.id == address]
        if len(found) > 1 and not named:
            raise BadData(f"{len(found)} nodes of the type {type_} came where one was agreed")
        if address and found[0].id and not named and _last(found[0].id) != _last(address):
            raise BadData(f"{found[0].id} came where {address} was asked for")
        return (named or found)[0]

    def first_error(self) -> str:
        """The message of an api:Error, and before it the property that it is about where it does not name it itself."""
        for error in [*self.some("api:Error"), *self.top]:
            detail = error.one("api:hasErrorDetail")
            message = (detail.text("api:hasMessage") if detail else None) or error.text("api:hasTitle")
            if message:
                about = next((code.code for code in detail.codes("api:hasProperty")), "") if detail else ""
                return message if not about or about in message else f"cargo:{about}: {message}"
        return "refused without a reason"


def _last(address: str) -> str:
    """What an object is called by its server, under whatever name the server itself goes."""
    return address.rstrip("/").rpartition("/")[2]


def walk_nodes(node: Node, inherited: str = "", within: str = "") -> Iterator[tuple[Node, str | None]]:
    """A node and every one below it, once, with the text of the property `inherited` that stands nearest above.

    Not into others of the type `within`: a house waybill has bookings of its own.
    """
    seen: set[str] = set()
    waiting: list[tuple[Node, str | None]] = [(node, None)]
    while waiting:
        one, above = waiting.pop()
        if (one.id and one.id in seen) or (within and one is not node and one.is_a(within)):
            continue
        seen.add(one.id)
        above = one.text(inherited) if inherited and one.all(inherited) else above
        yield one, above
        waiting.extend(reversed([(inner, above) for inner in one.below()]))


def _members(values: Iterable[Any]) -> Iterator[Said]:
    for value in values:
        if isinstance(value, dict):
            if "@list" in value:
                yield from _members(value["@list"])
            else:
                yield value


def _code_of(iri: str) -> ListedCode:
    """`…/StatusCode#DEP`, `…#StatusCode_DEP` → DEP of StatusCode."""
    path, _, fragment = iri.rpartition("#")
    of = path.rstrip("/").rpartition("/")[2]
    if not fragment or not path:
        return ListedCode(fragment or iri)
    listed, _, code = fragment.partition("_")
    return ListedCode(code, listed) if code and of in ("code-lists", "coreCodeLists") else ListedCode(fragment, of)


def _single(said: list[str], path: tuple[str, ...]) -> str | None:
    several = list(dict.fromkeys(said))
    if len(several) > 1:
        raise BadData(f"said several times, and differently: {', '.join(several)[:200]}", field=_local(path[-1]))
    return several[0] if several else None


def _simple(name: str) -> str:
    """A list's name by its letters and digits: `StatusCodes`, `status code` and `StatusCode` are one."""
    return re.sub(r"\W|_", "", name).casefold().removesuffix("s")


def _preference(language: str) -> int:
    """Who is first in the order of languages; `zh-Hans` counts as `zh`."""
    main = language.partition("-")[0]
    return LANGUAGES.index(main) if main in LANGUAGES else len(LANGUAGES)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return CONTEXT[prefix] + local


def _local(name: str) -> str:
    return name.rpartition(":")[2]
