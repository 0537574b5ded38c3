"""What a refund filing says in a way of its own: pure functions, each told what it reads."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connectors.sdk.working_out import Lacks
from connectors.tax import derive
from tests.support.deciding import desk
from tests.support.together import together


def test_a_relation_is_period_batch_and_the_serial_of_the_goods() -> None:
    """关联号: 202601, batch 001, and the serial in eight digits; of a longer one the last eight."""
    told = [derive.relation(period="202601", batch="001", serial=one) for one in (7, 123_456_789_012, 100_000_000)]
    assert told == ["20260100100000007", "20260100156789012", "20260100100000000"]


def test_what_was_bought_and_what_was_sold_are_tied_by_the_same_sources() -> None:
    assert set(derive.relation.sources.values()) == {
        "computed:refund_period", "computed:refund_batch", "computed:goods_serial"
    }  # fmt: skip


def test_rows_count_in_eight_digits_and_an_item_is_the_entry_id_and_three() -> None:
    assert [derive.row_sequence(line=line) for line in (1, 12)] == ["00000001", "00000012"]
    told = [derive.declaration_item(entry_id="460420260000000001", item=one, line=2) for one in (None, "7")]
    assert told == ["460420260000000001002", "460420260000000001007"]


@together(
    ("rate", "percent"),
    [("0.13", "13"), ("0.09", "9"), ("0.10", "10"), ("0.10000", "10"), ("0", "0"), ("0.055", "5.5"), ("1", "100")],
)
def test_a_rate_is_written_in_per_cent_without_zeros_at_the_end(rate: str, percent: str) -> None:
    assert f"{derive.refund_percent(rate=Decimal(rate))}" == percent
    assert f"{derive.vat_percent(rate=rate)}" == percent


def test_every_planned_mode_has_a_business_type_and_another_is_refused() -> None:
    assert {row.mode for row in desk().plan.rows if row.kind == "tax.refund"} <= set(derive.BUSINESS_TYPES)
    assert [derive.refund_business_type(mode=mode) for mode in ("9610", "9810")] == ["01", "HWC-YT"]
    with pytest.raises(Lacks, match=r"^mode:1210$") as caught:
        derive.refund_business_type(mode="1210")
    assert caught.value.path == "mode"
