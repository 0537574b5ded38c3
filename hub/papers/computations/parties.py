"""Who takes part and by which way the goods go: from the entry and the registration. What neither says is asked for."""

from __future__ import annotations

from typing import Any

from hub.dossiers.dossier import Dossier, DossierLine
from hub.errors import EntryProblem
from hub.papers.computations.catalogue import Asked, CannotCompute, computation
from hub.papers.places import PLACES


@computation("producer.code")
def producer_code(dossier: Dossier, line: DossierLine) -> str:
    """生产销售单位 (ownerCode): of the entry, else as registered; NO where it is not at customs (202205 edition)."""
    return str(_producer(dossier)["code"])


@computation("producer.name")
def producer_name(dossier: Dossier, line: DossierLine) -> str:
    return str(_producer(dossier)["name"])


@computation("parcelNumber")
def parcel_number(dossier: Dossier, line: DossierLine) -> str:
    """物流运单编号 (202205 edition, logisticsNo): the carrier's own, or ours where it has agreed that we give them."""
    typed = dossier.entry.get("parcelNumber")
    if typed:
        return str(typed)
    who = (dossier.enterprise["partners"].get("logistics") or {}).get("parcelNumbers")
    if who is None:
        raise CannotCompute("registration:logistics.parcelNumbers")
    return dossier.number if who == "hub" else str(_typed(None, "parcelNumber"))


@computation("transport.from")
def port_office(dossier: Dossier, line: DossierLine) -> str:
    """出口口岸: the customs office of the place where the goods leave."""
    place = dossier.entry["transport"]["from"]
    office = PLACES[place].customs_office if place in PLACES else None
    if office is None:
        raise CannotCompute(f"customs office:{place}", "transport.from")
    return office


@computation("destinationCountry", "transport.to", "buyer.country")
def destination_country(dossier: Dossier, line: DossierLine) -> str:
    """运抵国 and 最终目的国: as typed; else the country where both the port and the buyer are.

    Goods for a buyer in Hong Kong go to many countries: where the two differ, the exporter is asked.
    """
    typed, buyer = dossier.entry.get("destinationCountry"), dossier.entry["buyer"]["country"]
    port = str(dossier.entry["transport"]["to"])
    if not typed and buyer != port[:2]:
        problem = EntryProblem("destinationCountry", "DESTINATION_ASKED", {"port": port, "buyer": buyer})
        raise Asked("destinationCountry", problem)
    return str(typed or buyer)


def _typed(value: Any, path: str) -> Any:
    if not value:
        raise CannotCompute(path)
    return value


def _producer(dossier: Dossier) -> Any:
    found = dossier.entry.get("producer") or dossier.enterprise["partners"].get("producer")
    if not found:
        raise CannotCompute("registration:producer")
    return found
