"""What the airport's papers say in a way of their own."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.sdk.working_out import reads


@reads(names="entry:goods[].name.en")
def goods_description_en(names: Sequence[str]) -> str:
    """goodsDescription of a ONE Record shipment: a text without a limit, so all names stand in it."""
    return ", ".join(names)
