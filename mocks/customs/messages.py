"""The request messages as wholes: 202205 edition, one business entity 1..100 and what follows it.

Export messages carry the signature before `ExtendMessage`, import messages after it.
"""

from __future__ import annotations

from mocks.customs import fields, fields_import
from mocks.customs.form import DSIG, UNBOUNDED, Field, Fields, Group

MOST_ENTITIES = 100

BASE_TRANSFER = Group(
    "BaseTransfer",
    (
        Field("copCode", "传输企业代码", "s<=18"),
        Field("copName", "传输企业名称", "s<=100"),
        Field("dxpMode", "报文传输模式", "s=3"),
        Field("dxpId", "报文传输编号", "s<=30"),
        Field("note", "备注", "s<=1000", "O"),
    ),
)
BASE_SUBSCRIBE = Group(
    "BaseSubscribe",
    (
        Field("status", "用户订阅单证业务状态", "s<=100"),
        Field("dxpMode", "订阅方传输模式", "s=3"),
        Field("dxpAddress", "订阅方传输地址", "s<=100"),
        Field("note", "备注", "s<=1000", "O"),
    ),
    least=0,
    most=5,
)
EXTEND_MESSAGE = Group(
    "ExtendMessage",
    (
        Field("name", "扩展报文名称", "s<=30"),
        Field("version", "扩展报文版本", "s<=30"),
        Group("Message", opaque=True),
    ),
    least=0,
)


def signature(least: int) -> Group:
    return Group("Signature", least=least, opaque=True, namespace=DSIG)


def headed(name: str, head: Fields, rows: Fields = (), least: int = 1, most: int = UNBOUNDED) -> Group:
    """An entity with a head and, where it has them, rows."""
    parts = [Group(f"{name}Head", head)]
    if rows:
        parts.append(Group(f"{name}List", rows, least, most))
    return Group(name, tuple(parts), most=MOST_ENTITIES)


def flat(name: str, content: Fields) -> Group:
    return Group(name, content, most=MOST_ENTITIES)


EXPORT: dict[str, Group] = {
    "CEB303": headed("Order", fields.ORDER_HEAD, fields.ORDER_LIST, most=100),
    "CEB403": flat("Receipts", fields.RECEIPTS),
    "CEB505": flat("Logistics", fields.LOGISTICS),
    "CEB507": headed("Arrival", fields.ARRIVAL_HEAD, fields.ARRIVAL_LIST, least=0),
    "CEB509": headed("Departure", fields.DEPARTURE_HEAD, fields.DEPARTURE_LIST),
    "CEB603": headed("Inventory", fields.INVENTORY_HEAD, fields.INVENTORY_LIST, most=100),
    "CEB605": flat("InvtCancel", fields.INVT_CANCEL),
    "CEB607": headed("WayBill", fields.WAYBILL_HEAD, fields.WAYBILL_LIST),
    "CEB701": headed("SummaryApply", fields.SUMMARY_APPLY_HEAD, fields.SUMMARY_APPLY_LIST, least=0),
}
IMPORT: dict[str, Group] = {
    "CEB311": headed("Order", fields_import.ORDER_HEAD, fields_import.ORDER_LIST, most=99),
    "CEB411": headed("Payment", fields_import.PAYMENT_HEAD),
    "CEB511": headed("Logistics", fields_import.LOGISTICS_HEAD),
    "CEB621": headed("Inventory", fields_import.INVENTORY_HEAD, fields_import.INVENTORY_LIST, most=99),
}
SIGNED: tuple[str, ...] = ("CEB621",)


def whole(kind: str, entity: Group) -> Group:
    """The message element around an entity."""
    if kind in EXPORT:
        tail = (BASE_TRANSFER, BASE_SUBSCRIBE, signature(0), EXTEND_MESSAGE)
    else:
        tail = (BASE_TRANSFER, BASE_SUBSCRIBE, EXTEND_MESSAGE, signature(1 if kind in SIGNED else 0))
    return Group(f"{kind}Message", (entity, *tail))


ENTITIES: dict[str, Group] = EXPORT | IMPORT
MESSAGES: dict[str, Group] = {kind: whole(kind, entity) for kind, entity in ENTITIES.items()}


def label(kind: str, name: str) -> str:
    """The Chinese name of an element of an entity, head before rows."""
    waiting: list[Field | Group] = [ENTITIES[kind]]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Group):
            waiting.extend(part.parts)
        elif part.name == name:
            return part.label
    raise LookupError(f"{kind} {name}")
