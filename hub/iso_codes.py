"""Codes of money and of countries, as entry and papers check them."""

from __future__ import annotations

import pycountry

from connectors.sdk.currencies import PLACES_OF, is_currency, minor_unit, places

__all__ = ["PLACES_OF", "is_country", "is_currency", "minor_unit", "places"]


def is_country(code: str) -> bool:
    return code.isupper() and pycountry.countries.get(alpha_2=code) is not None
