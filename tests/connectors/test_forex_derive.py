"""What an enterprise completes of a declaration: derived where a rule says so, said by a person, or asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from connectors.forex import derive
from connectors.sdk.working_out import Lacks, worked_out_in

BOOKED = datetime(2026, 3, 2, 2, tzinfo=UTC)  # ten in the morning in Beijing
BEFORE, SAME_DAY, AFTER = (datetime(2026, 3, day, 1, tzinfo=UTC) for day in (1, 2, 3))
MIDNIGHT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # the third of March in Beijing
WORKED = worked_out_in(derive)


class ForTrade(NamedTuple):
    """So much of a remittance is for a trade."""

    amount: Decimal
    mode: str = "9610"
    order_number: str = "XC-1"
    platform: str | None = None
    departed_at: datetime | None = None


def share(amount: str, mode: str = "9610", order: str = "XC-1", **more: Any) -> ForTrade:
    return ForTrade(Decimal(amount), mode, order, **more)


Sources = dict[str, Any]


def money(*shares: ForTrade, completion: Mapping[str, Any] | None = None, **told: Any) -> Sources:
    """What the sources say of a remittance that is for these; `country` and `amount` are its own."""
    total = sum((one.amount for one in shares), Decimal(0))
    return {
        "remittance:completion?": completion,
        "remittance:shares": shares,
        "remittance:amount": told.get("amount", total),
        "remittance:payer_country?": told.get("country", "US"),
        "remittance:booked_at": BOOKED,
        "bank:amount": told.get("bank_amount", total),
        "bank:payee_code?": told.get("payee_code"),
        "bank:payee_name?": told.get("payee_name"),
        "registration:uscc": "91411000MA44HA1R0G",
        "registration:name_zh": "瑞秀",
    }


def worked(name: str, of: Sources) -> Any:
    """The function is handed what it says that it reads, and nothing else."""
    return WORKED[name](**{parameter: of[source] for parameter, source in WORKED[name].sources.items()})


def lacks(name: str, of: Sources) -> str:
    with pytest.raises(Lacks) as missing:
        worked(name, of)
    return str(missing.value)


@pytest.mark.parametrize(
    ("departed", "letter"), [(None, "A"), (AFTER, "A"), (MIDNIGHT, "A"), (SAME_DAY, "O"), (BEFORE, "O")]
)
def test_money_before_the_day_of_departure_is_an_advance(departed: datetime | None, letter: str) -> None:
    assert worked("payment_type", money(share("100", departed_at=departed))) == letter


def test_a_remittance_for_trades_that_are_not_alike_asks_what_it_is() -> None:
    mixed = share("60", departed_at=BEFORE), share("40")
    assert lacks("payment_type", money(*mixed)) == "completion:paymentType"
    assert worked("payment_type", money(*mixed, completion={"payment_type": "O"})) == "O"


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
    of = money(*shares, **remittance)
    found = [(worked("transaction_code", of), worked("transaction_amount", of))]
    if worked("second_code", of):
        found.append((worked("second_code", of), worked("second_amount", of)))
    assert found == [(code, Decimal(amount)) for code, amount in parts]
    assert sum(amount for _, amount in found) == of["bank:amount"]


@pytest.mark.parametrize(
    ("shares", "remittance"),
    [
        ([share("100", "1210")], {}),  # no rule says its code
        ([share("100", "9610")], {"amount": Decimal("100.01")}),  # what is for no trade, nobody knows
        ([share("60", "9610"), share("0.40", "0110")], {"bank_amount": Decimal(60)}),  # no whole unit of the second
    ],
)
def test_a_code_that_no_rule_says_is_asked_for(shares: list[Any], remittance: dict[str, Any]) -> None:
    of = money(*shares, **remittance)
    for name in ("transaction_code", "transaction_amount", "transaction_note", "second_code", "second_amount"):
        assert lacks(name, of) == "completion:transactionCode"


def test_the_remark_names_the_orders_and_of_online_purchases_the_platform() -> None:
    online = share("60", order="XC-1", platform="Amazon"), share("10", order="XC-2", platform="eBay")
    of = money(*online, share("30", "0110", "LY-9", platform="Amazon"))
    assert worked("transaction_note", of) == "货物出口收汇 Amazon eBay XC-1 XC-2"
    assert worked("second_note", of) == "货物出口收汇 LY-9"
    many = money(*(share("1", "0110", f"ORDER-2026-{place:04d}") for place in range(30)))
    assert worked("transaction_note", many) == "货物出口收汇 ORDER-2026-0000 等30单", "nothing is cut off in silence"
    assert lacks("transaction_note", money(share("1", order="X" * 60))) == "completion:remark"
    assert worked("transaction_note", money(share("1", order="X" * 60), completion={"remark": "发制品"})) == "发制品"


def test_what_nobody_knows_is_asked_for() -> None:
    assert lacks("payer_country", money(share("1"), country=None)) == "completion:country"
    assert worked("payer_country", money(share("1"), country=None, completion={"country": "LU"})) == "LU"
    assert lacks("bonded", money(share("1"), share("2", "1210"))) == "completion:bonded"
    assert worked("bonded", money(share("2", "1210"), completion={"bonded": True})) == "Y"
    assert [worked("bonded", money(share("1", mode))) for mode in ("9610", "9710", "0110")] == ["N", "N", "N"]
    capital = {"transaction_code": "622011"}
    assert lacks("approval_number", money(share("1"), completion=capital)) == "completion:approvalNumber"
    given = capital | {"approval_number": "N/A"}
    assert worked("approval_number", money(share("1"), completion=given)) == "N/A"
    assert worked("approval_number", money(share("1"))) is None


def test_a_firm_is_named_as_its_bank_names_it() -> None:
    registered = money(share("1"))
    assert [worked(name, registered) for name in ("payee_code", "payee_name")] == ["91411000MA44HA1R0G", "瑞秀"]
    at_the_bank = money(share("1"), payee_code="MA44HA1R0", payee_name="许昌瑞秀")
    assert [worked(name, at_the_bank) for name in ("payee_code", "payee_name")] == ["MA44HA1R0", "许昌瑞秀"]
