"""Namespaces of ONE Record 2025-07 and the prefixes that this server writes them with."""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]

CARGO = "https://onerecord.iata.org/ns/cargo#"
API = "https://onerecord.iata.org/ns/api#"
CODE_LISTS = "https://onerecord.iata.org/ns/code-lists/"
XSD = "http://www.w3.org/2001/XMLSchema#"

CONTEXT = {"cargo": CARGO, "api": API}
PREFIXES = {"cargo": CARGO, "api": API, "xsd": XSD}
