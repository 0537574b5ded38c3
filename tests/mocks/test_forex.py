"""The stand-in bank and forex administration: credits, remittance declarations, central parity."""

from __future__ import annotations

import re
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from mocks.forex.app import create_app
from mocks.pace import Pace
from tests.support.mocks.bank import DECLARATION, DOOR, PAYMENT, THURSDAY
from tests.support.mocks.clocks import HandPace

CAMT = "{urn:iso:std:iso:20022:tech:xsd:camt.054.001.08}"

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
