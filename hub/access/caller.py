"""A caller and the roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hub.access.acts import Act
from hub.errors import HubError, Unauthenticated


class Role(StrEnum):
    ANONYMOUS = "anonymous"
    ENTERPRISE = "enterprise"
    BELT = "belt"
    INTEGRATOR = "integrator"
    REGISTRAR = "registrar"
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


STAFF = frozenset({Role.VIEWER, Role.OPERATOR, Role.ADMINISTRATOR})
"""They see every enterprise's trades, and the sync jobs."""

OFFICE = STAFF | {Role.REGISTRAR}
"""Staff, and who decides on enterprises: they see every registration."""

MAY: dict[str, frozenset[Role]] = {
    "enter": frozenset({Role.ENTERPRISE}),
    "see trades": frozenset({Role.ENTERPRISE, Role.BELT, *STAFF}),
    "download": frozenset({Role.ENTERPRISE, *STAFF}),
    "be told": frozenset({Role.ENTERPRISE}),
    "match remittances": frozenset({Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR}),
    "settle papers": frozenset({Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR}),
    "hold mandates": frozenset({Role.ENTERPRISE, *STAFF}),
    "read the audit log": frozenset({Role.ENTERPRISE, *STAFF}),
    "see registrations": frozenset({Role.ENTERPRISE, Role.REGISTRAR, *STAFF}),
    "approve enterprises": frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}),
    "see jobs": STAFF,
    "order jobs": frozenset({Role.OPERATOR, Role.ADMINISTRATOR}),
    "administer": frozenset({Role.ADMINISTRATOR}),
}
"""What each role may do."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking. `mandates` says for which enterprise (id) it may do what; `key` names the API key in logs.

    `consents` are (enterprise, consent) pairs under which the caller sees what is not its own.
    """

    name: str
    role: Role
    mandates: Mapping[int, frozenset[Act]] = field(default_factory=dict)
    key: str = ""
    consents: tuple[tuple[int, int], ...] = ()

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_office(self) -> bool:
        return self.role in OFFICE

    def may(self, act: Act, enterprise_id: int | None) -> bool:
        """Whether the caller acts for the enterprise in this."""
        return enterprise_id is not None and act in self.mandates.get(enterprise_id, ())

    def enterprises_for(self, act: Act) -> list[int]:
        """The enterprises that the caller may do this for."""
        return [enterprise_id for enterprise_id, acts in self.mandates.items() if act in acts]

    @property
    def carries_for(self) -> list[int]:
        """The enterprises whose trades the caller may put into consolidations, and take off."""
        return [*dict.fromkeys((*self.enterprises_for(Act.AMEND), *self.enterprises_for(Act.CARRY)))]

    def must(self, act: str) -> None:
        """Unauthenticated or Forbidden where the role may not do it."""
        if self.role in MAY[act]:
            return
        if self.role is Role.ANONYMOUS:
            raise Unauthenticated
        raise HubError("FORBIDDEN", role=self.role)


ANONYMOUS = Caller("anonymous", Role.ANONYMOUS)
