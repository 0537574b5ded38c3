"""The types of the unified model, as field maps."""

from __future__ import annotations

import graphene

from hub.model import (
    Belt,
    Document,
    DocumentEvent,
    Enterprise,
    ForexAdvice,
    ForexAllocation,
    ForexReceipt,
    GoodsLine,
    PurchaseInvoice,
    StockLevel,
    TaxRefund,
    Trade,
)
from hub_graphql import changes, numbers, refunds, worked
from hub_graphql.maps import Column, ToMany, ToOne, TypeMap, Worked
from hub_graphql.movement import SHIPMENT
from hub_graphql.scalars import Date, DateTime, Decimal
from hub_graphql.states import ADVICE_STATE, ENTERPRISE_STATE, PAPER_STATE, RECEIPT_MATCH, TRADE_STATE

String, Int = graphene.String, graphene.Int


def many(type_: object) -> graphene.List:
    return graphene.List(graphene.NonNull(type_))


ENTERPRISE: TypeMap = TypeMap(
    "Enterprise",
    Enterprise,
    "An exporter as registered.",
    {
        "uscc": Column(String, "统一社会信用代码, 18 characters"),
        "customs_code": Column(String, "Customs registration code, 10 characters"),
        "name_zh": Column(String, "Name in Chinese"),
        "name_en": Column(String, "Name in English"),
        "credit_class": Column(String, "Credit class at customs"),
        "state": Column(ENTERPRISE_STATE, "Whether it may enter trades"),
        "registered_at": Column(DateTime, "When it applied"),
        **changes.OF_ENTERPRISE,
        "belt": ToOne(lambda: BELT, "Its industry belt", key="belt_id"),
    },
)

BELT: TypeMap = TypeMap(
    "Belt",
    Belt,
    "An industry belt (产业带).",
    {
        "code": Column(String, "Code, such as xuchang-hair"),
        "name_zh": Column(String, "Name in Chinese"),
        "name_en": Column(String, "Name in English"),
        "place": Column(String, "Where it is"),
        "hs_chapters": Column(many(String), "HS chapters of its goods"),
        "members": ToMany(lambda: ENTERPRISE, "belt_id", ("id",), "Members that the caller may see"),
    },
)

GOODS_LINE: TypeMap = TypeMap(
    "GoodsLine",
    GoodsLine,
    "One line of goods; weights are kilograms of the whole line.",
    {
        "line": Column(Int, "Number of the line, from 1"),
        "sku": Column(String, "The enterprise's article number"),
        "hs_code": Column(String, "HS code, 10 digits"),
        "name_zh": Column(String, "Name in Chinese"),
        "name_en": Column(String, "Name in English"),
        "specification": Column(String, "规格型号: what classification and valuation need"),
        "quantity": Column(Decimal, "Quantity sold, in `unit`"),
        "unit": Column(String, "Unit of quantity and price"),
        "unit_price": Column(Decimal, "Price of one unit, in the trade's currency"),
        "amount": Column(Decimal, "quantity × unit price, at the currency's minor unit"),
        "origin": Column(String, "Country of origin, ISO 3166-1 alpha-2"),
        "net_weight": Column(Decimal, "Kilograms"),
        "gross_weight": Column(Decimal, "Kilograms"),
    },
)

PURCHASE: TypeMap = TypeMap(
    "PurchaseInvoice",
    PurchaseInvoice,
    "A VAT invoice behind a goods line; the refund is computed from it.",
    {
        "invoice": Column(String, "Number of the invoice"),
        "seller": Column(String, "The seller's 统一社会信用代码"),
        "issued_on": Column(Date, "Day of issue"),
        "line": Column(Int, "Goods line that it is for"),
        "quantity": Column(Decimal, "Quantity bought"),
        "amount": Column(Decimal, "Amount without tax, in yuan"),
        "vat_rate": Column(Decimal, "VAT rate as a fraction"),
    },
)

DOCUMENT_EVENT: TypeMap = TypeMap(
    "DocumentEvent",
    DocumentEvent,
    "What an authority said about a document.",
    {
        "authority": Column(String, "Who said it", name="source"),
        "code": Column(String, "The authority's code"),
        "words": Column(String, "The authority's own words"),
        "meaning": Worked(String, "What the code means, in the caller's language", worked.meaning),
        "way_out": Worked(String, "What to do", worked.event_way_out, required=False),
        "state": Column(PAPER_STATE, "The state it stands for", required=False),
        "document": ToOne(lambda: DOCUMENT, "The document it is about", key="document_id"),
        "version": Column(Int, "Version of the paper that it answers", required=False),
        "happened_at": Column(DateTime, "When it happened, by the authority's clock"),
        "heard_at": Column(DateTime, "When the hub heard of it", name="fetched_at"),
        "raw_message": Column(String, "Id of the raw message it stands in", name="raw_id", required=False),
        "download": Worked(String, "Path to GET what was heard from", lambda row, asking: f"/receipts/{row.id}"),
    },
)

