"""The types of the unified model, as field maps."""

from __future__ import annotations

import graphene

from hub.model import (
    BankAdvice,
    Document,
    DocumentEvent,
    GoodsLine,
    PurchaseInvoice,
    Remittance,
    RemittanceAllocation,
    StockLevel,
    TaxRefund,
    Trade,
)
from hub_graphql import consolidations, explained, numbers, refunds, wholes
from hub_graphql.about_trades import AboutTrade
from hub_graphql.enterprises import ENTERPRISE
from hub_graphql.maps import MappedColumn, ToMany, ToOne, TypeMap, Worked
from hub_graphql.movement import SHIPMENT
from hub_graphql.scalars import Date, DateTime, Decimal
from hub_graphql.states import ADVICE_STATE, PAPER_STATE, REMITTANCE_MATCH, TRADE_STATE

String, Int = graphene.String, graphene.Int


def many(type_: object) -> graphene.List:
    return graphene.List(graphene.NonNull(type_))


GOODS_LINE: TypeMap = TypeMap(
    "GoodsLine",
    GoodsLine,
    "One line of goods; weights are kilograms of the whole line.",
    {
        "line": MappedColumn(Int, "Number of the line, from 1"),
        "sku": MappedColumn(String, "The enterprise's article number"),
        "hs_code": MappedColumn(String, "HS code, 10 digits"),
        "name_zh": MappedColumn(String, "Name in Chinese"),
        "name_en": MappedColumn(String, "Name in English"),
        "specification": MappedColumn(String, "规格型号: what classification and valuation need"),
        "quantity": MappedColumn(Decimal, "Quantity sold, in `unit`"),
        "unit": MappedColumn(String, "Unit of quantity and price"),
        "unit_price": MappedColumn(Decimal, "Price of one unit, in the trade's currency"),
        "amount": MappedColumn(Decimal, "quantity × unit price, at the currency's minor unit"),
        "origin": MappedColumn(String, "Country of origin, ISO 3166-1 alpha-2"),
        "net_weight": MappedColumn(Decimal, "Kilograms"),
        "gross_weight": MappedColumn(Decimal, "Kilograms"),
    },
)

PURCHASE: TypeMap = TypeMap(
    "PurchaseInvoice",
    PurchaseInvoice,
    "A VAT invoice behind a goods line; the refund is computed from it.",
    {
        "invoice": MappedColumn(String, "Number of the invoice"),
        "seller": MappedColumn(String, "The seller's 统一社会信用代码"),
        "issued_on": MappedColumn(Date, "Day of issue"),
        "line": MappedColumn(Int, "Goods line that it is for"),
        "quantity": MappedColumn(Decimal, "Quantity bought"),
        "amount": MappedColumn(Decimal, "Amount without tax, in yuan"),
        "vat_rate": MappedColumn(Decimal, "VAT rate as a fraction"),
    },
)

DOCUMENT_EVENT: TypeMap = TypeMap(
    "DocumentEvent",
    DocumentEvent,
    "What an authority said about a document.",
    {
        "authority": MappedColumn(String, "Who said it", name="source"),
        "code": MappedColumn(String, "The authority's code"),
        "words": Worked(String, "The authority's own words; empty where they are another's", explained.event_words),
        "meaning": Worked(String, "What the code means, in the caller's language", explained.meaning),
        "way_out": Worked(String, "What to do", explained.event_way_out, required=False),
        "state": MappedColumn(PAPER_STATE, "The state it stands for", required=False),
        "document": ToOne(lambda: DOCUMENT, "The document it is about", key="document_id"),
        "version": MappedColumn(Int, "Version of the paper that it answers", required=False),
        "happened_at": MappedColumn(DateTime, "When it happened, by the authority's clock"),
        "heard_at": MappedColumn(DateTime, "When the hub heard of it", name="fetched_at"),
        "raw_message": MappedColumn(String, "Id of the raw message it stands in", name="raw_id", required=False),
        "download": Worked(
            String, "Path to GET what was heard from, for whom all of it concerns", explained.event_path, required=False
        ),
    },
)

