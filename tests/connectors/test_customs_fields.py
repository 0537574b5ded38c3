"""Which field of our paper customs' words are about: it names fields by their labels, rows by their number."""

from __future__ import annotations

import pytest

from connectors.customs.messages import MESSAGES, Ceb, Wire
from mocks.customs.form import Field, Group
from mocks.customs.messages import ENTITIES, label
from tests.support.connectors.parts import document
from tests.support.together import together

by_message = pytest.mark.parametrize("ceb", MESSAGES, ids=lambda ceb: ceb.message)


@together(
    ("kind", "words", "field"),
    [
        ("customs.inventory", "[Code:100;Desc:毛重小于净重,毛重（公斤）[1],净重（公斤）[2]]", "gross_weight"),
        ("customs.inventory", "法定计量单位与商品编码不符,商品序号[1],法定计量单位[007]", "goods[0].legal_unit"),
        ("customs.inventory", "单价与电子订单不一致,商品序号[12],单价[9.9]", "goods[11].price"),
        ("customs.inventory", "币制与电子订单不一致,商品序号[3],币制[502]", "goods[2].currency"),
        ("customs.inventory", "贸易方式不正确,贸易方式[9611]", "supervision_mode"),
        ("customs.inventory", "运费币制[999]不在参数表中", "freight_currency"),
        ("customs.inventory", "净重（公斤）[0]须大于零", "net_weight"),
        (
            "customs.inventory",
            "三单比对不一致,电子订单信息不存在,订单编号/海外仓订仓单编号[XC],收发货人代码[41]",
            "order_number",
        ),
        ("customs.summary", "收发货人代码与清单不一致,收发货人代码[4110],清单编号[46]", "seller_code"),
        ("customs.summary", "清单未离境,清单编号[46042026E021708009]", "inventories[0].inventory_number"),
        ("customs.waybill_list", "清单未放行,序号[1],物流运单编号[YH1K]", "parcels[0].parcel_number"),
        (
            "customs.waybill_list",
            "出口清单编号与物流运单编号不符,序号[1],出口清单编号[46]",
            "parcels[0].inventory_number",
        ),
        ("customs.departure", "离境时间[20250101]早于清单放行时间", "departed_at"),
        ("customs.order", "商品金额与总价合计不符,商品金额[1]", "goods_value"),
        ("customs.receipt", "收款金额与订单金额不符,收款金额[1]", "charge"),
        ("customs.waybill", "保价费[-1]不正确", "insurance"),
        ("customs.inventory", "[Code:100;Desc:系统繁忙，请稍后再试]", None),
        ("customs.inventory", "申报清单缺少商品项,商品序号[3]", None),
        ("customs.inventory", "清单状态不允许撤销,原清单编号[46042026E021708009]", None),
        ("customs.inventory", "", None),
    ],
)
def test_a_returned_paper_names_its_field(kind: str, words: str, field: str | None) -> None:
    assert document(kind).field_named(words) == field


@pytest.mark.parametrize("code", ["100", "-621001"])
def test_what_stands_around_the_reason_does_not_matter(code: str) -> None:
    words = f"[Code:{code};Desc:商品编码与商品名称不符,商品序号[2],商品编码[6704190000]]"
    assert document("customs.inventory").field_named(words) == "goods[1].hs_code"


# Every label of every message


def labels(ceb: Ceb) -> tuple[dict[str, str], dict[str, str]]:
    """The official labels of a message's elements, of the head and of a row, where one name may have two."""
    entity = ENTITIES[ceb.message.removesuffix("Message")]
    head, *rows = [part for part in entity.parts if isinstance(part, Group)] or [entity]
    return labels_in(head), labels_in(*rows)


def labels_in(*groups: Group) -> dict[str, str]:
    return {part.name: part.label for group in groups for part in group.parts if isinstance(part, Field)}


def of_the_paper(wires: tuple[Wire, ...]) -> dict[str, str]:
    """Element → field of our paper; without the number of a row, which only says which row is meant."""
    return {wire.element: wire.paper for wire in wires if wire.paper.isidentifier() and wire.element != "gnum"}


@by_message
def test_the_official_label_of_every_element_of_a_head_names_its_own_field(ceb: Ceb) -> None:
    head, _ = labels(ceb)
    own = of_the_paper(ceb.fields)
    assert {name: document(ceb.kind).field_named(f"{head[name]}[x]") for name in own} == own


@by_message
def test_the_official_label_of_every_element_of_a_row_names_its_own_field_in_that_row(ceb: Ceb) -> None:
    _, row = labels(ceb)
    named = {name: f"{row.get('gnum', '序号')}[3],{row[name]}[x]" for name in of_the_paper(ceb.row_fields)}
    found = {name: document(ceb.kind).field_named(words) for name, words in named.items()}
    assert found == {name: f"{ceb.group}[2].{field}" for name, field in of_the_paper(ceb.row_fields).items()}


@by_message
def test_what_the_stand_in_calls_an_element_is_what_it_is_called_officially(ceb: Ceb) -> None:
    """The stand-in words its returns with `label`, which looks at the head before the rows."""
    kind, (head, row) = ceb.message.removesuffix("Message"), labels(ceb)
    assert {name: label(kind, name) for name in row | head} == row | head
