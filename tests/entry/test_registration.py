"""Registering an enterprise: every wrong field at once, and renewing changes what was typed and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, insert, select, update

from hub.entry.registration import PARTNERS, REGISTRATION, register
from hub.errors import EntryRefused
from hub.model import Belt, Enterprise
from hub.papers import sources
from tests.support.entry.office import Office, typed_trade
from tests.support.world import demo_file

FIRM: dict[str, Any] = demo_file("enterprises", "xuchang-hair")
NAMED = {"code": "4101986B10", "name": "郑州空港国际物流有限公司", "parcelNumbers": "hub"}
BANK = {"account": "41050171860800001234", "code": "0105", "name": "中国建设银行许昌分行"}
TEXTS = ["nameZh", "nameEn", "addressEn", "telephone", "contact"]
REQUIRED = ["uscc", "customsCode", *TEXTS, "customsOffice", "declarant", "producer", "logistics", "bank", "refundBatch"]

WRONG: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "unknown fields": (
        {"credit": "AEO", "bank": BANK | {"swift": "X"}},
        {"credit": "UNKNOWN_FIELD", "bank.swift": "UNKNOWN_FIELD"},
    ),
    "check digit": ({"uscc": "91411000MA44HA1R0H"}, {"uscc": "CHECK_DIGIT"}),
    "half a credit code": ({"uscc": "91411000MA44"}, {"uscc": "CHECK_DIGIT"}),
    "nulls": (dict.fromkeys(REQUIRED), dict.fromkeys(REQUIRED, "REQUIRED")),
    "blanks": (dict.fromkeys(TEXTS, " "), dict.fromkeys(TEXTS, "REQUIRED")),
    "too long": (
        dict.fromkeys(TEXTS, "许" * 101) | {"addressEn": "x" * 301, "telephone": "0" * 21, "contact": "李" * 21},
        dict.fromkeys(TEXTS, "BAD_VALUE"),
    ),
    "control characters": ({"nameZh": "许\x00昌", "contact": "a\nb"}, {"nameZh": "BAD_VALUE", "contact": "BAD_VALUE"}),
    "customs code": ({"customsCode": "411096500"}, {"customsCode": "BAD_VALUE"}),
    "customs code in small letters": ({"customsCode": "411096500k"}, {"customsCode": "BAD_VALUE"}),
    "customs office": ({"customsOffice": "郑州"}, {"customsOffice": "BAD_VALUE"}),
    "customs office of five digits": ({"customsOffice": "46041"}, {"customsOffice": "BAD_VALUE"}),
    "declarant without name": ({"declarant": {"code": "410198600A"}}, {"declarant.name": "REQUIRED"}),
    "logistics as text": ({"logistics": "郑州空港"}, {"logistics": "BAD_VALUE"}),
    "logistics code too long": ({"logistics": NAMED | {"code": "1" * 19}}, {"logistics.code": "BAD_VALUE"}),
    "nobody who numbers parcels": (
        {"logistics": {name: NAMED[name] for name in ("code", "name")}},
        {"logistics.parcelNumbers": "REQUIRED"},
    ),
    "somebody else numbers parcels": (
        {"logistics": NAMED | {"parcelNumbers": "somebody"}},
        {"logistics.parcelNumbers": "BAD_VALUE"},
    ),
    "full-width codes": (
        {
            "telephone": "０３７４",
            "declarant": {"code": "４１０", "name": "中大门"},
            "customsOffice": "４６０４",
            "customsCode": "４１１０９６５００K",
            "uscc": "９１４１１０００MA44HA1R0G",
            "bank": BANK | {"account": "４１０５", "code": "０１０５"},
            "refundBatch": "００１",
        },
        dict.fromkeys(
            [
                "telephone",
                "declarant.code",
                "customsOffice",
                "customsCode",
                "uscc",
                "bank.account",
                "bank.code",
                "refundBatch",
            ],
            "BAD_VALUE",
        ),
    ),
    "a batch that is none": ({"refundBatch": "000"}, {"refundBatch": "BAD_VALUE"}),
    "partners without a name, a code, or with a strange one": (
        {
            "platforms": {" ": "4101986C22", "豫品优选": " "},
            "paymentProviders": {"中原跨境支付": "４１０", "支付\x00": "无"},
        },
        {
            "platforms. ": "REQUIRED",
            "platforms.豫品优选": "REQUIRED",
            "paymentProviders.中原跨境支付": "BAD_VALUE",
            "paymentProviders.支付\x00": "BAD_VALUE",
        },
    ),
    "bank code": ({"bank": BANK | {"code": "105"}}, {"bank.code": "BAD_VALUE"}),
    "bank without account": ({"bank": BANK | {"account": ""}}, {"bank.account": "REQUIRED"}),
    "platforms as a list": ({"platforms": ["豫品优选"]}, {"platforms": "BAD_VALUE"}),
    "payment providers as null": ({"paymentProviders": None}, {"paymentProviders": "REQUIRED"}),
    "several": (
        {"uscc": "1", "customsCode": "2", "telephone": 374, "bank": BANK | {"code": "x", "account": "1" * 33}},
        {
            "uscc": "CHECK_DIGIT",
            "customsCode": "BAD_VALUE",
            "telephone": "BAD_VALUE",
            "bank.code": "BAD_VALUE",
            "bank.account": "BAD_VALUE",
        },
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_every_wrong_field_is_told_and_nothing_is_registered(office: Office, wrong: str) -> None:
    changes, expected = WRONG[wrong]
    with pytest.raises(EntryRefused) as caught:
        office.registers(FIRM | changes)
    assert {(problem.path, problem.code) for problem in caught.value.problems} == set(expected.items())
    assert caught.value.parameters == {"count": len(expected)}
    assert office.holds() == office.before


def test_every_field_that_is_required_is_asked_for(office: Office) -> None:
    with pytest.raises(EntryRefused) as caught:
        office.registers({})
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        (name, "REQUIRED") for name in REQUIRED
    ]


@pytest.mark.parametrize("typed", [None, [], [FIRM], "许昌"], ids=repr)
def test_what_is_no_registration_at_all_is_refused(office: Office, typed: Any) -> None:
    with pytest.raises(EntryRefused) as caught:
        office.registers(typed)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [("", "BAD_VALUE")]


def registered(office: Office, uscc: str = FIRM["uscc"]) -> Row[Any]:
    rows: Sequence[Row[Any]] = office.rows(select(Enterprise.__table__).where(Enterprise.uscc == uscc))
    (row,) = rows
    return row


def test_renewing_replaces_what_was_typed_and_keeps_who_it_is(new_office: Office) -> None:
    before = registered(new_office)
    with new_office.world.hub.database.write() as connection:
        connection.execute(update(Enterprise).values(credit_class="advanced"))
    another = new_office.registers(FIRM | {"uscc": "91411000725800192B"})
    new_office.world.clock.forward(timedelta(days=30))
    renewed = FIRM | {"telephone": "0374-1", "platforms": {}}
    with new_office.world.hub.database.write() as connection:
        assert register(connection, renewed, new_office.world.clock()) == (before.id, False)
    after = registered(new_office)
    assert (after.telephone, after.partners["platforms"]) == ("0374-1", {})
    assert (after.id, after.registered_at, after.credit_class) == (before.id, before.registered_at, "advanced")
    assert (after.name_zh, after.partners["bank"]) == (before.name_zh, before.partners["bank"])
    other = registered(new_office, "91411000725800192B")
    assert (other.id, other.telephone, other.partners) == (another, before.telephone, before.partners)


def test_a_wrong_renewal_changes_nothing(new_office: Office) -> None:
    before = registered(new_office)
    with pytest.raises(EntryRefused):
        new_office.registers(FIRM | {"telephone": "0374-1", "bank": {}})
    assert registered(new_office) == before


def test_renewing_leaves_the_trades_that_were_entered(new_office: Office) -> None:
    (first,) = new_office.enters(typed_trade())
    new_office.registers(FIRM | {"telephone": "0374-1"})
    (again,) = new_office.enters(typed_trade())
    assert (again.number, again.same) == (first.number, True)


def test_an_enterprise_belongs_to_its_belt(new_office: Office) -> None:
    belt = {"code": "hair", "name_zh": "许昌发制品", "name_en": "Xuchang hair", "place": "许昌", "hs_chapters": ["67"]}
    with new_office.world.hub.database.write() as connection:
        belt_id = connection.execute(insert(Belt).values(belt).returning(Belt.id)).scalar_one()
    new_office.registers(FIRM | {"belt": "hair"})
    assert registered(new_office).belt_id == belt_id


def test_papers_may_read_all_that_a_registration_holds_and_nothing_else() -> None:
    held = {name: getattr(REGISTRATION.fields[name], "nested", None) for name in PARTNERS}
    assert {name: tuple(nested().fields) if nested else () for name, nested in held.items()} == dict(sources.PARTNERS)
