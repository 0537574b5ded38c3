"""The 国际收支 declaration of a remittance, with the element names of the reporting interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pycountry

from connectors.forex.basic_information import ELEMENTS
from connectors.forex.codes import DECLARATION
from connectors.sdk import Bug, Paper, Problem
from connectors.sdk.instants import day_of
from connectors.sdk.json_service import JsonSubmission, filled

ACTIONS = {"new": "A", "change": "C"}
FIRM = "C"
COMPLETED = {
    "COUNTRY": "payer_country",
    "PAYTYPE": "payment_type",
    "TXCODE": "transaction_code",
    "TC1AMT": "transaction_amount",
    "TXREM": "transaction_note",
    "TXCODE2": "second_code",
    "TC2AMT": "second_amount",
    "TX2REM": "second_note",
    "ISREF": "bonded",
    "BILLNO": "approval_number",
    "CRTUSER": "reporter",
    "INPTELC": "reporter_telephone",
}
"""Element of file G (申报信息), the enterprise's part → field of our paper."""
FIELDS = ELEMENTS | COMPLETED
"""Element of the declaration → field of our paper."""
LONGEST = {
    "CUSTCOD": 18, "CUSTNM": 128, "OPPUSER": 128, "BUSCODE": 22, "FCYACC": 32, "LCYACC": 32, "OTHACC": 32, "TXREM": 50,
    "TX2REM": 50, "BILLNO": 50, "CRTUSER": 20, "INPTELC": 20,
}  # fmt: skip


class RemittanceDeclaration(JsonSubmission):
    """One declaration for one remittance, known by the RPTNO that the bank gave it.

    It is never taken back: money that came in stays a fact when the sale falls through, and may be for other trades.
    """

    kinds = (DECLARATION,)
    path, found_at = "bop/receipts", "bop/receipts/{}"
    agreed = ("RPTNO",)
    taken = "ACCEPTED"
    gone = ("deleted",)
    fields = FIELDS

    def reference(self, paper: Paper) -> str:
        return str(paper.head["report_number"])

    def check(self, paper: Paper) -> list[Problem]:
        return [*_of_codes(paper), *_of_lengths(paper)]

    def content(self, paper: Paper) -> dict[str, Any]:
        """What the bank told, as it told it, and what the enterprise completes. Nothing is said that has no value.

        Amounts are declared in whole units of the currency, as the bank tells them.
        """
        said = {name: value for name, value in filled(FIELDS, paper.head).items() if value not in (None, "")}
        country = _country(str(paper.head["payer_country"]))
        if not country:
            raise Bug(f"{paper.number}: no country {paper.head['payer_country']}", field="payer_country")
        return {
            "ACTIONTYPE": ACTIONS[paper.action],
            **({"ACTIONDESC": paper.reason or "更正"} if paper.action != "new" else {}),
            **said,
            "COUNTRY": country,
            "RPTDATE": f"{day_of(paper.derived_at):%Y%m%d}",
        }

    def is_this(self, told: Mapping[str, Any], paper: Paper) -> bool:
        return bool(told.get("declaration") == self.content(paper))  # or else it is an earlier one

    def given(self, told: Mapping[str, Any], paper: Paper) -> dict[str, Any]:
        return {"references": {"forex.rptno": self.reference(paper)}}


def _of_codes(paper: Paper) -> Iterator[Problem]:
    country, payee = paper.head.get("payer_country"), paper.head.get("payee_kind")
    if country is not None and not _country(str(country)):
        zh, en = f"COUNTRY：ISO 3166 中没有 {country}", f"COUNTRY: ISO 3166 has no {country}"
        yield Problem("payer_country", "NO_CODE", zh, en)
    if payee is not None and payee != FIRM:
        zh = f"CUSTYPE：银行称收款人为个人（{payee}），此处只申报企业（{FIRM}）的收入"
        en = f"CUSTYPE: the bank says that a person was paid ({payee}); only what a firm ({FIRM}) got is declared here"
        yield Problem("payee_kind", "NOT_A_FIRM", zh, en)


def _of_lengths(paper: Paper) -> Iterator[Problem]:
    for name, longest in LONGEST.items():
        length = len(str(paper.head.get(FIELDS[name]) or ""))
        if length > longest:
            zh = f"{name}：长度不得超过 {longest}，现为 {length}"
            yield Problem(FIELDS[name], "FORMAT", zh, f"{name}: at most {longest} characters, not {length}")
    for name in FIELDS:
        amount = paper.head.get(FIELDS[name])
        if name.endswith("AMT") and isinstance(amount, Decimal) and amount % 1:
            zh, en = f"{name}：应为整数，现为 {amount:f}", f"{name}: whole units of the currency, not {amount:f}"
            yield Problem(FIELDS[name], "FORMAT", zh, en)


def _country(code: str) -> str:
    """ISO 3166 alpha-3 of an alpha-2 or alpha-3 code; empty where there is none."""
    found = pycountry.countries.get(alpha_2=code) or pycountry.countries.get(alpha_3=code)
    return str(found.alpha_3) if found else ""
