"""The forms in which the stand-in bank tells of a payment, each by a switch."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from lxml import etree

from mocks.forex.app import create_app
from tests.support.mocks.clocks import HandPace

DOOR = {"Authorization": "Basic " + b64encode(b"forex-demo:forex-demo-password").decode()}
PAYMENT = {
    "amount": "6000.00", "currency": "USD", "payer": "Golden Wigs LLC", "payerCountry": "US",
    "remittance": "Invoice INV-2026-0217", "beneficiaryAccount": "41050167280800001234",
}  # fmt: skip


@pytest.fixture
def pace() -> HandPace:
    return HandPace(clock=[datetime(2026, 9, 24, 2, 0, tzinfo=UTC)])


@pytest.fixture
def client(pace: HandPace) -> FlaskClient:
    return create_app(pace).test_client()


def told(client: FlaskClient, pace: HandPace, **switches: str) -> list[str]:
    """The documents that follow from a payment within two days, without their namespaces, each once."""
    payment = {**PAYMENT, "endToEndId": "E2E-0217", **switches}
    assert client.post("/_control/payments", json=payment).status_code == 202
    pace.wait(days=2)
    listing = etree.fromstring(client.get("/notifications/camt.054", headers=DOOR).data)
    texts = [etree.tostring(one[0], encoding="unicode") for one in listing]
    return list(dict.fromkeys(re.sub(r' xmlns(:\w+)?="[^"]*"', "", text) for text in texts))


@pytest.mark.parametrize(
    ("switches", "says", "never"),
    [
        ({"version": "02"}, ["<Sts>BOOK</Sts>", "<Dbtr><Nm>"], ["UETR", "<Rcrd>"]),
        ({"version": "13"}, ["<Sts><Cd>BOOK</Cd></Sts>", "<Dbtr><Pty><Nm>"], []),
        ({"version": "02", "charges": "5"}, ['</TtlChrgsAndTaxAmt><Amt Ccy="USD">5<'], ["<Rcrd>"]),
        ({"charges": "80", "chargesCurrency": "CNY"}, ['"USD">6000.00<', 'TtlChrgsAndTaxAmt Ccy="CNY">80<'], []),
        ({"message": "camt.053"}, ["<BkToCstmrStmt>", "<Bal>"], ["Ntfctn"]),
        ({"message": "camt.052"}, ["<BkToCstmrAcctRpt>", "<Rpt>"], ["Ntfctn"]),
        ({"status": "PDNG"}, ["<Sts><Cd>PDNG</Cd></Sts>"], ["BookgDt"]),
        ({"status": "Vorgemerkt"}, ["<Sts><Prtry>Vorgemerkt</Prtry></Sts>"], []),
        ({"reference": ""}, [], ["AcctSvcrRef"]),
        ({"parts": "4000.00,2000.00", "partAmounts": "TxAmt"}, ["<NbOfTxs>2<", '<TxAmt><Amt Ccy="USD">2000.00<'], []),
        ({"parts": "4000.00,2000.00", "partAmounts": "none"}, ["<NbOfTxs>2</NbOfTxs>"], ["4000.00"]),
        ({"leavesOut": "payer"}, ["<RmtInf>"], ["RltdPties"]),
        ({"leavesOut": "details"}, ["<AcctSvcrRef>"], ["NtryDtls"]),
        ({"bookedAs": "offset"}, ["+08:00</Dt></BookgDt>"], []),
        ({"bookedAs": "DtTm"}, ["<BookgDt><DtTm>"], []),
        ({"structured": "RF18"}, ["<Strd><CdtrRefInf><Ref>RF18</Ref>"], []),
        ({"envelope": "BizMsg"}, ["<BizMsg><Document>"], []),
        ({"prefix": "ns2"}, ["<ns2:Document>", "<ns2:Ntry>"], []),
    ],
    ids=str,
)  # fmt: skip
def test_a_payment_says_how_the_bank_tells_of_it(
    client: FlaskClient, pace: HandPace, switches: dict[str, str], says: list[str], never: list[str]
) -> None:
    (document,) = told(client, pace, **switches)
    assert [words for words in says if words not in document] == []
    assert [words for words in never if words in document] == []


@pytest.mark.parametrize(
    ("names", "says"),
    [("suffix", "IR26092400000001-RV"), ("same", "<AcctSvcrRef>IR26092400000001<"), ("endToEnd", "<EndToEndId>E2E-"),
     ("nothing", "<EndToEndId>NOTPROVIDED<")],
)  # fmt: skip
def test_the_bank_takes_a_credit_back(client: FlaskClient, pace: HandPace, names: str, says: str) -> None:
    credit, reversal = told(client, pace, reversal="1", reversalNames=names)
    assert "RvslInd" not in credit
    assert "<CdtDbtInd>DBIT</CdtDbtInd><RvslInd>1</RvslInd>" in reversal
    assert says in reversal
