"""The messages we send, field by field: element, type, mandatory, and the field of our paper behind it.

Source: 海关跨境电商统一版系统企业对接报文规范 (202205 edition), export part; the order of the elements is the
schema's own. The table both writes the XML and checks a paper before anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

M, O = True, False  # noqa: E741 - the specification's own letters


class Wire(NamedTuple):
    """One element. `type`: `s=4` exact length, `s<=60`, `s3-4`, `N19,5` decimal, `int9`.

    `paper` is our field; `code` the translation of `codes.TRANSLATIONS` that it goes through; `constant` what is always
    written; `otherwise` what the specification wants where there is nothing to say. `@number`, `@reason` and
    `@<reference kind>` are the paper's own.
    """

    element: str
    label: str
    type: str
    mandatory: bool
    paper: str = ""
    code: str = ""
    constant: str = ""
    otherwise: str = ""


class Ceb(NamedTuple):
    """One kind of message.

    The entity holds a head (or is one itself) and rows of one group of the paper's lines.
    """

    kind: str
    message: str
    entity: str
    head: str
    fields: tuple[Wire, ...]
    rows: str = ""
    group: str = ""
    row_fields: tuple[Wire, ...] = ()
    key: tuple[str, ...] = ()
    batch: int = 100


def named(wires: tuple[Wire, ...], **labels: str) -> tuple[Wire, ...]:
    """The same elements under the labels that a message gives them: customs names a field by these."""
    return tuple(wire._replace(label=labels.get(wire.element, wire.label)) for wire in wires)


PLATFORM = (
    Wire("ebpCode", "电商平台代码", "s<=18", M, "platform_code"),
    Wire("ebpName", "电商平台/海外仓名称", "s<=100", M, "platform_name"),
)
SELLER = (
    Wire("ebcCode", "收发货人代码", "s<=18", M, "seller_code"),
    Wire("ebcName", "收发货人名称", "s<=100", M, "seller_name"),
)
SHOP = named(SELLER, ebcCode="电商企业代码", ebcName="电商企业名称")
LOGISTICS = (
    Wire("logisticsCode", "物流企业代码", "s<=18", M, "logistics_code"),
    Wire("logisticsName", "物流企业名称", "s<=100", M, "logistics_name"),
)
DECLARANT = (
    Wire("agentCode", "申报企业代码", "s<=18", M, "declarant_code"),
    Wire("agentName", "申报企业名称", "s<=100", M, "declarant_name"),
)
PARCEL = Wire("logisticsNo", "物流运单编号", "s<=32", M, "parcel_number")
OFFICE = Wire("customsCode", "申报地海关代码", "s=4", M, "customs_office")
OUR_NUMBER = Wire("copNo", "企业唯一编号", "s<=30", M, "@number")
ORDER_NUMBER = Wire("orderNo", "电商订单/海外仓订仓单编号", "s<=60", M, "order_number")
ORDER_OF_INVENTORY = ORDER_NUMBER._replace(label="订单编号/海外仓订仓单编号")
UNSPLIT = (
    Wire("msgCount", "报文总数", "int9", M, constant="1"),
    Wire("msgSeqNo", "报文序号", "int9", M, constant="1"),
)
LINE = Wire("gnum", "序号", "int5", M, "line")
CURRENCY = Wire("currency", "币制", "s=3", M, "currency", "currency")
TRANSPORT_MODE = Wire("trafMode", "运输方式", "s=1", M, "transport_mode", "transport")

ORDER = Ceb(
    "customs.order", "CEB303Message", "Order", "OrderHead",
    (
        Wire("orderType", "订单类型", "s=1", M, "order_type"),
        ORDER_NUMBER, *PLATFORM, *SHOP,
        Wire("goodsValue", "商品金额", "N19,5", M, "goods_value"),
        Wire("freight", "运杂费", "N19,5", M, "freight"),
        CURRENCY,
    ),
    "OrderList", "goods",
    (
        LINE,
        Wire("itemNo", "企业商品货号", "s<=30", M, "item_number"),
        Wire("itemName", "企业商品名称", "s<=250", M, "item_name"),
        Wire("itemDescribe", "企业商品描述", "s<=1000", O, "description"),
        Wire("barCode", "条形码", "s<=50", O, "barcode"),
        Wire("unit", "计量单位", "s=3", M, "unit", "unit"),
        CURRENCY,
        Wire("qty", "数量", "N19,5", M, "quantity"),
        Wire("price", "单价", "N19,5", M, "price"),
        Wire("totalPrice", "总价", "N19,5", M, "total"),
    ),
    key=("seller_code", "order_number"),
)  # fmt: skip
RECEIPT = Ceb(
    "customs.receipt", "CEB403Message", "Receipts", "",
    (
        *PLATFORM, *SHOP, ORDER_NUMBER,
        Wire("payCode", "支付企业代码", "s<=18", O, "payment_provider_code"),
        Wire("payName", "支付企业名称", "s<=100", M, "payment_provider"),
        Wire("payNo", "支付交易编号", "s<=60", O, "payment_number"),
        Wire("charge", "收款金额", "N19,5", M, "charge"),
        CURRENCY,
        Wire("accountingDate", "到账时间", "s=14", M, "received_at"),
    ),
    key=("seller_code", "order_number", "payment_number"),
)  # fmt: skip
WAYBILL = Ceb(
    "customs.waybill", "CEB505Message", "Logistics", "",
    (
        *LOGISTICS, PARCEL,
        Wire("freight", "运费", "N19,5", M, "freight"),
        Wire("insuredFee", "保价费", "N19,5", M, "insurance"),
        CURRENCY,
        Wire("grossWeight", "毛重", "N19,5", M, "gross_weight"),
        Wire("packNo", "件数", "int9", M, "packages"),
        Wire("goodsInfo", "主要货物信息", "s<=200", M, "goods_description"),
        Wire("ebcCode", "电商企业代码", "s<=18", O, "seller_code"),
        Wire("ebcName", "电商企业名称", "s<=100", O, "seller_name"),
        Wire("ebcTelephone", "电商企业电话", "s<=50", O, "seller_telephone"),
    ),
    key=("logistics_code", "parcel_number"),
)  # fmt: skip
INVENTORY = Ceb(
    "customs.inventory", "CEB603Message", "Inventory", "InventoryHead",
    (
        OFFICE, *named(PLATFORM, ebpName="电商平台名称/海外仓名称"), ORDER_OF_INVENTORY, *LOGISTICS, PARCEL, OUR_NUMBER,
        Wire("ieFlag", "进出口标记", "s=1", M, constant="E"),
        Wire("portCode", "出口口岸代码", "s=4", M, "port_office"),
        Wire("ieDate", "出口日期", "s=8", M, "export_date"),
        Wire("statisticsFlag", "申报业务类型", "s=1", M, "statistics_flag"),
        *DECLARANT, *SELLER,
        Wire("ownerCode", "生产销售企业代码", "s<=18", M, "owner_code"),
        Wire("ownerName", "生产销售企业名称", "s<=100", M, "owner_name"),
        Wire("tradeMode", "贸易方式", "s=4", M, "supervision_mode"),
        TRANSPORT_MODE,
        Wire("country", "运抵国（地区）", "s=3", M, "destination_country", "country"),
        Wire("POD", "指运港代码", "s3-4", M, "destination_port"),
        Wire("freight", "运费", "N19,5", M, "freight"),
        Wire("fCurrency", "运费币制", "s=3", M, "freight_currency", "currency"),
        Wire("fFlag", "运费标志", "s=1", M, constant="3"),
        Wire("insuredFee", "保费", "N19,5", M, "insurance"),
        Wire("iCurrency", "保费币制", "s=3", M, "insurance_currency", "currency"),
        Wire("iFlag", "保费标志", "s=1", M, constant="3"),
        Wire("wrapType", "包装种类代码", "s=1", M, "packaging", "packaging"),
        Wire("packNo", "件数", "int9", M, "packages"),
        Wire("grossWeight", "毛重（公斤）", "N19,5", M, "gross_weight"),
        Wire("netWeight", "净重（公斤）", "N19,5", M, "net_weight"),
    ),
    "InventoryList", "goods",
    (
        LINE._replace(label="商品序号"),
        Wire("itemNo", "企业商品货号", "s<=20", M, "item_number"),
        Wire("itemName", "企业商品名称", "s<=250", O, "item_name"),
        Wire("gcode", "商品编码", "s=10", M, "hs_code"),
        Wire("gname", "商品名称", "s<=250", M, "name"),
        Wire("gmodel", "规格型号", "s<=250", M, "specification"),
        Wire("barCode", "条形码", "s<=50", M, "barcode", otherwise="无"),
        Wire("country", "目的国（地区）代码", "s=3", M, "destination_country", "country"),
        CURRENCY,
        Wire("qty", "申报数量", "N19,5", M, "quantity"),
        Wire("qty1", "法定数量", "N19,5", M, "legal_quantity"),
        Wire("qty2", "第二数量", "N19,5", O, "second_quantity"),
        Wire("unit", "申报计量单位", "s=3", M, "unit", "unit"),
        Wire("unit1", "法定计量单位", "s=3", M, "legal_unit"),
        Wire("unit2", "第二计量单位", "s<=3", O, "second_unit"),
        Wire("price", "单价", "N19,5", M, "price"),
        Wire("totalPrice", "总价", "N19,5", M, "total"),
    ),
    key=("@number",),
)  # fmt: skip
WAYBILL_LIST = Ceb(
    "customs.waybill_list", "CEB607Message", "WayBill", "WayBillHead",
    (
        OFFICE, OUR_NUMBER, *DECLARANT, TRANSPORT_MODE,
        Wire("trafName", "运输工具名称", "s<=100", M, "transport_name"),
        Wire("voyageNo", "航班航次号", "s<=32", M, "voyage"),
        Wire("billNo", "提运单号", "s<=37", M, "transport_document"),
        Wire("grossWeight", "毛重（公斤）", "N19,5", M, "gross_weight"),
        *LOGISTICS, *UNSPLIT,
    ),
    "WayBillList", "parcels",
    (
        LINE,
        PARCEL,
        Wire("invtNo", "出口清单编号", "s<=20", O, "inventory_number"),
    ),
    key=("@number",),
)  # fmt: skip
DEPARTURE = Ceb(
    "customs.departure", "CEB509Message", "Departure", "DepartureHead",
    (
        OFFICE, OUR_NUMBER, *LOGISTICS, TRANSPORT_MODE,
        Wire("trafName", "运输工具名称", "s<=100", O, "transport_name"),
        Wire("voyageNo", "航班航次号", "s<=32", O, "voyage"),
        Wire("billNo", "提运单号", "s<=37", O, "transport_document"),
        Wire("leaveTime", "离境时间", "s=14", M, "departed_at"),
        *UNSPLIT,
    ),
    "DepartureList", "parcels",
    (LINE, PARCEL),
    key=("@number",),
)  # fmt: skip
SUMMARY = Ceb(
    "customs.summary", "CEB701Message", "SummaryApply", "SummaryApplyHead",
    (
        OFFICE, OUR_NUMBER, *named(DECLARANT, agentCode="申报单位代码", agentName="申报单位名称"), *SELLER,
        Wire("declAgentCode", "报关单位代码", "s<=18", M, "declarant_code"),
        Wire("declAgentName", "报关单位名称", "s<=100", M, "declarant_name"),
        # by consignor: an application holds one inventory, with one producer; and by the names as they were declared,
        # which is how the refund finds the goods on the declaration (202205 edition, CEB701)
        Wire("summaryFlag", "收发货人汇总标志", "s=1", M, constant="1"),
        Wire("itemNameFlag", "按商品名汇总标志", "s=1", M, constant="1"),
        *UNSPLIT,
    ),
    "SummaryApplyList", "inventories",
    (Wire("invtNo", "清单编号", "s<=20", M, "inventory_number"),),
    key=("@number",),
)  # fmt: skip

CANCELLATION = Ceb(
    "customs.inventory", "CEB605Message", "InvtCancel", "",
    (
        OFFICE, OUR_NUMBER,
        Wire("invtNo", "原清单编号", "s<=20", M, "@customs.invtNo"),
        Wire("reason", "撤单原因", "s<=1000", M, "@reason"),
        *DECLARANT, *SELLER,
    ),
)  # fmt: skip
WITHDRAWN_BY: Mapping[str, Ceb] = {"customs.inventory": CANCELLATION}
"""An inventory is withdrawn by a message of its own; every other paper by itself with appType 3 (删除)."""

MESSAGES = (ORDER, RECEIPT, WAYBILL, INVENTORY, WAYBILL_LIST, DEPARTURE, SUMMARY)
