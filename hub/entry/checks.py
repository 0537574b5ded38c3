"""The rules that tie several fields together: a table of checks, each yielding what is wrong and where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from connectors.sdk.instants import day_of
from hub.dossiers.dossier import Shelf
from hub.entry.value_fields import LARGEST
from hub.errors import EntryProblem
from hub.iso_codes import places
from hub.papers.computations.goods import goods_total, held_charges, trade_total
from hub.papers.places import PLACES
from hub.papers.plan import Days, Plan

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an entry is checked against."""

    plan: Plan
    shelf: Shelf
    tariff_known: bool
    now: datetime


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
        if -entry[name].normalize().as_tuple().exponent > allowed:
            yield EntryProblem(name, "TOO_PRECISE", {"currency": entry["currency"], "places": allowed})


def amounts_fit_the_books(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    """quantity × price of a line, and all of them together, stay below what a customs amount can hold."""
    together = Decimal(0)
    for index, line in lines_of(entry, "goods", "quantity", "unitPrice"):
        together += line["quantity"] * line["unitPrice"]
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
        if line["netWeight"] > line["grossWeight"]:
            weights = {"net": f"{line['netWeight']:f}", "gross": f"{line['grossWeight']:f}"}
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
    if paid_at and paid_at > around.now:
        yield EntryProblem("payment.paidAt", "IN_THE_FUTURE", {"value": paid_at.isoformat()})
    today = day_of(around.now)
    for index, purchase in lines_of(entry, "purchases", "issuedOn"):
        if purchase["issuedOn"] > today:
            value = purchase["issuedOn"].isoformat()
            yield EntryProblem(f"purchases[{index}].issuedOn", "IN_THE_FUTURE", {"value": value})


def purchases_name_a_line(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    last = len(entry.get("goods") or ())
    for index, purchase in lines_of(entry, "purchases", "line"):
        if last and not 1 <= purchase["line"] <= last:
            yield EntryProblem(f"purchases[{index}].line", "LINE_MISSING", {"line": purchase["line"], "last": last})


def purchases_fit_the_goods(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    sold_by_line = {index + 1: line["quantity"] for index, line in lines_of(entry, "goods", "quantity")}
    bought: defaultdict[int, Decimal] = defaultdict(Decimal)
    for index, purchase in lines_of(entry, "purchases", "line"):
        line, sold = purchase["line"], sold_by_line.get(purchase["line"])
        if sold is None:
            continue
        bought[line] += purchase.get("quantity") or sold
        if bought[line] > sold:
            quantities = {"bought": f"{bought[line]:f}", "sold": f"{sold:f}"}
            yield EntryProblem(f"purchases[{index}].quantity", "QUANTITY_EXCEEDED", quantities)


def purchases_differ(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    rows = Counter((one["invoice"], one["line"]) for _, one in lines_of(entry, "purchases", "invoice", "line"))
    for (invoice, line), count in rows.items():
        if count > 1:
            yield EntryProblem("purchases", "DUPLICATE", {"value": f"{invoice} ({line})"})


CHECKS: tuple[Callable[[Entry, Surroundings], Iterator[EntryProblem]], ...] = (
    mode_is_planned,
    places_are_known,
    amounts_fit_the_currency,
    amounts_fit_the_books,
    total_is_positive,
    weights_fit,
    skus_differ,
    hs_codes_are_known,
    times_have_come,
    purchases_name_a_line,
    purchases_fit_the_goods,
    purchases_differ,
)
