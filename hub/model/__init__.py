"""The unified model: one class per noun of the glossary."""

from hub.model.base import Base
from hub.model.database import Database
from hub.model.document import DeliveryAttempt, Document, DocumentEvent, PaperVersion, Reference
from hub.model.enterprise import Account, ApiKey, Belt, Consent, Enterprise, Mandate
from hub.model.money import ExchangeRate, ForexReceipt, RefundRate, Settlement, Tariff, TaxRefund
from hub.model.movement import Leg, Shipment, StockLevel, TrackingEvent, Warehouse
from hub.model.operation import AuditEntry, Command, Lease, Quarantined, RawMessage, SyncJob, SyncRun
from hub.model.trade import GoodsLine, Milestone, PurchaseInvoice, Series, TouchedTrade, Trade

__all__ = [
    "Account",
    "ApiKey",
    "AuditEntry",
    "Base",
    "Belt",
    "Command",
    "Consent",
    "Database",
    "DeliveryAttempt",
    "Document",
    "DocumentEvent",
    "Enterprise",
    "ExchangeRate",
    "ForexReceipt",
    "GoodsLine",
    "Lease",
    "Leg",
    "Mandate",
    "Milestone",
    "PaperVersion",
    "PurchaseInvoice",
    "Quarantined",
    "RawMessage",
    "Reference",
    "RefundRate",
    "Series",
    "Settlement",
    "Shipment",
    "StockLevel",
    "SyncJob",
    "SyncRun",
    "Tariff",
    "TaxRefund",
    "TouchedTrade",
    "TrackingEvent",
    "Trade",
    "Warehouse",
]
