"""The stand-in bank: its numbers and what it says with them, and the declarations that repeat it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from mocks.forex.app import create_app
from mocks.forex.basic_information import ELEMENTS, Habits
from tests.support.mocks.bank import DECLARATION, DOOR, NUMBER, PAYMENT, THURSDAY, declared, rows, say
from tests.support.mocks.clocks import HandPace


@pytest.fixture
def pace() -> HandPace:
    return HandPace(clock=[THURSDAY])


@pytest.fixture
def client(pace: HandPace) -> FlaskClient:
    return create_app(pace).test_client()


def test_a_credit_gets_its_number_some_time_after_it_was_booked(client: FlaskClient, pace: HandPace) -> None:
    owner = {"beneficiaryCode": "91410100725845019Y", "beneficiaryName": "河南示例进出口有限公司"}
    client.post("/_control/payments", json={**PAYMENT, **owner, "amount": "6025.50", "charges": "25"})
    pace.wait(minutes=89)
    assert rows(client) == []
    pace.wait(minutes=1)
    (row,) = rows(client)
    assert row == {
        "sequence": 1, "madeAt": "2026-09-24T03:30:00+00:00", "writtenAt": "2026-09-24T03:30:00+00:00",
        "ACTIONTYPE": "A", "RPTNO": NUMBER, "CUSTYPE": "C", "CUSTCOD": "91410100725845019Y",
        "CUSTNM": "河南示例进出口有限公司", "OPPUSER": "(JW)Golden Wigs LLC", "TXCCY": "USD", "TXAMT": "6001",
        "FCYAMT": "6001", "FCYACC": "41050167280800001234", "METHOD": "T", "BUSCODE": "IR26092400000001",
        "OUTCHARGECCY": "USD", "OUTCHARGEAMT": "25",
    }  # fmt: skip


def test_numbers_run_through_a_day_and_pages_through_the_numbers(client: FlaskClient, pace: HandPace) -> None:
    for place in range(7):
        client.post("/_control/payments", json={**PAYMENT, "endToEndId": f"E{place}"})
    pace.wait(hours=2)
    assert [row["RPTNO"][18:] for row in rows(client)] == [f"N00{place}" for place in range(1, 8)]
    assert [row["sequence"] for row in rows(client, "after=3&limit=2")] == [4, 5]
    assert rows(client, "after=7") == []
    client.post("/_control/payments", json=PAYMENT)
    pace.wait(days=1)
    assert rows(client, "after=7")[0]["RPTNO"] == "410100010501260924N008"
    client.post("/_control/payments", json=PAYMENT)
    pace.wait(days=1)
    assert rows(client, "after=8")[0]["RPTNO"] == "410100010501260925N001"


@pytest.mark.parametrize(
    ("payment", "habits", "went"),
    [
        ({}, Habits(settled_percent=50), {"LCYAMT": "3000", "LCYACC": "41050167280800001234CNY", "FCYAMT": "3000"}),
        ({}, Habits(settled_percent=100), {"LCYAMT": "6000", "LCYACC": "41050167280800001234CNY"}),
        ({"currency": "KZT"}, Habits(settled_percent=50), {"FCYAMT": "6000"}),  # no parity, no settlement
        ({"currency": "CNY"}, Habits(settled_percent=50), {"OTHAMT": "6000", "OTHACC": "41050167280800001234"}),
        ({"amount": "0.40"}, Habits(), {"TXAMT": "1", "FCYAMT": "1"}),
        ({}, Habits(own_reference=True), {"BUSCODE": "BIZ26092400000001", "FCYAMT": "6000"}),
    ],
)
def test_what_the_interface_leaves_open_is_a_habit_of_the_bank(
    payment: dict[str, str], habits: Habits, went: dict[str, str]
) -> None:
    pace = HandPace(clock=[THURSDAY])
    client = create_app(pace, habits=habits).test_client()
    client.post("/_control/payments", json={**PAYMENT, **payment})
    pace.wait(hours=2)
    (row,) = rows(client)
    assert row.items() >= went.items()
    assert {"LCYAMT", "FCYAMT", "OTHAMT"} & set(row) == {"LCYAMT", "FCYAMT", "OTHAMT"} & set(went)
    assert ("EXRATE" in row) == ("LCYAMT" in row)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"RPTNO": "410100010501260924N002"}, "NUMBER", "RPTNO"),  # never given
        ({"RPTNO": "410100010501260924N003"}, "NUMBER", "RPTNO"),  # taken back
        ({"BUSCODE": "IR2609240002"}, "BASIC", "BUSCODE"),  # given to another remittance
        ({"OPPUSER": "(JW)Somebody else"}, "BASIC", "OPPUSER"),
        ({"TXAMT": "6001", "TC1AMT": "6001"}, "BASIC", "TXAMT"),
        ({"EXRATE": "6.7488"}, "BASIC", "EXRATE"),
        ({"CUSTNM": "另一家公司"}, "BASIC", "CUSTNM"),
        ({"OUTCHARGECCY": "USD", "OUTCHARGEAMT": "5"}, "BASIC", "OUTCHARGECCY"),
        ({"METHOD": None}, "BASIC", "METHOD"),
    ],
)
def test_a_declaration_repeats_what_the_bank_said_under_its_number(
    client: FlaskClient, changes: dict[str, str | int | None], code: str, where: str
) -> None:
    say(client)
    say(client, RPTNO="410100010501260924N003")
    say(client, RPTNO="410100010501260924N003", ACTIONTYPE="D")
    answer = client.post("/bop/receipts", json=declared(**changes), headers=DOOR)
    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["field"]) == (422, code, where)
    assert client.post("/bop/receipts", json=declared(), headers=DOOR).status_code == 201


def test_a_changed_row_takes_the_place_of_the_first_and_keeps_its_time(client: FlaskClient, pace: HandPace) -> None:
    say(client)
    pace.wait(hours=3)
    say(client, ACTIONTYPE="C", METHOD="L")
    first, second = rows(client)
    assert (second["madeAt"], second["writtenAt"]) == (first["madeAt"], "2026-09-24T05:00:00+00:00")
    assert client.post("/bop/receipts", json=declared(), headers=DOOR).get_json()["field"] == "METHOD"
    assert client.post("/bop/receipts", json=declared(METHOD="L"), headers=DOOR).status_code == 201


def test_a_declaration_is_taken_changed_and_deleted(client: FlaskClient) -> None:
    say(client)
    path = f"/bop/receipts/{DECLARATION['RPTNO']}"
    assert client.get(path, headers=DOOR).status_code == 404
    answer = client.post("/bop/receipts", json=declared(), headers=DOOR)
    assert (answer.status_code, answer.get_json()) == (201, {"RPTNO": DECLARATION["RPTNO"], "status": "accepted"})
    again = client.post("/bop/receipts", json=declared(), headers=DOOR)
    assert (again.status_code, again.get_json()["code"]) == (409, "DUPLICATE")
    change = declared(ACTIONTYPE="C", ACTIONDESC="交易附言有误", TXREM="跨境电商")
    assert client.post("/bop/receipts", json=change, headers=DOOR).status_code == 201
    found = client.get(path, headers=DOOR).get_json()
    assert (found["status"], found["declaration"]["TXREM"]) == ("changed", "跨境电商")
    deletion = declared(ACTIONTYPE="D", ACTIONDESC="重复申报")
    assert client.post("/bop/receipts", json=deletion, headers=DOOR).status_code == 201
    assert client.get(path, headers=DOOR).get_json()["status"] == "deleted"
    assert client.get("/_control/holdings").get_json() == {"declarations": {DECLARATION["RPTNO"]: "deleted"}}
    assert client.post("/bop/receipts", json=change, headers=DOOR).get_json()["code"] == "UNKNOWN"
    entries = client.get("/_control/ledger?kind=bop").get_json()["entries"]
    assert [e["outcome"] for e in entries] == ["accepted", "duplicate", "accepted", "accepted", "refused"]
    assert {(e["key"], e["guid"]) for e in entries} == {(DECLARATION["RPTNO"], "IR2609240001")}


MANDATORY = ["ACTIONTYPE", "RPTNO", "CUSTYPE", "CUSTCOD", "CUSTNM", "OPPUSER", "TXCCY", "TXAMT", "BUSCODE", "COUNTRY"]
MANDATORY += ["TXCODE", "TC1AMT", "TXREM", "CRTUSER", "INPTELC", "RPTDATE"]


def without(*names: str) -> dict[str, str | int | None]:
    return dict.fromkeys(names)


BROKEN: list[tuple[dict[str, str | int | None], str, str]] = [
    *((without(name), "MANDATORY", name) for name in MANDATORY),
    ({"CUSTNM": "x" * 129}, "LENGTH", "CUSTNM"),
    ({"TXREM": "x" * 51}, "LENGTH", "TXREM"),
    ({"RPTNO": "410100010501260924X001"}, "FORMAT", "RPTNO"),
    ({"RPTNO": "410100010501260924N01"}, "FORMAT", "RPTNO"),
    ({"RPTNO": "410100010501260230N001"}, "DATE", "RPTNO"),
    ({"RPTNO": "410100010501260924U001"}, "CLASS", "RPTNO"),
    ({"CUSTCOD": "91410100725845019X"}, "CHECKDIGIT", "CUSTCOD"),
    ({"CUSTCOD": "1234"}, "FORMAT", "CUSTCOD"),
    ({"CUSTYPE": "D", "RPTNO": "410100010501260924U001"}, "MANDATORY", "IDCODE"),
    ({"ACTIONTYPE": "C"}, "MANDATORY", "ACTIONDESC"),
    ({"ACTIONTYPE": "R"}, "UNKNOWN", "RPTNO"),
    ({"OPPUSER": "Golden Wigs LLC"}, "FORMAT", "OPPUSER"),
    ({"TXAMT": "0"}, "FORMAT", "TXAMT"),
    ({"TXAMT": "6000.00"}, "FORMAT", "TXAMT"),
    ({"TXAMT": 6000}, "FORMAT", "TXAMT"),
    ({"TXAMT": "5999", "TC1AMT": "5999"}, "AMOUNT", "TXAMT"),
    ({"EXRATE": None}, "GROUP", "EXRATE"),
    ({"LCYACC": None}, "GROUP", "LCYACC"),
    ({"FCYAMT": None}, "GROUP", "FCYAMT"),
    ({"OUTCHARGECCY": "USD"}, "GROUP", "OUTCHARGEAMT"),
    (without("EXRATE", "LCYAMT", "LCYACC", "FCYAMT", "FCYACC"), "AMOUNT", "LCYAMT"),
    ({"METHOD": "X"}, "FORMAT", "METHOD"),
    ({"COUNTRY": "US"}, "FORMAT", "COUNTRY"),
    ({"PAYTYPE": "P"}, "FORMAT", "PAYTYPE"),
    ({"TXCODE": "12101"}, "FORMAT", "TXCODE"),
    ({"TXCODE2": "121010", "TC2AMT": "0", "TX2REM": "x"}, "TXCODE", "TXCODE2"),
    ({"TXCODE2": "122030", "TC2AMT": "1", "TX2REM": "x"}, "AMOUNT", "TC1AMT"),
    ({"TXCODE2": "122030", "TC2AMT": "1"}, "GROUP", "TX2REM"),
    ({"TC1AMT": "5999"}, "AMOUNT", "TC1AMT"),
    ({"RPTDATE": "20260923"}, "DATE", "RPTDATE"),
    ({"RPTDATE": "20260931"}, "DATE", "RPTDATE"),
    ({"TXCOD": "121010"}, "ELEMENT", "TXCOD"),
]


@pytest.mark.parametrize(("changes", "code", "where"), BROKEN, ids=[f"{code}-{path}" for _, code, path in BROKEN])
def test_each_rule_refuses_with_its_element(
    client: FlaskClient, changes: dict[str, str | int | None], code: str, where: str
) -> None:
    say(client)
    answer = client.post("/bop/receipts", json=declared(**changes), headers=DOOR)
    assert answer.status_code == 422
    assert (answer.get_json()["code"], answer.get_json()["field"]) == (code, where)
    assert [e["outcome"] for e in client.get("/_control/ledger").get_json()["entries"]] == ["refused"]


@pytest.mark.parametrize("changes", [
    {"CUSTCOD": "725845019"},
    {"CUSTYPE": "D", "CUSTCOD": None, "IDCODE": "41010519900307123X", "RPTNO": "410100010501260924U001"},
    {"TXCODE2": "122030", "TC1AMT": "5000", "TC2AMT": "1000", "TX2REM": "网络购物"},
    dict.fromkeys(("FCYAMT", "FCYACC")),
])  # fmt: skip
def test_what_the_rules_leave_open_is_taken(client: FlaskClient, changes: dict[str, str | None]) -> None:
    say(client, **{name: value for name, value in changes.items() if name in ELEMENTS})
    assert client.post("/bop/receipts", json=declared(**changes), headers=DOOR).status_code == 201
