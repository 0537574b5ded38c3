"""What a caller may see: one predicate per table, stated once, added wherever the table is read."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from hub.access.acts import Act
from hub.access.caller import Caller, Role
from hub.model import (
    AccountClaim,
    BankAdvice,
    Base,
    BasicInformation,
    Belt,
    Consolidation,
    ConsolidationLine,
    Document,
    DocumentEvent,
    Enterprise,
    ExchangeRate,
    GoodsLine,
    Leg,
    PurchaseInvoice,
    Quarantined,
    RefundRate,
    RegistrationChange,
    Remittance,
    RemittanceAllocation,
    Schedule,
    Shipment,
    StockLevel,
    SyncJob,
    SyncRun,
    Tariff,
    TaxRefund,
    TrackingEvent,
    Trade,
    Verification,
    Warehouse,
    Webhook,
    WebhookDelivery,
)
from hub.model.row_states import LineState

Predicate = Callable[[Caller], ColumnElement[bool]]


def trades(caller: Caller) -> ColumnElement[bool]:
    """Staff see all trades, an account those of enterprises that it acts for, a belt those that it has consent to."""
    if caller.is_staff:
        return true()
    if caller.role is Role.ENTERPRISE:
        return Trade.enterprise_id.in_(caller.enterprises_for(Act.READ))
    return Trade.enterprise_id.in_([enterprise_id for enterprise_id, _ in caller.consents])


def of_trade(table: type[Base]) -> Predicate:
    """Rows of trades that the caller sees."""

    def predicate(caller: Caller) -> ColumnElement[bool]:
        if caller.is_staff:
            return true()
        return table.__table__.c.trade_id.in_(select(Trade.id).where(trades(caller)))

    return predicate


def of_subject(table: type[Base], *, held_alone: bool = False) -> Predicate:
    """Rows about trades that the caller sees, and about the whole of consolidations that those are in, or that it
    holds; with `held_alone`, of the latter alone. What is about another's line is about that one's trade.
    """

    def predicate(caller: Caller) -> ColumnElement[bool]:
        if caller.is_staff:
            return true()
        columns = table.__table__.c
        whole = columns.subject_id.in_(consolidations_held(caller) if held_alone else consolidations_seen(caller))
        if "trade_id" not in columns:
            return or_(columns.subject_id.in_(select(Trade.id).where(trades(caller))), whole)
        seen = columns.trade_id.in_(select(Trade.id).where(trades(caller)))
        return or_(seen, and_(columns.trade_id.is_(None), whole))

    return predicate


def consolidations_seen(caller: Caller) -> Select[int]:
    """Ids of those that the caller holds, or that a trade which it sees is in."""
    line = ConsolidationLine
    aboard = select(line.consolidation_id).join(Trade, Trade.id == line.trade_id)
    aboard = aboard.where(line.state != LineState.LEFT, trades(caller))
    return select(Consolidation.id).where(
        or_(Consolidation.id.in_(consolidations_held(caller)), Consolidation.id.in_(aboard))
    )


def consolidations_held(caller: Caller) -> Select[int]:
    """Ids of those whose holder the caller reads for: what is in them as a whole is the holder's."""
    return select(Consolidation.id).where(Consolidation.holder_id.in_(caller.enterprises_for(Act.READ)))


def lines(caller: Caller) -> ColumnElement[bool]:
    """Lines of trades that the caller sees, and all of a consolidation that it holds."""
    if caller.is_staff:
        return true()
    own = ConsolidationLine.trade_id.in_(select(Trade.id).where(trades(caller)))
    return or_(own, ConsolidationLine.consolidation_id.in_(consolidations_held(caller)))


def consolidations(caller: Caller) -> ColumnElement[bool]:
    return true() if caller.is_staff else Consolidation.id.in_(consolidations_seen(caller))


def of_own_trade(table: type[Base], act: Act = Act.READ) -> Predicate:
    """Rows that only staff and who acts for the enterprise see: what was paid to whom is nobody else's."""

    def predicate(caller: Caller) -> ColumnElement[bool]:
        if caller.is_staff:
            return true()
        owned = select(Trade.id).where(Trade.enterprise_id.in_(caller.enterprises_for(act)))
        return table.__table__.c.trade_id.in_(owned)

    return predicate