DOCUMENT: TypeMap = TypeMap(
    "Document",
    Document,
    "One paper for one authority, over all its versions.",
    {
        "kind": MappedColumn(String, "Kind of paper, such as customs.inventory"),
        "name": Worked(String, "Name of the kind, in the caller's language", explained.kind_name),
        "authority": MappedColumn(String, "Code of the authority"),
        "authority_name": Worked(String, "Name of the authority, in the caller's language", explained.authority_name),
        "number": MappedColumn(String, "The hub's own number, the same in every version"),
        "version": MappedColumn(Int, "Current version"),
        "state": MappedColumn(PAPER_STATE, "Where it stands"),
        "state_since": MappedColumn(DateTime, "Since when"),
        "reference": MappedColumn(String, "The authority's main reference", required=False),
        "attention": Worked(explained.Attention, "Why a person is needed", explained.paper_attention, required=False),
        "awaits": Worked(many(String), "Milestones that have to be reached before it is due", explained.awaits),
        "awaited": Worked(many(String), "The same, in the caller's language", explained.awaited),
        "fields": Worked(many(explained.PaperField), "The current paper, each value with its source", explained.fields),
        "events": ToMany(
            lambda: DOCUMENT_EVENT, "document_id", ("happened_at", "rank", "id"), "What was said, in order"
        ),
        "planned_at": MappedColumn(DateTime, "When it was planned"),
        "ready_at": MappedColumn(DateTime, "When its paper was complete", required=False),
        "sent_at": MappedColumn(DateTime, "When the current version was handed over", required=False),
        "download": Worked(String, "Path to GET the newest paper from", explained.paper_path, required=False),
        "consolidation": ToOne(lambda: CONSOLIDATION, "Whose paper it is, where not a trade's", key="subject_id"),
    },
)

CONSOLIDATION: TypeMap = consolidations.consolidation(lambda: DOCUMENT, lambda: DOCUMENT_EVENT)

REMITTANCE: TypeMap = TypeMap(
    "Remittance",
    Remittance,
    "Money that came in.",
    {
        "id": MappedColumn(Int, "The hub's number of the remittance"),
        "match": MappedColumn(REMITTANCE_MATCH, "Whether it is known what it is for"),
        "candidates": Worked(
            many(explained.CandidateType), "What an unclear one may be for, best first", explained.candidates
        ),
        "attention": Worked(explained.Attention, "Why a person is asked about it", explained.attention, required=False),
        "allocations": ToMany(lambda: ALLOCATION, "remittance_id", ("id",), "For which trades it is"),
        "amount": MappedColumn(Decimal, "What was credited"),
        "currency": MappedColumn(String, "ISO 4217"),
        "charges": MappedColumn(Decimal, "What banks kept of it", required=False),
        "charges_currency": MappedColumn(String, "Currency of the charges; else the remittance's", required=False),
        "payer": MappedColumn(String, "Who paid; empty where the bank names nobody"),
        "payer_country": MappedColumn(String, "ISO 3166-1 alpha-2", required=False),
        "bank_reference": MappedColumn(String, "The bank's reference; empty where it gives none"),
        "report_number": Worked(
            String, "申报号码 (RPTNO) that the bank gave it, once it has", numbers.number_of, required=False
        ),
        "basic_information": ToOne(lambda: BASIC_INFORMATION, "What the bank says of it", back="remittance_id"),
        "declaration_due": Worked(
            numbers.DeclarationDueType, "By when it has to be declared", numbers.due_of_remittance, required=False
        ),
        "booked_at": MappedColumn(DateTime, "When the bank booked it"),
        "matched_at": MappedColumn(DateTime, "When it was tied to the trade", required=False),
        "reversed_at": MappedColumn(DateTime, "When the bank took it back", required=False),
        "reversed_by": ToOne(lambda: BANK_ADVICE, "What took it back", key="reversed_by"),
        "as_of": MappedColumn(DateTime, "As of when, at the source"),
    },
)

BASIC_INFORMATION: TypeMap = numbers.basic_information(lambda: REMITTANCE)

BANK_ADVICE: TypeMap = TypeMap(
    "BankAdvice",
    BankAdvice,
    "What a bank says of money that is not money in: taken back, not booked yet, or for information.",
    {
        "id": MappedColumn(Int, "The hub's number of the advice"),
        "state": MappedColumn(ADVICE_STATE, "What follows from it"),
        "status": MappedColumn(String, "Of the entry (ISO 20022): BOOK, PDNG, FUTR, INFO"),
        "direction": MappedColumn(String, "CRDT or DBIT"),
        "reversal": MappedColumn(graphene.Boolean, "Whether it takes an earlier entry back"),
        "amount": MappedColumn(Decimal, "Amount of the entry"),
        "currency": MappedColumn(String, "ISO 4217"),
        "payer": MappedColumn(String, "Who paid; empty where the bank names nobody"),
        "remittance_information": MappedColumn(String, "Remittance information"),
        "bank_reference": MappedColumn(String, "The bank's reference; empty where it gives none"),
        "booked_at": MappedColumn(DateTime, "When the bank booked it, else its value date", required=False),
        "as_of": MappedColumn(DateTime, "As of when, at the source"),
        "remittances": ToMany(lambda: REMITTANCE, "reversed_by", ("id",), "The remittances that it took back"),
    },
)

