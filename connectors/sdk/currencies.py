"""Minor units of currencies (ISO 4217)."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import pycountry

PLACES_OF = {
    **dict.fromkeys(
        ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
         "XPF"],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    "CLF": 4,
    "UYW": 4,
}  # fmt: skip
"""Minor units that are not 2, from ISO 4217 list one; pycountry carries codes and names only."""


def places(currency: str) -> int:
    """How many decimals an amount in this currency has."""
    return PLACES_OF.get(currency, 2)


@lru_cache(maxsize=256)
def minor_unit(currency: str) -> Decimal:
    """The smallest amount in this currency."""
    return Decimal(1).scaleb(-places(currency))


def is_currency(code: str) -> bool:
    """Whether ISO 4217 has this code."""
    return code.isupper() and pycountry.currencies.get(alpha_3=code) is not None
