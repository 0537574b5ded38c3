"""How many rows a list is expected to have, where cost is foreseen, and what costs more than its row."""

from __future__ import annotations

from collections.abc import Mapping

SIZES: Mapping[str, int] = {
    # with `first`: the most that the caller may ask for
    "Query.trades": 100,
    "Query.beltTrades": 100,
    "Query.schedules": 200,
    "Query.stock": 200,
    "Query.remittances": 200,
    "Query.basicInformation": 200,
    "Query.advices": 200,
    "Query.webhookDeliveries": 100,
    "Query.accessLog": 500,
    "Query.auditLog": 500,
    "Query.mandates": 500,
    "Query.syncRuns": 500,
    "Query.syncOrders": 500,
    "Query.registrationChanges": 500,
    "Query.accountClaims": 500,
    "Query.quarantine": 500,
    "SyncJob.runs": 100,
    # without: how many there usually are
    "Query.webhooks": 5,
    "Query.warehouses": 50,
    "Query.syncJobs": 30,
    "Query.belts": 30,
    "Query.enterprises": 100,
    "Query.consents": 10,
    "Belt.members": 30,
    "RegistrationChange.fields": 4,
    "Enterprise.registration": 25,
    "SyncJob.ordered": 2,
    "Trade.goods": 10,
    "Trade.purchases": 10,
    "Trade.documents": 12,
    "Trade.events": 50,
    "Trade.remittances": 3,
    "Trade.stock": 5,
    "Trade.trace": 100,
    "Trade.waitsFor": 6,
    "Document.fields": 40,
    "Document.events": 8,
    "Shipment.legs": 3,
    "Shipment.tracking": 10,
    "Remittance.candidates": 5,
    "Remittance.allocations": 2,
    "BankAdvice.remittances": 1,
    "RefundStatement.exports": 10,
    "RefundStatement.purchases": 10,
    "RefundStatement.ties": 10,
    "RefundStatement.formulas": 10,
    "RefundStatement.missing": 5,
    "Reuse.bySource": 10,
    "Access.shown": 8,
    "Mutation.enterTrades": 100,
    "Registered.errors": 10,
    "Matched.errors": 10,
    "Entered.errors": 10,
}
"""List of objects → rows. What is not named here is taken to have `UNKNOWN`."""

UNKNOWN = 500

WEIGHTS: Mapping[str, int] = {
    "Trade.trace": 100,
    "Trade.paymentDue": 20,
    "Trade.refundStatement": 20,
    "Trade.reuse": 10,
    "Trade.waitsFor": 10,
    "Document.awaits": 5,
    "Document.awaited": 5,
    "Document.fields": 20,
    "Remittance.reportNumber": 20,
    "Remittance.declarationDue": 40,
    "BasicInformation.declarationDue": 20,
    "Enterprise.accountWaits": 5,
    "Enterprise.rivals": 5,
    "Enterprise.waitingChange": 5,
    "RegistrationChange.conflict": 5,
    "SyncJob.ordered": 20,
    "SyncJob.totals": 20,
    "SyncJob.runs": 20,
    "Webhook.lastDelivery": 20,
}
"""Fields that are worked out with statements of their own cost as much as so many others."""

INTROSPECTION: Mapping[str, int] = {
    "fields": 8,
    "inputFields": 8,
    "args": 2,
    "enumValues": 5,
    "interfaces": 1,
    "possibleTypes": 1,
    "directives": 5,
}
"""The same of the lists of the schema itself; its types are counted."""
