"""Whatever is typed: every error comes at once, at the place where it was typed, and nothing is stored."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from sqlalchemy import update

from hub.entry import accept, entry_schema, precheck, reading, value_fields
from hub.errors import WORDS, EntryProblem
from hub.model import Enterprise
from hub.papers.computations import legal, parties
from hub.rules import entry_rules
from tests.support.entry.office import GONE, Office, found, typed_trade
from tests.support.world import demo_file

Changes = Mapping[str, Any]
LINE = typed_trade()["goods"][0]
BOUGHT = typed_trade()["purchases"][0]

SECTIONS = "orderNumber mode currency buyer goods transport"
PARTS = """buyer.name buyer.country buyer.address payment.provider payment.transaction payment.paidAt
    transport.wish transport.from transport.to transport.readyAt goods[0].sku goods[0].hsCode goods[0].name
    goods[1].name.zh goods[1].name.en goods[1].specification goods[1].quantity goods[1].unit goods[1].unitPrice
    goods[2].netWeight goods[2].grossWeight purchases[0].invoice purchases[0].seller purchases[0].issuedOn
    purchases[1].line purchases[2].amount purchases[2].vatRate"""
ASKED = "terms freight insurance discount packages packaging goods[0].origin"
"""What an authority's form asks for and nobody else knows: nothing is put in its place."""
TEXTS = """orderNumber buyer.name buyer.address payment.provider payment.transaction goods[0].sku
    goods[0].name.zh goods[0].name.en goods[0].specification purchases[0].invoice"""
CODES = "mode currency buyer.country transport.from goods[0].hsCode goods[0].unit purchases[0].seller"
NUMBERS = """freight insurance discount goods[0].quantity goods[0].unitPrice goods[0].netWeight goods[0].grossWeight
    purchases[0].amount purchases[0].vatRate"""
IDENTIFIERS = """orderNumber warehouse parcelNumber exportInvoice payment.transaction goods[0].sku goods[1].barcode
    purchases[0].invoice"""
NEVER_NOTHING = "goods[0].quantity goods[1].netWeight goods[2].grossWeight purchases[0].amount"

