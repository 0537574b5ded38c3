"""A caller and the roles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hub.errors import Forbidden, Unauthenticated


class Role(StrEnum):
    ANONYMOUS = "anonymous"
    ENTERPRISE = "enterprise"
    BELT = "belt"
    INTEGRATOR = "integrator"
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


STAFF = frozenset({Role.VIEWER, Role.OPERATOR, Role.ADMINISTRATOR})
"""They see every enterprise's trades, and the sync jobs."""

MAY: dict[str, frozenset[Role]] = {
    "enter": frozenset({Role.ENTERPRISE}),
    "see trades": frozenset({Role.ENTERPRISE, Role.BELT, *STAFF}),
    "download": frozenset({Role.ENTERPRISE, *STAFF}),
    "be told": frozenset({Role.ENTERPRISE}),
    "match receipts": frozenset({Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR}),
    "settle papers": frozenset({Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR}),
    "see jobs": STAFF,
    "order jobs": frozenset({Role.OPERATOR, Role.ADMINISTRATOR}),
    "administer": frozenset({Role.ADMINISTRATOR}),
}
"""What each role may do."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking. `enterprises` are the ids that the caller acts for; `key` names the API key in logs.

    `consents` are (enterprise, consent) pairs under which the caller sees what is not its own.
    """

    name: str
    role: Role
    enterprises: tuple[int, ...] = ()
    key: str = ""
    consents: tuple[tuple[int, int], ...] = ()

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    def must(self, act: str) -> None:
        """Unauthenticated or Forbidden where the role may not do it."""
        if self.role in MAY[act]:
            return
        if self.role is Role.ANONYMOUS:
            raise Unauthenticated
        raise Forbidden(role=self.role)


ANONYMOUS = Caller("anonymous", Role.ANONYMOUS)
