"""The stand-in bank and forex administration: credits, receipt declarations, central parity."""

from __future__ import annotations

import re
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from mocks.forex.app import create_app
from mocks.forex.basic_information import ELEMENTS, Habits
from mocks.pace import Pace
from tests.mocks.clocks import HandPace

DOOR = {"Authorization": "Basic " + b64encode(b"forex-demo:forex-demo-password").decode()}
THURSDAY = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
CAMT = "{urn:iso:std:iso:20022:tech:xsd:camt.054.001.08}"

PAYMENT = {
    "amount": "6000.00",
    "currency": "USD",
    "payer": "Golden Wigs LLC",
    "payerCountry": "US",
    "remittance": "Invoice INV-2026-0217",
    "endToEndId": "E2E-0217",
    "beneficiaryAccount": "41050167280800001234",
}

# camt.054.001.08: what may stand below what, in order
ORDER = {
    "Document": ["BkToCstmrDbtCdtNtfctn"],
    "BkToCstmrDbtCdtNtfctn": ["GrpHdr", "Ntfctn"],
    "GrpHdr": ["MsgId", "CreDtTm"],
    "Ntfctn": ["Id", "NtfctnPgntn", "ElctrncSeqNb", "RptgSeq", "LglSeqNb", "CreDtTm", "FrToDt", "Acct", "Ntry"],
    "Acct": ["Id", "Tp", "Ccy", "Nm"],
    "Ntry": [
        *("NtryRef", "Amt", "CdtDbtInd", "RvslInd", "Sts", "BookgDt", "ValDt", "AcctSvcrRef", "Avlbty", "BkTxCd"),
        *("ComssnWvrInd", "AddtlInfInd", "AmtDtls", "Chrgs", "NtryDtls"),
    ],
    "BkTxCd": ["Domn"],
    "Domn": ["Cd", "Fmly"],
    "Fmly": ["Cd", "SubFmlyCd"],
    "NtryDtls": ["Btch", "TxDtls"],
    "TxDtls": [
        *("Refs", "Amt", "CdtDbtInd", "AmtDtls", "Avlbty", "BkTxCd", "Chrgs", "Intrst", "RltdPties", "RltdAgts"),
        *("LclInstrm", "Purp", "RltdRmtInf", "RmtInf"),
    ],
    "Refs": ["MsgId", "AcctSvcrRef", "PmtInfId", "InstrId", "EndToEndId", "UETR"],
    "AmtDtls": ["InstdAmt", "TxAmt"],
    "Chrgs": ["TtlChrgsAndTaxAmt", "Rcrd"],
    "Rcrd": ["Amt", "CdtDbtInd", "ChrgInclInd", "Tp", "Rate", "Br"],
    "RltdPties": ["InitgPty", "Dbtr"],
    "Pty": ["Nm", "PstlAdr"],
    "RmtInf": ["Ustrd"],
}


@pytest.fixture
def pace() -> HandPace:
    return HandPace(clock=[THURSDAY])


@pytest.fixture
def app(pace: HandPace) -> Flask:
    return create_app(pace)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def notifications(client: FlaskClient, query: str = "") -> list[tuple[int, etree._Element]]:
    answer = client.get(f"/notifications/camt.054?{query}", headers=DOOR)
    assert answer.status_code == 200
    assert answer.content_type.startswith("application/xml")
    listing = etree.fromstring(answer.data)
    assert listing.tag == "Notifications"
    return [(int(str(one.get("sequence"))), one[0]) for one in listing]


def said(document: etree._Element, path: str) -> str | None:
    return document.findtext("/".join(CAMT + step for step in path.split("/")))


def drawn(pace: Pace, twice: bool) -> str:
    """An end-to-end id whose credit is announced twice, or once."""
    candidates = (f"E2E-{number}" for number in range(1000))
    return next(one for one in candidates if (pace.draw(f"repeat/{one}", 4) == 0) == twice)


ENTRY = "BkToCstmrDbtCdtNtfctn/Ntfctn/Ntry"
TRANSACTION = f"{ENTRY}/NtryDtls/TxDtls"


