"""The rules that tie several fields together: a table of checks, each yielding what is wrong and where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from connectors.sdk.moments import BEIJING
from hub.errors import EntryProblem
from hub.share.computations import trade_total
from hub.share.dossier import Shelf
from hub.share.money import places
from hub.share.places import PLACES
from hub.share.plan import Plan

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an entry is checked against."""

    plan: Plan
    shelf: Shelf
    tariff_known: bool
    now: datetime


def mode_is_planned(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    if around.plan.due(entry["mode"], entry):
        return
    yield EntryProblem(
        "mode",
        "NOT_PLANNED",
        {
            "mode": entry["mode"],
            "wish": entry["transport"]["wish"],
            "known": ", ".join(sorted(around.plan.modes())),
        },
    )


def places_are_known(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    wish = entry["transport"]["wish"]
    for end in ("from", "to"):
        code = entry["transport"][end]
        if code not in PLACES or wish not in PLACES[code].modes:
            known = ", ".join(sorted(name for name, place in PLACES.items() if wish in place.modes))
            yield EntryProblem(
                f"transport.{end}", "UNKNOWN_CODE", {"value": code, "what": f"{wish} place", "standard": known}
            )


def amounts_fit_the_currency(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    allowed = places(entry["currency"])
    for name in ("freight", "insurance", "discount"):
        exponent = entry[name].normalize().as_tuple().exponent
        if -exponent > allowed:
            yield EntryProblem(name, "TOO_PRECISE", {"currency": entry["currency"], "places": allowed})


def total_is_positive(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    if trade_total(entry) < 0:
        yield EntryProblem("discount", "TOTAL_NEGATIVE", {})


def weights_fit(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    for index, line in enumerate(entry["goods"]):
        if line["netWeight"] > line["grossWeight"]:
            weights = {"net": f"{line['netWeight']:f}", "gross": f"{line['grossWeight']:f}"}
            yield EntryProblem(f"goods[{index}].netWeight", "NET_OVER_GROSS", weights)


def skus_differ(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    counts = Counter(line["sku"] for line in entry["goods"])
    for index, line in enumerate(entry["goods"]):
        if counts[line["sku"]] > 1:
            counts[line["sku"]] = 0  # said once
            yield EntryProblem(f"goods[{index}].sku", "DUPLICATE", {"value": line["sku"]})


def hs_codes_are_known(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    for index, line in enumerate(entry["goods"]):
        if around.tariff_known and line["hsCode"] not in around.shelf.tariffs:
            yield EntryProblem(f"goods[{index}].hsCode", "HS_UNKNOWN", {"value": line["hsCode"]})


def times_have_come(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    if entry["payment"] and entry["payment"]["paidAt"] > around.now:
        yield EntryProblem("payment.paidAt", "IN_THE_FUTURE", {"value": entry["payment"]["paidAt"].isoformat()})
    today = around.now.astimezone(BEIJING).date()
    for index, purchase in enumerate(entry["purchases"]):
        if purchase["issuedOn"] > today:
            value = purchase["issuedOn"].isoformat()
            yield EntryProblem(f"purchases[{index}].issuedOn", "IN_THE_FUTURE", {"value": value})


def purchases_fit_the_goods(entry: Entry, around: Surroundings) -> Iterator[EntryProblem]:
    bought: defaultdict[int, Decimal] = defaultdict(Decimal)
    goods = entry["goods"]
    for index, purchase in enumerate(entry["purchases"]):
        line = purchase["line"]
        if not 1 <= line <= len(goods):
            yield EntryProblem(f"purchases[{index}].line", "LINE_MISSING", {"line": line, "last": len(goods)})
            continue
        sold = goods[line - 1]["quantity"]
        bought[line] += purchase["quantity"] or sold
        if bought[line] > sold:
            quantities = {"bought": f"{bought[line]:f}", "sold": f"{sold:f}"}
            yield EntryProblem(f"purchases[{index}].quantity", "QUANTITY_EXCEEDED", quantities)
    rows = Counter((purchase["invoice"], purchase["line"]) for purchase in entry["purchases"])
    for (invoice, line), count in rows.items():
        if count > 1:
            yield EntryProblem("purchases", "DUPLICATE", {"value": f"{invoice} ({line})"})


CHECKS: tuple[Callable[[Entry, Surroundings], Iterator[EntryProblem]], ...] = (
    mode_is_planned,
    places_are_known,
    amounts_fit_the_currency,
    total_is_positive,
    weights_fit,
    skus_differ,
    hs_codes_are_known,
    times_have_come,
    purchases_fit_the_goods,
)
