"""CEB messages as a trader writes them, and a desk that posts them and remembers the responses; time is set by hand."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from xml.sax.saxutils import escape

from flask.testing import FlaskClient
from lxml import etree

from mocks.customs.app import create_app
from mocks.customs.usage import OfficeUsage
from mocks.serve import serving
from tests.support.mocks.clocks import HandPace
from tests.support.mocks.wire import Wire

CEB, DXP = "http://www.chinaport.gov.cn/ceb", "http://www.chinaport.gov.cn/dxp"
SENDER = "DXPENT0000012345"
CREDENTIALS = {"Authorization": "Bearer demo-customs-token"}

HEAD = "guid={guid} appType={act} appTime=20260302090000 appStatus={state}"
PLATFORM = "ebpCode=无 ebpName=某境外平台"
TRADER = "ebcCode=4101960ABC ebcName=豫货示例公司"
AGENT = "agentCode=4101960ABC agentName=豫货示例公司"
CARRIER = "logisticsCode=4101980XYZ logisticsName=某物流公司"
# The papers of one shipment `{no}`: entity, head, rows. Flat entities have no rows.
PAPERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "CEB303": (
        "Order",
        f"{HEAD} orderType=E orderNo=SO-{{no}} {PLATFORM} {TRADER} goodsValue=200 freight=10 currency=502",
        (
            "gnum=1 itemNo=W-1 itemName=化纤假发 unit=007 currency=502 qty=2 price=30 totalPrice=60",
            "gnum=2 itemNo=W-2 itemName=人发假发 unit=007 currency=502 qty=1 price=140 totalPrice=140",
        ),
    ),
    "CEB403": (
        "Receipts",
        f"""{HEAD} {PLATFORM} {TRADER} orderNo=SO-{{no}} payName=某支付公司 payNo=PAY-{{no}} charge=205 currency=502
        accountingDate=20260301120000""",
        (),
    ),
    "CEB505": (
        "Logistics",
        f"""{HEAD} {CARRIER} logisticsNo=PK-{{no}} freight=10 insuredFee=0 currency=502 grossWeight=1.5 packNo=1
        goodsInfo=假发""",
        (),
    ),
    "CEB507": (
        "Arrival",
        f"""{HEAD} customsCode=4604 copNo=AR-{{no}} operatorCode=4101980XYZ operatorName=某监管场所 ieFlag=E trafMode=5
        billNo=172-{{no}} domesticTrafNo=豫A12345 {CARRIER} msgCount=1 msgSeqNo=1""",
        ("gnum=1 logisticsNo=PK-{no}",),
    ),
    "CEB509": (
        "Departure",
        f"""{HEAD} customsCode=4604 copNo=DP-{{no}} {CARRIER} trafMode=5 billNo=172-{{no}} leaveTime=20260304120000
        msgCount=1 msgSeqNo=1""",
        ("gnum=1 logisticsNo=PK-{no}",),
    ),
    "CEB603": (
        "Inventory",
        f"""{HEAD} customsCode=4604 {PLATFORM} orderNo=SO-{{no}} {CARRIER} logisticsNo=PK-{{no}} copNo=INV-{{no}}
        ieFlag=E portCode=4604 ieDate=20260303 statisticsFlag=B {AGENT} {TRADER} ownerCode=NO ownerName=某工厂
        tradeMode=9610 trafMode=5 country=502 POD=3245 freight=10 fCurrency=502 fFlag=3 insuredFee=0 iCurrency=502
        iFlag=3 wrapType=2 packNo=1 grossWeight=1.5 netWeight=1.2""",
        (
            """gnum=1 itemNo=W-1 gcode=6704190000 gname=化纤假发 gmodel=品牌:无 barCode=无 country=502 currency=502
            qty=2 qty1=0.6 unit=007 unit1=035 price=30 totalPrice=60""",
            """gnum=2 itemNo=W-2 gcode=6704200000 gname=人发假发 gmodel=品牌:无 barCode=无 country=502 currency=502
            qty=1 qty1=0.6 unit=007 unit1=035 price=140 totalPrice=140""",
        ),
    ),
    "CEB605": (
        "InvtCancel",
        f"{HEAD} customsCode=4604 copNo=CAN-{{no}} invtNo={{invt}} reason=客户取消 {AGENT} {TRADER}",
        (),
    ),
    "CEB607": (
        "WayBill",
        f"""{HEAD} customsCode=4604 copNo=WB-{{no}} {AGENT} trafMode=5 trafName=B747 voyageNo=CV9733 billNo=172-{{no}}
        grossWeight=1.5 {CARRIER} msgCount=1 msgSeqNo=1""",
        ("gnum=1 logisticsNo=PK-{no}",),
    ),
    "CEB701": (
        "SummaryApply",
        f"""{HEAD} customsCode=4604 copNo=SUM-{{no}} {AGENT} {TRADER} declAgentCode=4101960ABC
        declAgentName=豫货示例公司 summaryFlag={{by}} itemNameFlag=1 msgCount=1 msgSeqNo=1""",
        ("invtNo={invt}",),
    ),
    "CEB311": (
        "Order",
        f"""{HEAD} orderType=I orderNo=SO-{{no}} {PLATFORM} {TRADER} goodsValue=90 freight=10 discount=0 taxTotal=0
        acturalPaid=100 currency=142 buyerRegNo=U1 buyerName=某人 buyerTelephone=1 buyerIdType=1 buyerIdNumber=1
        consignee=某人 consigneeTelephone=1 consigneeAddress=郑州""",
        ("gnum=1 itemName=面膜 gmodel=无 unit=007 qty=1 price=90 totalPrice=90 currency=142 country=116",),
    ),
}


def content(template: str, values: dict[str, str]) -> dict[str, str]:
    return dict(part.format(**values).split("=", 1) for part in template.split())


def paper(kind: str, no: str = "1", lines: Any = None, rows: Any = None, **changes: Any) -> str:
    """One entity. `changes` fill the template or replace elements, `rows` do so in one row, `lines` are other rows."""
    entity, top, templates = PAPERS[kind]
    values = {"guid": str(uuid.uuid4()).upper(), "act": "1", "state": "2", "by": "1", "invt": "", "no": no}
    values |= {name: changes.pop(name) for name in list(changes) if name in values}
    head = content(top, values) | changes
    bodies = lines or [content(line, values) for line in templates]
    for turn, change in (rows or {}).items():
        bodies[turn] |= change
    inner = f"<ceb:{entity}Head>{render(head)}</ceb:{entity}Head>" if templates else render(head)
    inner += "".join(f"<ceb:{entity}List>{render(body)}</ceb:{entity}List>" for body in bodies)
    return f"<ceb:{entity}>{inner}</ceb:{entity}>"


def render(elements: dict[str, Any]) -> str:
    return "".join(f"<ceb:{name}>{escape(text)}</ceb:{name}>" for name, text in elements.items() if text is not None)


TRANSFER = render({"copCode": "4101960ABC", "copName": "豫货示例公司", "dxpMode": "DXP", "dxpId": SENDER})


def message(kind: str, *papers: str, transfers: int = 1) -> str:
    body = "".join(papers) + f"<ceb:BaseTransfer>{TRANSFER}</ceb:BaseTransfer>" * transfers
    guid = str(uuid.uuid4()).upper()
    return f'<ceb:{kind}Message xmlns:ceb="{CEB}" guid="{guid}" version="1.0">{body}</ceb:{kind}Message>'


def envelope(message_type: str, encoded: str) -> str:
    return (
        f'<DxpMsg xmlns="{DXP}" ver="1.0"><TransInfo><CopMsgId>COP-1</CopMsgId><SenderId>{SENDER}</SenderId>'
        "<ReceiverIds><ReceiverId>DXPEDCCEB0000003</ReceiverId></ReceiverIds><CreatTime>2026-03-02T09:00:00</CreatTime>"
        f"<MsgType>{message_type}</MsgType></TransInfo><Data>{encoded}</Data></DxpMsg>"
    )


class Desk:
    """Posts messages, reads the queue behind the last MsgId, and remembers every response message."""

    def __init__(self, seed: int = 0, own_guids: Collection[str] = (), **usage: Any) -> None:
        """`usage` are switches of the office."""
        self.clock = HandPace(seed=seed)
        self.app = create_app(self.clock, own_guids=own_guids, usage=OfficeUsage(**usage))
        self.client: FlaskClient | Wire = self.app.test_client()
        self.messages: list[tuple[str, str, etree._Element]] = []

    def post(self, kind: str, *papers: str) -> None:
        self.post_raw(f"{kind}Message", message(kind, *papers).encode())

    def post_raw(self, message_type: str, content: bytes) -> None:
        body = envelope(message_type, base64.b64encode(content).decode())
        assert self.client.post("/dxp/messages", data=body, headers=CREDENTIALS).status_code == 202

    def do(self, kind: str, *papers: str) -> None:
        self.post(kind, *papers)
        self.clock.wait(days=1)

    def read(self, after: str = "", limit: int = 500, receiver: str = SENDER) -> list[tuple[str, str, etree._Element]]:
        path = f"/dxp/messages?receiver={receiver}&after={after}&limit={limit}"
        found = []
        for sent in etree.fromstring(self.client.get(path, headers=CREDENTIALS).data):
            message_id, kind, encoded = (sent.findtext(f".//{{{DXP}}}{name}") for name in ("MsgId", "MsgType", "Data"))
            found.append((message_id, kind, etree.fromstring(base64.b64decode(encoded))))
        return found

    def collect(self, limit: int = 500) -> None:
        while found := self.read(self.messages[-1][0] if self.messages else "", limit):
            self.messages.extend(found)

    def responses(self, kind: str, **marks: str) -> list[dict[str, str]]:
        """The responses of a kind that bear these marks, in the order in which they came."""
        self.collect()
        rows = [entity for _, name, root in self.messages if name == f"{kind}Message" for entity in root]
        leaves = [[leaf for leaf in row.iter() if not len(leaf)] for row in rows]
        contents = [{etree.QName(leaf).localname: leaf.text or "" for leaf in row} for row in leaves]
        return [one for one in contents if marks.items() <= one.items()]

    def statuses(self, kind: str, **marks: str) -> list[str]:
        """What customs decided, in the order of its decisions, without repetitions and drawn extra looks."""
        told = sorted(self.responses(kind, **marks), key=lambda one: one["returnTime"])
        return [one for one in dict.fromkeys(row["returnStatus"] for row in told) if one not in ("300", "500")]

    def last_words(self, kind: str, **marks: str) -> str:
        return max(self.responses(kind, **marks), key=lambda one: one["returnTime"])["returnInfo"]

    def send_three(self, *numbers: str) -> None:
        for kind in ("CEB303", "CEB403", "CEB505"):
            self.do(kind, *(paper(kind, no) for no in numbers))

    def release(self, *numbers: str, **changes: str) -> list[str]:
        self.send_three(*numbers)
        self.do("CEB603", *(paper("CEB603", no, **changes) for no in numbers))
        return [self.responses("CEB604", copNo=f"INV-{no}", returnStatus="899")[0]["invtNo"] for no in numbers]

    def outcomes(self, kind: str) -> list[str]:
        return [entry.outcome for entry in self.app.extensions["ledger"].entries(kind)]


@contextmanager
def at_the_counter(**usage: Any) -> Iterator[Desk]:
    """A desk that talks to its customs over real HTTP."""
    desk = Desk(**usage)
    with serving(desk.app) as base:
        desk.client = Wire(base)
        yield desk


def parcels(*numbers: str, **more: str) -> list[dict[str, str]]:
    """The lines of a list or a departure for the parcels of these shipments."""
    return [{"gnum": str(turn), "logisticsNo": f"PK-{no}", **more} for turn, no in enumerate(numbers, start=1)]


def waybill(*numbers: str, no: str = "1", **changes: Any) -> str:
    """A list of the parcels of these shipments, each of 1.5 kg."""
    weight = {"grossWeight": f"{1.5 * len(numbers):g}"}
    return paper("CEB607", no, lines=parcels(*numbers), **weight | changes)


def departure(*numbers: str, no: str = "1", **changes: Any) -> str:
    return paper("CEB509", no, lines=parcels(*numbers), **changes)


def tell_whole_story(desk: Desk) -> list[str]:
    """Two shipments from the order to the summary; their inventory numbers."""
    numbers = desk.release("1", "2")
    for kind in ("CEB507", "CEB607", "CEB509"):
        desk.do(kind, paper(kind, "1"), paper(kind, "2"))
    desk.do("CEB701", paper("CEB701", lines=[{"invtNo": number} for number in numbers]))
    return numbers
