"""Minor units of currencies (ISO 4217)."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import pycountry

# Minor units that are not 2, from ISO 4217 list one; pycountry carries codes and names only.
PLACES_OF = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    "CLF": 4,
    "UYW": 4,
}


def places(currency: str) -> int:
    """How many decimals an amount in this currency has."""
    return PLACES_OF.get(currency, 2)


@lru_cache(maxsize=256)
def minor_unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-places(currency))


def is_currency(code: str) -> bool:
    return code.isupper() and pycountry.currencies.get(alpha_3=code) is not None


def is_country(code: str) -> bool:
    return code.isupper() and pycountry.countries.get(alpha_2=code) is not None


def alpha_3(country: str) -> str:
    """ISO 3166 alpha-3 of an alpha-2 code."""
    return str(pycountry.countries.lookup(country).alpha_3)