def test_a_payment_is_credited_after_the_banks_delay(client: FlaskClient, pace: HandPace) -> None:
    payment = {**PAYMENT, "endToEndId": drawn(pace, twice=False)}
    answer = client.post("/_control/payments", json=payment)
    assert answer.status_code == 202
    pace.wait(minutes=30, seconds=-1)
    assert notifications(client) == []
    pace.wait(seconds=1)
    [(sequence, document)] = notifications(client)
    assert (sequence, document.tag) == (1, f"{CAMT}Document")
    assert said(document, f"{ENTRY}/Amt") == "6000.00"
    assert said(document, f"{ENTRY}/CdtDbtInd") == "CRDT"
    assert said(document, f"{ENTRY}/Sts/Cd") == "BOOK"
    assert said(document, f"{ENTRY}/BookgDt/Dt") == "2026-09-24"
    assert said(document, f"{ENTRY}/BkTxCd/Domn/Cd") == "PMNT"
    assert said(document, f"{ENTRY}/BkTxCd/Domn/Fmly/SubFmlyCd") == "XBCT"
    assert said(document, f"{TRANSACTION}/Refs/EndToEndId") == payment["endToEndId"]
    assert said(document, f"{TRANSACTION}/Refs/UETR") == answer.get_json()["uetr"]
    assert said(document, f"{TRANSACTION}/RltdPties/Dbtr/Pty/Nm") == "Golden Wigs LLC"
    assert said(document, f"{TRANSACTION}/RltdPties/Dbtr/Pty/PstlAdr/Ctry") == "US"
    assert said(document, f"{TRANSACTION}/RmtInf/Ustrd") == "Invoice INV-2026-0217"
    assert said(document, f"{TRANSACTION}/AmtDtls/InstdAmt/Amt") is None
    assert said(document, "BkToCstmrDbtCdtNtfctn/Ntfctn/Acct/Id/Othr/Id") == "41050167280800001234"
    pace.wait(days=2)
    assert len(notifications(client)) == 1


def test_charges_are_kept_and_told(client: FlaskClient, pace: HandPace) -> None:
    client.post("/_control/payments", json={**PAYMENT, "charges": "25", "beneficiaryAccount": "GB33BUKB20201555555555"})
    pace.wait(hours=1)
    document = notifications(client)[0][1]
    assert said(document, f"{ENTRY}/Amt") == said(document, f"{TRANSACTION}/Amt") == "5975.00"
    assert said(document, f"{TRANSACTION}/AmtDtls/InstdAmt/Amt") == "6000.00"
    assert said(document, f"{TRANSACTION}/Chrgs/Rcrd/Amt") == "25"
    assert said(document, "BkToCstmrDbtCdtNtfctn/Ntfctn/Acct/Id/IBAN") == "GB33BUKB20201555555555"


def test_the_document_keeps_the_order_of_the_schema(client: FlaskClient, pace: HandPace) -> None:
    client.post("/_control/payments", json={**PAYMENT, "charges": "25"})
    pace.wait(hours=1)
    for element in notifications(client)[0][1].iter():
        name = etree.QName(element).localname
        children = [etree.QName(child).localname for child in element]
        if children and name in ORDER:
            places = [ORDER[name].index(child) for child in children]
            assert places == sorted(set(places)), name
        if name.endswith("Amt") and not children:
            assert element.get("Ccy") == "USD"


def test_some_credits_are_announced_twice(client: FlaskClient, pace: HandPace) -> None:
    client.post("/_control/payments", json={**PAYMENT, "endToEndId": drawn(pace, twice=True)})
    pace.wait(minutes=45)
    (first, document), (second, again) = notifications(client)
    assert (first, second) == (1, 2)
    assert etree.tostring(document) == etree.tostring(again)


def test_sequences_never_change_while_many_pay_and_read(app: Flask, pace: HandPace) -> None:
    def pay(number: int) -> int:
        return app.test_client().post("/_control/payments", json={**PAYMENT, "endToEndId": f"E{number}"}).status_code

    def read(_: int) -> list[tuple[int, bytes]]:
        pace.wait(minutes=2)
        return [(sequence, etree.tostring(one)) for sequence, one in notifications(app.test_client(), "limit=500")]

    with ThreadPoolExecutor(8) as crowd:
        paid = [crowd.submit(pay, number) for number in range(40)]
        seen = [crowd.submit(read, turn) for turn in range(60)]
        assert {one.result() for one in paid} == {202}
        lists = [one.result() for one in seen]
    pace.wait(days=1)
    everything = read(0)
    assert all(everything[: len(listed)] == listed for listed in lists)
    assert [sequence for sequence, _ in everything] == list(range(1, len(everything) + 1))
    assert 40 < len(everything) < 80
    assert [sequence for sequence, _ in notifications(app.test_client(), "after=7&limit=3")] == [8, 9, 10]


@pytest.mark.parametrize(("name", "value"), [
    ("amount", "-1"), ("amount", "0"), ("currency", "usd"), ("payer", ""), ("payer", "x" * 141),
    ("payerCountry", "USA"), ("remittance", "bell \x07"), ("endToEndId", "x" * 36),
    ("beneficiaryAccount", "no account"), ("charges", "6000.00"), ("version", "15"), ("message", "camt.029"),
    ("parts", "700,"), ("leavesOut", "amount"),
])  # fmt: skip
def test_a_payment_that_no_bank_would_carry(client: FlaskClient, name: str, value: str) -> None:
    answer = client.post("/_control/payments", json={**PAYMENT, name: value})
    assert (answer.status_code, answer.get_json()["field"]) == (422, name)