def remittances(caller: Caller) -> ColumnElement[bool]:
    """Money is seen by staff and by who handles it for its owner, never by consent."""
    return true() if caller.is_staff else Remittance.enterprise_id.in_(caller.enterprises_for(Act.MONEY))


def basic_information(caller: Caller) -> ColumnElement[bool]:
    """As the money that it is about; before that is certain, whose account it names."""
    if caller.is_staff:
        return true()
    own = select(Remittance.id).where(remittances(caller))
    named = BasicInformation.enterprise_id.in_(caller.enterprises_for(Act.MONEY))
    return or_(BasicInformation.remittance_id.in_(own), named)


def allocations(caller: Caller) -> ColumnElement[bool]:
    """Of those that stand: what was undone is counted nowhere."""
    return and_(RemittanceAllocation.undone_at.is_(None), of_own_trade(RemittanceAllocation, Act.MONEY)(caller))


def advices(caller: Caller) -> ColumnElement[bool]:
    return true() if caller.is_staff else BankAdvice.enterprise_id.in_(caller.enterprises_for(Act.MONEY))


def enterprises(caller: Caller) -> ColumnElement[bool]:
    if caller.is_office:
        return true()
    by_consent = [enterprise_id for enterprise_id, _ in caller.consents]
    return Enterprise.id.in_([*caller.enterprises_for(Act.READ), *by_consent])


def of_enterprise(table: type[Base]) -> Predicate:
    """Rows of an enterprise that it sees, staff, and who decides on enterprises."""

    def predicate(caller: Caller) -> ColumnElement[bool]:
        if caller.is_office:
            return true()
        return table.__table__.c.enterprise_id.in_(caller.enterprises_for(Act.OWN))

    return predicate


def webhooks(caller: Caller) -> ColumnElement[bool]:
    """An address may be a secret by itself: the enterprise's alone, and that of the account which added it."""
    added = and_(Webhook.enterprise_id.in_(caller.enterprises_for(Act.WEBHOOKS)), Webhook.account == caller.name)
    return or_(Webhook.enterprise_id.in_(caller.enterprises_for(Act.OWN)), added)


def notices(caller: Caller) -> ColumnElement[bool]:
    return WebhookDelivery.webhook_id.in_(select(Webhook.id).where(webhooks(caller)))


def staff_only(caller: Caller) -> ColumnElement[bool]:
    return true() if caller.is_staff else false()


def office(caller: Caller) -> ColumnElement[bool]:
    """Staff, and who decides on enterprises."""
    return true() if caller.is_office else false()


def anybody(caller: Caller) -> ColumnElement[bool]:
    return true()


def signed_in(caller: Caller) -> ColumnElement[bool]:
    return false() if caller.role is Role.ANONYMOUS else true()


VISIBLE: dict[type[Base], Predicate] = {
    Trade: trades,
    GoodsLine: of_trade(GoodsLine),
    PurchaseInvoice: of_own_trade(PurchaseInvoice),
    Document: of_subject(Document),
    DocumentEvent: of_subject(DocumentEvent),
    Consolidation: consolidations,
    ConsolidationLine: lines,
    Shipment: of_trade(Shipment),
    StockLevel: of_subject(StockLevel),
    Schedule: signed_in,
    Warehouse: signed_in,
    Leg: of_subject(Leg),
    TrackingEvent: of_subject(TrackingEvent),
    RemittanceAllocation: allocations,
    BankAdvice: advices,
    Remittance: remittances,
    BasicInformation: basic_information,
    TaxRefund: of_own_trade(TaxRefund),
    Enterprise: enterprises,
    Belt: anybody,
    SyncJob: staff_only,
    SyncRun: staff_only,
    Quarantined: staff_only,
    Verification: staff_only,
    Tariff: signed_in,
    RefundRate: signed_in,
    ExchangeRate: signed_in,
    RegistrationChange: of_enterprise(RegistrationChange),
    AccountClaim: office,
    Webhook: webhooks,
    WebhookDelivery: notices,
}
"""A table that does not stand here is not read for anybody."""


def visible(table: type[Base], caller: Caller) -> ColumnElement[bool]:
    return VISIBLE[table](caller)
