"""The field tables of the export messages: 202205 edition, CEB303, 403, 505, 507, 509, 603, 605, 607 and 701.

Order, names and Chinese labels are the edition's. Where its text and its XSD disagree the XSD counts.
"""

from __future__ import annotations

from mocks.customs.form import Field, Fields

COMMON: Fields = (
    Field("guid", "系统唯一序号", "s=36"),
    Field("appType", "报送类型", "s=1"),
    Field("appTime", "报送时间", "s=14"),
    Field("appStatus", "报送状态", "s=1"),
)

ORDER_HEAD: Fields = (
    *COMMON,
    Field("orderType", "订单类型", "s=1"),
    Field("orderNo", "电商订单/海外仓订仓单编号", "s<=60"),
    Field("ebpCode", "电商平台代码", "s<=18"),
    Field("ebpName", "电商平台/海外仓名称", "s<=100"),
    Field("ebcCode", "电商企业代码", "s<=18"),
    Field("ebcName", "电商企业名称", "s<=100"),
    Field("goodsValue", "商品金额", "N19,5"),
    Field("freight", "运杂费", "N19,5", default="0"),
    Field("currency", "币制", "s=3"),
    Field("note", "备注", "s<=1000", "O"),
)

ORDER_LIST: Fields = (
    Field("gnum", "序号", "int5"),
    Field("itemNo", "企业商品货号", "s<=30"),
    Field("itemName", "企业商品名称", "s<=250"),
    Field("itemDescribe", "企业商品描述", "s<=1000", "O"),
    Field("barCode", "条形码", "s<=50", "O"),
    Field("unit", "计量单位", "s=3"),
    Field("currency", "币制", "s=3"),
    Field("qty", "数量", "N19,5"),
    Field("price", "单价", "N19,5"),
    Field("totalPrice", "总价", "N19,5"),
    Field("note", "备注", "s<=1000", "O"),
)

RECEIPTS: Fields = (
    *COMMON,
    Field("ebpCode", "电商平台代码", "s<=18"),
    Field("ebpName", "电商平台/海外仓名称", "s<=100"),
    Field("ebcCode", "电商企业代码", "s<=18"),
    Field("ebcName", "电商企业名称", "s<=100"),
    Field("orderNo", "电商订单/海外仓订仓单编号", "s<=60"),
    Field("payCode", "支付企业代码", "s<=18", "O"),
    Field("payName", "支付企业名称", "s<=100"),
    Field("payNo", "支付交易编号", "s<=60", "O"),
    Field("charge", "收款金额", "N19,5"),
    Field("currency", "币制", "s=3"),
    Field("accountingDate", "到账时间", "s=14"),
    Field("note", "备注", "s<=1000", "O"),
)

LOGISTICS: Fields = (
    *COMMON,
    Field("logisticsCode", "物流企业代码", "s<=18"),
    Field("logisticsName", "物流企业名称", "s<=100"),
    Field("logisticsNo", "物流运单编号", "s<=32"),
    Field("freight", "运费", "N19,5"),
    Field("insuredFee", "保价费", "N19,5"),
    Field("currency", "币制", "s=3"),
    Field("grossWeight", "毛重", "N19,5"),
    Field("packNo", "件数", "int9"),
    Field("goodsInfo", "主要货物信息", "s<=200"),
    Field("ebcCode", "电商企业代码", "s<=18", "O"),
    Field("ebcName", "电商企业名称", "s<=100", "O"),
    Field("ebcTelephone", "电商企业电话", "s<=50", "O"),
    Field("note", "备注", "s<=1000", "O"),
)

ARRIVAL_HEAD: Fields = (
    *COMMON,
    Field("customsCode", "申报地海关代码", "s=4"),
    Field("copNo", "企业唯一编号", "s<=30"),
    Field("preNo", "电子口岸编号", "s=18", "O"),
    Field("operatorCode", "监管场所经营人代码", "s<=18"),
    Field("operatorName", "监管场所经营人名称", "s<=100"),
    Field("loctNo", "监管场所代码", "s<=10", "O"),
    Field("ieFlag", "进出口标记", "s=1"),
    Field("trafMode", "运输方式", "s=1"),
    Field("billNo", "提运单号", "s<=37", "O"),
    Field("domesticTrafNo", "境内运输工具编号", "s<=100"),
    Field("logisticsCode", "物流企业代码", "s<=18"),
    Field("logisticsName", "物流企业名称", "s<=100"),
    Field("msgCount", "报文总数", "int9"),
    Field("msgSeqNo", "报文序号", "int9"),
    Field("note", "备注", "s<=1000", "O"),
)

