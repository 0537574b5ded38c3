"""Noun of the SDK → table of the model."""

from __future__ import annotations

from hub.model import (
    Base,
    BasicInformation,
    DocumentEvent,
    ExchangeRate,
    ForexAdvice,
    ForexReceipt,
    Leg,
    RefundRate,
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
        ForexReceipt,
        BasicInformation,
        ForexAdvice,
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
