"""Many inventories of one exporter, office and month in one summary (701), and the declarations that follow (792)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.mocks.ceb import Desk, at_the_counter, departure, paper, waybill


@pytest.fixture
def desk() -> Iterator[Desk]:
    with at_the_counter() as desk:
        yield desk


def depart(desk: Desk, **exports: dict[str, Any]) -> dict[str, str]:
    """Shipments, by their numbers and what is different in their inventories, up to the departure; their invtNo."""
    named = {no.lstrip("p"): changes for no, changes in exports.items()}
    desk.send_three(*named)
    desk.do("CEB603", *(paper("CEB603", no, **changes) for no, changes in named.items()))
    for no in named:
        desk.do("CEB607", waybill(no, no=no, **of_the_list(named[no])))
        desk.do("CEB509", departure(no, no=no))
    return {no: desk.responses("CEB604", copNo=f"INV-{no}", returnStatus="800")[0]["invtNo"] for no in named}


def of_the_list(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if name == "agentCode"}


def lines(*numbers: str) -> list[dict[str, str]]:
    return [{"invtNo": number} for number in numbers]


def sum_up(desk: Desk, *numbers: str, no: str = "1", **changes: Any) -> str:
    """What customs says to an application for these inventories."""
    desk.do("CEB701", paper("CEB701", no, lines=lines(*numbers), **changes))
    return desk.last_words("CEB702", copNo=f"SUM-{no}")


def items(desk: Desk) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Line of an inventory → what the last results say of it: entryId, item, declSeqNo. As XML, row by row."""
    found = {}
    desk.collect()
    for _, kind, root in desk.messages:
        for result in root if kind == "CEB792Message" else ():
            head, *rows = result
            for row in rows:
                line = (row.findtext("{*}logisticsNo") or "", row.findtext("{*}gnum") or "")
                told = (head.findtext("{*}entryId"), row.findtext("{*}gseqno"), head.findtext("{*}declSeqNo"))
                found[line] = tuple(one or "" for one in told)
    return {line: (entry, item, sequence) for line, (entry, item, sequence) in sorted(found.items())}


def test_lists_and_lines_merge_where_a_declaration_says_the_same(desk: Desk) -> None:
    to_japan = {"rows": {0: {"country": "116"}, 1: {"country": "116"}}}
    numbers = depart(desk, p1={}, p2={}, p3=to_japan, p4={"country": "116"}, p5={"portCode": "4601"})
    assert sum_up(desk, *numbers.values()) == "海关审结"
    found = items(desk)
    entries = {entry for entry, _, _ in found.values()}
    assert (len(found), len(entries), len({sequence for _, _, sequence in found.values()})) == (10, 3, 3)
    assert all(len(entry) == 18 for entry in entries)
    by_parcel = {no: [found[f"PK-{no}", line] for line in "12"] for no in numbers}
    assert by_parcel["1"] == by_parcel["2"]  # one item each for the two sorts of wigs
    assert [item for _, item, _ in by_parcel["1"] + by_parcel["3"]] == [
        "1",
        "2",
        "3",
        "4",
    ]  # Japan as the final country
    assert by_parcel["3"][0][0] == by_parcel["1"][0][0] != by_parcel["4"][0][0]
    held = desk.client.get("/_control/holdings").get_json()
    (summed,) = held["summaries"].values()
    assert sorted(summed) == sorted(numbers.values())
    assert {held["inventories"][number]["entryId"] for number in summed} == entries


def test_lines_merge_by_their_names_where_the_application_says_so(desk: Desk) -> None:
    other_name = {"rows": {0: {"gname": "化纤假发套"}}}
    numbers = depart(desk, p1={}, p2=other_name)
    sum_up(desk, *numbers.values())
    assert [item for _, item, _ in items(desk).values()] == ["1", "2", "3", "2"]
    numbers = depart(desk, p3={}, p4=other_name)
    sum_up(desk, *numbers.values(), no="2", itemNameFlag="0")
    assert [item for _, item, _ in items(desk).values()][4:] == ["1", "2", "1", "2"]