EVERYWHERE: tuple[tuple[str, Any, str], ...] = (
    # where, what, and the code that each of these places gets
    (SECTIONS, GONE, "REQUIRED"),
    (SECTIONS, None, "REQUIRED"),
    (PARTS, GONE, "REQUIRED"),
    (PARTS, None, "REQUIRED"),
    (ASKED, GONE, "REQUIRED"),
    (f"{ASKED} purchases", None, "REQUIRED"),
    (TEXTS, "", "REQUIRED"),
    (TEXTS, " \u3000\t", "REQUIRED"),
    ("statisticsFlag", GONE, "REQUIRED"),  # of an inventory
    ("statisticsFlag", None, "REQUIRED"),
    ("platform", GONE, "REQUIRED"),  # parcels have one; trades of other modes may do without
    ("platform", None, "REQUIRED"),
    ("platform warehouse warehouseName parcelNumber exportInvoice goods[0].barcode", " \u3000", "BAD_VALUE"),
    ("platform goods[0].barcode", "\u200d\u200b", "BAD_VALUE"),
    (TEXTS, "\u200d\ufe0f\u3164", "REQUIRED"),
    (f"{TEXTS} {CODES} platform", 42, "BAD_VALUE"),
    (f"{TEXTS} {CODES} platform", {"text": "a"}, "BAD_VALUE"),
    ("orderNumber platform buyer.name goods[0].sku", "a\x00", "BAD_VALUE"),
    ("orderNumber platform buyer.name goods[0].sku", "a\nb", "BAD_VALUE"),
    ("orderNumber platform buyer.name goods[0].sku", "a\u202eb", "BAD_VALUE"),
    ("orderNumber platform buyer.name goods[0].sku", "half a pair \ud83d", "BAD_VALUE"),
    ("orderNumber platform buyer.name goods[0].specification", "a\uffff", "BAD_VALUE"),
    ("orderNumber payment.transaction goods[2].sku", "x" * 61, "BAD_VALUE"),
    (f"{IDENTIFIERS} {NUMBERS} packages purchases[0].line", "１２", "BAD_VALUE"),
    (IDENTIFIERS, "A１", "BAD_VALUE"),
    (IDENTIFIERS, "A\u0661", "BAD_VALUE"),  # a digit of another script
    ("payment.paidAt transport.readyAt purchases[0].issuedOn", "２０２６-01-05", "BAD_VALUE"),
    ("goods[0].hsCode transport.from terms statisticsFlag", "６７０４２", "BAD_VALUE"),
    ("purchases[0].seller", "９１４１１０００７２５８００１９２Ｂ", "BAD_VALUE"),
    ("transport.from", "USORD", "UNKNOWN_CODE"),  # no office of exit is there
    ("transport.to", "CNCGO", "UNKNOWN_CODE"),
    ("platform", "somebody's shop", "NOT_DERIVABLE"),  # the registration has no code of it
    ("payment.provider", "some wallet", "NOT_DERIVABLE"),
    ("platform payment.provider", "x" * 101, "BAD_VALUE"),
    ("buyer.name buyer.address goods[0].name.zh goods[1].name.en", "假" * 301, "BAD_VALUE"),
    (TEXTS, "x" * 100_000, "BAD_VALUE"),
    ("buyer payment transport goods[0] goods[1].name purchases[0]", "text", "BAD_VALUE"),
    ("buyer payment transport", [{}], "BAD_VALUE"),
    ("goods purchases", {"sku": "a"}, "BAD_VALUE"),
    ("goods purchases", "text", "BAD_VALUE"),
    (
        "note buyer.vat goods[1].colour goods[0].name.de payment.fee transport.via purchases[0].tax",
        "x",
        "UNKNOWN_FIELD",
    ),
    ("order_number goods[0].hs_code from", "1", "UNKNOWN_FIELD"),
    ("buyer.country goods[1].origin", "ZZ", "UNKNOWN_CODE"),
    ("buyer.country goods[1].origin", "USA", "UNKNOWN_CODE"),
    ("transport.from transport.to", "USLAX", "UNKNOWN_CODE"),
    ("transport.from transport.to", "DEHAM", "UNKNOWN_CODE"),  # no airport
    ("transport.from transport.to", "cncgo", "BAD_VALUE"),
    ("purchases[0].seller purchases[2].seller", "91411000725800192C", "CHECK_DIGIT"),
    ("purchases[0].seller purchases[2].seller", "91411000728500192B", "CHECK_DIGIT"),
    ("purchases[0].seller purchases[2].seller", "9141100072580", "CHECK_DIGIT"),
    ("goods[0].hsCode goods[1].hsCode", "67042000", "BAD_VALUE"),
    ("goods[0].hsCode goods[1].hsCode", "67042000000", "BAD_VALUE"),
    ("goods[0].hsCode goods[1].hsCode", "6704.20000", "BAD_VALUE"),
    ("goods[0].hsCode goods[1].hsCode", "6704209999", "HS_UNKNOWN"),
    ("terms packaging statisticsFlag transport.wish", "X", "BAD_VALUE"),
    ("mode", "9999", "NOT_PLANNED"),
    ("mode", "", "NOT_PLANNED"),
    ("currency", "RMB", "UNKNOWN_CODE"),
    ("goods[0].unit goods[2].unit", "zorkmid", "UNKNOWN_CODE"),
    ("goods[0].unit", "ct", "UNKNOWN_CODE"),  # a carton in trade papers, and no carat
    ("goods[0].unit goods[2].unit", "００７", "BAD_VALUE"),
    ("goods[2].unit", "7", "UNKNOWN_CODE"),  # a spreadsheet has dropped the zeros of 007
    (NUMBERS, True, "BAD_VALUE"),
    (NUMBERS, 1.5, "BAD_VALUE"),
    (NUMBERS, ["1"], "BAD_VALUE"),
    (NUMBERS, "", "BAD_VALUE"),
    (NUMBERS, "twelve", "BAD_VALUE"),
    (NUMBERS, "1,000.00", "BAD_VALUE"),
    (NUMBERS, "NaN", "BAD_VALUE"),
    (NUMBERS, "sNaN", "BAD_VALUE"),
    (NUMBERS, "-Infinity", "BAD_VALUE"),
    (NUMBERS, "1e30", "BAD_VALUE"),
    (NUMBERS, "9" * 10_000, "BAD_VALUE"),
    (NUMBERS, 10**12, "BAD_VALUE"),
    (NUMBERS, "-0.01", "BAD_VALUE"),
    (NUMBERS, "0.000001", "BAD_VALUE"),
    (NEVER_NOTHING, "0.00", "BAD_VALUE"),
    (NEVER_NOTHING, 0, "BAD_VALUE"),
    ("purchases[0].amount purchases[1].vatRate", "0.131", "BAD_VALUE"),
    ("packages purchases[0].line", "three", "BAD_VALUE"),
    ("packages purchases[0].line", "-3", "BAD_VALUE"),
    ("packages purchases[0].line", "3.0", "BAD_VALUE"),
    ("packages purchases[0].line", 3.0, "BAD_VALUE"),
    ("packages purchases[0].line", True, "BAD_VALUE"),
    ("packages", 0, "BAD_VALUE"),
    ("packages", 100_000, "BAD_VALUE"),
    ("purchases[0].line purchases[2].line", 4, "LINE_MISSING"),
    ("purchases[0].line purchases[2].line", 0, "LINE_MISSING"),
    ("purchases[0].quantity", "40.00001", "QUANTITY_EXCEEDED"),
    ("goods[0].netWeight goods[2].netWeight", "8.70001", "NET_OVER_GROSS"),
    ("freight insurance", "120.001", "TOO_PRECISE"),
    ("discount", "6392.01", "TOTAL_NEGATIVE"),
    ("goods[0].legalQuantity goods[1].legalQuantity2", "0", "BAD_VALUE"),
    ("goods[0].legalQuantity goods[1].legalQuantity2", "12 kg", "BAD_VALUE"),
    ("goods[0].legalQuantity2", "40", "LEGAL_QUANTITY_NONE"),  # wigs are counted in kilograms alone
    ("goods[0].legalQuantity", "40", "LEGAL_QUANTITY_DIFFERS"),  # of 6.00 kg
    ("payment.paidAt", "2026-01-09T09:00:59+08:00", "IN_THE_FUTURE"),
    ("payment.paidAt", "2027-01-09", "IN_THE_FUTURE"),
    ("purchases[0].issuedOn purchases[2].issuedOn", "2026-01-10", "IN_THE_FUTURE"),
    ("payment.paidAt transport.readyAt purchases[0].issuedOn", "yesterday", "BAD_VALUE"),
    ("payment.paidAt transport.readyAt purchases[0].issuedOn", "2026-02-30", "BAD_VALUE"),
    ("payment.paidAt transport.readyAt purchases[0].issuedOn", "05/01/2026", "BAD_VALUE"),
    # what customs' own tables would refuse: 303 takes 30 characters of an article number, 603 takes 20
    ("goods[1].sku", "x" * 21, "AUTHORITY_RULE"),
    ("goods[1].sku", "x" * 31, "AUTHORITY_RULE"),
    ("goods[0].specification goods[2].specification", "假" * 251, "AUTHORITY_RULE"),
    ("destinationCountry", "AQ", "AUTHORITY_RULE"),
    ("currency", "XAU", "AUTHORITY_RULE"),
)

