"""The rules of an entry: each a pure function that yields what is wrong and where, and one table of them all.

A function takes values as they were typed and as they are kept (numbers and days as text), and looks only at what is
there, so that all errors come at once and none is made up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from connectors.sdk.instants import BEIJING, day_of
from hub.dossiers.anchors import Anchor
from hub.errors import EntryProblem
from hub.iso_codes import places
from hub.papers.computations.goods import goods_total, held_charges, trade_total
from hub.papers.places import PLACES
from hub.papers.plan import Days
from hub.rules.rule_book import Check, Entry, RuleBook, RuleEdition, Severity, Surroundings, TradeRule

LARGEST = Decimal(10) ** 12
"""What a number of an entry stays below; customs' amounts (N19,5) hold two more digits."""


def has(values: Entry, *names: str) -> bool:
    """Whether these fields are there and sound; a check says nothing about what is reported already."""
    return all(values.get(name) is not None for name in names)


def lines_of(entry: Entry, section: str, *names: str) -> Iterator[tuple[int, Entry]]:
    """The lines of a section that have these fields, with their places as typed."""
    for index, line in enumerate(entry.get(section) or ()):
        if has(line, *names):
            yield index, line


def mode_is_planned(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    transport = entry.get("transport") or {}
    if not (has(entry, "mode") and has(transport, "wish")):
        return
    mode, known = entry["mode"], ", ".join(sorted(around.plan.modes()))
    days = Days(day_of(around.now), {})
    if not around.plan.due(mode, entry, days):
        yield EntryProblem("mode", "NOT_PLANNED", {"mode": mode, "wish": transport["wish"], "known": known})
    elif unserved := around.plan.unserved(mode, entry, days):
        yield EntryProblem("mode", "NOT_SERVED", {"mode": mode, "kinds": ", ".join(unserved)})


def places_are_known(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    transport = entry.get("transport") or {}
    for end in ("from", "to"):
        if not has(transport, "wish", end):
            continue
        code, wish = transport[end], transport["wish"]
        known = sorted(name for name, place in PLACES.items() if place.serves(end, wish))
        if code not in known:
            parameters = {"value": code, "what": f"{wish} place {end}", "standard": ", ".join(known)}
            yield EntryProblem(f"transport.{end}", "UNKNOWN_CODE", parameters)


def amounts_fit_the_currency(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    for name in ("freight", "insurance", "discount"):
        if not has(entry, "currency", name):
            continue
        allowed = places(entry["currency"])
        if -int(Decimal(entry[name]).normalize().as_tuple().exponent) > allowed:
            yield EntryProblem(name, "TOO_PRECISE", {"currency": entry["currency"], "places": allowed})


def amounts_fit_the_books(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    """quantity × price of a line, and all of them together, stay below what a customs amount can hold."""
    together = Decimal(0)
    for index, line in lines_of(entry, "goods", "quantity", "unitPrice"):
        together += Decimal(line["quantity"]) * Decimal(line["unitPrice"])
        if together >= LARGEST:
            yield EntryProblem(f"goods[{index}].quantity", "BAD_VALUE", {"cause": "too large", "most": f"{LARGEST:f}"})
            return


def total_is_positive(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    goods = list(lines_of(entry, "goods", "quantity", "unitPrice"))
    whole = len(goods) == len(entry.get("goods") or ())
    if not (whole and goods and has(entry, "currency", "terms", "freight", "insurance", "discount")):
        return
    if trade_total(entry) < 0:
        yield EntryProblem("discount", "TOTAL_NEGATIVE", {})
    held, value = held_charges(entry), goods_total(entry)
    if held and held >= value:
        told = {"terms": entry["terms"], "charges": f"{held:f}", "goods": f"{value:f}"}
        yield EntryProblem("terms", "PRICE_HOLDS_NOTHING", told)


def weights_fit(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    for index, line in lines_of(entry, "goods", "netWeight", "grossWeight"):
        net, gross = Decimal(line["netWeight"]), Decimal(line["grossWeight"])
        if net > gross:
            weights = {"net": f"{net:f}", "gross": f"{gross:f}"}
            yield EntryProblem(f"goods[{index}].netWeight", "NET_OVER_GROSS", weights)


def skus_differ(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    counts = Counter(line["sku"] for _, line in lines_of(entry, "goods", "sku"))
    for index, line in lines_of(entry, "goods", "sku"):
        if counts[line["sku"]] > 1:
            counts[line["sku"]] = 0  # said once
            yield EntryProblem(f"goods[{index}].sku", "DUPLICATE", {"value": line["sku"]})


def hs_codes_are_known(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    for index, line in lines_of(entry, "goods", "hsCode"):
        if around.tariff_known and line["hsCode"] not in around.shelf.tariffs:
            yield EntryProblem(f"goods[{index}].hsCode", "HS_UNKNOWN", {"value": line["hsCode"]})


def times_have_come(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    paid_at = (entry.get("payment") or {}).get("paidAt")
    paid_at = datetime.fromisoformat(paid_at).astimezone(BEIJING) if isinstance(paid_at, str) else paid_at
    if paid_at and paid_at > around.now:
        yield EntryProblem("payment.paidAt", "IN_THE_FUTURE", {"value": paid_at.isoformat()})
    today = day_of(around.now)
    for index, purchase in lines_of(entry, "purchases", "issuedOn"):
        issued_on = purchase["issuedOn"]
        issued_on = date.fromisoformat(issued_on) if isinstance(issued_on, str) else issued_on
        if issued_on > today:
            yield EntryProblem(f"purchases[{index}].issuedOn", "IN_THE_FUTURE", {"value": issued_on.isoformat()})


def purchases_name_a_line(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    last = len(entry.get("goods") or ())
    for index, purchase in lines_of(entry, "purchases", "line"):
        if last and not 1 <= purchase["line"] <= last:
            yield EntryProblem(f"purchases[{index}].line", "LINE_MISSING", {"line": purchase["line"], "last": last})


def purchases_fit_the_goods(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    sold_by_line = {index + 1: Decimal(line["quantity"]) for index, line in lines_of(entry, "goods", "quantity")}
    bought: defaultdict[int, Decimal] = defaultdict(Decimal)
    for index, purchase in lines_of(entry, "purchases", "line"):
        line, sold = purchase["line"], sold_by_line.get(purchase["line"])
        if sold is None:
            continue
        bought[line] += Decimal(purchase.get("quantity") or sold)
        if bought[line] > sold:
            quantities = {"bought": f"{bought[line]:f}", "sold": f"{sold:f}"}
            yield EntryProblem(f"purchases[{index}].quantity", "QUANTITY_EXCEEDED", quantities)


def purchases_differ(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    rows = Counter((one["invoice"], one["line"]) for _, one in lines_of(entry, "purchases", "invoice", "line"))
    for (invoice, line), count in rows.items():
        if count > 1:
            yield EntryProblem("purchases", "DUPLICATE", {"value": f"{invoice} ({line})"})


def exemption_is_declared(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    """What no VAT invoice stands behind, or goes by flag A, is not refunded: the exemption has to be declared."""
    if has(entry, "mode") and (not entry.get("purchases") or entry.get("statisticsFlag") == "A"):
        yield EntryProblem("purchases", "EXEMPTION_TO_DECLARE", {})


def found_elsewhere(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    """Of rules that others find (`TradeRule.told`): nothing of its own."""
    yield from ()


ENTRY_FIELDS, ENTERED_ONCE, AUTHORITY_TABLE = "entry_fields", "entered_once", "authority_table"
"""Rules that others find: the schema of an entry, what is stored already, the authorities' tables of each paper."""
PRICES = ("goods[].quantity", "goods[].unitPrice", "currency", "terms", "freight", "insurance", "discount")
FIELD_CODES = ("REQUIRED", "UNKNOWN_FIELD", "BAD_VALUE", "UNKNOWN_CODE", "CHECK_DIGIT")
PAPER_CODES = (
    "AUTHORITY_RULE", "REQUIRED", "NOT_DERIVABLE", "DESTINATION_ASKED", "LEGAL_QUANTITY", "LEGAL_QUANTITY_NONE",
    "LEGAL_QUANTITY_DIFFERS", "LEGAL_QUANTITY_WHOLE", "LEGAL_QUANTITY_WEIGHT",
)  # fmt: skip
TAKEN_CODES = ("ORDER_TAKEN", "ORDER_CANCELLED", "PARCEL_TAKEN")
EXEMPTION = "财政部 税务总局公告2026年第11号; 国家税务总局公告2026年第5号"
WEIGHTS = ("goods[].netWeight", "goods[].grossWeight")
ROUTE = ("mode", "transport.wish", "transport.from", "plan")
BOUGHT = ("goods[].quantity", "purchases[].line", "purchases[].quantity")
TRADE_ENDS = ("transport.wish", "transport.from", "transport.to")


def _practice(check: Check) -> tuple[RuleEdition, ...]:
    """The one edition of a rule that is arithmetic, or the hub's own."""
    return (RuleEdition(check),)


ROWS = (
    TradeRule(ENTRY_FIELDS, Anchor.ENTERED, FIELD_CODES, (), _practice(found_elsewhere), told=True),
    TradeRule("mode_is_planned", Anchor.ENTERED, ("NOT_PLANNED", "NOT_SERVED"), ROUTE, _practice(mode_is_planned)),
    TradeRule("places_are_known", Anchor.ENTERED, ("UNKNOWN_CODE",), TRADE_ENDS, _practice(places_are_known)),
    TradeRule(
        "amounts_fit_the_currency", Anchor.ENTERED, ("TOO_PRECISE",), ("currency", "freight", "insurance", "discount"),
        (RuleEdition(amounts_fit_the_currency, "ISO 4217: minor unit"),),
    ),
    TradeRule("amounts_fit_the_books", Anchor.ENTERED, ("BAD_VALUE",), PRICES[:2], _practice(amounts_fit_the_books)),
    TradeRule(
        "total_is_positive", Anchor.ENTERED, ("TOTAL_NEGATIVE", "PRICE_HOLDS_NOTHING"), PRICES,
        _practice(total_is_positive),
    ),
    TradeRule(
        "weights_fit", Anchor.DECLARED, ("NET_OVER_GROSS",), WEIGHTS,
        (RuleEdition(weights_fit, "统一版系统企业对接报文规范 202205, CEB603 netWeight"),),
    ),
    TradeRule("skus_differ", Anchor.ENTERED, ("DUPLICATE",), ("goods[].sku",), _practice(skus_differ)),
    TradeRule(
        "hs_codes_are_known", Anchor.DECLARED, ("HS_UNKNOWN",), ("goods[].hsCode", "tariff"),
        _practice(hs_codes_are_known),
    ),
    TradeRule(
        "times_have_come", Anchor.ENTERED, ("IN_THE_FUTURE",), ("payment.paidAt", "purchases[].issuedOn", "now"),
        _practice(times_have_come),
    ),
    TradeRule(
        "purchases_name_a_line", Anchor.ENTERED, ("LINE_MISSING",), ("goods", "purchases[].line"),
        _practice(purchases_name_a_line),
    ),
    TradeRule(
        "purchases_fit_the_goods", Anchor.EXPORTED, ("QUANTITY_EXCEEDED",), BOUGHT, _practice(purchases_fit_the_goods)
    ),
    TradeRule(
        "purchases_differ", Anchor.ENTERED, ("DUPLICATE",), ("purchases[].invoice", "purchases[].line"),
        _practice(purchases_differ),
    ),
    TradeRule(
        "exemption_is_declared", Anchor.EXPORTED, ("EXEMPTION_TO_DECLARE",), ("mode", "statisticsFlag", "purchases"),
        (RuleEdition(exemption_is_declared, EXEMPTION, date(2026, 1, 1), severity=Severity.NOTE),),
    ),
    TradeRule(
        AUTHORITY_TABLE, Anchor.DECLARED, PAPER_CODES, ("entry", "registration", "tariff"),
        (RuleEdition(found_elsewhere, "the edition that the connector was written by"),), told=True,
    ),
    TradeRule(ENTERED_ONCE, Anchor.ENTERED, TAKEN_CODES, (), _practice(found_elsewhere), told=True),
)  # fmt: skip
RULES = RuleBook(ROWS)
"""Every rule of a trade, in the order in which they are judged."""
