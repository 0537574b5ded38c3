"""The air waybill as a ONE Record logistics object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from connectors.airport.codes import REFERENCE, WAYBILL, iata
from connectors.airport.expanded import CARGO
from connectors.airport.jsonld import CONTEXT, MEDIA_TYPE, Graph
from connectors.airport.streams import Waybills
from connectors.sdk import Aside, Bug, Holding, Http, Message, Page, Paper, Problem, Submission
from connectors.sdk.codecs import write_json
from connectors.sdk.json_service import answered, plain_value
from connectors.sdk.papers import Value
from connectors.sdk.records import DocumentEvent, Draft

CREATED, EXISTS, INVALID = 201, 409, 400


class WaybillSubmission(Submission):
    """One waybill with its shipment. We choose the object's address, so that we can ask whether it arrived."""

    kinds = (WAYBILL,)
    says_back = True

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")

    def address(self, paper: Paper) -> str:
        return f"{self.base_url}/logistics-objects/{paper.guid.lower()}"

    def references(self, paper: Paper) -> Mapping[str, str]:
        if paper.action == "withdraw":
            return {}
        return {WAYBILL: self.address(paper), REFERENCE: str(paper.head["reference"])}

    def check(self, paper: Paper) -> list[Problem]:
        return [
            Problem(
                end,
                "NO_CODE",
                f"{end}：没有 {paper.head[end]} 的 IATA 代码",
                f"{end}: no IATA code of {paper.head[end]}",
            )
            for end in ("origin", "destination")
            if end in paper.head and iata(str(paper.head[end])) is None
        ]

    def encode(self, papers: Sequence[Paper]) -> Message:
        paper = papers[0]
        content = _cancellation(paper.known[WAYBILL]) if paper.action == "withdraw" else self._waybill(paper)
        return Message(write_json(content), MEDIA_TYPE)

    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        if papers[0].action == "withdraw":
            return http.patch(papers[0].known[WAYBILL], message.body, message.content_type, answers=(EXISTS,))
        return http.post(
            "logistics-objects/", message.body, message.content_type, answers=(EXISTS, INVALID),
            headers={"Accept": MEDIA_TYPE},
        )  # fmt: skip

    def find(self, http: Http, paper: Paper) -> Page | None:
        if paper.action == "withdraw":
            return None  # asking twice to cancel does no harm
        answer = http.get(self.address(paper), headers={"Accept": MEDIA_TYPE}, answers=(404,))
        return None if answer.status == 404 else answer

    def holding(self, http: Http, paper: Paper) -> Holding | None:
        """The waybill as it stands there: the status of its booking, and its number once it has one."""
        answer = self.find(http, paper)
        if answer is None:
            return None
        for told in Waybills().read(replace(answer, part=self.address(paper))):
            if not isinstance(told, Aside) and told[0] is DocumentEvent:
                return Holding(code=told[1]["code"], references=told[1]["references"])
        return Holding()

    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Draft]:
        if answer.status < 400 and answer.status != CREATED:
            Graph.read(answer.body, answer.url).agreed("cargo:Waybill", self.address(papers[0]))  # found there
        address, code, words = self.address(papers[0]), "CREATED", ""
        if papers[0].action == "withdraw":
            if answer.status < 400:
                return  # the waybill shows it once it is carried out
            address, code, words = papers[0].known[WAYBILL], "STATE", Graph.read(answer.body, answer.url).first_error()
        if answer.status == INVALID:
            code, words = "INVALID", Graph.read(answer.body, answer.url).first_error()
        yield answered(papers[0], answer, address, code, words, source_id=f"{papers[0].guid}#{code}")

    def field_named(self, words: str) -> str | None:
        return next((field for element, field in FIELDS.items() if f"cargo:{element}" in words), None)

    def _waybill(self, paper: Paper) -> dict[str, Any]:
        head = paper.head
        parties = [
            _party("SHP", str(head["shipper"]), str(head["shipper_address"]), "CN"),
            _party("CNE", str(head["consignee"]), str(head["consignee_address"]), str(head["consignee_country"])),
        ]
        return {
            "@context": CONTEXT,
            "@id": self.address(paper),
            "@type": "cargo:Waybill",
            "cargo:waybillType": {"@id": f"{CARGO}MASTER"},
            "cargo:shippingRefNo": head["reference"],
            "cargo:shippingInfo": f"ready at {plain_value(head['ready_at'])}",
            "cargo:departureLocation": _location(str(head["origin"])),
            "cargo:arrivalLocation": _location(str(head["destination"])),
            "cargo:involvedParties": parties,
            "cargo:declaredValueForCustoms": {
                "@type": "cargo:CurrencyValue",
                "cargo:currencyUnit": {"@id": f"https://vocabulary.uncefact.org/CurrencyCodeList#{head['currency']}"},
                "cargo:numericalValue": str(head["declared_value"]),
            },
            "cargo:shipment": {
                "@type": "cargo:Shipment",
                "cargo:goodsDescription": head["goods_description"],
                "cargo:totalGrossWeight": {
                    "@type": "cargo:Value",
                    "cargo:numericalValue": str(head["gross_weight"]),
                    "cargo:unit": {"@id": "https://vocabulary.uncefact.org/UnitMeasureCode#KGM"},
                },
                "cargo:pieces": _pieces(paper),
                **_delivery(head.get("delivery_warehouse")),
            },
        }


