"""The elements of a remittance declaration (境外汇入款, 国际收支), as the reporting interface's table has them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mocks.objection import Objection

AMOUNT = r"\d{1,22}"
ABOVE_ZERO = r"0*[1-9]\d*"
CURRENCY = r"[A-Z]{3}"
DAY = r"20\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
# 6 region, 4 bank, 2 order, yymmdd of payment, 4 serial whose letter shows the payer class
REPORT_NUMBER = r"\d{6}[0-9A-Z]{4}[0-9A-Z]{2}\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[NP-W]\d{3}"
ANY = r"(?s).+"
MANDATORY, OPTIONAL = True, False


@dataclass(frozen=True, slots=True)
class Element:
    name: str
    longest: int
    look: str
    mandatory: bool


ELEMENTS: tuple[Element, ...] = (
    Element("ACTIONTYPE", 1, r"[ACDR]", MANDATORY),  # new, change, delete, no error
    Element("ACTIONDESC", 128, ANY, OPTIONAL),
    Element("RPTNO", 22, REPORT_NUMBER, MANDATORY),
    Element("CUSTYPE", 1, r"[CDF]", MANDATORY),  # 对公, 居民个人, 非居民个人
    Element("CUSTCOD", 18, r"[0-9A-Z]{8}[0-9X]|[0-9A-Z]{18}", OPTIONAL),
    Element("IDCODE", 32, ANY, OPTIONAL),
    Element("CUSTNM", 128, ANY, MANDATORY),
    Element("OPPUSER", 128, r"(?s)\(J[WN]\).+", MANDATORY),  # (JW) abroad, (JN) at home
    Element("TXCCY", 3, CURRENCY, MANDATORY),
    Element("TXAMT", 22, ABOVE_ZERO, MANDATORY),
    Element("EXRATE", 14, r"\d{1,5}(\.\d{1,8})?", OPTIONAL),
    Element("LCYAMT", 22, AMOUNT, OPTIONAL),
    Element("LCYACC", 32, ANY, OPTIONAL),
    Element("FCYAMT", 22, AMOUNT, OPTIONAL),
    Element("FCYACC", 32, ANY, OPTIONAL),
    Element("OTHAMT", 22, AMOUNT, OPTIONAL),
    Element("OTHACC", 32, ANY, OPTIONAL),
    Element("METHOD", 1, r"[LGCTDMO]", OPTIONAL),
    Element("BUSCODE", 22, ANY, MANDATORY),
    Element("INCHARGECCY", 3, CURRENCY, OPTIONAL),
    Element("INCHARGEAMT", 22, AMOUNT, OPTIONAL),
    Element("OUTCHARGECCY", 3, CURRENCY, OPTIONAL),
    Element("OUTCHARGEAMT", 22, AMOUNT, OPTIONAL),
    Element("COUNTRY", 3, CURRENCY, MANDATORY),
    Element("PAYTYPE", 1, r"[ARO]", OPTIONAL),  # 预收货款, 退款, 其它
    Element("TXCODE", 6, r"\d{6}", MANDATORY),
    Element("TC1AMT", 22, AMOUNT, MANDATORY),
    Element("TXREM", 50, ANY, MANDATORY),
    Element("TXCODE2", 6, r"\d{6}", OPTIONAL),
    Element("TC2AMT", 22, AMOUNT, OPTIONAL),
    Element("TX2REM", 50, ANY, OPTIONAL),
    Element("ISREF", 1, r"[YN]", OPTIONAL),
    Element("BILLNO", 50, ANY, OPTIONAL),
    Element("PAYATTR", 1, r"[FTNDO]", OPTIONAL),
    Element("CRTUSER", 20, ANY, MANDATORY),
    Element("INPTELC", 20, ANY, MANDATORY),
    Element("RPTDATE", 8, DAY, MANDATORY),
)

NAMES = frozenset(element.name for element in ELEMENTS)

# groups that are given whole or not at all
TOGETHER: tuple[tuple[str, ...], ...] = (
    ("EXRATE", "LCYAMT", "LCYACC"),
    ("FCYAMT", "FCYACC"),
    ("INCHARGECCY", "INCHARGEAMT"),
    ("OUTCHARGECCY", "OUTCHARGEAMT"),
    ("TXCODE2", "TC2AMT", "TX2REM"),
)


def check_elements(declaration: dict[str, str]) -> None:
    """Each element by itself: known, present where mandatory, not too long, of its shape; then the groups."""
    for name in declaration:
        if name not in NAMES:
            raise Objection("ELEMENT", name, "no such element in a remittance declaration")
    for element in ELEMENTS:
        _check_element(element, declaration.get(element.name))
    for group in TOGETHER:
        given = [name for name in group if name in declaration]
        if given and len(given) < len(group):
            absent = next(name for name in group if name not in declaration)
            raise Objection("GROUP", absent, f"{', '.join(group)} belong together")


def _check_element(element: Element, value: str | None) -> None:
    if value is None:
        if element.mandatory:
            raise Objection("MANDATORY", element.name, "mandatory")
        return
    if len(value) > element.longest:
        raise Objection("LENGTH", element.name, f"at most {element.longest} characters")
    if not re.fullmatch(element.look, value, re.ASCII):
        raise Objection("FORMAT", element.name, f"does not look like {element.look}")