ALLOCATION: TypeMap = TypeMap(
    "Allocation",
    RemittanceAllocation,
    "So much of a remittance is for this trade.",
    {
        "amount": MappedColumn(Decimal, "In the remittance's currency"),
        "covers": MappedColumn(Decimal, "Of what is owed, in the trade's currency"),
        "how": MappedColumn(
            String, "exact, split, combined, fees, currency or person; undone: it is for this trade no more"
        ),
        "score": MappedColumn(Decimal, "How sure it is, up to 1"),
        "allocated_at": MappedColumn(DateTime, "When it was tied to the trade"),
        "by": MappedColumn(String, "Who tied it to the trade", name="allocated_by"),
        "remittance": ToOne(lambda: REMITTANCE, "The credit", key="remittance_id"),
        "trade": ToOne(lambda: TRADE, "The trade", key="trade_id"),
    },
)

TAX_REFUND: TypeMap = TypeMap(
    "TaxRefund",
    TaxRefund,
    "How far the refund is.",
    {
        "filing_number": MappedColumn(String, "The bureau's number of the filing"),
        "status": MappedColumn(String, "received, reviewing, approved, paid or refused"),
        "amount": MappedColumn(Decimal, "Claimed, once approved granted; yuan"),
        "reason": MappedColumn(String, "Why it was refused", required=False),
        "as_of": MappedColumn(DateTime, "As of when, at the bureau"),
    },
)

STOCK_LEVEL: TypeMap = TypeMap(
    "StockLevel",
    StockLevel,
    "How much of an article lies in a warehouse.",
    {
        "warehouse": MappedColumn(String, "Code of the warehouse"),
        "sku": MappedColumn(String, "The enterprise's article number"),
        "quantity": MappedColumn(Decimal, "In `unit`"),
        "unit": MappedColumn(String, "Unit"),
        "as_of": MappedColumn(DateTime, "As of when, at the warehouse"),
        "trade": ToOne(lambda: TRADE, "The trade that it came there with", key="trade_id"),
    },
)

TRADE: TypeMap = TypeMap(
    "Trade",
    Trade,
    "One trade of one enterprise, entered once.",
    {
        "number": MappedColumn(String, "The hub's number of the trade"),
        "order_number": MappedColumn(String, "The enterprise's own number"),
        "state": MappedColumn(TRADE_STATE, "Where it stands"),
        "mode": MappedColumn(String, "Supervision mode (监管方式)"),
        "version": MappedColumn(Int, "Version of the entry"),
        "currency": MappedColumn(String, "ISO 4217"),
        "terms": MappedColumn(String, "Incoterm"),
        "buyer_name": MappedColumn(String, "Who buys"),
        "buyer_country": MappedColumn(String, "ISO 3166-1 alpha-2"),
        "goods_value": MappedColumn(Decimal, "Sum of the lines"),
        "freight": MappedColumn(Decimal, "Freight paid by the buyer"),
        "insurance": MappedColumn(Decimal, "Insurance paid by the buyer"),
        "discount": MappedColumn(Decimal, "Discount given"),
        "total": MappedColumn(Decimal, "What the buyer owes"),
        "origin": MappedColumn(String, "UN/LOCODE"),
        "destination": MappedColumn(String, "UN/LOCODE"),
        "entered_at": MappedColumn(DateTime, "When it was entered"),
        "finished_at": MappedColumn(DateTime, "When its last paper was done", required=False),
        "enterprise": ToOne(lambda: ENTERPRISE, "Whose trade it is", key="enterprise_id"),
        "goods": ToMany(lambda: GOODS_LINE, "trade_id", ("line",), "The lines of goods"),
        "purchases": ToMany(lambda: PURCHASE, "trade_id", ("line", "invoice"), "The VAT invoices behind the lines"),
        "documents": AboutTrade(
            lambda: DOCUMENT, ("id",), "Its papers, and those of its consolidations", hides=wholes.is_dropped
        ),
        "events": AboutTrade(lambda: DOCUMENT_EVENT, ("happened_at", "rank", "id"), "Everything the authorities said"),
        "shipment": ToOne(lambda: SHIPMENT, "How the goods move", back="trade_id"),
        "remittances": ToMany(lambda: ALLOCATION, "trade_id", ("id",), "Money that came in for it"),
        "stock": AboutTrade(lambda: STOCK_LEVEL, ("warehouse", "sku"), "What of it lies in warehouses"),
        "payment_due": Worked(
            explained.PaymentDueType, "What is still to come in", explained.payment_due, required=False
        ),
        "refund_statement": Worked(
            refunds.RefundStatementType, "What is claimed back, and what it lacks", refunds.statement_of, required=False
        ),
        "refund": ToOne(lambda: TAX_REFUND, "The refund of VAT", back="trade_id"),
        "reuse": Worked(
            explained.ReuseType, "Values typed once against values delivered in papers", explained.reuse_of
        ),
        "trace": Worked(many(explained.TraceType), "Every step that it went through", explained.trace_of),
        "waits_for": Worked(many(explained.WaitType), "What it waits for, from whom, since when", explained.waits_of),
        "consolidations": Worked(
            many(lambda: CONSOLIDATION.graphene_type), "Those that it is in", wholes.consolidations_of
        ),
    },
)
