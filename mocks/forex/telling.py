"""How a bank tells of a payment: the forms that ISO 20022 and banks' practice leave open, each a switch of a payment.

The bank of these stand-ins writes camt.054.001.08, one notification for one credit, unless a payment says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

AMOUNT = r"\d{1,13}(\.\d{1,5})?"
NAME = r"[A-Za-z][A-Za-z0-9]{0,19}"

SWITCHES: tuple[tuple[str, str], ...] = (
    ("message", r"camt\.05[234]"),  # an account report, a statement, a notification
    ("version", r"\d\d"),  # 02 to 13 are known
    ("status", r"[A-Z]{4}|[A-Za-z ]{5,35}"),  # a code of ISO 20022; anything longer is the bank's own (from 07 on)
    ("reference", r"[0-9A-Za-z/ -]{0,35}"),  # the bank's own in place of a fresh one: NOTPROVIDED, or empty
    ("parts", rf"{AMOUNT}(,{AMOUNT})*"),  # a batch of payments, by their amounts
    ("partAmounts", r"Amt|TxAmt|none"),  # where a batch says them
    ("leavesOut", r"payer|details"),  # of what the bank says nothing
    ("reversal", r"\s?(true|1|false|0)\s?"),  # the bank takes it back a day later, with RvslInd like this
    ("reversalNames", r"suffix|same|endToEnd|nothing"),  # how that names what it takes back
    ("bookedAs", r"Dt|DtTm|offset"),
    ("chargesCurrency", r"[A-Z]{3}"),
    ("structured", r"[0-9A-Za-z-]{1,35}"),  # a creditor reference beside the free text
    ("envelope", NAME),  # the root of an envelope round the document
    ("prefix", NAME),  # of the namespace
)
"""Switch of a payment and how its value looks."""


@dataclass(frozen=True)
class Telling:
    """The choices for one payment."""

    message: str = "camt.054"
    version: str = "08"
    status: str = "BOOK"
    reference: str | None = None
    parts: str = ""
    part_amounts: str = "Amt"
    leaves_out: str = ""
    reversal: str = ""
    reversal_names: str = "suffix"
    booked_as: str = "Dt"
    charges_currency: str = ""
    structured: str = ""
    envelope: str = ""
    prefix: str = ""

    @property
    def shares(self) -> list[Decimal]:
        return [Decimal(one) for one in self.parts.split(",") if one]

    @property
    def namespace(self) -> str:
        return f"urn:iso:std:iso:20022:tech:xsd:{self.message}.001.{self.version}"

    def since(self, version: int) -> bool:
        """Whether the version is this one or a later one."""
        return int(self.version) >= version


def read_telling(payment: Mapping[str, str]) -> Telling:
    """The switches of a payment, which have been looked at."""
    names = {_of_json(one.name): one.name for one in fields(Telling)}
    return Telling(**{names[name]: value for name, value in payment.items() if name in names})


def _of_json(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
