"""The port as it talks to a hub: responses in any order, at any time."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from connectors.sdk.instants import compact
from hub.model import Document, DocumentEvent, PaperVersion, Reference
from hub.progress.advance import advance_touched
from sync.merge import merge
from sync.page_reading import Reader
from tests.support.connectors.ceb_responses import entity, mailbox, written
from tests.support.flow.exporter import Exporter
from tests.support.world import World, demo_file

ORDER, INVENTORY = "customs.order", "customs.inventory"
FOREIGN = (f"F0000000-0000-4000-8000-{number:012d}" for number in count())


class Port:
    """An electronic port whose words a test makes up, and a hub that hears them."""

    def __init__(self, world: World) -> None:
        self.world, self.exporter = world, Exporter(world)
        self.number = ""
        self.reader = Reader("customs", world.hub.connectors["customs"].codes)

    def enters(self, **otherwise: Any) -> None:
        self.number = self.exporter.enters("xuchang-wigs-to-chicago", **otherwise)

    def sends(self) -> datetime:
        """Everything that is ready goes out; when."""
        self.world.run("customs.send")
        return self.world.clock()

    def says(self, code: str, at: datetime, guid: str = "", words: str = "", **about: str) -> dict[str, Any]:
        """A CEB304 about the order; a guid that is nobody's where none is given."""
        about = about or {
            "ebcCode": "411096500K",
            "orderNo": demo_file("trades", "xuchang-wigs-to-chicago")["orderNumber"],
        }
        said = {"returnStatus": code, "returnTime": compact(at) + f"{at.microsecond // 1000:03d}", "returnInfo": words}
        return {"guid": guid or next(FOREIGN), **about, **said}

    def hears(self, *told: dict[str, Any], message: str = "CEB304Message", name: str = "OrderReturn") -> None:
        """One page, read, merged and followed up as a run would."""
        page = mailbox(written(message, *(entity(name, one) for one in told)))
        stream, now = self.world.hub.connectors["customs"].streams["responses"], self.world.clock()
        reading = self.reader.read(stream.read(page), None, now)
        assert reading.aside == []
        with self.world.hub.database.write() as connection:
            assert merge(connection, "customs", reading.rows).add_up
        advance_touched(self.world.hub.database, self.world.hub.desk)

    def order(self) -> Any:
        return self.exporter.paper(self.number, ORDER)

    def version_of(self, code: str) -> int | None:
        with self.world.hub.database.read() as connection:
            chosen = select(DocumentEvent.version).where(DocumentEvent.code == code)
            return connection.scalars(chosen.order_by(DocumentEvent.id.desc())).first()

    def guids(self, kind: str = ORDER) -> list[str]:
        """Those of all versions of a paper."""
        with self.world.hub.database.read() as connection:
            chosen = select(PaperVersion.guid).join(Document, Document.id == PaperVersion.document_id)
            return list(connection.scalars(chosen.where(Document.kind == kind).order_by(PaperVersion.version)))

    def known(self, kind: str) -> dict[str, str]:
        """What customs knows a paper by; of a waybill, its two numbers one by one."""
        with self.world.hub.database.read() as connection:
            chosen = select(Reference.kind, Reference.value).join(Document, Document.id == Reference.document_id)
            found = {name: str(value) for name, value in connection.execute(chosen.where(Document.kind == kind))}
        code, _, number = found.get("customs.waybill", "").partition("/")
        return found | {"logisticsCode": code, "logisticsNo": number}

    def amends(self, **changes: str) -> None:
        assert "errors" not in self.exporter.amends(
            self.number, **(changes or {"goods[0].specification": "人发;整头假发;14英寸;自然黑;无品牌"})
        )
