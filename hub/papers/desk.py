"""What papers are made with: the plan, the derivations, the schemas and the submissions of all connectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from connectors.sdk.papers import PAPERS, PaperSchema
from connectors.sdk.states import Codes, Rank, Ruling
from connectors.sdk.submission import Submission
from hub.notices.receivers import Receivers
from hub.papers.derivation import Derivation
from hub.papers.derivations import DERIVATIONS
from hub.papers.plan import Plan
from hub.secrets import Keyring, new_key

LEFT_OUT = Ruling(
    None, Rank.REMARK, "其连接器未加载", "Its connector is left out",
    way_out_zh="恢复该连接器后再看", way_out_en="Bring its connector back, then look again",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """Handed in by the composition root. `codes`, `names` and `served` are by source: `airport`, `airport@luoyang`.

    `submissions`, by kind of paper, say what holds for all sources that take it, `served` how one of them is talked to.
    `editions` are, by source, the authority and the edition of its tables that its connector was written by.
    """

    plan: Plan
    submissions: Mapping[str, Submission]
    codes: Mapping[str, Codes]
    names: Mapping[str, Mapping[str, str]]
    kind_names: Mapping[str, Mapping[str, str]]
    normal_times: Mapping[str, timedelta]
    now: Callable[[], datetime]
    new_guid: Callable[[], UUID]
    derivations: Mapping[str, Derivation] = field(default_factory=lambda: DERIVATIONS)
    schemas: Mapping[str, PaperSchema] = field(default_factory=lambda: PAPERS)
    served: Mapping[str, Mapping[str, Submission]] = field(default_factory=dict)
    editions: Mapping[str, str] = field(default_factory=dict)
    receivers: Receivers = field(default_factory=Receivers)
    keyring: Keyring = field(default_factory=lambda: Keyring([new_key()], "memory"))

    def kind_name(self, kind: str, language: str) -> str:
        """What a kind of paper is called; its code where the connector that names it is left out."""
        return self.kind_names[kind][language] if kind in self.kind_names else kind

    def authority_name(self, authority: str, language: str) -> str:
        """What an authority is called; its code where its connector is left out."""
        return self.names[authority][language] if authority in self.names else authority

    def rule(self, authority: str, kind: str, code: str) -> Ruling:
        """What an authority's code about a kind of paper means."""
        return self.codes[authority].rule(kind, code) if authority in self.codes else LEFT_OUT

    def guid(self) -> str:
        """A new guid in the customs' form: 36 characters, upper case."""
        return str(self.new_guid()).upper()