SEVERAL: dict[str, tuple[Changes, Mapping[str, str]]] = {
    "a buyer in another country than the port": ({"buyer.country": "HK"}, {"destinationCountry": "DESTINATION_ASKED"}),
    "a producer without a name": ({"producer": {"code": "411096500K"}}, {"producer.name": "REQUIRED"}),
    "an overseas warehouse without a name": (
        {"mode": "9810", "warehouse": "ORD01"},
        {"warehouseName": "REQUIRED"},
    ),
    "a name longer than 505 takes": (
        {"goods": [LINE | {"name": {"zh": "假" * 201, "en": "wig"}}], "purchases": []},
        {"goods": "AUTHORITY_RULE"},
    ),
    "no goods": ({"goods": []}, {"goods": "BAD_VALUE"}),
    "101 goods lines": ({"goods": [LINE | {"sku": f"A{n}"} for n in range(101)]}, {"goods": "BAD_VALUE"}),
    "10,000 goods lines": ({"goods": [LINE | {"sku": f"A{n}"} for n in range(10_000)]}, {"goods": "BAD_VALUE"}),
    "501 purchases": ({"purchases": [BOUGHT | {"invoice": str(n)} for n in range(501)]}, {"purchases": "BAD_VALUE"}),
    "no payment": ({"payment": None}, {"payment.provider": "REQUIRED", "payment.paidAt": "REQUIRED"}),
    "one article twice": ({"goods[2].sku": LINE["sku"]}, {"goods[0].sku": "DUPLICATE"}),
    "one row of an invoice twice": (
        {"purchases": [BOUGHT | {"quantity": "1"}, BOUGHT | {"quantity": "2"}]},
        {"purchases": "DUPLICATE"},
    ),
    "more bought than sold, in two invoices": (
        {"purchases": [BOUGHT | {"quantity": "30"}, BOUGHT | {"invoice": "2", "quantity": "11"}]},
        {"purchases[1].quantity": "QUANTITY_EXCEEDED"},
    ),
    "shoes by the piece": (
        {"goods[0].hsCode": "6403990090", "goods[0].name.zh": "皮鞋"},
        {"goods[0].legalQuantity": "LEGAL_QUANTITY"},
    ),
    "half a pair of shoes": (
        {"goods[0].hsCode": "6403990090", "goods[0].name.zh": "皮鞋", "goods[0].legalQuantity": "12.5"},
        {"goods[0].legalQuantity": "LEGAL_QUANTITY_WHOLE"},
    ),
    "more sold by weight than it weighs": (
        {"goods[1].quantity": "5.2", "goods[1].unit": "千克", "purchases": []},
        {"goods[1].legalQuantity": "LEGAL_QUANTITY_WEIGHT"},
    ),
    "a price that freight and insurance eat up": (
        {"terms": "CIF", "freight": "6000", "insurance": "122"},
        {"terms": "PRICE_HOLDS_NOTHING"},
    ),
    "sen of a yen": (
        {"currency": "JPY", "freight": "120.5", "insurance": "15.01", "discount": "0.1"},
        {"freight": "TOO_PRECISE", "insurance": "TOO_PRECISE", "discount": "TOO_PRECISE"},
    ),
    "errors of the fields and of the checks": (
        {
            "currency": "DM",
            "buyer": GONE,
            "goods[0].hsCode": "x",
            "goods[1].netWeight": "99",
            "goods[2].unit": "unit",
            "payment.paidAt": "2026-02-01",
            "purchases[0].line": 9,
            "purchases[1].seller": "x",
            "wish": "air",
            "transport.from": "CNXXX",
        },
        {
            "currency": "UNKNOWN_CODE",
            "buyer": "REQUIRED",
            "goods[0].hsCode": "BAD_VALUE",
            "goods[1].netWeight": "NET_OVER_GROSS",
            "goods[2].unit": "UNKNOWN_CODE",
            "payment.paidAt": "IN_THE_FUTURE",
            "purchases[0].line": "LINE_MISSING",
            "purchases[1].seller": "CHECK_DIGIT",
            "wish": "UNKNOWN_FIELD",
            "transport.from": "UNKNOWN_CODE",
        },
    ),
}


