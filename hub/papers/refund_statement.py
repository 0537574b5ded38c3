"""The refund statement (外贸企业免退税): what is claimed, how it is worked out, and what it still lacks.

It is derived from the same derivation as the filing itself, at any time: before everything is known it shows what is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from connectors.sdk.papers import Value
from hub.dossiers.dossier import Dossier
from hub.papers.computations.refund import CENT, REFUND_BATCH, Tie, ties, untied
from hub.papers.derivation import derive
from hub.papers.desk import Desk

REFUND = "refund"
"""Role of the paper that files it: `connectors.sdk.kinds.PaperKind.role`."""


class Formula(NamedTuple):
    """One purchase line: `refundable` = taxable × refund rate; `cost` = taxable × (VAT rate - refund rate) stays.

    Rates are per cent, amounts yuan.
    """

    sequence: str
    taxable: Decimal
    vat_rate: Decimal
    refund_rate: Decimal
    refundable: Decimal
    cost: Decimal

    @property
    def text(self) -> str:
        return f"{self.taxable.quantize(CENT):f} × {self.refund_rate:f}% = {self.refundable:f}"


@dataclass(frozen=True, slots=True)
class RefundStatement:
    """出口明细 and 进货明细 as far as they are known, their ties, the formulas, and what is missing.

    `missing` are (field of the filing, what it lacks), the latter as `hub.errors.lack` reads it.
    """

    head: Mapping[str, Value]
    exports: Sequence[Mapping[str, Value]]
    purchases: Sequence[Mapping[str, Value]]
    ties: Sequence[Tie]
    formulas: Sequence[Formula]
    missing: Sequence[tuple[str, str]]

    @property
    def refundable(self) -> Decimal:
        """可退税额 of the lines whose formula is complete, in yuan."""
        return sum((formula.refundable for formula in self.formulas), Decimal(0))


def refund_statement(dossier: Dossier, desk: Desk) -> RefundStatement | None:
    """The statement of a trade; None where its plan has no refund (such as 1039 market procurement)."""
    row = next((row for row in desk.asked(dossier) if desk.role(row.kind) == REFUND), None)
    if row is None:
        return None
    derived = derive(desk.derivations[row.kind], dossier)
    known = [(missing.name, missing.what) for missing in derived.missing if missing.what != REFUND_BATCH]
    return RefundStatement(
        head=derived.head,
        exports=derived.lines["exports"],
        purchases=derived.lines["purchases"],
        ties=ties(dossier),
        formulas=[_formula(row) for row in derived.lines["purchases"] if "refundable" in row],
        missing=list(dict.fromkeys([*known, *(("refund_amount", what) for what in untied(dossier))])),
    )


def _formula(row: Mapping[str, Value]) -> Formula:
    taxable, vat, refund = (Decimal(str(row[name])) for name in ("taxable_amount", "vat_rate", "refund_rate"))
    cost = (taxable * (vat - refund) / 100).quantize(CENT, ROUND_HALF_UP)
    return Formula(str(row["sequence"]), taxable, vat, refund, Decimal(str(row["refundable"])), cost)
