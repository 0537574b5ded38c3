"""What customs decides: matching, release, cancellation, summary, and why it returns a paper."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.mocks.ceb import Desk, paper, tell_whole_story


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_shipment_goes_all_the_way(desk: Desk) -> None:
    numbers = tell_whole_story(desk)
    assert desk.statuses("CEB304", orderNo="SO-1") == desk.statuses("CEB404", payNo="PAY-1") == ["2", "3", "120"]
    assert desk.statuses("CEB506", logisticsNo="PK-2") == desk.statuses("CEB508", copNo="AR-1") == ["2", "3", "399"]
    assert desk.statuses("CEB510", copNo="DP-2") == desk.statuses("CEB702", copNo="SUM-1") == ["2", "3", "399"]
    assert desk.statuses("CEB608", copNo="WB-2") == ["2", "3", "120"]
    assert desk.statuses("CEB604", copNo="INV-1") == ["2", "3", "120", "399", "800", "899"]
    first, stored = (desk.responses("CEB604", copNo="INV-1", returnStatus=status)[0] for status in ("2", "120"))
    assert first["preNo"].startswith("B20260305")
    assert (first["invtNo"], len(first["preNo"]), len(first["returnTime"])) == ("", 18, 17)
    assert first["returnInfo"] == f"新增申报成功[{first['guid']}]"
    assert stored["invtNo"].startswith("46042026E")
    assert len(numbers[0]) == 18
    assert desk.responses("CEB604", copNo="INV-1", returnStatus="800")[0]["returnInfo"] == "[Code:2600;Desc:放行]"
    sum_no = desk.responses("CEB702", returnStatus="399")[0]["sumNo"]
    results = {one["decState"]: one for one in desk.responses("CEB792", sumNo=sum_no)}
    assert "entryId" not in results["A"]
    assert results["A"]["declSeqNo"] == results["R"]["declSeqNo"]
    assert results["R"]["entryId"][:9] == "460420260"
    assert len(results["R"]["entryId"]) == 18
    assert (results["R"]["gseqno"], results["R"]["grossWeight"]) == ("2", "3.0")


ODD: dict[str, tuple[str, dict[str, Any], str]] = {
    "no order": ("CEB603", {"orderNo": "SO-9"}, "电子订单信息不存在,订单编号/海外仓订仓单编号[SO-9]"),
    "no receipt": ("CEB403", {"orderNo": "SO-9"}, "收款单信息不存在,订单编号/海外仓订仓单编号[SO-1]"),
    "no parcel": ("CEB603", {"logisticsNo": "PK-9"}, "物流运单信息不存在,物流企业代码[4101980XYZ],物流运单编号[PK-9]"),
    "mode": ("CEB603", {"tradeMode": "9710"}, "贸易方式与订单类型不符,贸易方式[9710],订单类型[E]"),
    "no such mode": ("CEB603", {"tradeMode": "0110"}, "贸易方式不正确,贸易方式[0110]"),
    "zone": ("CEB603", {"tradeMode": "1210"}, "特殊区域出口必填项为空,贸易方式[1210],区内企业代码[]"),
    "extra row": ("CEB603", {"rows": {1: {"gnum": "3"}}}, "电子订单无对应商品项,商品序号[3]"),
    "missing row": ("CEB303", {"rows": {1: {"gnum": "3"}}}, "电子订单无对应商品项,商品序号[2]"),
    "item": ("CEB603", {"rows": {1: {"itemNo": "X"}}}, "企业商品货号与电子订单不一致,商品序号[2],企业商品货号[X]"),
    "currency": ("CEB603", {"rows": {0: {"currency": "142"}}}, "币制与电子订单不一致,商品序号[1],币制[142]"),
    "quantity": ("CEB603", {"rows": {0: {"qty": "3"}}}, "申报数量与电子订单不一致,商品序号[1],申报数量[3]"),
    "price": ("CEB603", {"rows": {0: {"price": "31"}}}, "单价与电子订单不一致,商品序号[1],单价[31]"),
    "total": ("CEB603", {"rows": {1: {"totalPrice": "1"}}}, "总价与电子订单不一致,商品序号[2],总价[1]"),
    "goods value": ("CEB303", {"goodsValue": "210"}, "商品金额与总价合计不符,商品金额[210],总价合计[200]"),
    "charge": ("CEB403", {"charge": "199"}, "收款金额与订单金额不符,收款金额[199],商品金额[200],运杂费[10]"),
    "charge currency": ("CEB403", {"currency": "142"}, "收款单币制与电子订单不一致,币制[142]"),
    "weights": ("CEB603", {"netWeight": "1.6"}, "毛重小于净重,毛重（公斤）[1.5],净重（公斤）[1.6]"),
    "code": ("CEB603", {"rows": {1: {"gcode": "9999999999"}}}, "商品编码不存在,商品序号[2],商品编码[9999999999]"),
    "unit": ("CEB603", {"rows": {0: {"unit1": "007"}}}, "法定计量单位与商品编码不符,商品序号[1],商品编码[6704190000],"),
    "one unit, two quantities": (
        "CEB603",
        {"rows": {0: {"unit": "035"}}},
        "计量单位相同而数量不同,商品序号[1],申报计量单位[035],申报数量[2],法定数量[0.6]",
    ),
    "name": ("CEB603", {"rows": {1: {"gcode": "6704190000"}}}, "商品编码与商品名称不符,商品序号[2],商品编码[6704"),
}


@pytest.mark.parametrize(("wrong", "changes", "reason"), ODD.values(), ids=ODD)
def test_matching_returns_an_inventory_with_the_reason(
    desk: Desk, wrong: str, changes: dict[str, Any], reason: str
) -> None:
    for kind in ("CEB303", "CEB403", "CEB505", "CEB603"):
        desk.do(kind, paper(kind, **changes) if kind == wrong else paper(kind))
    assert desk.statuses("CEB604") == ["2", "3", "100"]
    said = desk.last_words("CEB604")
    assert said.startswith("[Code:100;Desc:")
    assert reason in said


def test_row_totals_are_multiplied(desk: Desk) -> None:
    odd = {0: {"totalPrice": "60.03"}}
    desk.do("CEB303", paper("CEB303", rows=odd, goodsValue="200.03"))
    for kind in ("CEB403", "CEB505"):
        desk.do(kind, paper(kind))
    desk.do("CEB603", paper("CEB603", rows=odd))
    assert "总价与申报数量乘单价不符,商品序号[1]" in desk.last_words("CEB604")


def test_simplified_declaration_needs_the_heading_only(desk: Desk) -> None:
    desk.send_three("1")
    desk.do("CEB603", paper("CEB603", statisticsFlag="A", rows={0: {"gcode": "6704000000"}}))
    assert desk.statuses("CEB604")[-1] == "899"


def test_after_a_return_the_inventory_can_be_changed_or_declared_again(desk: Desk) -> None:
    desk.send_three("1", "2")
    for no, act in (("1", "2"), ("2", "1")):
        desk.do("CEB603", paper("CEB603", no, netWeight="9"))
        assert desk.statuses("CEB604", copNo=f"INV-{no}")[-1] == "100"
        again = paper("CEB603", no, act=act)
        desk.do("CEB603", again)
        assert desk.statuses("CEB604", copNo=f"INV-{no}")[-1] == "899"
    desk.do("CEB603", paper("CEB603", act="2"))
    assert desk.statuses("CEB604", copNo="INV-1")[-1] == "-621012"
    desk.do("CEB603", paper("CEB603", "7", act="2"))
    assert desk.statuses("CEB604", copNo="INV-7") == ["-621011"]


def test_an_inventory_is_cancelled_until_it_is_closed(desk: Desk) -> None:
    desk.send_three("1", "2")
    desk.post("CEB603", paper("CEB603"))
    desk.clock.wait(seconds=120)
    number = desk.responses("CEB604", returnStatus="120")[0]["invtNo"]
    desk.do("CEB605", paper("CEB605", invt=number), paper("CEB605", invt="46042026E000000000"))
    assert desk.statuses("CEB606", invtNo=number) == ["2", "3", "399"]
    assert desk.statuses("CEB606", invtNo="46042026E000000000") == ["-623003"]
    assert desk.statuses("CEB604", copNo="INV-1") == ["2", "3", "120"]
    closed = desk.release("3")[0]
    desk.do("CEB605", paper("CEB605", invt=closed), paper("CEB605", invt=number))
    assert desk.statuses("CEB606", invtNo=closed) == ["-623005"]
    assert "-623009" in desk.statuses("CEB606", invtNo=number)
    desk.do("CEB603", paper("CEB603"))
    assert desk.statuses("CEB604", copNo="INV-1")[-1] == "899"


def test_a_summary_by_producer_makes_a_declaration_for_each(desk: Desk) -> None:
    desk.send_three("1", "2")
    desk.do("CEB603", paper("CEB603", "1", ownerCode="4101961111"), paper("CEB603", "2"))
    for kind in ("CEB607", "CEB509"):
        desk.do(kind, paper(kind, "1"), paper(kind, "2"))
    numbers = {one["invtNo"] for one in desk.responses("CEB604", returnStatus="899")}
    desk.do("CEB701", paper("CEB701", lines=[{"invtNo": number} for number in numbers], by="2"))
    assert len({one["entryId"] for one in desk.responses("CEB792", decState="R")}) == 2


def test_a_summary_may_name_a_time_range_and_no_number_of_its_own(desk: Desk) -> None:
    desk.release("1", "2")
    for kind in ("CEB607", "CEB509"):
        desk.do(kind, paper(kind, "2"))
    span = "<ceb:startTime>20260301000000</ceb:startTime><ceb:endTime>20260303000000</ceb:endTime>"
    ranged = paper("CEB701", invt="X").replace("<ceb:summaryFlag>", f"{span}<ceb:summaryFlag>")
    desk.do("CEB701", ranged.replace("<ceb:agentCode>", "<ceb:sumNo>MINE</ceb:sumNo><ceb:agentCode>"))
    assert {one.get("sumNo", "")[:5] for one in desk.responses("CEB702")} == {"", "S2026"}
    assert {one["logisticsNo"] for one in desk.responses("CEB792")} == {"PK-2"}


def test_later_papers_are_returned_without_the_earlier_ones(desk: Desk) -> None:
    number = desk.release("1", statisticsFlag="A")[0]
    desk.do("CEB509", paper("CEB509"))
    assert "清单总分单信息不存在,提运单号[172-1],序号[1],物流运单编号[PK-1]" in desk.last_words("CEB510")
    desk.do("CEB607", paper("CEB607", "9"))
    assert "清单不存在,序号[1],物流运单编号[PK-9]" in desk.last_words("CEB608")
    other = desk.release("2")[0]
    for turn, (invt, reason) in enumerate(
        [("X", "清单不存在"), (number, "申报业务类型不是汇总申报,申报业务类型[A]"), (other, "清单未离境")]
    ):
        desk.do("CEB701", paper("CEB701", str(turn), invt=invt))
        assert f"[Code:100;Desc:{reason},清单编号[{invt}]]" == desk.last_words("CEB702", copNo=f"SUM-{turn}")
    for kind in ("CEB607", "CEB509"):
        desk.do(kind, paper(kind, "2"))
    for turn in ("8", "9"):
        desk.do("CEB701", paper("CEB701", turn, invt=other))
    assert desk.statuses("CEB702", copNo="SUM-8")[-1] == "399"
    assert desk.last_words("CEB702", copNo="SUM-9") == f"[Code:100;Desc:清单已汇总,清单编号[{other}]]"
