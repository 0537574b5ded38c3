"""What customs' answers are about: our papers, and the names that customs has for them."""

from __future__ import annotations

ORDER = "customs.order"
RECEIPT = "customs.receipt"
WAYBILL = "customs.waybill"
INVENTORY = "customs.inventory"
WAYBILL_LIST = "customs.waybill_list"
DEPARTURE = "customs.departure"
SUMMARY = "customs.summary"
PAPERS = (ORDER, RECEIPT, WAYBILL, INVENTORY, WAYBILL_LIST, DEPARTURE, SUMMARY)
"""Papers that go out as CEB messages, each with a response of its own."""
DECLARATION = "customs.declaration"
CANCELLATION = "customs.cancellation"  # 605, about an inventory by its number
SUMMARY_LINE = "customs.summary.line"  # an inventory in an application, by its number: a row of a 792
SUMMARY_NUMBER = "customs.sumNo"  # a 792 names the application by this only
