"""Who takes part and by which way the goods go: from the entry and the registration. What neither says is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from connectors.sdk.instants import day_of
from hub.dossiers.dossier import Dossier, DossierLine
from hub.errors import EntryProblem
from hub.papers.computations.catalogue import Asked, CannotCompute, computation
from hub.papers.places import PLACES

NO_CODE = "无"
"""202205 edition, ebpCode: what a platform abroad that has no code is written as."""
OVERSEAS_WAREHOUSE = "9810"


@computation("platform", "warehouseName", "mode")
def platform_name(dossier: Dossier, line: DossierLine) -> str:
    """202205 edition, ebpName: the platform's registered name; of a 订仓单 (9810) the overseas warehouse's name."""
    field = "warehouseName" if dossier.mode == OVERSEAS_WAREHOUSE else "platform"
    return str(_typed(dossier.entry.get(field), field))


@computation("platform", "mode")
def platform_code(dossier: Dossier, line: DossierLine) -> str:
    """202205 edition, ebpCode: the code that the registration has for the platform, or 无 where it says that.

    Of an overseas warehouse 无: it lies abroad, and the form knows no code for one.
    """
    if dossier.mode == OVERSEAS_WAREHOUSE:
        return NO_CODE
    name = _typed(dossier.entry.get("platform"), "platform")
    return _registered(dossier, "platforms", name, f"platform code:{name}", "platform")


@computation("payment.provider")
def payment_provider_code(dossier: Dossier, line: DossierLine) -> str | None:
    """202205 edition, payCode: mandatory of a provider in China, left out of one abroad (registered as 无)."""
    payment = dossier.entry.get("payment") or {}
    name = _typed(payment.get("provider"), "payment.provider")
    code = _registered(dossier, "paymentProviders", name, f"provider code:{name}", "payment.provider")
    return None if code == NO_CODE else code


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


@computation("transport.readyAt")
def export_date(dossier: Dossier, line: DossierLine) -> str:
    """出口日期, asked for before the goods have left: the day they are ready, in Beijing (practice).

    The real departure follows with 607 and 509.
    """
    return day_of(datetime.fromisoformat(dossier.entry["transport"]["readyAt"])).isoformat()


@computation("transport.to")
def destination_port(dossier: Dossier, line: DossierLine) -> str:
    """指运港: no table of customs' own port codes is published; the three characters of the UN/LOCODE are practice."""
    return str(dossier.entry["transport"]["to"])[2:]


def _typed(value: Any, path: str) -> Any:
    if not value:
        raise CannotCompute(path)
    return value


def _registered(dossier: Dossier, group: str, name: str, lack: str, path: str) -> str:
    code = (dossier.enterprise["partners"].get(group) or {}).get(name)
    if not code:
        raise CannotCompute(lack, path)
    return str(code)


def _producer(dossier: Dossier) -> Any:
    found = dossier.entry.get("producer") or dossier.enterprise["partners"].get("producer")
    if not found:
        raise CannotCompute("registration:producer")
    return found
