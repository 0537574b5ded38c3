"""What banks say of money: every version, every envelope, every status; what is not understood is set aside alone."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sync.page_reading import Drift, Reader, Reading
from tests.support.connectors.camt_files import (
    MESSAGES,
    VERSIONS,
    advices,
    amount,
    aside,
    details,
    document,
    entry,
    in_details,
    listing,
    of_payments,
    raws,
    remittances,
    told,
)
from tests.support.connectors.parts import connector, page
from tests.support.together import together

GOOD = entry("GOOD", "5.00")
NOBODY = "RltdPties/Dbtr/Nm"


# Versions, envelopes, encodings


@together("version", VERSIONS)
@together("message", MESSAGES)
def test_a_credit_is_read_in_every_version(message: str, version: str) -> None:
    (one,) = told(document(entry(version=version), message=message, version=version))
    assert (one["noun"], one["amount"], one["currency"]) == ("remittance", Decimal("1000.00"), "USD")
    assert (one["account"], one["bank_reference"], one["end_to_end_id"]) == ("USD-ACCT-1", "R1", "E-R1")
    assert (one["payer"], one["payer_country"], one["remittance_information"]) == ("ACME INC", "US", "XC-1")
    assert (one["booked_at"], one["as_of"]) == (
        datetime(2026, 1, 19, 16, tzinfo=UTC),
        datetime(2026, 1, 20, 1, tzinfo=UTC),
    )


@together("version", VERSIONS)
@together("message", ["camt.053", "camt.054"])
def test_what_is_read_adds_up_to_what_the_file_says_came_in(message: str, version: str) -> None:
    chance = random.Random(f"{message}{version}")
    entries, came_in, debits, other = [], Decimal(0), 0, 0
    for number in range(40):
        cents = chance.randrange(1, 10_000_000)
        value, kind = Decimal(cents).scaleb(-2), chance.randrange(6)
        parts = [value - value // 3, value // 3] if value // 3 else [value]
        where = amount if version > "02" and chance.random() < 0.5 else in_details
        batch = [
            details(f"R{number}-{place}", within=where(str(one)), version=version) for place, one in enumerate(parts)
        ]
        made = [
            entry(f"R{number}", str(value), version=version),
            entry("NOTPROVIDED", str(value), version=version),
            entry(f"R{number}", str(value), *batch, version=version),
            entry(f"R{number}", str(value), direction="DBIT", version=version),
            entry(f"R{number}", str(value), direction="DBIT", reversal="1", version=version),
            entry(f"R{number}", str(value), code="PDNG", version=version),
        ][kind]
        entries.append(made)
        came_in += value if kind < 3 else 0
        debits, other = debits + (kind == 3), other + (kind > 3)
    read = told(document(*entries, message=message, version=version))
    assert sum(one["amount"] for one in read if one["noun"] == "remittance") == came_in
    assert [one["noun"] for one in read].count("bank_advice") == other
    assert not [one for one in read if one["noun"] == "aside"]
    assert len({one["source_id"] for one in read}) == len(read)


def prefixed(xml: str) -> str:
    return xml.replace("<", "<ns2:").replace("<ns2:/", "</ns2:").replace("xmlns=", "xmlns:ns2=")


HEADER = '<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><BizMsgIdr>B</BizMsgIdr></AppHdr>'


@together(
    "body",
    [
        document(entry()),
        prefixed(document(entry())),
        listing(document(entry())),
        listing(document(), prefixed(document(entry()))),
        listing(f"<BizMsg>{HEADER}{document(entry())}</BizMsg>"),
        f'<BizMsgEnvlp xmlns="urn:envelope">{HEADER}{document(entry())}</BizMsgEnvlp>',
        f'<s:DataPDU xmlns:s="urn:swift:saa:xsd:saa.2.0"><s:Body>{HEADER}{document(entry())}</s:Body></s:DataPDU>',
        b"\xef\xbb\xbf" + document(entry()).encode(),
        ('<?xml version="1.0" encoding="UTF-16"?>' + document(entry())).encode("utf-16"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>' + document(entry())).encode("latin-1"),
        document(entry()).replace("><", ">\n  <"),
        document(entry()).replace("urn:iso:std:iso:20022:tech:xsd:", "urn:swift:xsd:$"),
    ],
    ids=["bare", "prefix", "listing", "two", "listed-envelope", "BizMsg", "DataPDU", "BOM", "UTF-16", "Latin-1",
         "indented", "swift"],
)  # fmt: skip
def test_it_is_read_in_whatever_it_is_wrapped(body: str | bytes) -> None:
    assert [(one["noun"], one["amount"]) for one in told(body)] == [("remittance", Decimal(1000))]


def test_an_empty_listing_and_an_account_without_entries_say_nothing() -> None:
    assert told("<Notifications/>") == []
    assert told(document()) == []


@pytest.mark.parametrize("within", ["{}", "<m>{}</m>"])
def test_a_document_within_a_message_is_no_message(within: str) -> None:
    more = '<Envlp><Document xmlns="urn:iso:std:iso:20022:tech:xsd:supl.001.001.01"><X/></Document></Envlp>'
    message = document(entry()).replace("</Ntfctn>", f"</Ntfctn><SplmtryData>{more}</SplmtryData>")
    assert [one["noun"] for one in told(listing(within.format(message)))] == ["remittance"]


@together(
    ("member", "field"),
    [
        (document(entry(), version="14"), "Document"),
        (document(entry(), version="01"), "Document"),
        (document(entry()).replace("camt.054.001.08", "camt.054.002.08"), "Document"),
        (document(entry()).replace(' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"', ""), "Document"),
        ('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt/></Document>', "Document"),
        ("<Document/>", "Document"),
        ("UEsDBBQ=", "Document"),
        (document(entry()).replace("<Ntfctn>", "<Stmt>").replace("</Ntfctn>", "</Stmt>"), "Ntfctn"),
        (document(entry(), account=""), "Acct/Id"),
        (document(entry()).replace("2026-01-20T09:00:00+08:00", "yesterday"), "GrpHdr/CreDtTm"),
        (document(entry(code="PROCESSING")), "Sts"),
        (document(entry(code="XXXX")), "Sts"),
        (document(entry(code="")), "Sts"),
        (document(entry(version="02", code="UNKN"), version="02"), "Sts"),
        (document(entry()).replace("<Cd>BOOK</Cd>", "<Prtry>gebucht</Prtry>"), "Sts/Prtry"),
        (document(entry(direction="CREDIT")), "CdtDbtInd"),
        (document(entry(reversal="yes")), "RvslInd"),
        (document(entry(day="<Dt>20.01.2026</Dt>")), "BookgDt"),
        (document(entry(day="")), "BookgDt"),
        (document(entry(value="")), "Amt"),
        (document(entry(value="1,000.00")), "Amt"),
        (document(entry(value="-5.00")), "Amt"),
        (document(entry(value="1e3")), "Amt"),
        (document(entry(value="NaN")), "Amt"),
        (document(entry(value="0.00")), "Amt"),
        (document(entry(value="10.005")), "Amt"),
        (document(entry(value="10.5", currency="JPY")), "Amt"),
        (document(entry(currency="$")), "Amt/@Ccy"),
        (document(entry(currency="XYZ")), "Amt/@Ccy"),
        (document(entry("R1", "9.00", details(parties=""))), NOBODY),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_set_aside_alone_with_its_field(member: str, field: str) -> None:
    page = listing(document(GOOD), member, member, document(GOOD, number="N2"))
    found = told(page)
    assert [one["amount"] for one in found if one["noun"] == "remittance"] == [Decimal(5), Decimal(5)]
    assert [one["field"] for one in found if one["noun"] == "aside"] == [field, field]
    assert all(len(reason) > 10 for _, reason in aside(page))


def test_a_bad_entry_is_shown_whole_and_its_neighbours_are_read() -> None:
    page = document(entry("A"), entry("B", "10.005"), entry("C"))
    assert [one["bank_reference"] for one in remittances(page)] == ["A", "C"]
    (raw,) = raws(page)
    assert "10.005" in raw
    assert "<AcctSvcrRef>B</AcctSvcrRef>" in raw


def test_credits_without_a_payer_are_set_aside_and_say_what_to_do() -> None:
    page = document(
        entry("R1", "1.23", details(parties="", words="INTEREST")),
        entry("R2", "4.56", details(parties="", words="CASH")),
        GOOD,
    )
    assert [one["bank_reference"] for one in remittances(page)] == ["GOOD"]
    assert [field for field, _ in aside(page)] == [NOBODY, NOBODY]
    assert all("ask the bank" in reason for _, reason in aside(page))
    assert ["INTEREST" in raws(page)[0], "CASH" in raws(page)[1]] == [True, True]


@pytest.mark.parametrize(
    ("value", "currency", "read"),
    [("1000", "USD", "1000.00"), ("+1000.0", "USD", "1000.00"), (" 1000.000 ", "USD", "1000.00"), (".5", "USD", "0.50"),
     ("5.", "USD", "5.00"), ("150000", "JPY", "150000"), ("150000.00", "JPY", "150000"), ("1.125", "KWD", "1.125")],
)  # fmt: skip
def test_amounts_are_decimals_of_their_currency(value: str, currency: str, read: str) -> None:
    one = of_payments(entry("R1", value, details("R1"), currency=currency))
    assert (str(one["amount"]), one["currency"]) == (read, currency)


# What an entry is


@together("version", ["02", "06", "07", "13"])
@together(
    ("code", "direction", "reversal", "noun"),
    [
        ("BOOK", "CRDT", None, "remittance"),
        ("BOOK", "CRDT", "false", "remittance"),
        ("BOOK", "CRDT", " 0\n", "remittance"),
        ("BOOK", "CRDT", "true", "bank_advice"),
        ("BOOK", "DBIT", "true", "bank_advice"),
        ("BOOK", "DBIT", " 1 ", "bank_advice"),
        ("BOOK", "DBIT", None, None),
        ("BOOK", "DBIT", "0", None),
        ("PDNG", "CRDT", None, "bank_advice"),
        ("FUTR", "CRDT", None, "bank_advice"),
        ("INFO", "CRDT", None, "bank_advice"),
        ("PDNG", "DBIT", None, None),
        ("PDNG", "DBIT", "1", "bank_advice"),
    ],
)
def test_status_direction_and_reversal_say_what_it_is(
    version: str, code: str, direction: str, reversal: str | None, noun: str | None
) -> None:
    one = entry("R1", "7.00", code=code, direction=direction, reversal=reversal, version=version)
    found = told(document(one, version=version))
    assert [kept["noun"] for kept in found] == ([noun] if noun else [])
    if noun == "bank_advice":
        (advice,) = found
        said = (advice["status"], advice["direction"], advice["reversal"], advice["amount"], advice["payer"])
        taken_back = (reversal or "").strip() in ("true", "1")
        assert said == (code, direction, taken_back, Decimal("7.00"), "ACME INC")


def test_a_reversal_names_what_it_takes_back() -> None:
    own = details("R1-RV", ends="<RtrInf><Rsn><Cd>AC03</Cd></Rsn></RtrInf><OrgnlBkRef>R1</OrgnlBkRef>")
    (advice,) = advices(document(entry("R1-RV", "1000.00", own, direction="DBIT", reversal="true")))
    assert advice["identifiers"] == ["R1-RV", "E-R1-RV", "R1"]
    assert advice["booked_at"] == datetime(2026, 1, 19, 16, tzinfo=UTC)


def test_a_debit_with_a_reason_of_return_takes_a_credit_back() -> None:
    returned = details("X1", ends="<RtrInf><Rsn><Cd>FOCR</Cd></Rsn></RtrInf>")
    (advice,) = advices(document(entry("X1", "10.00", returned, direction="DBIT")))
    assert (advice["direction"], advice["reversal"]) == ("DBIT", True)
    (advice,) = advices(document(entry("X1", "10.00", returned)))
    assert (advice["direction"], advice["reversal"]) == ("CRDT", True), "a payment of our own came back"


def test_a_pending_entry_needs_neither_payer_nor_day_of_booking() -> None:
    pending = entry("R1", "9.00", details(parties=""), code="PDNG").replace(
        "<BookgDt><Dt>2026-01-20</Dt></BookgDt>", ""
    )
    (advice,) = advices(document(pending))
    assert (advice["payer"], advice["booked_at"]) == ("", None)


def test_where_no_entry_has_an_amount_the_form_is_another() -> None:
    """Such a page is asked for again, and nothing of it is passed by; a single such entry is set aside."""
    reader = Reader("forex", connector("forex").codes)
    formless = GOOD.replace(amount("5.00"), "<Amt><Value>5.00</Value></Amt>")
    stream = connector("forex").streams["credits"]

    def read(*entries: str) -> Reading:
        return reader.read(stream.read(page(document(*entries))), None, datetime.now(UTC))

    with pytest.raises(Drift, match="amount"):
        read(formless, formless.replace("GOOD", "OTHER"))
    reading = read(formless, GOOD)
    assert ([one.field for one in reading.aside], len(reading.rows["remittance"])) == (["amount"], 1)