def row_of(paths: str, value: Any, code: str) -> tuple[str, tuple[Changes, Mapping[str, str]]]:
    places = paths.split()
    name = "nothing" if value is GONE else repr(value) if len(repr(value)) < 40 else f"{len(value)} letters"
    name = f"{code}: {name} at {places[0]}{' …' if len(places) > 1 else ''}"
    return name, (dict.fromkeys(places, value), dict.fromkeys(places, code))


ROWS = dict(row_of(*row) for row in EVERYWHERE) | SEVERAL


def test_no_row_hides_another() -> None:
    assert len(ROWS) == len(EVERYWHERE) + len(SEVERAL)


@pytest.mark.parametrize("row", ROWS)
def test_every_error_is_told_where_it_was_typed_and_nothing_is_stored(office: Office, row: str) -> None:
    changes, expected = ROWS[row]
    (answer,) = office.enters(typed_trade(changes))
    assert found(answer) == set(expected.items())
    assert (answer.number, answer.same) == (None, False)
    assert office.holds() == office.before


@pytest.mark.parametrize("typed", [[], [typed_trade()], "text", "", None, 42, True], ids=repr)
def test_what_is_no_trade_at_all_is_told_so(office: Office, typed: Any) -> None:
    (answer,) = office.enters(typed)
    assert found(answer) == {("", "BAD_VALUE")}
    assert office.holds() == office.before


def test_an_empty_trade_lacks_each_section(office: Office) -> None:
    (answer,) = office.enters({})
    assert found(answer) >= {(path, "REQUIRED") for path in SECTIONS.split()}
    assert {problem.code for problem in answer.problems} == {"REQUIRED"}


