"""Many parcels of many exporters on one bill: the list (607), the arrival (507), inspection, the departure (509)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from mocks.customs.usage import ARRIVAL_FIRST, RELEASE_FIRST, SiteOperator
from tests.support.mocks.ceb import Desk, at_the_counter, departure, paper, parcels, waybill

LATER, EVEN_LATER = "20260302100000", "20260302110000"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with at_the_counter() as desk:
        yield desk


def declare(desk: Desk, *numbers: str, minutes: float = 5) -> list[str]:
    """Inventories that are stored and, in this time, not released yet; their numbers."""
    desk.send_three(*numbers)
    desk.post("CEB603", *(paper("CEB603", no) for no in numbers))
    desk.clock.wait(minutes=minutes)
    return [desk.responses("CEB604", copNo=f"INV-{no}", returnStatus="120")[0]["invtNo"] for no in numbers]


def send(desk: Desk, kind: str, *papers: str) -> str:
    """What customs says in the end, within minutes."""
    desk.post(kind, *papers)
    desk.clock.wait(minutes=2)
    return desk.last_words({"CEB607": "CEB608", "CEB509": "CEB510"}[kind])


def control(desk: Desk, path: str, **body: Any) -> int:
    return desk.client.post(f"/_control/{path}", json=body).status_code


def holdings(desk: Desk) -> Any:
    return desk.client.get("/_control/holdings").get_json()


def on_the_list(desk: Desk) -> list[list[str]]:
    return [one["parcels"] for one in holdings(desk)["lists"].values()]


def test_one_list_carries_the_parcels_of_many_exporters(desk: Desk) -> None:
    """Forty parcels of twelve exporters: one list, one arrival, one departure."""
    numbers = [str(no) for no in range(1, 41)]
    exporter = {no: f"4101960{int(no) % 12:03d}" for no in numbers}
    for kind in ("CEB303", "CEB403", "CEB505", "CEB603"):
        codes = [{} if kind == "CEB505" else {"ebcCode": exporter[no]} for no in numbers]
        desk.do(kind, *(paper(kind, no, **code) for no, code in zip(numbers, codes, strict=True)))
    assert send(desk, "CEB607", waybill(*numbers)) == "海关入库"
    desk.clock.wait(hours=1)
    assert send(desk, "CEB509", departure(*numbers)) == "海关审结"
    held = holdings(desk)
    (listed,) = held["lists"].values()
    assert (listed["billNo"], listed["parcels"]) == ("172-1", [f"PK-{no}" for no in numbers])
    assert len({one["ebcCode"] for one in held["inventories"].values()}) == 12
    assert {(one["arrived"], one["departed"]) for one in held["inventories"].values()} == {(True, True)}
    assert [len(desk.outcomes(kind)) for kind in ("CEB607", "CEB507", "CEB509")] == [1, 1, 1]


def test_the_site_reports_the_arrival_of_the_whole_bill_and_hears_of_it_alone(desk: Desk) -> None:
    desk.release("1", "2")
    send(desk, "CEB607", waybill("1", "2"))
    desk.clock.wait(minutes=20)
    assert desk.outcomes("CEB507") == []
    desk.clock.wait(minutes=20)
    assert desk.responses("CEB508") == []
    box = SiteOperator().box
    answers = [root for _, kind, root in desk.read(receiver=box) if kind == "CEB508Message"]
    assert {node.text for root in answers for node in root.iter("{*}billNo")} == {"172-1"}
    assert {node.text for root in answers for node in root.iter("{*}returnStatus")} == {"2", "3", "399"}
    (entry,) = desk.client.get("/_control/ledger?kind=CEB507").get_json()["entries"]
    assert [f"<ceb:logisticsNo>PK-{no}</ceb:logisticsNo>" in entry["body"] for no in "123"] == [True, True, False]


def test_a_second_list_of_a_bill_is_returned_unless_the_office_takes_it(desk: Desk) -> None:
    desk.release("1", "2")
    assert send(desk, "CEB607", waybill("1")) == "海关入库"
    other = waybill("2", copNo="WB-OTHER")
    assert send(desk, "CEB607", other) == "[Code:100;Desc:该提运单已有清单总分单,提运单号[172-1],企业唯一编号[WB-1]]"
    with at_the_counter(more_lists=True) as lenient:
        lenient.release("1", "2")
        assert [send(lenient, "CEB607", one) for one in (waybill("1"), other)] == ["海关入库"] * 2
        assert send(lenient, "CEB509", departure("1")).startswith("[Code:100;Desc:离境单缺少清单总分单的物流运单")
        assert send(lenient, "CEB509", departure("1", "2", no="2", billNo="172-1")) == "海关审结"


ODD_LINES = {
    "unknown": (parcels("1", "9"), {}, "清单不存在,序号[2],物流运单编号[PK-9]"),
    "other number": (
        parcels("1", invtNo="46042026E000000000"),
        {},
        "出口清单编号与物流运单编号不符,序号[1],物流运单编号[PK-1],出口清单编号[46042026E000000000]",
    ),
    "twice": (parcels("1", "1"), {}, "物流运单编号重复,序号[1],物流运单编号[PK-1]"),
    "other list": (parcels("1", "3"), {}, "物流运单已在其他清单总分单中,企业唯一编号[WB-3],序号[2],物流运单编号[PK-3]"),
    "other office": (parcels("1"), {"customsCode": "4601"}, "申报地海关代码与清单不一致,申报地海关代码[4601],序号[1]"),
    "other declarant": (parcels("1"), {"agentCode": "4101980DEF"}, "申报企业代码与清单不一致,申报企业代码[4101980DEF]"),
    "other carrier": (parcels("1"), {"logisticsCode": "X"}, "物流企业代码与清单不一致,物流企业代码[X],序号[1]"),
    "weight": (parcels("1", "2"), {"grossWeight": "3.2"}, "毛重与清单毛重合计不符,毛重（公斤）[3.2],清单毛重合计[3.0]"),
}


def test_a_list_is_returned_with_the_line_that_is_wrong(desk: Desk) -> None:
    desk.release("1", "2", "3")
    send(desk, "CEB607", waybill("3", no="3"))
    wrong = {}
    for turn, (name, (lines, head, reason)) in enumerate(ODD_LINES.items()):
        changes = {"grossWeight": "1.5", "copNo": f"WB-X{turn}", **head}
        said = send(desk, "CEB607", paper("CEB607", lines=lines, **changes))
        if reason not in said:
            wrong[name] = said
    assert wrong == {}
    assert on_the_list(desk) == [["PK-3"]]


def test_how_exact_the_weight_is_wanted_is_the_offices() -> None:
    for tolerance, weight, said in (("0.05", "3.1", "海关入库"), ("0", "3.0001", "[Code:100;"), ("0", "3", "海关入库")):
        with at_the_counter(tolerance=Decimal(tolerance)) as desk:
            desk.release("1", "2")
            assert send(desk, "CEB607", waybill("1", "2", grossWeight=weight)).startswith(said), (tolerance, weight)


def test_whether_the_release_comes_before_the_list_is_the_offices(desk: Desk) -> None:
    declare(desk, "1")
    assert send(desk, "CEB607", waybill("1")) == "海关入库"
    with at_the_counter(order=RELEASE_FIRST) as other:
        declare(other, "1")
        assert "清单未放行,序号[1],物流运单编号[PK-1]" in send(other, "CEB607", waybill("1"))
        other.clock.wait(days=1)
        assert send(other, "CEB607", waybill("1")) == "海关入库"


def test_a_release_may_wait_for_the_arrival() -> None:
    with at_the_counter(order=ARRIVAL_FIRST) as desk:
        declare(desk, "1")
        desk.clock.wait(days=3)
        assert desk.statuses("CEB604") == ["2", "3", "120", "399"]
        send(desk, "CEB607", waybill("1"))
        desk.clock.wait(hours=2)
        assert desk.statuses("CEB604") == ["2", "3", "120", "399", "800", "899"]
    with at_the_counter(order=ARRIVAL_FIRST, operator=None) as desk:  # nobody plays the site: the test does
        declare(desk, "1")
        send(desk, "CEB607", waybill("1"))
        desk.clock.wait(days=1)
        assert desk.statuses("CEB604")[-1] == "399"
        desk.do("CEB507", paper("CEB507"))
        assert desk.statuses("CEB604")[-2:] == ["800", "899"]


def test_a_later_change_replaces_the_list_whole(desk: Desk) -> None:
    desk.release("1", "2", "3")
    send(desk, "CEB607", waybill("1", "2"))
    send(desk, "CEB607", waybill("2", "3", act="2", appTime=LATER))
    assert on_the_list(desk) == [["PK-2", "PK-3"]]
    for older in (LATER, "20260302090000"):
        said = send(desk, "CEB607", waybill("1", act="2", appTime=older))
        assert said == "物流报文处理失败，接收报文为旧报文数据，不做处理[WB-1]"
    assert desk.responses("CEB608")[-1]["returnStatus"] == "-505016"
    assert on_the_list(desk) == [["PK-2", "PK-3"]]


def test_a_change_that_is_returned_leaves_the_list_as_it_was(desk: Desk) -> None:
    desk.release("1", "2")
    send(desk, "CEB607", waybill("1", "2"))
    assert "清单不存在" in send(desk, "CEB607", waybill("1", "9", act="2", appTime=LATER))
    assert on_the_list(desk) == [["PK-1", "PK-2"]]
    assert send(desk, "CEB607", waybill("2", act="2", appTime=EVEN_LATER)) == "海关入库"
    assert on_the_list(desk) == [["PK-2"]]
    assert send(desk, "CEB607", waybill("2")).startswith("总分单[WB-1]已经申报过")


def test_a_list_can_be_taken_back_whole_until_it_departs(desk: Desk) -> None:
    desk.release("1", "2")
    send(desk, "CEB607", waybill("1"))
    desk.do("CEB607", waybill("1", act="3", appTime=LATER))
    assert on_the_list(desk) == []
    assert send(desk, "CEB607", waybill("1", "2", copNo="WB-2")) == "海关入库"


def test_what_is_held_is_taken_off_and_the_rest_departs(desk: Desk) -> None:
    first, second, third = declare(desk, "1", "2", "3")
    send(desk, "CEB607", waybill("1", "2", "3"))
    assert control(desk, "inspections", invtNo=second) == 201
    assert control(desk, "inspections", invtNo=second) == 409
    desk.do("CEB605", paper("CEB605", "3", invt=third))
    assert desk.statuses("CEB604", invtNo=first)[-1] == "899"
    assert desk.responses("CEB604", invtNo=second)[-1]["returnStatus"] == "500"
    assert "清单查验中,序号[2],物流运单编号[PK-2]" in send(desk, "CEB509", departure("1", "2", "3"))
    assert "清单未放行,序号[2],物流运单编号[PK-3]" in send(desk, "CEB509", departure("1", "3", no="2", billNo="172-1"))
    assert "清单查验中" in send(desk, "CEB607", waybill("1", "2", act="2", appTime=LATER))
    assert send(desk, "CEB607", waybill("1", act="2", appTime=EVEN_LATER)) == "海关入库"
    assert send(desk, "CEB509", departure("1", no="3", billNo="172-1")) == "海关审结"
    assert control(desk, f"inspections/{second}") == 200
    desk.clock.wait(days=1)
    assert desk.statuses("CEB604", invtNo=second)[-2:] == ["800", "899"]


def test_an_officer_may_turn_goods_back_or_stop_what_was_released(desk: Desk) -> None:
    first, second = declare(desk, "1", "2", minutes=24 * 60)
    for number in (first, second):
        assert control(desk, "inspections", invtNo=number, status="300") == 201
    desk.clock.wait(minutes=1)
    control(desk, f"inspections/{first}", reason="申报品名与实货不符")
    control(desk, f"inspections/{second}")
    assert desk.last_words("CEB604", invtNo=first) == "[Code:100;Desc:申报品名与实货不符]"
    assert desk.last_words("CEB604", invtNo=second) == "[Code:2600;Desc:放行]"
    inventories = holdings(desk)["inventories"]
    assert [(inventories[number]["status"], inventories[number]["standing"]) for number in (first, second)] == [
        ("100", False),
        ("800", True),
    ]
    assert control(desk, f"inspections/{second}") == 409
    assert control(desk, "inspections", invtNo="X") == 404
    assert control(desk, "inspections", invtNo=second, status="7") == 422


def test_a_bill_departs_with_all_its_parcels_and_nothing_changes_after(desk: Desk) -> None:
    first, _, _ = desk.release("1", "2", "3")
    send(desk, "CEB607", waybill("1", "2"))
    bill = {"billNo": "172-1"}
    missing = send(desk, "CEB509", departure("1"))
    assert "离境单缺少清单总分单的物流运单,提运单号[172-1],物流运单编号[PK-2]" in missing
    additional = send(desk, "CEB509", departure("1", "2", "3", no="2", **bill))
    assert "清单总分单信息不存在,提运单号[172-1],序号[3],物流运单编号[PK-3]" in additional
    assert send(desk, "CEB509", departure("1", "2", no="3", **bill)) == "海关审结"
    assert "物流运单已离境,序号[1]" in send(desk, "CEB509", departure("1", "2", no="4", **bill))
    for act in "23":
        said = send(desk, "CEB607", waybill("1", act=act, appTime=LATER))
        assert said == "总分单[WB-1]的申报状态不符合改单申报的条件"
    assert control(desk, "inspections", invtNo=first) == 409
    desk.do("CEB605", paper("CEB605", invt=first))
    assert desk.statuses("CEB606") == ["-623005"]
    assert on_the_list(desk) == [["PK-1", "PK-2"]]


def test_a_change_that_crosses_the_departure_comes_too_late(desk: Desk) -> None:
    desk.release("1", "2")
    send(desk, "CEB607", waybill("1"))
    desk.post("CEB607", waybill("1", "2", act="2", appTime=LATER))
    desk.post("CEB509", departure("1"))
    desk.clock.wait(minutes=2)
    gone = desk.last_words("CEB510") == "海关审结"
    assert ("提运单已离境" in desk.last_words("CEB608")) == gone
    assert on_the_list(desk) == [["PK-1"] if gone else ["PK-1", "PK-2"]]


def test_a_list_in_parts_is_looked_at_once_all_are_there(desk: Desk) -> None:
    desk.release("1", "2", "3")
    weight = {"grossWeight": "4.5", "msgCount": "2"}
    assert send(desk, "CEB607", waybill("1", "2", msgSeqNo="1", **weight)) == "发送海关成功"
    assert on_the_list(desk) == []
    assert send(desk, "CEB607", waybill("3", msgSeqNo="2", **weight)) == "海关入库"
    assert sorted(on_the_list(desk)) == [["PK-1", "PK-2"], ["PK-3"]]
    for part in ("0", "3"):
        assert "请求参数错误" in send(desk, "CEB607", waybill("1", copNo="WB-9", msgSeqNo=part, **weight))
    assert send(desk, "CEB607", waybill("1", "3", act="2", appTime=LATER)) == "海关入库"
    assert on_the_list(desk) == [["PK-1", "PK-3"]]
    assert send(desk, "CEB509", departure("1", "3")) == "海关审结"