FIELDS = {
    "departureLocation": "origin",
    "arrivalLocation": "destination",
    "goodsDescription": "goods_description",
    "totalGrossWeight": "gross_weight",
    "pieces": "pieces",
    "involvedParties": "consignee",
    "declaredValueForCustoms": "declared_value",
    "deliveryLocation": "delivery_warehouse",
    "shippingInfo": "ready_at",
}
"""ONE Record property → field of our paper."""


def _cancellation(address: str) -> dict[str, Any]:
    """A change request (ONE Record API, PATCH) that sets the booking status."""
    return {
        "@context": CONTEXT,
        "@type": "api:Change",
        "api:hasLogisticsObject": {"@id": address},
        "api:hasDescription": "cancelled by the shipper",
        "api:hasOperation": [
            {
                "@type": "api:Operation",
                "api:op": {"@id": "api:ADD"},
                "api:s": address,
                "api:p": f"{CARGO}bookingStatus",
                "api:o": [{"@type": "api:OperationObject", "api:hasValue": f"{CARGO}CANCELLED"}],
            }
        ],
    }


def _pieces(paper: Paper) -> list[dict[str, Any]]:
    """One node for each piece. A warehouse wants to know what is inside: the goods stand in the first."""
    pieces: list[dict[str, Any]] = [{"@type": "cargo:Piece"} for _ in range(int(str(paper.head["pieces"])))]
    if paper.head.get("delivery_warehouse"):
        pieces[0]["cargo:containedItems"] = [
            {
                "@type": "cargo:Item",
                "cargo:ofProduct": {"@type": "cargo:Product", "cargo:uniqueIdentifier": line["item_number"]},
                "cargo:itemQuantity": {
                    "@type": "cargo:Value",
                    "cargo:numericalValue": str(line["quantity"]),
                    "cargo:unit": {"@id": f"https://vocabulary.uncefact.org/UnitMeasureCode#{line['unit']}"},
                },
            }
            for line in paper.lines["goods"]
        ]
    return pieces


def _delivery(warehouse: Value) -> dict[str, Any]:
    if not warehouse:
        return {}
    code = {"@type": "cargo:CodeListElement", "cargo:code": str(warehouse)}
    return {"cargo:deliveryLocation": {"@type": "cargo:Location", "cargo:locationCodes": [code]}}


def _location(locode: str) -> dict[str, Any]:
    code = iata(locode)
    if code is None:
        raise Bug(f"no IATA code of {locode}")
    return {
        "@type": "cargo:Location",
        "cargo:locationCodes": [{"@type": "cargo:CodeListElement", "cargo:code": code}],
    }


def _party(role: str, name: str, address: str, country: str) -> dict[str, Any]:
    return {
        "@type": "cargo:Party",
        "cargo:partyRole": {"@id": f"https://onerecord.iata.org/ns/code-lists/ParticipantIdentifier#{role}"},
        "cargo:partyDetails": {
            "@type": "cargo:Organization",
            "cargo:name": name,
            "cargo:basedAtLocation": {
                "@type": "cargo:Location",
                "cargo:address": {
                    "@type": "cargo:Address",
                    "cargo:streetAddressLines": [address],
                    "cargo:country": {"@type": "cargo:CodeListElement", "cargo:code": country},
                },
            },
        },
    }
