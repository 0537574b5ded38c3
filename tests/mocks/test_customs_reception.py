"""What the stand-in customs authority takes in and what it refuses at once: CEB messages and their documents."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.mocks.ceb import CEB, CREDENTIALS, Desk, envelope, message, paper


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_exists_is_not_taken_twice(desk: Desk) -> None:
    desk.post("CEB303", paper("CEB303"), paper("CEB303"))
    desk.clock.wait(days=1)
    assert desk.statuses("CEB304") in (["2", "-301010", "3", "120"], ["-301010", "2", "3", "120"])
    for kind, response, status in (("CEB403", "CEB404", "-401007"), ("CEB505", "CEB506", "-504015")):
        desk.do(kind, paper(kind), paper(kind))
        assert status in desk.statuses(response)
    desk.do("CEB603", paper("CEB603"), paper("CEB603"), paper("CEB603", copNo="INV-OTHER"))
    assert desk.statuses("CEB604", copNo="INV-OTHER") == ["-621004"]
    assert "899" in desk.statuses("CEB604", copNo="INV-1")
    assert desk.outcomes("CEB303") == ["accepted", "duplicate"]
    assert desk.outcomes("CEB603") == ["accepted", "duplicate", "duplicate"]


def test_the_three_can_be_changed_until_they_are_declared(desk: Desk) -> None:
    desk.send_three("1")
    desk.do("CEB303", paper("CEB303", act="2", goodsValue="999"))
    assert desk.responses("CEB304", orderNo="SO-1")[-1]["returnStatus"] == "120"
    desk.do("CEB303", paper("CEB303", act="3"), paper("CEB303", "8", act="2"))
    assert desk.responses("CEB304", orderNo="SO-8")[-1]["returnStatus"] == "-301012"
    desk.do("CEB303", paper("CEB303"))
    desk.do("CEB603", paper("CEB603"))
    assert desk.statuses("CEB604")[-1] == "899"
    for kind, response, status in (
        ("CEB303", "CEB304", "-301011"),
        ("CEB403", "CEB404", "-401008"),
        ("CEB505", "CEB506", "-504016"),
    ):
        desk.do(kind, paper(kind, act="2"))
        assert desk.statuses(response)[-1] == status


def test_a_draft_is_saved_and_nothing_else(desk: Desk) -> None:
    desk.do("CEB303", paper("CEB303", state="1"))
    assert desk.statuses("CEB304") == ["1"]
    desk.do("CEB303", paper("CEB303"))
    assert desk.statuses("CEB304") == ["1", "2", "3", "120"]


UNIT = "<ceb:unit>007</ceb:unit>"
GOOD = message("CEB303", paper("CEB303"))
BROKEN: dict[str, tuple[str, str]] = {
    "not xml": ("not xml at all", "0001报文格式错误"),
    "document type": ("<!DOCTYPE a [<!ENTITY b 'c'>]>" + GOOD, "文档类型定义"),
    "other root": (message("CEB403", paper("CEB403")), "MsgType[CEB303Message]与根节点[CEB403Message]不一致"),
    "other namespace": (GOOD.replace(CEB, "urn:other"), "命名空间[urn:other]"),
    "unknown": (GOOD.replace("<ceb:qty>", "<ceb:odd/><ceb:qty>", 1), "Order[1]/OrderList[1]/odd:未定义的节点"),
    "missing": (message("CEB303", paper("CEB303", ebpName=None)), "ebpName(电商平台/海外仓名称):必填节点缺失"),
    "twice": (GOOD.replace("<ceb:qty>", "<ceb:qty>1</ceb:qty><ceb:qty>", 1), "qty(数量):出现次数[2]超过最大次数[1]"),
    "long": (message("CEB303", paper("CEB303", ebcCode="x" * 19)), "ebcCode(电商企业代码):长度[19]超过最大长度[18]"),
    "exact": (message("CEB303", paper("CEB303", currency="US")), "currency(币制):长度[2]不等于规定长度[3]"),
    "empty": (message("CEB303", paper("CEB303", ebcName="")), "ebcName(电商企业名称):必填项不能为空"),
    "number": (message("CEB303", paper("CEB303", goodsValue="1,5")), "goodsValue(商品金额):内容[1,5]不是数值"),
    "fraction": (message("CEB303", paper("CEB303", freight="0.123456")), "freight(运杂费):小数位数[6]超过[5]"),
    "digits": (message("CEB303", paper("CEB303", freight="9" * 20)), "freight(运杂费):总位数[20]超过[19]"),
    "whole": (message("CEB303", paper("CEB303", rows={1: {"gnum": "1.0"}})), "List[2]/gnum(序号):内容[1.0]不是整数"),
    "order": (GOOD.replace(UNIT, "").replace("<ceb:price>", UNIT + "<ceb:price>"), "OrderList[1]/unit:节点顺序不正确"),
    "transfer": (message("CEB303", paper("CEB303"), transfers=2), "BaseTransfer:出现次数[2]"),
    "no transfer": (message("CEB303", paper("CEB303"), transfers=0), "BaseTransfer:必填节点缺失"),
    "101": (message("CEB303", *[paper("CEB303")] * 101), "Order:出现次数[101]超过最大次数[100]"),
    "guid": (GOOD.replace('guid="', 'guid="0'), "@guid(系统唯一序号):长度[37]"),
    "version": (GOOD.replace('version="1.0"', ""), "缺少必填属性[version]"),
}


@pytest.mark.parametrize(("content", "rule"), BROKEN.values(), ids=BROKEN)
def test_a_broken_message_is_answered_by_900_alone(desk: Desk, content: str, rule: str) -> None:
    desk.post_raw("CEB303Message", content.encode())
    desk.clock.wait(days=1)
    desk.collect()
    assert [kind for _, kind, _ in desk.messages] == ["CEB900Message"]
    answer = desk.responses("CEB900")[0]
    assert int(answer["returnStatus"]) < 0
    assert rule in answer["returnInfo"]
    assert (answer["oriCopMsgId"], answer["oriMessageType"]) == ("COP-1", "CEB303Message")
    assert desk.outcomes("message") == ["refused"]
    assert desk.outcomes("CEB303") == []


def test_what_is_no_envelope_is_refused_at_the_counter(desk: Desk) -> None:
    good = envelope("CEB303Message", "AAAA")
    for body in ("", "<a/>", good.replace("SenderId", "Sender"), good.replace('ver="1.0"', ""), "<!DOCTYPE a>" + good):
        answer = desk.client.post("/dxp/messages", data=body, headers=CREDENTIALS)
        assert (answer.status_code, b"<Code>0001</Code>" in answer.data) == (400, True)
    assert desk.client.post("/dxp/messages", data=b"x" * (16 * 1024 * 1024 + 1), headers=CREDENTIALS).status_code == 413
    assert desk.client.post("/dxp/messages", data=good).status_code == 401
    answer = desk.client.post("/dxp/messages", data=envelope("CEB303Message", "*"), headers=CREDENTIALS)
    assert answer.status_code == 202
    assert b"<DxpReceipt><CopMsgId>COP-1</CopMsgId></DxpReceipt>" in answer.data
    desk.clock.wait(days=1)
    assert "BASE64" in desk.responses("CEB900")[0]["returnInfo"]


def test_many_hands_at_once(desk: Desk) -> None:
    def post(no: int) -> int:
        content = base64.b64encode(message("CEB303", paper("CEB303", str(no))).encode()).decode()
        body = envelope("CEB303Message", content)
        return desk.app.test_client().post("/dxp/messages", data=body, headers=CREDENTIALS).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, range(64))) == {202}
    desk.clock.wait(days=1)
    assert len({one["orderNo"] for one in desk.responses("CEB304", returnStatus="120")}) == 64


def test_the_tariff_list_comes_in_pages(desk: Desk) -> None:
    pages = [desk.client.get(f"/tariffs?page={page}&size=10", headers=CREDENTIALS).json for page in (1, 2, 3)]
    codes = [row["hsCode"] for page in pages for row in page["rows"]]
    assert pages[0]["pages"] == 3
    assert len(codes) == len(set(codes)) >= 15
    assert {row["unit1"] for page in pages for row in page["rows"] if row["hsCode"].startswith("6704")} == {"035"}


def test_import_papers_are_stored(desk: Desk) -> None:
    desk.do("CEB311", paper("CEB311"))
    assert desk.statuses("CEB312") == ["2", "3", "120"]