ARRIVAL_LIST: Fields = (
    Field("gnum", "序号", "int5"),
    Field("logisticsNo", "物流运单编号", "s<=32"),
    Field("totalPackageNo", "总包号", "s<=37", "O"),
    Field("note", "备注", "s<=1000", "O"),
)

DEPARTURE_HEAD: Fields = (
    *COMMON,
    Field("customsCode", "申报地海关代码", "s=4"),
    Field("copNo", "企业唯一编号", "s<=30"),
    Field("preNo", "电子口岸编号", "s=18", "O"),
    Field("logisticsCode", "物流企业代码", "s<=18"),
    Field("logisticsName", "物流企业名称", "s<=100"),
    Field("trafMode", "运输方式", "s=1"),
    Field("trafName", "运输工具名称", "s<=100", "O"),
    Field("voyageNo", "航班航次号", "s<=32", "O"),
    Field("billNo", "提运单号", "s<=37", "O"),
    Field("leaveTime", "离境时间", "s=14"),
    Field("msgCount", "报文总数", "int9"),
    Field("msgSeqNo", "报文序号", "int9"),
    Field("note", "备注", "s<=1000", "O"),
)

DEPARTURE_LIST: Fields = (
    Field("gnum", "序号", "int5"),
    Field("totalPackageNo", "总包号", "s<=37", "O"),
    Field("logisticsNo", "物流运单编号", "s<=32"),
    Field("note", "备注", "s<=1000", "O"),
)

INVENTORY_HEAD: Fields = (
    *COMMON,
    Field("customsCode", "申报地海关代码", "s=4"),
    Field("ebpCode", "电商平台代码", "s<=18"),
    Field("ebpName", "电商平台名称/海外仓名称", "s<=100"),
    Field("orderNo", "订单编号/海外仓订仓单编号", "s<=60"),
    Field("logisticsCode", "物流企业代码", "s<=18"),
    Field("logisticsName", "物流企业名称", "s<=100"),
    Field("logisticsNo", "物流运单编号", "s<=32"),
    Field("copNo", "企业唯一编号", "s<=30"),
    Field("preNo", "电子口岸编号", "s=18", "O"),
    Field("invtNo", "清单编号", "s<=20", "O"),
    Field("ieFlag", "进出口标记", "s=1"),
    Field("portCode", "出口口岸代码", "s=4"),
    Field("ieDate", "出口日期", "s=8"),
    Field("statisticsFlag", "申报业务类型", "s=1"),
    Field("agentCode", "申报企业代码", "s<=18"),
    Field("agentName", "申报企业名称", "s<=100"),
    Field("ebcCode", "收发货人代码", "s<=18"),
    Field("ebcName", "收发货人名称", "s<=100"),
    Field("ownerCode", "生产销售企业代码", "s<=18"),
    Field("ownerName", "生产销售企业名称", "s<=100"),
    Field("iacCode", "区内企业代码", "s<=18", "O"),
    Field("iacName", "区内企业名称", "s<=100", "O"),
    Field("emsNo", "账册编号", "s<=30", "O"),
    Field("tradeMode", "贸易方式", "s=4"),
    Field("trafMode", "运输方式", "s=1"),
    Field("trafName", "运输工具名称", "s<=100", "O"),
    Field("voyageNo", "航班航次号", "s<=32", "O"),
    Field("billNo", "提运单号", "s<=37", "O"),
    Field("totalPackageNo", "总包号", "s<=37", "O"),
    Field("loctNo", "监管场所代码", "s<=10", "O"),
    Field("licenseNo", "许可证号", "s<=19", "O"),
    Field("country", "运抵国（地区）", "s=3"),
    Field("POD", "指运港代码", "s3-4"),
    Field("freight", "运费", "N19,5"),
    Field("fCurrency", "运费币制", "s=3"),
    Field("fFlag", "运费标志", "s=1", fixed="3"),
    Field("insuredFee", "保费", "N19,5"),
    Field("iCurrency", "保费币制", "s=3"),
    Field("iFlag", "保费标志", "s=1", fixed="3"),
    Field("wrapType", "包装种类代码", "s=1"),
    Field("packNo", "件数", "int9"),
    Field("grossWeight", "毛重（公斤）", "N19,5"),
    Field("netWeight", "净重（公斤）", "N19,5"),
    Field("note", "备注", "s<=1000", "O"),
)

