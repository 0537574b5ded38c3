"""Lists that an authority sends: each member is read by itself, and one that is not read never stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from lxml import etree

from connectors.sdk.errors import BadData, ConnectorError
from connectors.sdk.records import Draft

MOST_OF_ONE = 100_000
"""So many records of one member are no member any more."""
LONGEST_RAW = 20_000
FAULT = "the connector's fault"
"""How a reason begins where the connector failed: it says nothing of what the authority told."""

Member = TypeVar("Member")


@dataclass(frozen=True, slots=True)
class Aside:
    """A member of a page that is not read: the reason, the member as it came, and the field where one is to blame.

    It goes to quarantine alone. It says nothing of its neighbours, and nothing of the page's form.
    """

    reason: str
    raw: Any = None
    field: str = ""


Told = Draft | Aside
"""What `read` yields: a record, or a member that is set aside."""


def each(members: Iterable[Member], read: Callable[[Member], Iterable[Told]]) -> Iterator[Told]:
    """What is read of each member; an `Aside` in place of one whose reading raises, with nothing of it.

    BadData is how `read` says what is wrong with a member; whatever else it raises is the connector's fault, and is
    called so. Errors of `members` itself are about the page: they go on to whoever reads it.
    """
    for member in members:
        try:
            told = [*islice(read(member), MOST_OF_ONE + 1)]
            if len(told) > MOST_OF_ONE:
                raise BadData(f"more than {MOST_OF_ONE} records in one member")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - one bad member never stops the rest
            yield Aside(
                reason_of(error), member_shown(member), (error.field or "") if isinstance(error, BadData) else ""
            )
        else:
            yield from told


def reason_of(error: BaseException) -> str:
    """Why something was not read: the reason given, or that the connector failed and how."""
    if isinstance(error, ConnectorError):
        return error.text
    return f"{FAULT}: {type(error).__name__}: {as_text(error)}"


def member_shown(member: Any) -> Any:
    """A member as a person can read it; a long one is cut and says so, the whole stands in the raw message."""
    if isinstance(member, etree._Element):
        member = etree.tostring(member, encoding="unicode", with_tail=False)
    if isinstance(member, bytes):
        member = member.decode("utf-8", "replace")
    text = as_text(member)
    if len(text) > LONGEST_RAW:
        return f"{text[:LONGEST_RAW]} … ({len(text)} characters; the whole is in the raw message)"
    return member


def as_text(value: object) -> str:
    """A value as text; what cannot even be that, by its class."""
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - it is shown because something was wrong with it
        return f"({type(value).__name__})"
