"""Whatever the hub cannot know is asked for: what reaches a paper, and what is said where nobody told it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.dossiers.dossier import Dossier, DossierLine
from hub.errors import lack
from hub.papers.computations import COMPUTATIONS, CannotCompute
from hub.papers.computations.goods import ORDER_TYPES, REFUND_BUSINESS
from hub.papers.derivations import DERIVATIONS
from hub.papers.plan import ROWS
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


@pytest.mark.parametrize(
    ("name", "table", "kind"),
    [
        ("order_type", ORDER_TYPES, "customs.order"),
        ("refund_business_type", REFUND_BUSINESS, "tax.refund"),
    ],
)
def test_a_mode_that_a_form_has_no_code_for_is_refused_and_every_planned_one_has_a_code(
    name: str, table: Mapping[str, str], kind: str
) -> None:
    assert {row.mode for row in ROWS if row.kind == kind} <= set(table)
    for mode, code in table.items():
        assert computed(name, dossier({"mode": mode})) == code
    assert lacking(name, dossier({"mode": "1039"})) == ("mode:1039", "mode")


@pytest.mark.parametrize(
    ("changes", "partners", "code", "name"),
    [
        ({}, {}, "4101986C22", "豫品优选"),
        ({"platform": "Ozon Global"}, {"platforms": {"Ozon Global": "无"}}, "无", "Ozon Global"),
        ({"mode": "9810", "warehouseName": "中豫号杜伊斯堡海外仓"}, {}, "无", "中豫号杜伊斯堡海外仓"),
    ],
    ids=["as registered", "abroad", "an overseas warehouse"],
)
def test_a_platform_is_named_as_it_is_registered(changes: Any, partners: Any, code: str, name: str) -> None:
    of = dossier(changes, partners)
    assert (computed("platform_code", of), computed("platform_name", of)) == (code, name)


@together(
    ("name", "changes", "partners", "what", "path"),
    [
        ("platform_code", {"platform": "豫品优选 "}, {}, "platform code:豫品优选 ", "platform"),
        ("platform_code", {}, {"platforms": {}}, "platform code:豫品优选", "platform"),
        ("platform_name", {"platform": None, "warehouse": "DUI01"}, {}, "platform", ""),
        ("platform_name", {"mode": "9810", "warehouse": "DUI01"}, {}, "warehouseName", ""),
        ("payment_provider_code", {}, {"paymentProviders": {}}, "provider code:中原跨境支付", "payment.provider"),
        ("payment_provider_code", {"payment": None}, {}, "payment.provider", ""),
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


def test_a_provider_abroad_has_no_code_and_that_is_registered() -> None:
    assert computed("payment_provider_code", dossier()) == "4101986P01"
    assert computed("payment_provider_code", dossier(partners={"paymentProviders": {"中原跨境支付": "无"}})) is None


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


def goods(*lengths: int) -> dict[str, Any]:
    letters = "甲乙丙丁戊"
    return {"goods": [{"name": {"zh": letters[n % 5] * long, "en": "wig"}} for n, long in enumerate(lengths)]}


@pytest.mark.parametrize(
    ("lengths", "told"),
    [
        ((200,), "甲" * 200),
        ((99, 100), "甲" * 99 + "、" + "乙" * 100),
        ((99, 101), "甲" * 99 + "等2项"),
        ((60, 60, 60, 60), "甲" * 60 + "、" + "乙" * 60 + "、" + "丙" * 60 + "等4项"),
        ((201,), "甲" * 201),  # refused by customs' table, where it was typed
        ((201, 3), "甲" * 201 + "等2项"),
    ],
    ids=str,
)
def test_the_main_goods_are_named_whole_and_the_rest_counted(lengths: tuple[int, ...], told: str) -> None:
    assert computed("goods_description", dossier(goods(*lengths))) == told


def test_an_air_waybill_names_all_goods() -> None:
    many = {"goods": [{"name": {"zh": "假发", "en": f"wig {number}"}} for number in range(100)]}
    assert computed("goods_description_en", dossier(many)).split(", ") == [f"wig {number}" for number in range(100)]


def test_no_paper_has_a_constant_but_those_that_its_form_fixes() -> None:
    fixed = {
        (kind, source.text)
        for kind, sheet in DERIVATIONS.items()
        for source in [*sheet.head.values(), *(one for rows in sheet.groups.values() for one in rows.fields.values())]
        if source.kind == "constant"
    }
    # purchases are special VAT invoices by what the entry says they are; the type of payment is the bank's matter
    assert fixed <= {
        ("tax.refund", "constant:V"),
        ("tax.refund", "constant:增值税专用发票"),
        ("forex.declaration", "constant:O"),
    }
