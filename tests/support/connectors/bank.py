"""What the bank says of the samples' remittance: under this number, and as it says it, it is declared."""

from __future__ import annotations

from typing import Any

from connectors.sdk.codecs import read_json
from tests.support.connectors.parts import samples

NUMBER, SECOND = "410100010501260109N001", "410100010501260109N002"
SAID = read_json((samples("forex") / "basic_information.received.json").read_bytes())["rows"][0]


def basic(**changes: Any) -> dict[str, Any]:
    """A row of the bank's list, with other values; None leaves one out."""
    return {name: value for name, value in (SAID | changes).items() if value is not None}
