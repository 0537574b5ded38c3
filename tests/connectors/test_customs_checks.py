"""What customs' field tables would refuse, found before anything goes out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.customs.submissions import broken_rule
from tests.support.connectors.parts import changed, document, sample_paper
from tests.support.together import together

NUMBER = ("须为不超过 14 位整数、5 位小数", "at most 14 digits and 5 decimals")
WHOLE = ("须为不超过 5 位的整数", "a whole number of at most 5 digits")


@together(
    ("kind", "head", "line", "field", "code", "rule"),
    [
        ("customs.order", {"platform_name": "豫" * 101}, {}, "platform_name", "FORMAT", "不得超过 100，现为 101"),
        ("customs.inventory", {"customs_office": "46"}, {}, "customs_office", "FORMAT", "须为 4，现为 2"),
        ("customs.inventory", {"destination_port": "US"}, {}, "destination_port", "FORMAT", "不得少于 3"),
        ("customs.inventory", {}, {"hs_code": "67042000"}, "goods[0].hs_code", "FORMAT", "商品编码：长度须为 10"),
        ("customs.inventory", {}, {"item_number": "R" * 21}, "goods[0].item_number", "FORMAT", "不得超过 20"),
        ("customs.inventory", {"destination_country": "AQ"}, {}, "destination_country", "NO_CODE", "没有 AQ"),
        (
            "customs.order",
            {"currency": "KZT"},
            {},
            "currency",
            "NO_CODE",
            "币制：KZT 的海关币制代码无公开出处",
        ),
        ("customs.receipt", {"currency": "RUB"}, {}, "currency", "NO_CODE", "RUB 的海关币制代码无公开出处"),
        ("customs.order", {}, {"unit": "barrel"}, "goods[0].unit", "NO_CODE", "计量单位：JGS-20 中没有 barrel"),
        ("customs.inventory", {"packaging": "crate"}, {}, "packaging", "NO_CODE", "没有 crate"),
        ("customs.waybill_list", {"transport_mode": "pipe"}, {}, "transport_mode", "NO_CODE", "没有 pipe"),
        ("customs.order", {"seller_name": ""}, {}, "seller_name", "MANDATORY", "电商企业名称：必填"),
        ("customs.inventory", {}, {"specification": None}, "goods[0].specification", "MANDATORY", "规格型号：必填"),
        ("customs.order", {"goods_value": Decimal(10) ** 14}, {}, "goods_value", "FORMAT", "14 位整数"),
        ("customs.order", {}, {"price": Decimal("0.000001")}, "goods[0].price", "FORMAT", "5 位小数"),
        ("customs.waybill", {"packages": 10**9}, {}, "packages", "FORMAT", "件数：须为不超过 9 位的整数"),
        ("customs.order", {"seller_name": "许昌\x0b瑞秀"}, {}, "seller_name", "FORMAT", "电商企业名称：不得含控制字符"),
    ],
)
def test_a_paper_that_customs_would_return_is_found_before_it_goes(
    kind: str, head: dict[str, Any], line: dict[str, Any], field: str, code: str, rule: str
) -> None:
    (problem,) = document(kind).check(changed(sample_paper(kind), head, line))
    assert (problem.field, problem.code) == (field, code)
    assert rule in problem.rule
    assert problem.rule_en.isascii() or code == "NO_CODE"  # which repeats what was typed
    assert ": " in problem.rule_en


def test_everything_that_is_wrong_is_said_at_once() -> None:
    paper = changed(
        sample_paper("customs.order"), {"currency": "KZT", "seller_code": "4" * 19}, {"item_name": "", "total": None}
    )
    found = [problem.field for problem in document(paper.kind).check(paper)]
    assert found == ["seller_code", "currency", "goods[0].item_name", "goods[0].total"]


@together(
    ("type_", "text", "rule"),
    [
        ("s=4", "4604", None),
        ("s=4", "460", ("长度须为 4，现为 3", "exactly 4 characters, not 3")),
        ("s=4", "46040", ("长度须为 4，现为 5", "exactly 4 characters, not 5")),
        ("s<=3", "豫货号", None),
        ("s<=3", "豫货出海", ("长度不得超过 3，现为 4", "at most 3 characters, not 4")),
        ("s<=9", "豫货\t出海", ("不得含控制字符", "control characters are not allowed")),
        ("s<=9", "豫货\u202e出海", ("不得含控制字符", "control characters are not allowed")),
        ("s<=9", "\ud83d", ("不得含控制字符", "control characters are not allowed")),
        ("s<=9", "\uffff", ("不得含控制字符", "control characters are not allowed")),
        # xs:string takes them: joiners, private use, a mark, letters of tomorrow, an ideographic blank
        ("s<=9", "a\u200d\u200c\ue000e\u0301\U000323b0\u3000💇", None),
        ("int5", "１２", WHOLE),
        ("s3-4", "ORD", None),
        ("s3-4", "OR", ("长度不得少于 3，现为 2", "at least 3 characters, not 2")),
        ("s3-4", "USORD", ("长度不得超过 4，现为 5", "at most 4 characters, not 5")),
        ("n19.5", "99999999999999.99999", None),
        ("n19.5", "-0.5", None),
        ("n19.5", "100000000000000", NUMBER),
        ("n19.5", "0.000001", NUMBER),
        ("int5", "99999", None),
        ("int5", "100000", WHOLE),
        ("int5", "-1", WHOLE),
        ("int5", "1.0", WHOLE),
    ],
)
def test_a_type_says_which_rule_a_text_breaks(type_: str, text: str, rule: tuple[str, str] | None) -> None:
    assert broken_rule(type_, text) == rule
