"""How the field tables are written down: a field, and an element that holds fields or further elements."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

CEB = "http://www.chinaport.gov.cn/ceb"
DXP = "http://www.chinaport.gov.cn/dxp"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
UNBOUNDED = sys.maxsize

WHOLE = re.compile(r"[+-]?[0-9]+")
DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
TIMESTAMP = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")

Complaint = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Field:
    """One element with content.

    `form` is the notation of the edition: `s=18` exact length, `s<=60` longest, `s3-4` shortest and longest, `N19,5`
    digits in all and after the point, `int5` digits of a whole number, `time` a timestamp of the envelope.
    `default` is what an empty element stands for, `fixed` the only content that is allowed.
    """

    name: str
    label: str
    form: str
    required: bool = True
    default: str = ""
    fixed: str = ""
    most: int = 1
    namespace: str = CEB

    @property
    def tag(self) -> str:
        return f"{{{self.namespace}}}{self.name}"

    @property
    def least(self) -> int:
        return int(self.required)


Fields = tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """An element that holds elements, in this order. What is inside an `opaque` one is somebody else's format."""

    name: str
    parts: tuple[Field | Group, ...] = ()
    least: int = 1
    most: int = 1
    opaque: bool = False
    namespace: str = CEB

    @property
    def tag(self) -> str:
        return f"{{{self.namespace}}}{self.name}"


def within(shortest: int, longest: int) -> Complaint:
    def complain(content: str) -> str | None:
        if len(content) > longest:
            return f"长度[{len(content)}]超过最大长度[{longest}]"
        if len(content) < shortest:
            return f"长度[{len(content)}]小于最小长度[{shortest}]"
        return None

    return complain


def exactly(length: int) -> Complaint:
    return lambda content: None if len(content) == length else f"长度[{len(content)}]不等于规定长度[{length}]"


def decimal(digits: int, fraction: int) -> Complaint:
    """Leading and trailing zeros do not count, as XML Schema has it."""

    def complain(content: str) -> str | None:
        if not DECIMAL.fullmatch(content.strip()):
            return f"内容[{content[:40]}]不是数值"
        whole, _, part = content.strip().lstrip("+-").partition(".")
        whole, part = whole.lstrip("0"), part.rstrip("0")
        if len(part) > fraction:
            return f"小数位数[{len(part)}]超过[{fraction}]"
        if len(whole) + len(part) > digits:
            return f"总位数[{len(whole) + len(part)}]超过[{digits}]"
        return None

    return complain


def integer(digits: int) -> Complaint:
    def complain(content: str) -> str | None:
        if not WHOLE.fullmatch(content.strip()):
            return f"内容[{content[:40]}]不是整数"
        figures = content.strip().lstrip("+-").lstrip("0")
        if len(figures) > digits or abs(Decimal(content.strip())) >= 2**31:
            return f"总位数[{len(figures)}]超过[{digits}]"
        return None

    return complain


def timestamp(content: str) -> str | None:
    return None if TIMESTAMP.fullmatch(content.strip()) else f"内容[{content[:40]}]不是时间"


NOTATIONS: tuple[tuple[re.Pattern[str], Callable[..., Complaint]], ...] = (
    (re.compile(r"s=(\d+)"), exactly),
    (re.compile(r"s<=(\d+)"), lambda longest: within(0, longest)),
    (re.compile(r"s(\d+)-(\d+)"), within),
    (re.compile(r"N(\d+),(\d+)"), decimal),
    (re.compile(r"int(\d+)"), integer),
    (re.compile(r"time"), lambda: timestamp),
)


@cache
def complaint_of(form: str) -> Complaint:
    """What to say about content that does not fit the notation; says nothing where it fits."""
    for pattern, make in NOTATIONS:
        if match := pattern.fullmatch(form):
            return make(*map(int, match.groups()))
    raise LookupError(form)