INVENTORY_LIST: Fields = (
    Field("gnum", "商品序号", "int5"),
    Field("itemNo", "企业商品货号", "s<=20"),
    Field("itemRecordNo", "账册备案料号", "s<=30", "O"),
    Field("itemName", "企业商品名称", "s<=250", "O"),
    Field("gcode", "商品编码", "s=10"),
    Field("gname", "商品名称", "s<=250"),
    Field("gmodel", "规格型号", "s<=250"),
    Field("barCode", "条形码", "s<=50"),
    Field("country", "目的国（地区）代码", "s=3"),
    Field("currency", "币制", "s=3"),
    Field("qty", "申报数量", "N19,5"),
    Field("qty1", "法定数量", "N19,5"),
    Field("qty2", "第二数量", "N19,5", "O"),
    Field("unit", "申报计量单位", "s=3"),
    Field("unit1", "法定计量单位", "s=3"),
    Field("unit2", "第二计量单位", "s<=3", "O"),
    Field("price", "单价", "N19,5"),
    Field("totalPrice", "总价", "N19,5"),
    Field("note", "备注", "s<=1000", "O"),
)

INVT_CANCEL: Fields = (
    *COMMON,
    Field("customsCode", "申报地海关代码", "s=4"),
    Field("copNo", "企业唯一编号", "s<=30"),
    Field("preNo", "电子口岸编号", "s=18", "O"),
    Field("invtNo", "原清单编号", "s<=20"),
    Field("reason", "撤单原因", "s<=1000"),
    Field("agentCode", "申报企业代码", "s<=18"),
    Field("agentName", "申报企业名称", "s<=100"),
    Field("ebcCode", "收发货人代码", "s<=18"),
    Field("ebcName", "收发货人名称", "s<=100"),
    Field("note", "备注", "s<=1000", "O"),
)

WAYBILL_HEAD: Fields = (
    *COMMON,
    Field("customsCode", "申报地海关代码", "s=4"),
    Field("copNo", "企业唯一编号", "s<=30"),
    Field("preNo", "电子口岸编号", "s=18", "O"),
    Field("agentCode", "申报企业代码", "s<=18"),
    Field("agentName", "申报企业名称", "s<=100"),
    Field("loctNo", "监管场所代码", "s<=10", "O"),
    Field("trafMode", "运输方式", "s=1"),
    Field("trafName", "运输工具名称", "s<=100"),
    Field("voyageNo", "航班航次号", "s<=32"),
    Field("billNo", "提运单号", "s<=37"),
    Field("domesticTrafNo", "境内运输工具编号", "s<=100", "O"),
    Field("grossWeight", "毛重（公斤）", "N19,5"),
    Field("logisticsCode", "物流企业代码", "s<=18"),
    Field("logisticsName", "物流企业名称", "s<=100"),
    Field("msgCount", "报文总数", "int9"),
    Field("msgSeqNo", "报文序号", "int9"),
    Field("note", "备注", "s<=1000", "O"),
)

WAYBILL_LIST: Fields = (
    Field("gnum", "序号", "int5"),
    Field("totalPackageNo", "总包号", "s<=60", "O"),
    Field("logisticsNo", "物流运单编号", "s<=32"),
    Field("invtNo", "出口清单编号", "s<=20", "O"),
    Field("note", "备注", "s<=1000", "O"),
)

SUMMARY_APPLY_HEAD: Fields = (
    *COMMON,
    Field("customsCode", "申报地海关代码", "s=4"),
    Field("copNo", "企业唯一编号", "s<=30"),
    Field("preNo", "电子口岸编号", "s<=18", "O"),
    Field("sumNo", "汇总申请编号", "s<=18", "O"),
    Field("agentCode", "申报单位代码", "s<=18"),
    Field("agentName", "申报单位名称", "s<=100"),
    Field("ebcCode", "收发货人代码", "s<=18"),
    Field("ebcName", "收发货人名称", "s<=100"),
    Field("declAgentCode", "报关单位代码", "s<=18"),
    Field("declAgentName", "报关单位名称", "s<=100"),
    Field("startTime", "汇总开始时间", "s=14", "O"),
    Field("endTime", "汇总结束时间", "s=14", "O"),
    Field("loctNo", "监管场所代码", "s<=10", "O"),
    Field("summaryFlag", "收发货人汇总标志", "s=1"),
    Field("itemNameFlag", "按商品名汇总标志", "s=1"),
    Field("msgCount", "报文总数", "int9"),
    Field("msgSeqNo", "报文序号", "int9"),
    Field("note", "备注", "s<=1000", "O"),
)

SUMMARY_APPLY_LIST: Fields = (Field("invtNo", "清单编号", "s<=20"),)
