"""Orders of which one is bad."""

from __future__ import annotations

from base64 import b64decode, b64encode
from io import BytesIO
from typing import Any

from lxml import etree
from sqlalchemy import select

from hub.model import DeliveryAttempt, Document, Trade
from tests.support.world import World, demo_file

ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { path code } } }"
BAD = "XC-2"


class Orders:
    """Trades of one exporter, by their order number."""

    def __init__(self, world: World) -> None:
        self.world, self.key = world, world.exporter()
        world.run("customs.tariffs", "tax.rates", "forex.parity")
        self.numbers: dict[str, str] = {}

    def enters(self, *orders: str) -> None:
        for order in orders:
            typed = demo_file("trades", "xuchang-wigs-to-chicago") | {"orderNumber": order}
            typed["payment"] = typed["payment"] | {"transaction": f"ZYP-{order}"}
            entered = self.world.ask(ENTER, self.key, input=typed)["enterTrade"]
            assert entered["errors"] == []
            self.numbers[order] = entered["trade"]["number"]

    def paper(self, order: str, kind: str = "customs.order") -> Any:
        with self.world.hub.database.read() as connection:
            return connection.execute(
                select(Document.__table__)
                .join(Trade, Trade.id == Document.subject_id)
                .where(Trade.order_number == order, Document.kind == kind)
            ).one()

    def states(self, kind: str = "customs.order") -> dict[str, str]:
        return {order: self.paper(order, kind).state for order in self.numbers}

    def attempts(self, order: str) -> list[Any]:
        with self.world.hub.database.read() as connection:
            chosen = select(DeliveryAttempt.__table__).where(DeliveryAttempt.document_id == self.paper(order).id)
            return list(connection.execute(chosen.order_by(DeliveryAttempt.number)))


class Spoils:
    """Between the hub and customs, one order loses what its form wants."""

    def __init__(self, world: World) -> None:
        self.app = world.apps["customs"]
        world.street.doors["customs"].app = self
        world.messages_may_be_refused = True

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == "/dxp/messages":
            body = self.spoilt(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return self.app(environ, start_response)

    def spoilt(self, body: bytes) -> bytes:
        envelope = etree.fromstring(body)
        data = envelope.find("{*}Data")
        assert data is not None
        inner = etree.fromstring(b64decode(data.text or ""))
        for head in inner.iter("{*}OrderHead"):
            kind = head.find("{*}orderType")
            if head.findtext("{*}orderNo") == BAD and kind is not None:
                kind.text = "TOO LONG"
        data.text = b64encode(etree.tostring(inner)).decode()
        return etree.tostring(envelope)
