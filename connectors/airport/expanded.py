"""JSON-LD 1.1 in its expanded form, whatever its spelling: PyLD does it, within bounds, and nothing is fetched."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urldefrag

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from connectors.sdk.errors import BadData

CARGO: Final = "https://onerecord.iata.org/ns/cargo#"
API: Final = "https://onerecord.iata.org/ns/api#"
MOST_VALUES = 50_000
"""So many values hold more than a thousand events."""
MOST_OF_CONTEXTS = 400_000_000
"""Terms times characters of all contexts of a document: what the longest chain of prefixes can grow to."""
MOST_SIFTED = 1_000_000
"""Characters of a context times members that are each worked out with it."""

API_TERMS = (
    "Collection", "Error", "ErrorDetail", "Notification", "hasErrorDetail", "hasEventType", "hasItem",
    "hasLogisticsEvent", "hasLogisticsObject", "hasLogisticsObjectType", "hasMessage", "hasProperty", "hasResource",
    "hasTitle", "hasTotalItems",
)  # fmt: skip
KNOWN: Final[dict[str, Any]] = {
    "@vocab": CARGO,
    "cargo": CARGO,
    "api": API,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{term: API + term for term in API_TERMS},
}
"""What a name means where a document does not say so, and the only context that an address may stand for."""
KNOWN_ADDRESSES = ("https://onerecord.iata.org/ns/cargo", "https://onerecord.iata.org/ns/api")


class Unresolved(BadData):
    """JSON that cannot be read as JSON-LD: it may mean anything."""


class TooMuch(Unresolved):
    """A document that is not worked out at all, nor any part of it: it would take more than it is worth."""


def expand(value: Any, base: str) -> list[Any]:
    """The expanded form of a document; relative identifiers count from `base`.

    Unresolved where a context is not known here, breaks the rules or would take more than it is worth.
    """
    if not isinstance(value, dict | list):
        raise Unresolved("JSON-LD is an object or a list of objects")
    measure = _Measure()
    options = {
        "base": base,
        "expandContext": KNOWN,
        "documentLoader": _look_up,
        "contextResolver": ContextResolver({}, _look_up),  # a cache of its own: PyLD's is shared and not guarded
    }
    document = measure.taken(value)
    try:
        expanded: list[Any] = jsonld.expand(document, options)
    except Exception as error:  # noqa: BLE001 - whatever a stranger's context does to PyLD
        raise Unresolved(_reason(error), field="@context") from None
    return expanded


def sift(value: Any, base: str) -> tuple[Any, list[tuple[Any, str]]]:
    """A document without the members of its lists that break the rules by themselves, and those, with the reason.

    A context that says too much to be worked out again for each member is left alone: no member is taken out then.
    """
    if isinstance(value, list):
        sifted = [sift(one, base) for one in value]
        return [kept for kept, _ in sifted], [one for _, odd in sifted for one in odd]
    if not isinstance(value, dict):
        return value, []
    context = {name: inner for name, inner in value.items() if name == "@context"}
    lists = {name: inner for name, inner in value.items() if isinstance(inner, list) and name != "@context"}
    work = len(json.dumps(context, default=str)) * sum(map(len, lists.values()))
    odd: list[tuple[Any, str]] = []
    if work > MOST_SIFTED:
        return value, odd

    def is_sound(member: Any) -> bool:
        try:
            expand(context | member if isinstance(member, dict) else [], base)
        except Unresolved as error:
            odd.append((member, error.text))
            return False
        return True

    return value | {name: [*filter(is_sound, inner)] for name, inner in lists.items()}, odd


class _Measure:
    """How large a document is, taken before anything of it is worked out."""

    def __init__(self) -> None:
        self.values = self.terms = self.characters = 0
        self.contexts: set[str] = set()

    def taken(self, value: Any, exact: type[str] | type[float] = str) -> Any:
        """The value as PyLD takes it: an exact number as its text. Unresolved where it is too large."""
        self.values += 1
        if self.values > MOST_VALUES:
            raise TooMuch(f"more than {MOST_VALUES:,} values in one document")
        if isinstance(value, dict):
            if "@context" in value and exact is str:  # one within a context is counted with it
                self._count(value["@context"])
            return {
                name: self.taken(inner, float if name == "@context" else exact)  # there stands "@version": 1.1
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self.taken(inner, exact) for inner in value]
        return exact(value) if isinstance(value, Decimal) else value

    def _count(self, context: Any) -> None:
        written = json.dumps(context, default=str)
        if written in self.contexts:
            return  # it is worked out once
        self.contexts.add(written)
        self.terms += _terms(context)
        self.characters += len(written)
        if self.terms * self.characters > MOST_OF_CONTEXTS:
            raise TooMuch("the contexts of this document are too large", field="@context")


def _terms(context: Any) -> int:
    """How many terms a context defines, those of contexts within it too."""
    if isinstance(context, list):
        return sum(map(_terms, context))
    if not isinstance(context, dict):
        return 0
    return len(context) + sum(_terms(one.get("@context")) for one in context.values() if isinstance(one, dict))


def _look_up(address: str, _: Any) -> dict[str, Any]:
    """Nothing is fetched: IATA's own addresses stand for what is known of them, in any version."""
    plain = urldefrag(address).url.rstrip("/")
    if not any(plain == known or plain.startswith(f"{known}/") for known in KNOWN_ADDRESSES):
        raise _Unknown(f"the context {address} is not known here, and none is fetched")
    return {"contextUrl": None, "documentUrl": address, "document": {"@context": KNOWN}}


class _Unknown(Exception):
    """A context that would have to be fetched."""


def _reason(error: BaseException) -> str:
    """What PyLD stumbled over: at the end of the chain of causes."""
    while error.__cause__ is not None:
        error = error.__cause__
    said = error.args[0] if error.args and isinstance(error.args[0], str) else str(error)
    code = getattr(error, "code", None)
    return said if isinstance(error, _Unknown) else f"not JSON-LD: {code or type(error).__name__}: {said}"
