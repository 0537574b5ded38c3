"""Whatever the hub cannot know is asked for: what reaches a paper, and what is said where nobody told it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.dossiers.dossier import Dossier, DossierLine
from hub.errors import lack
from hub.papers.computations import COMPUTATIONS, CannotCompute
from tests.support.together import together
from tests.support.world import demo_file

PLACES: dict[str, dict[str, Any]] = {
    "xuchang-hair": demo_file("enterprises", "xuchang-hair"),
    "zhengzhou-trousers": demo_file("enterprises", "zhengzhou-trousers"),
}


def dossier(changes: Mapping[str, Any] | None = None, partners: Mapping[str, Any] | None = None) -> Dossier:
    """The demo trade of 9610, with other values at the top of the entry or of the registration."""
    entry = demo_file("trades", "xuchang-wigs-to-chicago") | dict(changes or {})
    firm = PLACES["xuchang-hair"] | dict(partners or {})
    return Dossier(
        number="YH26010900000001K", mode=entry["mode"], entry=entry, entered_at=datetime(2026, 1, 9, tzinfo=UTC),
        enterprise={"uscc": firm["uscc"], "customs_code": firm["customsCode"], "partners": firm},
    )  # fmt: skip


def computed(name: str, of: Dossier) -> Any:
    return COMPUTATIONS[name].function(of, DossierLine(0, {}))


def lacking(name: str, of: Dossier) -> tuple[str, str]:
    """What a computation lacks, and where in the entry that is said."""
    with pytest.raises(CannotCompute) as caught:
        computed(name, of)
    for language in ("zh", "en"):
        assert lack(str(caught.value), language)
    return str(caught.value), caught.value.path


@together(
    ("name", "changes", "partners", "what", "path"),
    [
        ("producer_code", {}, {"producer": None}, "registration:producer", ""),
        ("parcel_number", {}, {"logistics": {"code": "1", "name": "2"}}, "registration:logistics.parcelNumbers", ""),
        ("parcel_number", {}, {"logistics": {"parcelNumbers": "carrier"}}, "parcelNumber", ""),
        ("port_office", {"transport": {"from": "USORD"}}, {}, "customs office:USORD", "transport.from"),
        ("port_office", {"transport": {"from": "CNXXX"}}, {}, "customs office:CNXXX", "transport.from"),
        ("destination_country", {"buyer": {"country": "HK"}}, {}, "destinationCountry", ""),
        ("export_invoice", {"exportInvoice": None}, {}, "export invoice", ""),
        ("refund_batch", {}, {"refundBatch": None}, "registration:refundBatch", ""),
    ],
)  # fmt: skip
def test_what_nobody_said_is_asked_for(name: str, changes: Any, partners: Any, what: str, path: str) -> None:
    assert lacking(name, dossier(changes, partners)) == (what, path)


def test_the_producer_is_the_registered_one_or_that_of_the_trade() -> None:
    firm = {"code": "NO", "name": "禹州手工作坊"}
    told = [
        (computed("producer_code", one), computed("producer_name", one))
        for one in (dossier(), dossier({"producer": firm}))
    ]
    assert told == [("411096500K", "许昌瑞秀发制品有限公司"), ("NO", "禹州手工作坊")]


def test_a_parcel_has_the_carriers_number_or_ours_where_that_is_agreed() -> None:
    carrier = {"logistics": {"parcelNumbers": "carrier"}}
    assert computed("parcel_number", dossier()) == "YH26010900000001K"
    assert computed("parcel_number", dossier({"parcelNumber": "SF1"}, carrier)) == "SF1"
    assert computed("parcel_number", dossier({"parcelNumber": "SF1"})) == "SF1"


def test_the_country_of_destination_is_where_port_and_buyer_are_or_what_was_typed() -> None:
    assert computed("destination_country", dossier()) == "US"
    abroad = {"buyer": {"country": "HK"}, "destinationCountry": "US"}
    assert computed("destination_country", dossier(abroad)) == "US"
    assert computed("port_office", dossier()) == "4604"