def test_an_unknown_field_is_told_with_those_that_are_known_there(office: Office) -> None:
    (answer,) = office.enters(typed_trade({"goods[1].name.de": "Perücke", "buyer.vat": "1"}))
    known = {problem.path: problem.parameters["known"] for problem in answer.problems}
    assert known == {"goods[1].name.de": "zh, en", "buyer.vat": "name, country, address"}


def test_what_customs_would_refuse_is_said_by_its_own_rule(office: Office) -> None:
    (answer,) = office.enters(typed_trade({"goods[1].sku": "x" * 31, "goods[2].specification": "y" * 300}))
    rules = {(problem.path, problem.parameters["kind"]): problem.parameters for problem in answer.problems}
    assert {place: (rule["field"], rule["rule"]) for place, rule in rules.items()} == {
        ("goods[1].sku", "电子订单 (303)"): ("goods[1].item_number", "企业商品货号：长度不得超过 30，现为 31"),
        ("goods[1].sku", "申报清单 (603)"): ("goods[1].item_number", "企业商品货号：长度不得超过 20，现为 31"),
        ("goods[2].specification", "申报清单 (603)"): (
            "goods[2].specification",
            "规格型号：长度不得超过 250，现为 300",
        ),
    }


# The words.


def codes_of_entering() -> set[str]:
    """Every code that the modules of entering name, but for those that refuse the request as a whole."""
    text = "".join(
        inspect.getsource(module)
        for module in (accept, entry_rules, legal, parties, precheck, reading, entry_schema, value_fields)
    )
    return set(re.findall(r'(?<!HubError\()"([A-Z][A-Z_]+)"', text)) & set(WORDS)


def all_problems(office: Office) -> Iterable[EntryProblem]:
    """Of all rows above, of an order that is taken, and of a registration that lacks somebody."""
    for answer in office.enters(*(typed_trade(changes) for changes, _ in ROWS.values())):
        yield from answer.problems
    for answer in office.enters(typed_trade(), typed_trade({"freight": "1"})):
        yield from answer.problems
    partners = {"contact": "李敏", "customsOffice": "4604", "declarant": {"code": "410198600A", "name": "中大门"}}
    with office.world.hub.database.write() as connection:
        connection.execute(update(Enterprise).values(partners=partners))
    for answer in office.enters(typed_trade({"orderNumber": "another"})):
        yield from answer.problems


def test_every_code_has_words_in_both_languages_and_a_way_out(new_office: Office) -> None:
    problems = list(all_problems(new_office))
    # NOT_SERVED wants a connector that is missing, ORDER_CANCELLED a trade that was taken back, PARCEL_TAKEN another
    # trade, and for the note nothing is refused: they have their tests
    elsewhere = {"NOT_SERVED", "ORDER_CANCELLED", "PARCEL_TAKEN", "EXEMPTION_TO_DECLARE"}
    assert {problem.code for problem in problems} == codes_of_entering() - elsewhere
    for problem in problems:
        told = [text(language) for text in (problem.words, problem.way_out) for language in ("zh", "en")]
        assert all(told)
        assert told[0] != told[1]
        assert told[2] != told[3]
        typed = "".join(map(str, problem.parameters.values()))
        assert not [text for text in told if ("{" in text or "}" in text) and "{" not in typed], problem


def test_braces_that_were_typed_are_words_like_any_other(office: Office) -> None:
    (answer,) = office.enters(typed_trade({"currency": "{x}", "freight": "{0}", "{known}": "{value}"}))
    texts = {problem.path: (problem.words("en"), problem.way_out("zh")) for problem in answer.problems}
    assert texts["currency"][0] == "{x} is no known currency"
    assert texts["freight"][0] == "does not fit: a decimal number such as 64.50"
    assert "orderNumber" in texts["{known}"][1]


def test_a_registration_that_lacks_somebody_is_told_and_not_the_trade(new_office: Office) -> None:
    partners = demo_file("enterprises", "xuchang-hair") | {"logistics": None}
    with new_office.world.hub.database.write() as connection:
        connection.execute(update(Enterprise).values(partners=partners))
    (answer,) = new_office.enters(typed_trade())
    assert found(answer) == {("", "NOT_DERIVABLE")}
    assert "logistics.code in the registration" in answer.problems[0].words("en")
    assert new_office.holds() == new_office.before
