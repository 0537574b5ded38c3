"""What an enterprise completes of a declaration: derived where a rule says so, said by a person, or asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from hub.dossiers.dossier import Dossier, DossierLine
from hub.dossiers.rows import AllocatedShare, RemittanceRow
from hub.model import BasicInformation, Remittance
from hub.papers.computations import COMPUTATIONS, CannotCompute

BOOKED = datetime(2026, 3, 2, 2, tzinfo=UTC)  # ten in the morning in Beijing
BEFORE, SAME_DAY, AFTER = (datetime(2026, 3, day, 1, tzinfo=UTC) for day in (1, 2, 3))
MIDNIGHT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # the third of March in Beijing


def share(amount: str, mode: str = "9610", order: str = "XC-1", **more: Any) -> Any:
    return AllocatedShare(7, Decimal(amount), mode, order, **{"platform": None, "departed_at": None} | more)


def dossier(*shares: Any, completion: Mapping[str, Any] | None = None, **remittance: Any) -> Dossier:
    """A trade with one remittance that is for these."""
    total = sum((one.amount for one in shares), Decimal(0))
    money = {"amount": total, "currency": "USD", "payer_country": "US", "booked_at": BOOKED} | remittance
    told = {name.removeprefix("bank_"): money.pop(name) for name in [*money] if name.startswith("bank_")}
    bank = BasicInformation(**{"amount": total} | told)
    paid = RemittanceRow(Remittance(id=7, completion=completion, **money), bank)
    enterprise = {"uscc": "91411000MA44HA1R0G", "name_zh": "瑞秀"}
    made = Dossier("YH1", "9610", {}, enterprise, BOOKED)
    made.remittances, made.shares = [paid], {7: list(shares)}
    return made


def worked(name: str, of: Dossier) -> Any:
    return COMPUTATIONS[name].function(of, DossierLine(0, {}))


def lacks(name: str, of: Dossier) -> str:
    with pytest.raises(CannotCompute) as missing:
        worked(name, of)
    return str(missing.value)


@pytest.mark.parametrize(
    ("departed", "letter"), [(None, "A"), (AFTER, "A"), (MIDNIGHT, "A"), (SAME_DAY, "O"), (BEFORE, "O")]
)
def test_money_before_the_day_of_departure_is_an_advance(departed: datetime | None, letter: str) -> None:
    assert worked("payment_type", dossier(share("100", departed_at=departed))) == letter


def test_a_remittance_for_trades_that_are_not_alike_asks_what_it_is() -> None:
    mixed = share("60", departed_at=BEFORE), share("40")
    assert lacks("payment_type", dossier(*mixed)) == "completion:paymentType"
    assert worked("payment_type", dossier(*mixed, completion={"payment_type": "O"})) == "O"


KEPT_TEN = {"amount": Decimal(90), "bank_amount": Decimal(90)}
CODES: list[tuple[list[Any], dict[str, Any], list[tuple[str, str]]]] = [
    ([share("100", "9610")], {}, [("122030", "100")]),
    ([share("100", "9710")], {}, [("121010", "100")]),
    ([share("100", "0110")], {}, [("121010", "100")]),
    ([share("60", "9710"), share("40", "0110")], {}, [("121010", "100")]),
    ([share("60", "9610"), share("40", "0110")], {}, [("122030", "60"), ("121010", "40")]),
    ([share("40", "9610"), share("60", "0110")], {}, [("121010", "60"), ("122030", "40")]),
    ([share("60", "9610"), share("40.50", "0110")], {"bank_amount": Decimal(101)},
     [("122030", "60"), ("121010", "41")]),
    # what banks kept on the way is missing from the larger part
    ([share("60", "9610"), share("40", "0110")], KEPT_TEN,
     [("122030", "50"), ("121010", "40")]),
    ([share("95", "9610")], KEPT_TEN, [("122030", "90")]),
    ([share("60", "1210")], {"completion": {"transaction_code": "122030"}}, [("122030", "60")]),
    ([share("60", "9610"), share("40", "0110")], {"completion": {"transaction_code": "121990"}}, [("121990", "100")]),
]  # fmt: skip


@pytest.mark.parametrize(("shares", "remittance", "parts"), CODES)
def test_a_remittance_is_declared_under_the_codes_of_its_trades(
    shares: list[Any], remittance: dict[str, Any], parts: list[tuple[str, str]]
) -> None:
    of = dossier(*shares, **remittance)
    found = [(worked("transaction_code", of), worked("transaction_amount", of))]
    if worked("second_code", of):
        found.append((worked("second_code", of), worked("second_amount", of)))
    assert found == [(code, Decimal(amount)) for code, amount in parts]
    assert sum(amount for _, amount in found) == of.remittances[0].bank.amount


@pytest.mark.parametrize(
    ("shares", "remittance"),
    [
        ([share("100", "1210")], {}),  # no rule says its code
        ([share("100", "9610")], {"amount": Decimal("100.01")}),  # what is for no trade, nobody knows
        ([share("60", "9610"), share("0.40", "0110")], {"bank_amount": Decimal(60)}),  # no whole unit of the second
    ],
)
def test_a_code_that_no_rule_says_is_asked_for(shares: list[Any], remittance: dict[str, Any]) -> None:
    of = dossier(*shares, **remittance)
    for name in ("transaction_code", "transaction_amount", "transaction_note", "second_code", "second_amount"):
        assert lacks(name, of) == "completion:transactionCode"


def test_the_remark_names_the_orders_and_of_online_purchases_the_platform() -> None:
    online = share("60", order="XC-1", platform="Amazon"), share("10", order="XC-2", platform="eBay")
    of = dossier(*online, share("30", "0110", "LY-9", platform="Amazon"))
    assert worked("transaction_note", of) == "货物出口收汇 Amazon eBay XC-1 XC-2"
    assert worked("second_note", of) == "货物出口收汇 LY-9"
    many = dossier(*(share("1", "0110", f"ORDER-2026-{place:04d}") for place in range(30)))
    assert worked("transaction_note", many) == "货物出口收汇 ORDER-2026-0000 等30单", "nothing is cut off in silence"
    assert lacks("transaction_note", dossier(share("1", order="X" * 60))) == "completion:remark"
    assert worked("transaction_note", dossier(share("1", order="X" * 60), completion={"remark": "发制品"})) == "发制品"


def test_what_nobody_knows_is_asked_for() -> None:
    assert lacks("payer_country", dossier(share("1"), payer_country=None)) == "completion:country"
    assert worked("payer_country", dossier(share("1"), payer_country=None, completion={"country": "LU"})) == "LU"
    assert lacks("bonded", dossier(share("1"), share("2", "1210"))) == "completion:bonded"
    assert worked("bonded", dossier(share("2", "1210"), completion={"bonded": True})) == "Y"
    assert [worked("bonded", dossier(share("1", mode))) for mode in ("9610", "9710", "0110")] == ["N", "N", "N"]
    capital = {"transaction_code": "622011"}
    assert lacks("approval_number", dossier(share("1"), completion=capital)) == "completion:approvalNumber"
    given = capital | {"approval_number": "N/A"}
    assert worked("approval_number", dossier(share("1"), completion=given)) == "N/A"
    assert worked("approval_number", dossier(share("1"))) is None


def test_a_firm_is_named_as_its_bank_names_it() -> None:
    registered = dossier(share("1"))
    assert [worked(name, registered) for name in ("payee_code", "payee_name")] == ["91411000MA44HA1R0G", "瑞秀"]
    at_the_bank = dossier(share("1"), bank_payee_code="MA44HA1R0", bank_payee_name="许昌瑞秀")
    assert [worked(name, at_the_bank) for name in ("payee_code", "payee_name")] == ["MA44HA1R0", "许昌瑞秀"]