DOCUMENT: TypeMap = TypeMap(
    "Document",
    Document,
    "One paper for one authority, over all its versions.",
    {
        "kind": Column(String, "Kind of paper, such as customs.inventory"),
        "name": Worked(String, "Name of the kind, in the caller's language", worked.kind_name),
        "authority": Column(String, "Code of the authority"),
        "authority_name": Worked(String, "Name of the authority, in the caller's language", worked.authority_name),
        "number": Column(String, "The hub's own number, the same in every version"),
        "version": Column(Int, "Current version"),
        "state": Column(PAPER_STATE, "Where it stands"),
        "state_since": Column(DateTime, "Since when"),
        "reference": Column(String, "The authority's main reference", required=False),
        "attention": Worked(worked.Attention, "Why a person is needed", worked.attention, required=False),
        "awaits": Worked(many(String), "Milestones that have to be reached before it is due", worked.awaits),
        "fields": Worked(many(worked.PaperField), "The current paper, each value with its source", worked.fields),
        "events": ToMany(
            lambda: DOCUMENT_EVENT, "document_id", ("happened_at", "rank", "id"), "What was said, in order"
        ),
        "planned_at": Column(DateTime, "When it was planned"),
        "ready_at": Column(DateTime, "When its paper was complete", required=False),
        "sent_at": Column(DateTime, "When the current version was handed over", required=False),
        "download": Worked(String, "Path to GET the newest paper from", worked.paper_path, required=False),
    },
)

FOREX_RECEIPT: TypeMap = TypeMap(
    "ForexReceipt",
    ForexReceipt,
    "Money that came in.",
    {
        "id": Column(Int, "The hub's number of the receipt"),
        "match": Column(RECEIPT_MATCH, "Whether it is known what it is for"),
        "candidates": Worked(many(worked.Candidate), "What an unclear one may be for, best first", worked.candidates),
        "attention": Worked(worked.Attention, "Why a person is asked about it", worked.attention, required=False),
        "allocations": ToMany(lambda: ALLOCATION, "receipt_id", ("id",), "For which trades it is"),
        "amount": Column(Decimal, "What was credited"),
        "currency": Column(String, "ISO 4217"),
        "charges": Column(Decimal, "What banks kept of it", required=False),
        "charges_currency": Column(String, "Currency of the charges; else the receipt's", required=False),
        "payer": Column(String, "Who paid; empty where the bank names nobody"),
        "payer_country": Column(String, "ISO 3166-1 alpha-2", required=False),
        "bank_reference": Column(String, "The bank's reference; empty where it gives none"),
        "report_number": Worked(
            String, "申报号码 (RPTNO) that the bank gave it, once it has", numbers.number_of, required=False
        ),
        "basic_information": ToOne(lambda: BASIC_INFORMATION, "What the bank says of it", back="receipt_id"),
        "declaration_due": Worked(
            numbers.DeclarationDue, "By when it has to be declared", numbers.due_of_receipt, required=False
        ),
        "booked_at": Column(DateTime, "When the bank booked it"),
        "matched_at": Column(DateTime, "When it was tied to the trade", required=False),
        "reversed_at": Column(DateTime, "When the bank took it back", required=False),
        "reversed_by": ToOne(lambda: FOREX_ADVICE, "What took it back", key="reversed_by"),
        "as_of": Column(DateTime, "As of when, at the source"),
    },
)

BASIC_INFORMATION: TypeMap = numbers.basic_information(lambda: FOREX_RECEIPT)

FOREX_ADVICE: TypeMap = TypeMap(
    "ForexAdvice",
    ForexAdvice,
    "What a bank says of money that is not money in: taken back, not booked yet, or for information.",
    {
        "id": Column(Int, "The hub's number of the advice"),
        "state": Column(ADVICE_STATE, "What follows from it"),
        "status": Column(String, "Of the entry (ISO 20022): BOOK, PDNG, FUTR, INFO"),
        "direction": Column(String, "CRDT or DBIT"),
        "reversal": Column(graphene.Boolean, "Whether it takes an earlier entry back"),
        "amount": Column(Decimal, "Amount of the entry"),
        "currency": Column(String, "ISO 4217"),
        "payer": Column(String, "Who paid; empty where the bank names nobody"),
        "remittance": Column(String, "Remittance information"),
        "bank_reference": Column(String, "The bank's reference; empty where it gives none"),
        "booked_at": Column(DateTime, "When the bank booked it, else its value date", required=False),
        "as_of": Column(DateTime, "As of when, at the source"),
        "receipts": ToMany(lambda: FOREX_RECEIPT, "reversed_by", ("id",), "The receipts that it took back"),
    },
)

