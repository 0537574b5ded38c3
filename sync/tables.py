"""Noun of the SDK → table of the model."""

from __future__ import annotations

from hub.model import (
    BankAdvice,
    Base,
    BasicInformation,
    DocumentEvent,
    ExchangeRate,
    Leg,
    RefundRate,
    Remittance,
    Schedule,
    StockLevel,
    Tariff,
    TaxRefund,
    TrackingEvent,
    Warehouse,
)

TABLES: dict[str, type[Base]] = {
    table.__tablename__: table
    for table in (
        DocumentEvent,
        TrackingEvent,
        Leg,
        Remittance,
        BasicInformation,
        BankAdvice,
        ExchangeRate,
        Tariff,
        RefundRate,
        TaxRefund,
        Schedule,
        Warehouse,
        StockLevel,
    )
}
"""The tests hold it equal to the SDK's records."""
