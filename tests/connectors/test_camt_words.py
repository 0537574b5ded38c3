"""Who paid, what for and when, as banks tell it; and by what an entry is known again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.connectors.camt_files import (
    aside,
    details,
    document,
    entry,
    in_details,
    listing,
    of_payments,
    part,
    payer,
    remittances,
    told,
)

GOOD = entry("GOOD", "5.00")
NOBODY = "RltdPties/Dbtr/Nm"

# Who paid, what for


CONTACT = "<CtctDtls><Nm>Anna Contact</Nm></CtctDtls>"


@pytest.mark.parametrize(
    ("parties", "name", "country"),
    [
        (payer(version="02"), "ACME INC", "US"),
        (payer(), "ACME INC", "US"),
        ("<Dbtr><Agt><FinInstnId><Nm>First Bank</Nm><PstlAdr><Ctry>SG</Ctry></PstlAdr></FinInstnId></Agt></Dbtr>",
         "First Bank", "SG"),
        (payer() + payer("GROUP PLC", "GB", role="UltmtDbtr"), "ACME INC", "US"),
        (payer("GROUP PLC", "GB", role="UltmtDbtr"), "GROUP PLC", "GB"),
        (payer("NOTPROVIDED") + payer("GROUP PLC", "GB", role="UltmtDbtr"), "GROUP PLC", "GB"),
        (f"<Dbtr><Pty>{CONTACT}</Pty></Dbtr>" + payer("GROUP PLC", "GB", role="UltmtDbtr"), "GROUP PLC", "GB"),
        (f"<Dbtr><Pty><Nm>ACME\n  INC</Nm><CtryOfRes>DE</CtryOfRes>{CONTACT}</Pty></Dbtr>", "ACME INC", "DE"),
        ("<Dbtr><Pty><Nm>ACME INC</Nm></Pty></Dbtr>", "ACME INC", None),
        ("<InitgPty><Pty><Nm>An app</Nm></Pty></InitgPty>" + payer(), "ACME INC", "US"),
    ],
)  # fmt: skip
def test_the_payer_is_the_debtor_else_the_ultimate_debtor(parties: str, name: str, country: str | None) -> None:
    one = of_payments(entry("R1", "5.00", details("R1", parties=parties)))
    assert (one["payer"], one["payer_country"]) == (name, country)


@pytest.mark.parametrize(
    "parties",
    [f"<Dbtr>{CONTACT}</Dbtr>", f"<Dbtr><Pty>{CONTACT}</Pty></Dbtr>", payer(role="Cdtr"), payer(""),
     "<DbtrAcct><Nm>Current account</Nm></DbtrAcct>"],
)  # fmt: skip
def test_nobody_else_is_taken_for_the_payer(parties: str) -> None:
    assert [field for field, _ in aside(document(entry("R1", "5.00", details("R1", parties=parties))))] == [NOBODY]


def test_structured_references_stand_beside_the_words() -> None:
    remittance_information = (
        "<RmtInf><Ustrd>for</Ustrd><Ustrd>order</Ustrd><Strd><RfrdDocInf><Nb>INV-7</Nb><LineDtls><Id><Nb>1</Nb></Id>"
        "</LineDtls></RfrdDocInf><RfrdDocInf><Nb>INV-8</Nb></RfrdDocInf><CdtrRefInf><Ref>RF18539007547034</Ref>"
        "</CdtrRefInf><AddtlRmtInf>XC-9</AddtlRmtInf></Strd></RmtInf>"
    )
    one = of_payments(entry("R1", "5.00", details("R1", words="", ends=remittance_information)))
    assert one["remittance_information"] == "for order INV-7 INV-8 RF18539007547034 XC-9"


@pytest.mark.parametrize(
    ("day", "booked_at"),
    [
        ("<Dt>2026-01-20</Dt>", datetime(2026, 1, 19, 16, tzinfo=UTC)),
        ("<Dt>2026-01-20+08:00</Dt>", datetime(2026, 1, 19, 16, tzinfo=UTC)),
        ("<Dt> 2026-01-20Z </Dt>", datetime(2026, 1, 20, 0, tzinfo=UTC)),
        ("<Dt>2026-01-20-05:00</Dt>", datetime(2026, 1, 20, 5, tzinfo=UTC)),
        ("<DtTm>2026-01-20T09:30:00.1234567+01:00</DtTm>", datetime(2026, 1, 20, 8, 30, 0, 123456, tzinfo=UTC)),
        ("<DtTm>2026-01-20T09:30:00</DtTm>", datetime(2026, 1, 20, 1, 30, tzinfo=UTC)),
        ("<DtTm>2026-01-20T24:00:00Z</DtTm>", datetime(2026, 1, 21, 0, tzinfo=UTC)),
    ],
)
def test_the_day_of_booking_is_read_with_its_offset(day: str, booked_at: datetime) -> None:
    assert of_payments(entry("R1", "5.00", details("R1"), day=day))["booked_at"] == booked_at


@pytest.mark.parametrize(
    ("account", "number"),
    [("<IBAN>LU280019400644750000</IBAN>", "LU280019400644750000"), ("<Othr><Id>4105 0171</Id></Othr>", "41050171"),
     ("<IBAN> DE89 3704 0044 0532 0130 00 </IBAN>", "DE89370400440532013000")],
)  # fmt: skip
def test_the_account_is_read_in_either_form(account: str, number: str) -> None:
    assert [one["account"] for one in remittances(document(GOOD, account=account))] == [number]


# By what it is known again


def keys(*documents: str) -> list[str]:
    return [one["source_id"] for one in told(listing(*documents)) if one["noun"] != "aside"]


NO_REFERENCE = [
    entry("NOTPROVIDED", "1000.00", details()),
    entry("NOTPROVIDED", "250.00", details()),
    entry("", "250.00", details(words="XC-2")),
    entry("NONREF", "250.00", details(parties=payer("OTHER LTD"))),
    entry("R1", "1000.00"),
    entry("R1", "250.00"),
    entry("R1", "1000.00", day="<Dt>2026-01-21</Dt>"),
    entry("R1", "1000.00", part("A", "500.00"), part("B", "500.00"), day="<Dt>2026-01-22</Dt>"),
    entry("R1", "1000.00", direction="DBIT", reversal="1"),
]


def test_entries_of_one_bank_reference_or_of_none_are_each_themselves() -> None:
    assert len(set(keys(document(*NO_REFERENCE)))) == len(NO_REFERENCE) + 1


def test_the_same_money_has_the_same_key_in_whatever_it_is_told() -> None:
    first = keys(document(*NO_REFERENCE))
    assert sorted(keys(document(*reversed(NO_REFERENCE), number="N2"))) == sorted(first), "another order, another file"
    assert sorted(keys(document(*NO_REFERENCE, message="camt.053", version="02").replace("<Cd>BOOK</Cd>", "BOOK"))) == (
        sorted(first)
    ), "a statement after its notification, in another version"
    assert [key for one in NO_REFERENCE for key in keys(document(one))] == first, "each in a file of its own"


def test_entries_alike_in_everything_are_counted_and_counted_alike_again() -> None:
    alike = [entry("NOTPROVIDED", "250.00", details()) for _ in range(3)]
    found = keys(document(*alike))
    assert len(set(found)) == 3
    assert keys(document(*alike)) == found
    assert sorted(keys(document(*alike, GOOD), document(*alike, number="N2"))) == sorted(
        [*found, *found, *keys(document(GOOD))]
    )


def called(refs: str, *, reference: str = "NOTPROVIDED", words: str = "XC-1", day: str = "<Dt>2026-01-20</Dt>") -> str:
    """An entry of one payment under these identifiers."""
    inner = details(words=words).replace("<TxDtls>", f"<TxDtls><Refs>{refs}</Refs>")
    return entry(reference, "1000.00", inner, day=day)


E1, E2 = "<EndToEndId>E1</EndToEndId>", "<EndToEndId>E2</EndToEndId>"
UETR = "<UETR>7a562c67-ca16-48ba-b074-65581be6f001</UETR>"
OTHER_UETR = "<UETR>7a562c67-ca16-48ba-b074-65581be6f002</UETR>"
TX_ID = "<TxId>X9</TxId>"


@pytest.mark.parametrize(("one", "other"), [(E1, E2), (UETR, OTHER_UETR), (TX_ID, "<TxId>X8</TxId>")])
def test_payments_of_one_reference_are_told_apart_by_what_they_are_called(one: str, other: str) -> None:
    both = called(one, reference="R1"), called(other, reference="R1")
    apart = keys(*map(document, both))
    assert len(set(apart)) == 2
    assert sorted(keys(document(*both))) == sorted(apart), "in one file as in two"


@pytest.mark.parametrize("reference", ["R1", "NOTPROVIDED"])
@pytest.mark.parametrize(
    ("first", "then"),
    [(E1 + UETR, E1 + TX_ID + UETR), (E1, E1 + TX_ID), (UETR, UETR + TX_ID), (TX_ID, TX_ID + "<InstrId>I</InstrId>")],
)
def test_a_statement_that_says_more_or_less_tells_of_the_same_payment(first: str, then: str, reference: str) -> None:
    notified = keys(document(called(first, reference=reference)))
    assert keys(document(called(then, reference=reference, words=""), message="camt.053")) == notified


def test_a_reference_and_the_payers_own_identifier_are_enough_without_a_uetr() -> None:
    notified = keys(document(called(E1 + UETR, reference="R1")))
    assert keys(document(called(E1, reference="R1"), message="camt.053")) == notified


def test_a_payment_is_of_the_entry_that_a_statement_tells_without_it() -> None:
    batch = "<Btch><NbOfTxs>1</NbOfTxs></Btch>"
    payment, whole = remittances(
        listing(document(called(E1, reference="R1")), document(entry("R1", "1000.00", " ", batch=batch)))
    )
    assert payment["entry_key"] == whole["entry_key"] == whole["source_id"] != payment["source_id"]


@pytest.mark.parametrize(
    "day",
    ["<DtTm>2026-01-19T23:30:00Z</DtTm>", "<DtTm>2026-01-20T23:30:00</DtTm>", "<DtTm>2026-01-19T17:00:00-05:00</DtTm>",
     "<DtTm>2026-01-19T24:00:00+08:00</DtTm>"],
)  # fmt: skip
def test_one_day_in_beijing_is_one_day(day: str) -> None:
    assert keys(document(called(E1, day=day))) == keys(document(called(E1)))


def test_entries_alike_are_counted_over_all_statements_of_an_account_in_a_document() -> None:
    alike, between = entry("NOTPROVIDED", "250.00", details()), "</Ntfctn><Ntfctn><Acct><Id>{}</Id></Acct>"
    found = keys(document(alike, between.format("<Othr><Id>USD-ACCT-1</Id></Othr>"), alike))
    assert found == keys(document(alike, alike))
    other = keys(document(alike, between.format("<Othr><Id>USD-ACCT-2</Id></Othr>"), alike))
    assert [one.endswith("#2") for one in other] == [False, False]


def test_transactions_alike_in_a_batch_are_each_themselves() -> None:
    batch = entry("R1", "600.00", *[details(within=in_details("200.00")) for _ in range(3)])
    assert len(set(keys(document(batch)))) == 3


def test_keys_of_two_accounts_differ_and_none_is_too_long() -> None:
    long = entry("R" * 400, "1.00", *[details("P" * 400, within=in_details("0.50")) for _ in range(2)])
    found = keys(document(GOOD, long), document(GOOD, account="<IBAN>LU280019400644750000</IBAN>"))
    assert len(set(found)) == 4
    assert max(map(len, found)) <= 200


def test_what_banks_write_for_nothing_is_no_reference() -> None:
    refs = "<Refs><AcctSvcrRef>NOT PROVIDED</AcctSvcrRef><EndToEndId>NotProvided</EndToEndId></Refs>"
    one = of_payments(entry("NONREF", "5.00", details().replace("<TxDtls>", f"<TxDtls>{refs}")))
    assert (one["bank_reference"], one["end_to_end_id"], one["identifiers"]) == ("", None, [])
