"""The unified model: one class per noun of the glossary."""

from hub.model.base import Base
from hub.model.consolidation import Consolidation, ConsolidationLine
from hub.model.database import Database
from hub.model.document import DeliveryAttempt, Document, DocumentEvent, PaperVersion, Reference
from hub.model.enterprise import (
    AccessEntry,
    Account,
    ApiKey,
    Belt,
    Consent,
    Enterprise,
    Mandate,
    Webhook,
    WebhookDelivery,
)
from hub.model.money import (
    BankAdvice,
    BasicInformation,
    ExchangeRate,
    RefundRate,
    Remittance,
    RemittanceAllocation,
    Tariff,
    TaxRefund,
)
from hub.model.movement import Leg, Schedule, Shipment, StockLevel, TrackingEvent, Warehouse
from hub.model.operation import (
    AuditEntry,
    Command,
    Lease,
    Quarantined,
    RawMessage,
    RawReading,
    SecretsKey,
    SyncJob,
    SyncRun,
    Verification,
)
from hub.model.registration_change import AccountClaim, RegistrationChange
from hub.model.subjects import Milestone, PaperSubject, TouchedSubject
from hub.model.trade import GoodsLine, Judgement, PurchaseInvoice, Series, Trade, TradeVersion

__all__ = [
    "AccessEntry",
    "Account",
    "AccountClaim",
    "ApiKey",
    "AuditEntry",
    "BankAdvice",
    "Base",
    "BasicInformation",
    "Belt",
    "Command",
    "Consent",
    "Consolidation",
    "ConsolidationLine",
    "Database",
    "DeliveryAttempt",
    "Document",
    "DocumentEvent",
    "Enterprise",
    "ExchangeRate",
    "GoodsLine",
    "Judgement",
    "Lease",
    "Leg",
    "Mandate",
    "Milestone",
    "PaperSubject",
    "PaperVersion",
    "PurchaseInvoice",
    "Quarantined",
    "RawMessage",
    "RawReading",
    "Reference",
    "RefundRate",
    "RegistrationChange",
    "Remittance",
    "RemittanceAllocation",
    "Schedule",
    "SecretsKey",
    "Series",
    "Shipment",
    "StockLevel",
    "SyncJob",
    "SyncRun",
    "Tariff",
    "TaxRefund",
    "TouchedSubject",
    "TrackingEvent",
    "Trade",
    "TradeVersion",
    "Verification",
    "Warehouse",
    "Webhook",
    "WebhookDelivery",
]
