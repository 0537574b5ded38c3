"""What the 202205 edition and the announcements leave to the office: switches, and the default is what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# Which comes first, the list of parcels (607) or the release.
LIST_FIRST = "list first"  # a list may name what is not released yet; a release waits for nothing
ARRIVAL_FIRST = "arrival first"  # so too, and nothing is released before it has arrived (507) on its bill
RELEASE_FIRST = "release first"  # a list names released inventories only
ORDERS = (LIST_FIRST, ARRIVAL_FIRST, RELEASE_FIRST)


@dataclass(frozen=True, slots=True)
class SiteOperator:
    """Who runs the supervised site and reports arrivals (507); `box` is where customs answers them (508).

    `after`: seconds from a stored list to the arrival of its parcels.
    """

    code: str = "4101984SIT"
    name: str = "郑州某跨境电商监管场所"
    box: str = "DXPENT0000046041"
    truck: str = "豫A46041"
    after: float = 1800


@dataclass(frozen=True, slots=True)
class OfficeUsage:
    """`order` is one of `ORDERS`.

    `more_lists`: a bill may have several lists of one declarant and carrier, as long as their parcels differ.
    `tolerance`: by which share the weight of a list may differ from that of its inventories; 0 wants it exact.
    `operator`: None where the stand-in sends no 507, and whoever plays the site sends it.
    `merges_producers`: a summary by consignor alone (summaryFlag 1) puts several producers into one declaration.
    `months_back`: how many months before the present one inventories may have been closed to be summed up.
    """

    order: str = LIST_FIRST
    more_lists: bool = False
    tolerance: Decimal = Decimal("0.05")
    operator: SiteOperator | None = SiteOperator()
    merges_producers: bool = False
    months_back: int = 1