NUMBER = "410100010501260924N001"
SAID = {
    "ACTIONTYPE": "A",
    "RPTNO": NUMBER,
    "CUSTYPE": "C",
    "CUSTCOD": "91410100725845019Y",
    "CUSTNM": "河南示例进出口有限公司",
    "OPPUSER": "(JW)Golden Wigs LLC",
    "TXCCY": "USD",
    "TXAMT": "6000",
    "EXRATE": "6.7489",
    "LCYAMT": "2000",
    "LCYACC": "41050167280800001234",
    "FCYAMT": "4000",
    "FCYACC": "41050167280800005678",
    "METHOD": "T",
    "BUSCODE": "IR2609240001",
}
"""What the bank said of the receipt that is declared here."""
DECLARATION = {
    **SAID,
    "COUNTRY": "USA",
    "PAYTYPE": "O",
    "TXCODE": "121010",
    "TC1AMT": "6000",
    "TXREM": "一般贸易",
    "ISREF": "N",
    "CRTUSER": "李明",
    "INPTELC": "037112345678",
    "RPTDATE": "20260925",
}


def declared(**changes: str | int | None) -> dict[str, Any]:
    return {name: value for name, value in {**DECLARATION, **changes}.items() if value is not None}


def say(client: FlaskClient, **changes: str | int | None) -> None:
    """The bank writes a row of basic information."""
    row = {name: value for name, value in {**SAID, **changes}.items() if value is not None}
    assert client.post("/_control/basic-information", json=row).status_code == 201


def rows(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/bop/basic-information?{query}", headers=DOOR)
    assert answer.status_code == 200
    return list(answer.get_json()["rows"])


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
        ({"BUSCODE": "IR2609240002"}, "BASIC", "BUSCODE"),  # given to another receipt
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


def test_parity_has_the_published_shape(client: FlaskClient, pace: HandPace) -> None:
    answer = client.get("/parity/ccpr.json", headers=DOOR).get_json()
    assert answer["head"]["rep_code"] == "200"
    assert answer["data"] == {"lastDateEn": "24/09/2026 9:15", "lastDate": "2026-09-24 9:15"}
    rates = {record["vrtEName"]: record for record in answer["records"]}
    assert len(rates) == 25
    assert abs(Decimal(rates["USD/CNY"]["price"]) - Decimal("6.75")) < Decimal("0.02")
    assert {"EUR/CNY", "100JPY/CNY", "HKD/CNY", "GBP/CNY", "CNY/RUB"} < set(rates)
    for record in rates.values():
        assert re.fullmatch(r"\d+\.\d{4}", record["price"])
        assert Decimal(record["bp"]) == abs(Decimal(str(record["bpDouble"])))
    assert any(record["bpDouble"] < 0 for record in rates.values())
    pace.wait(days=1)
    tomorrow = {record["vrtEName"]: record for record in client.get("/parity/ccpr.json", headers=DOOR).json["records"]}  # type: ignore[index]
    moved = Decimal(tomorrow["USD/CNY"]["price"]) - Decimal(rates["USD/CNY"]["price"])
    assert moved == Decimal(str(tomorrow["USD/CNY"]["bpDouble"])) / 10000


@pytest.mark.parametrize(("now", "day"), [
    (datetime(2026, 9, 24, 1, 14, 59, tzinfo=UTC), "2026-09-23"),
    (datetime(2026, 9, 24, 1, 15, tzinfo=UTC), "2026-09-24"),
    (datetime(2026, 9, 26, 5, 0, tzinfo=UTC), "2026-09-25"),
    (datetime(2026, 9, 28, 1, 0, tzinfo=UTC), "2026-09-25"),
])  # fmt: skip
def test_parity_is_of_the_latest_trading_day(now: datetime, day: str) -> None:
    client = create_app(HandPace(clock=[now])).test_client()
    assert client.get("/parity/ccpr.json", headers=DOOR).get_json()["data"]["lastDate"] == f"{day} 9:15"


def test_only_who_has_the_password_may_enter(client: FlaskClient) -> None:
    wrong = {"Authorization": "Basic " + b64encode(b"forex-demo:wrong").decode()}
    assert client.get("/parity/ccpr.json").status_code == 401
    assert client.get("/notifications/camt.054", headers=wrong).status_code == 401
    assert client.post("/bop/receipts", json=DECLARATION).status_code == 401
    assert client.get("/_control/health").get_json() == {"status": "ok", "authority": "forex"}
    assert client.post("/bop/receipts", data="[", headers=DOOR).status_code == 400
