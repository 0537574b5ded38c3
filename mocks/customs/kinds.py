"""The business keys of the documents and the codes that the e-port refuses them with: 202205 edition, table 7-2.

The edition has no codes of its own for 507, 509, 607 and 701; they borrow those of the inventory.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A negative returnStatus with its text; `{key}` is the document's key."""

    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """`key` names the document to its sender, `scope` is what else makes it one document to customs.

    Codes: `duplicate` a new one while the old one stands, `settled` customs' state does not permit the change,
    `unknown` no such document to change, `wrong` a head field with a value that has no meaning, `rows` numbered twice.
    """

    key: tuple[str, ...]
    duplicate: Code
    settled: Code
    unknown: Code
    wrong: Code
    rows: Code
    scope: tuple[str, ...] = ()


ORDER_CODES = (
    Code("-301010", "已存在相同编号的订单[{key}]"),
    Code("-301011", "该订单已向海关申报清单，状态不符[{key}]"),
    Code("-301012", "订单报文处理失败，未找到对应操作[{key}]"),
    Code("-301009", "订单标识(appType)不正确,未找到操作的订单[{key}]"),
    Code("-301002", "订单商品信息内有重复商品序号[{key}]"),
)
PAYMENT_CODES = (
    Code("-401007", "已存在相同编号的支付单[{key}]"),
    Code("-401008", "该支付单已向海关申报支付单，状态不符[{key}]"),
    Code("-401010", "支付单报文处理失败，未找到对应操作[{key}]"),
    Code("-401006", "支付单标识(appType)不正确,未找到对应操作的支付单[{key}]"),
    Code("-401011", "支付单报文处理失败，系统异常[{key}]"),
)
WAYBILL_CODES = (
    Code("-504015", "已存在相同编号的运单[{key}]"),
    Code("-504016", "该运单已向海关申报运单，状态不符[{key}]"),
    Code("-504014", "运单标识(appType)不正确,未找到操作的运单[{key}]"),
    Code("-504014", "运单标识(appType)不正确,未找到操作的运单[{key}]"),
    Code("-504011", "参数校验不通过，[{key}]"),
)
CANCELLATION_CODES = (
    Code("-623009", "撤单清单[{key}]已经申报过"),
    Code("-623005", "清单的状态不符合撤单申报要求(清单编号[{key}])！"),
    Code("-623003", "系统中不存在清单编号为[{key}]的清单！"),
    Code("-623018", "请求参数错误，请重试[{key}]"),
    Code("-623001", "报文校验失败，[{key}]"),
)


def declared(name: str) -> tuple[Code, Code, Code, Code, Code]:
    return (
        Code("-621004", f"{name}[{{key}}]已经申报过，请勿重复申报"),
        Code("-621012", f"{name}[{{key}}]的申报状态不符合改单申报的条件"),
        Code("-621011", f"不存在已申报的{name}[{{key}}]，无法进行改单操作"),
        Code("-621020", "请求参数错误，请重试[{key}]"),
        Code("-621027", "请确认表体gnum 无重复！[{key}]"),
    )


KINDS: dict[str, Kind] = {
    "CEB303": Kind(("ebpCode", "ebcCode", "orderNo"), *ORDER_CODES),
    "CEB403": Kind(("ebcCode", "orderNo", "payNo"), *PAYMENT_CODES),
    "CEB505": Kind(("logisticsCode", "logisticsNo"), *WAYBILL_CODES),
    "CEB507": Kind(("copNo",), *declared("运抵单"), scope=("operatorCode", "msgSeqNo")),
    "CEB509": Kind(("copNo",), *declared("离境单"), scope=("logisticsCode", "msgSeqNo")),
    "CEB603": Kind(("copNo",), *declared("清单"), scope=("agentCode",)),
    "CEB605": Kind(("invtNo",), *CANCELLATION_CODES),
    "CEB607": Kind(("copNo",), *declared("总分单"), scope=("agentCode", "msgSeqNo")),
    "CEB701": Kind(("copNo",), *declared("汇总申请单"), scope=("agentCode", "msgSeqNo")),
    "CEB311": Kind(("ebpCode", "ebcCode", "orderNo"), *ORDER_CODES),
    "CEB411": Kind(("payCode", "payTransactionId"), *PAYMENT_CODES),
    "CEB511": Kind(("logisticsCode", "logisticsNo"), *WAYBILL_CODES),
    "CEB621": Kind(("ebpCode", "orderNo"), *declared("清单")),
}
