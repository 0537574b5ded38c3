"""法定数量: what was sold, in a legal unit of its HS code. It follows from the entry, or the exporter is asked.

Rule: 报关单填制规范 (海关总署公告2019年第18号), 数量及单位. Which unit converts into which is customs' table,
`connectors.sdk.units`; 个 只 件 双 对 套 副 条 台 are never turned into one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from connectors.sdk.units import BY_CODE, KILOGRAM, MEASURES, UNITS, Unit, in_root, rate
from hub.dossiers.dossier import DossierLine
from hub.errors import EntryProblem
from hub.papers.computations.catalogue import Asked, Reckoned

PLACES = 5
"""Decimals that a quantity has in customs' messages (N19,5)."""
UNCOUNTED = MEASURES | {"060", "062", "149", "045", "046", "118", "130"}
"""Of what customs' table converts into nothing else, what may be broken: 千伏安 千瓦时 百万贝可, and 刀 疋 令 匹."""
CLOSE = Decimal("0.005")
"""What is stated may be off by this share of what follows, where its last digit is worth more."""
LEAST_PLACES = 2
"""Weights are held against each other by the digits of the less exact one, but never by fewer than these."""


class LegalUnit(NamedTuple):
    """What customs wants of a line: a quantity in the unit with this JGS-20 code; `field` of the line states it."""

    code: str
    field: str

    @property
    def unit(self) -> Unit:
        """One that the table lacks can still be stated, but nothing is known to convert into it."""
        return BY_CODE.get(self.code) or Unit(self.code, f"unit {self.code}", f"单位 {self.code}")


def in_legal_unit(line: DossierLine, wanted: LegalUnit) -> Reckoned:
    """The quantity of a line as customs wants it, with where it comes from. Asked where only the exporter knows."""
    sold, unit = UNITS.get(line.values["unit"]), wanted.unit
    followed = _followed(line.values, sold, unit)
    if followed and _is_broken(followed[0].value, unit):
        raise _not_whole(line, wanted, followed[0].value)
    if stated := line.values.get(wanted.field):
        if followed and not any(_same(Decimal(stated), one.value, sold, unit) for one in followed):
            raise _differs(line, wanted, Decimal(stated), followed[0])
        if _is_broken(Decimal(stated), unit):
            raise _not_whole(line, wanted, Decimal(stated))
        return Reckoned(Decimal(stated), f"entry:goods[].{wanted.field}")
    if sold and _is_weight(unit) and _is_weight(sold) and not _weights_agree(line.values, sold):
        raise _weights_differ(line, wanted, sold)
    if not followed:
        raise _asked(line, wanted, sold)
    return followed[0]


def refuse_stated(line: DossierLine, field: str) -> None:
    """Asked where a quantity is stated in a legal unit that the HS code does not have."""
    if line.values.get(field):
        code = line.values["hsCode"]
        problem = EntryProblem(f"goods[{line.place}].{field}", "LEGAL_QUANTITY_NONE", {"hs": code, "field": field})
        raise Asked(f"second unit:{code}", problem)


def _followed(values: Mapping[str, Any], sold: Unit | None, unit: Unit) -> list[Reckoned]:
    """What follows from the entry alone, the best first."""
    quantity, net = Decimal(values["quantity"]), Decimal(values["netWeight"])
    if sold == unit:
        return [Reckoned(quantity, "entry:goods[].quantity")]
    found: list[Reckoned | None] = []
    if unit == KILOGRAM:
        found.append(Reckoned(net, "entry:goods[].netWeight"))
    else:
        found.append(_converted(net, KILOGRAM, unit))
    if sold:
        found.append(_converted(quantity, sold, unit))
    return [one for one in found if one]


def _converted(quantity: Decimal, unit: Unit, into: Unit) -> Reckoned | None:
    """What customs' table makes of a quantity: measures are rounded to five decimals, what is counted must come out."""
    times = rate(unit, into)
    if times is None:
        return None
    exact = Fraction(quantity) * times
    value = Decimal(floor(exact * 10**PLACES + Fraction(1, 2))).scaleb(-PLACES)
    counted = in_root(into)[0].code not in MEASURES
    if not value or (counted and Fraction(value) != exact):
        return None
    return Reckoned(Decimal(_text(value)), f"{_text(quantity)} {unit.zh} {_by(times)} = {_text(value)} {into.zh}")