def test_producers_stand_in_declarations_of_their_own_unless_the_office_merges_them(desk: Desk) -> None:
    for flag, merges, declarations in (("1", False, 2), ("2", False, 2), ("1", True, 1), ("2", True, 2)):
        with at_the_counter(merges_producers=merges) as other:
            numbers = depart(other, p1={}, p2={"ownerCode": "4101961111"})
            sum_up(other, *numbers.values(), by=flag)
            assert len({entry for entry, _, _ in items(other).values()}) == declarations, (flag, merges)


def test_what_is_not_of_the_application_is_returned_with_its_number(desk: Desk) -> None:
    other = depart(desk, p1={}, p2={"agentCode": "4101980DEF"}, p3={"statisticsFlag": "A"})
    for turn, (no, changes, reason) in enumerate(
        [
            ("2", {}, "申报单位代码与清单不一致,申报单位代码[4101960ABC]"),
            ("1", {"customsCode": "4601"}, "申报地海关代码与清单不一致,申报地海关代码[4601]"),
            ("1", {"ebcCode": "4101960XYZ"}, "收发货人代码与清单不一致,收发货人代码[4101960XYZ]"),
            ("3", {}, "申报业务类型不是汇总申报,申报业务类型[A]"),
        ]
    ):
        said = sum_up(desk, other[no], no=f"X{turn}", **changes)
        assert said == f"[Code:100;Desc:{reason},清单编号[{other[no]}]]"
    assert "清单编号重复" in sum_up(desk, other["1"], other["1"], no="2")
    assert sum_up(desk, other["1"], no="3") == "海关审结"
    assert "清单已汇总" in sum_up(desk, other["1"], no="4")


def test_only_what_was_closed_this_month_or_the_month_before_is_summed_up(desk: Desk) -> None:
    numbers = depart(desk, p1={}, p2={}, p3={})
    desk.clock.wait(days=30)
    assert sum_up(desk, numbers["1"]) == "海关审结"
    desk.clock.wait(days=30)
    assert "清单结关月份不在汇总范围" in sum_up(desk, numbers["2"], no="2")
    with at_the_counter(months_back=2) as lenient:
        numbers = depart(lenient, p1={})
        lenient.clock.wait(days=60)
        assert sum_up(lenient, numbers["1"]) == "海关审结"


def test_an_inventory_is_closed_before_it_is_summed_up(desk: Desk) -> None:
    desk.send_three("1")
    desk.post("CEB603", paper("CEB603"))
    while not desk.responses("CEB604", returnStatus="800"):
        desk.clock.wait(minutes=1)
    (number,) = {one["invtNo"] for one in desk.responses("CEB604", returnStatus="800")}
    for kind in ("CEB607", "CEB509"):
        desk.post(kind, paper(kind))
        desk.clock.wait(minutes=1.5)
    desk.post("CEB701", paper("CEB701", invt=number))
    desk.clock.wait(minutes=1.5)
    assert desk.last_words("CEB702") == f"[Code:100;Desc:清单未结关,清单编号[{number}]]"


def test_the_parts_of_an_application_are_gathered_until_all_are_there(desk: Desk) -> None:
    numbers = depart(desk, p1={}, p2={}, p3={})
    for part in "21":
        assert sum_up(desk, numbers[part], msgCount="3", msgSeqNo=part) == "发送海关成功"
    assert items(desk) == {}
    assert sum_up(desk, numbers["3"], msgCount="3", msgSeqNo="3") == "海关审结"
    concluded = desk.responses("CEB702", returnStatus="399")
    assert {one["msgSeqNo"] for one in concluded} == {"1", "2", "3"}
    assert len({one["sumNo"] for one in concluded}) == 1
    assert len({entry for entry, _, _ in items(desk).values()}) == 1
    assert len(items(desk)) == 6


def test_one_wrong_line_returns_all_parts_and_they_may_come_again(desk: Desk) -> None:
    numbers = depart(desk, p1={}, p2={})
    sum_up(desk, numbers["1"], msgCount="2", msgSeqNo="1")
    sum_up(desk, "X", msgCount="2", msgSeqNo="2")
    assert [desk.statuses("CEB702", msgSeqNo=part)[-1] for part in "12"] == ["100", "100"]
    assert "清单不存在,清单编号[X]" in desk.last_words("CEB702", msgSeqNo="1")
    for part in "12":
        sum_up(desk, numbers[part], msgCount="2", msgSeqNo=part)
    assert [desk.statuses("CEB702", msgSeqNo=part)[-1] for part in "12"] == ["399", "399"]