ALLOCATION: TypeMap = TypeMap(
    "Allocation",
    ForexAllocation,
    "So much of a receipt is for this trade.",
    {
        "amount": Column(Decimal, "In the receipt's currency"),
        "covers": Column(Decimal, "Of what is owed, in the trade's currency"),
        "how": Column(String, "exact, split, combined, fees, currency or person; undone: it is for this trade no more"),
        "score": Column(Decimal, "How sure it is, up to 1"),
        "allocated_at": Column(DateTime, "When it was tied to the trade"),
        "by": Column(String, "Who tied it to the trade", name="allocated_by"),
        "receipt": ToOne(lambda: FOREX_RECEIPT, "The credit", key="receipt_id"),
        "trade": ToOne(lambda: TRADE, "The trade", key="trade_id"),
    },
)

TAX_REFUND: TypeMap = TypeMap(
    "TaxRefund",
    TaxRefund,
    "How far the refund is.",
    {
        "filing_number": Column(String, "The bureau's number of the filing"),
        "status": Column(String, "received, reviewing, approved, paid or refused"),
        "amount": Column(Decimal, "Claimed, once approved granted; yuan"),
        "reason": Column(String, "Why it was refused", required=False),
        "as_of": Column(DateTime, "As of when, at the bureau"),
    },
)

STOCK_LEVEL: TypeMap = TypeMap(
    "StockLevel",
    StockLevel,
    "How much of an article lies in a warehouse.",
    {
        "warehouse": Column(String, "Code of the warehouse"),
        "sku": Column(String, "The enterprise's article number"),
        "quantity": Column(Decimal, "In `unit`"),
        "unit": Column(String, "Unit"),
        "as_of": Column(DateTime, "As of when, at the warehouse"),
        "trade": ToOne(lambda: TRADE, "The trade that it came there with", key="trade_id"),
    },
)

TRADE: TypeMap = TypeMap(
    "Trade",
    Trade,
    "One trade of one enterprise, entered once.",
    {
        "number": Column(String, "The hub's number of the trade"),
        "order_number": Column(String, "The enterprise's own number"),
        "state": Column(TRADE_STATE, "Where it stands"),
        "mode": Column(String, "Supervision mode (监管方式)"),
        "version": Column(Int, "Version of the entry"),
        "currency": Column(String, "ISO 4217"),
        "terms": Column(String, "Incoterm"),
        "buyer_name": Column(String, "Who buys"),
        "buyer_country": Column(String, "ISO 3166-1 alpha-2"),
        "goods_value": Column(Decimal, "Sum of the lines"),
        "freight": Column(Decimal, "Freight paid by the buyer"),
        "insurance": Column(Decimal, "Insurance paid by the buyer"),
        "discount": Column(Decimal, "Discount given"),
        "total": Column(Decimal, "What the buyer owes"),
        "origin": Column(String, "UN/LOCODE"),
        "destination": Column(String, "UN/LOCODE"),
        "entered_at": Column(DateTime, "When it was entered"),
        "finished_at": Column(DateTime, "When its last paper was done", required=False),
        "enterprise": ToOne(lambda: ENTERPRISE, "Whose trade it is", key="enterprise_id"),
        "goods": ToMany(lambda: GOODS_LINE, "trade_id", ("line",), "The lines of goods"),
        "purchases": ToMany(lambda: PURCHASE, "trade_id", ("line", "invoice"), "The VAT invoices behind the lines"),
        "documents": ToMany(lambda: DOCUMENT, "trade_id", ("id",), "The papers, in the order of the plan"),
        "events": ToMany(
            lambda: DOCUMENT_EVENT, "trade_id", ("happened_at", "rank", "id"), "Everything the authorities said"
        ),
        "shipment": ToOne(lambda: SHIPMENT, "How the goods move", back="trade_id"),
        "receipts": ToMany(lambda: ALLOCATION, "trade_id", ("id",), "Money that came in for it"),
        "stock": ToMany(lambda: STOCK_LEVEL, "trade_id", ("warehouse", "sku"), "What of it lies in warehouses"),
        "receipt_due": Worked(worked.ReceiptDueType, "What is still to come in", worked.receipt_due, required=False),
        "refund_statement": Worked(
            refunds.RefundStatementType, "What is claimed back, and what it lacks", refunds.statement_of, required=False
        ),
        "refund": ToOne(lambda: TAX_REFUND, "The refund of VAT", back="trade_id"),
        "reuse": Worked(worked.ReuseType, "Values typed once against values delivered in papers", worked.reuse_of),
        "trace": Worked(many(worked.TraceType), "Every step that it went through", worked.trace_of),
        "waits_for": Worked(many(worked.WaitType), "What it waits for, from whom, since when", worked.waits_of),
    },
)
