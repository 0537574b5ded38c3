"""What staff may decide of an enterprise."""

from __future__ import annotations

from enum import StrEnum

from hub.model.states import EnterpriseState


class Decision(StrEnum):
    """Of staff, and the state that the enterprise is in from then on."""

    APPROVED = EnterpriseState.APPROVED
    REFUSED = EnterpriseState.REFUSED
    SUSPENDED = EnterpriseState.SUSPENDED