def _by(times: Fraction) -> str:
    """`× 12`, `× 0.4536` or `÷ 907.2`: whichever needs no endless decimals."""
    for sign, factor in (("×", times), ("÷", 1 / times)):
        decimal = Decimal(factor.numerator) / factor.denominator
        if Fraction(decimal) == factor:
            return f"{sign} {_text(decimal)}"
    return f"× {times}"


def _is_weight(unit: Unit) -> bool:
    return in_root(unit)[0] == KILOGRAM


def _weights_agree(values: Mapping[str, Any], sold: Unit) -> bool:
    return _agree(_kilograms(values, sold), Decimal(values["netWeight"]))


def _kilograms(values: Mapping[str, Any], sold: Unit) -> Decimal:
    """What was sold by weight, in kilograms."""
    times = in_root(sold)[1]
    return Decimal(values["quantity"]) * times.numerator / times.denominator


def _same(stated: Decimal, followed: Decimal, sold: Unit | None, unit: Unit) -> bool:
    """Whether what is stated is what follows: to the digit where it is counted or stands in the paper twice."""
    if sold == unit or in_root(unit)[0].code not in MEASURES:
        return stated == followed
    return _agree(stated, followed) and abs(stated - followed) <= followed * CLOSE


def _is_broken(quantity: Decimal, unit: Unit) -> bool:
    """Whether a part of a thing is counted: 12.5 个, and 0.0005 千只 as well."""
    root, times = in_root(unit)
    return unit.code in BY_CODE and root.code not in UNCOUNTED and (Fraction(quantity) * times).denominator > 1


def _agree(one: Decimal, other: Decimal) -> bool:
    """Whether two measures are one to the digits of the less exact of them."""
    places = max(LEAST_PLACES, min(_places(one), _places(other)))
    least = Decimal(1).scaleb(-places)
    return one.quantize(least, ROUND_HALF_UP) == other.quantize(least, ROUND_HALF_UP)


def _places(value: Decimal) -> int:
    return -int(value.normalize().as_tuple().exponent)


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _problem(line: DossierLine, wanted: LegalUnit, code: str, **parameters: Any) -> EntryProblem:
    unit = wanted.unit
    told = {"field": wanted.field, "unit": unit.zh, "unit_en": unit.word, **parameters}
    return EntryProblem(f"goods[{line.place}].{wanted.field}", code, told)


def _asked(line: DossierLine, wanted: LegalUnit, sold: Unit | None) -> Asked:
    name = sold or Unit("", line.values["unit"], line.values["unit"])
    problem = _problem(
        line, wanted, "LEGAL_QUANTITY", hs=line.values["hsCode"], sold=name.zh, sold_en=name.word
    )  # fmt: skip
    return Asked(f"legal quantity:{line.place + 1}/{wanted.unit.zh} {wanted.unit.word}", problem)


def _weights_differ(line: DossierLine, wanted: LegalUnit, sold: Unit) -> Asked:
    quantity, weight, net = line.values["quantity"], _text(_kilograms(line.values, sold)), line.values["netWeight"]
    told = {"sold": f"{quantity} {sold.zh}", "sold_en": f"{quantity} {sold.word}", "weight": weight, "net": net}
    problem = _problem(line, wanted, "LEGAL_QUANTITY_WEIGHT", **told)
    return Asked(f"one weight:{line.place + 1}/{weight}/{net}", problem)


def _not_whole(line: DossierLine, wanted: LegalUnit, quantity: Decimal) -> Asked:
    problem = _problem(line, wanted, "LEGAL_QUANTITY_WHOLE", quantity=_text(quantity))
    name = f"{wanted.unit.zh} {wanted.unit.word}"
    return Asked(f"whole legal quantity:{line.place + 1}/{_text(quantity)}/{name}", problem)


def _differs(line: DossierLine, wanted: LegalUnit, stated: Decimal, followed: Reckoned) -> Asked:
    told = {"stated": _text(stated), "worked": _text(followed.value)}
    problem = _problem(line, wanted, "LEGAL_QUANTITY_DIFFERS", **told)
    return Asked(f"right legal quantity:{line.place + 1}/{told['stated']}/{told['worked']}", problem)
