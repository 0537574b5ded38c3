"""Amounts that banks tell of: batches that add up or do not, other currencies, charges."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.connectors.camt_files import (
    advices,
    amount,
    aside,
    details,
    document,
    entry,
    in_details,
    of_payments,
    part,
    raws,
    remittances,
)
from tests.support.together import together

GOOD = entry("GOOD", "5.00")
NOBODY = "RltdPties/Dbtr/Nm"

# Batches


@pytest.mark.parametrize("where", ["Amt", "TxAmt"])
def test_the_transactions_of_a_batch_are_remittances_of_their_own(where: str) -> None:
    batch = entry("R1", "1000.00", part("R1-1", "700.00", where), part("R1-2", "300.00", where))
    found = remittances(document(batch))
    assert [(one["bank_reference"], one["amount"]) for one in found] == [
        ("R1-1", Decimal(700)), ("R1-2", Decimal(300)),
    ]  # fmt: skip
    assert len({one["entry_key"] for one in found}) == 1


@pytest.mark.parametrize(
    ("transactions", "sums"),
    [
        ([part("A", "700.00"), part("B", "200.00")], ("900.00 USD", "1000.00 USD")),
        ([part("A", "1000.00"), part("B", "1000.00")], ("2000.00 USD", "1000.00 USD")),
        ([part("A", "999.99")], ("999.99 USD", "1000.00 USD")),
        ([part("A"), part("B", "1000.00")], ("transaction 1 of 2", "1000.00 USD")),
        ([details("A", within=in_details("900", "EUR")), part("B", "100.00")], ("transaction 1 of 2", "in USD")),
        ([part("A", "1000.00").replace("<AmtDtls>", "<CdtDbtInd>DBIT</CdtDbtInd><AmtDtls>")], ("-1000.00", "1000.00")),
        ([details("A", within="<AmtDtls><TxAmt><Amt Ccy='USD'/></TxAmt></AmtDtls>")], ("TxAmt/Amt says no amount", "")),
    ],
)
def test_what_does_not_add_up_is_one_record_set_aside_with_both_sums(
    transactions: list[str], sums: tuple[str, str]
) -> None:
    page = document(entry("R1", "1000.00", *transactions), GOOD)
    assert [one["bank_reference"] for one in remittances(page)] == ["GOOD"]
    ((_, reason),) = aside(page)
    assert sums[0] in reason
    assert sums[1] in reason


def test_a_batch_that_names_no_transactions_is_one_remittance_of_unnamed_payers() -> None:
    whole = entry("R1", "1000.00", " ", batch="<Btch><NbOfTxs>3</NbOfTxs></Btch>")
    one = of_payments(whole)
    assert (one["amount"], one["payer"], one["source_id"]) == (Decimal(1000), "", one["entry_key"])


def test_of_a_batch_one_transaction_is_not_taken_for_the_whole() -> None:
    ((field, reason),) = aside(document(entry("R1", "1000.00", part("A"), batch="<Btch><NbOfTxs>3</NbOfTxs></Btch>")))
    assert (field, "batch of 3" in reason) == ("NtryDtls/Btch/NbOfTxs", True)


def test_a_debit_in_a_batch_of_credits_is_no_remittance() -> None:
    debit = details("B", within=f"{amount('100.00')}<CdtDbtInd>DBIT</CdtDbtInd>")
    page = document(entry("R1", "900.00", part("A", "1000.00", "Amt"), debit))
    assert [(one["bank_reference"], one["amount"]) for one in remittances(page)] == [("A", Decimal(1000))]
    assert [(one["direction"], one["reversal"], one["amount"]) for one in advices(page)] == [
        ("DBIT", False, Decimal(100))
    ]


def test_of_a_batch_a_transaction_without_payer_is_set_aside_alone() -> None:
    unnamed = details("B", within=in_details("300.00"), parties="")
    page = document(entry("R1", "1000.00", part("A", "700.00"), unnamed))
    assert [one["amount"] for one in remittances(page)] == [Decimal(700)]
    assert [field for field, _ in aside(page)] == [NOBODY]
    assert "300.00" in raws(page)[0]


def test_batches_over_several_groups_of_details_are_one_entry() -> None:
    split = entry("R1", "1000.00", part("A", "700.00") + "</NtryDtls><NtryDtls>" + part("B", "300.00"))
    assert [one["amount"] for one in remittances(document(split))] == [Decimal(700), Decimal(300)]


def test_a_reversed_batch_may_repeat_the_direction_of_its_credits() -> None:
    repeated = "<CdtDbtInd>CRDT</CdtDbtInd>"
    parts = [details(name, within=amount(value) + repeated) for name, value in (("A", "700.00"), ("B", "300.00"))]
    found = advices(document(entry("R1", "1000.00", *parts, direction="DBIT", reversal="1")))
    assert [(one["direction"], one["amount"]) for one in found] == [("DBIT", Decimal(700)), ("DBIT", Decimal(300))]


# Other currencies, charges


def exchanged(**amounts: str) -> str:
    rate = "<CcyXchg><SrcCcy>EUR</SrcCcy><TrgtCcy>USD</TrgtCcy><XchgRate>1.1</XchgRate></CcyXchg>"
    inner = "".join(
        f"<{name}>{amount(value.split()[0], value.split()[1])}{rate}</{name}>" for name, value in amounts.items()
    )
    return f"<AmtDtls>{inner}</AmtDtls>"


def test_an_amount_in_another_currency_is_never_taken_for_the_entrys() -> None:
    one = of_payments(entry("R1", "990.00", details("R1", within=exchanged(InstdAmt="900.00 EUR", TxAmt="900.00 EUR"))))
    assert (one["amount"], one["currency"], one["instructed_amount"]) == (Decimal(990), "USD", None)


def test_a_batch_in_another_currency_is_divided_by_its_counter_values() -> None:
    parts = [
        details("A", within=exchanged(InstdAmt="600.00 EUR", TxAmt="600.00 EUR", CntrValAmt="660.00 USD")),
        details("B", within=exchanged(InstdAmt="300.00 EUR", TxAmt="300.00 EUR", CntrValAmt="330.00 USD")),
    ]
    assert [one["amount"] for one in remittances(document(entry("R1", "990.00", *parts)))] == [
        Decimal(660),
        Decimal(330),
    ]


def test_what_was_sent_says_nothing_of_what_a_single_payment_brought() -> None:
    """A bank on the way may have kept something and named no charge; in a batch the amounts sent divide the entry."""
    one = of_payments(entry("R1", "985.00", details("R1", within=exchanged(InstdAmt="1000.00 USD"))))
    assert (one["amount"], one["instructed_amount"], one["charges"]) == (Decimal(985), Decimal(1000), None)
    parts = [details(name, within=exchanged(InstdAmt=f"{value} USD")) for name, value in (("A", "700"), ("B", "300"))]
    assert [one["amount"] for one in remittances(document(entry("R1", "1000.00", *parts)))] == [
        Decimal(700),
        Decimal(300),
    ]


def total(value: str) -> str:
    return amount(value, tag="TtlChrgsAndTaxAmt")


CHARGES = {
    "02, one": ("02", f"<Chrgs>{amount('12.00')}</Chrgs>", ("12.00", "USD")),
    "02, two": ("02", f"<Chrgs>{amount('12.00')}</Chrgs><Chrgs>{amount('3.00')}</Chrgs>", ("15.00", "USD")),
    "02, total": ("02", f"<Chrgs>{total('12.00')}{amount('10.00')}</Chrgs>", ("12.00", "USD")),
    "records": ("08", f"<Chrgs><Rcrd>{amount('8')}</Rcrd><Rcrd>{amount('4.5')}</Rcrd></Chrgs>", ("12.50", "USD")),
    "total": ("08", f"<Chrgs>{total('9')}<Rcrd>{amount('8')}</Rcrd></Chrgs>", ("9.00", "USD")),
    "given back": (
        "08", f"<Chrgs><Rcrd>{amount('8')}</Rcrd><Rcrd>{amount('3')}<CdtDbtInd>CRDT</CdtDbtInd></Rcrd></Chrgs>",
        ("5.00", "USD"),
    ),
    "another currency": ("08", f"<Chrgs><Rcrd>{amount('80', 'CNY')}</Rcrd></Chrgs>", ("80.00", "CNY")),
    "two currencies": (
        "08", f"<Chrgs><Rcrd>{amount('80', 'CNY')}</Rcrd><Rcrd>{amount('8')}</Rcrd></Chrgs>", ("8.00", "USD"),
    ),
    "two others": (
        "08", f"<Chrgs><Rcrd>{amount('80', 'CNY')}</Rcrd><Rcrd>{amount('7', 'EUR')}</Rcrd></Chrgs>", (None, None),
    ),
    "the payer's": ("08", f"<Chrgs><Rcrd>{amount('8')}<Br>DEBT</Br></Rcrd></Chrgs>", (None, None)),
    "shared": (
        "08",
        f"<Chrgs>{total('20')}<Rcrd>{amount('8')}<Br>DEBT</Br></Rcrd><Rcrd>{amount('12')}<Br>CRED</Br></Rcrd></Chrgs>",
        ("12.00", "USD"),
    ),
    "still to come": (
        "08", f"<Chrgs><Rcrd>{amount('8')}<ChrgInclInd>false</ChrgInclInd></Rcrd></Chrgs>", (None, None),
    ),
}  # fmt: skip


@together("at", ["transaction", "entry"])
@together(("version", "charges", "kept"), CHARGES.values(), ids=CHARGES)
def test_charges_are_kept_with_their_currency(
    version: str, charges: str, kept: tuple[str | None, str | None], at: str
) -> None:
    inner = details("R1", within=charges if at == "transaction" else "", version=version)
    one = of_payments(
        entry("R1", "88.00", inner, within=charges if at == "entry" else "", version=version), version=version
    )
    assert (one["amount"], one["charges_currency"]) == (Decimal("88.00"), kept[1])
    assert one["charges"] == (None if kept[0] is None else Decimal(kept[0]))


def test_amounts_before_charges_add_up_to_an_entry_after_them() -> None:
    charged = f"<Chrgs><Rcrd>{amount('12.00')}</Rcrd></Chrgs>"
    one = of_payments(entry("R1", "988.00", details("R1", within=in_details("1000.00") + charged)))
    assert (one["amount"], one["charges"]) == (Decimal(988), Decimal(12))
    parts = [details(name, within=in_details(value) + charged) for name, value in (("A", "700.00"), ("B", "300.00"))]
    found = remittances(document(entry("R1", "976.00", *parts)))
    assert [(one["amount"], one["charges"]) for one in found] == [
        (Decimal(688), Decimal(12)),
        (Decimal(288), Decimal(12)),
    ]
