"""人民币汇率中间价: the central parity in the shape that the foreign-exchange trade centre publishes (ccpr.json)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from mocks.pace import Pace

BEIJING = timezone(timedelta(hours=8))
PUBLISHED_AT = time(9, 15)
SATURDAY = 5

# The 25 pairs of the published table, around which the stand-in draws its rates. Other currencies, KZT among them,
# have no central parity.
PAIRS: tuple[tuple[str, str, str], ...] = (
    ("USD/CNY", "美元/人民币", "6.7500"),
    ("EUR/CNY", "欧元/人民币", "7.6600"),
    ("100JPY/CNY", "100日元/人民币", "4.3500"),
    ("HKD/CNY", "港元/人民币", "0.8650"),
    ("GBP/CNY", "英镑/人民币", "8.9500"),
    ("AUD/CNY", "澳元/人民币", "4.4500"),
    ("NZD/CNY", "新西兰元/人民币", "3.9500"),
    ("SGD/CNY", "新加坡元/人民币", "5.2500"),
    ("CHF/CNY", "瑞士法郎/人民币", "8.2000"),
    ("CAD/CNY", "加元/人民币", "4.8500"),
    ("CNY/MOP", "人民币/澳门元", "1.1900"),
    ("CNY/MYR", "人民币/林吉特", "0.6050"),
    ("CNY/RUB", "人民币/俄罗斯卢布", "11.9000"),
    ("CNY/ZAR", "人民币/南非兰特", "2.5000"),
    ("CNY/KRW", "人民币/韩元", "205.0000"),
    ("CNY/AED", "人民币/阿联酋迪拉姆", "0.5440"),
    ("CNY/SAR", "人民币/沙特里亚尔", "0.5550"),
    ("CNY/HUF", "人民币/匈牙利福林", "47.0000"),
    ("CNY/PLN", "人民币/波兰兹罗提", "0.5300"),
    ("CNY/DKK", "人民币/丹麦克朗", "0.9750"),
    ("CNY/SEK", "人民币/瑞典克朗", "1.3700"),
    ("CNY/NOK", "人民币/挪威克朗", "1.4600"),
    ("CNY/TRY", "人民币/土耳其里拉", "6.3000"),
    ("CNY/MXN", "人民币/墨西哥比索", "2.6500"),
    ("CNY/THB", "人民币/泰铢", "4.7500"),
)

SWING = 150  # hundred-thousandths to either side of the middle
PIP = Decimal("0.0001")
EIGHT = Decimal("0.00000001")


def central_parity(pace: Pace) -> dict[str, Any]:
    """The table of the latest trading day; a pair's rate follows from the day, so it does not move within it."""
    now = pace.now()
    day = latest_trading_day(now)
    return {
        "head": {"version": "2.0", "provider": "CWAP", "rep_code": "200", "ts": int(now.timestamp() * 1000)},
        "data": {"lastDateEn": f"{day:%d/%m/%Y} 9:15", "lastDate": f"{day:%Y-%m-%d} 9:15"},
        "records": [_record(pace, day, place) for place in range(len(PAIRS))],
    }


def yuan_for_one(pace: Pace, currency: str) -> Decimal | None:
    """Yuan for one unit of a currency by today's table, with eight places; None where it has no parity."""
    day = latest_trading_day(pace.now())
    for place, (pair, _, _) in enumerate(PAIRS):
        left, _, right = pair.partition("/")
        if left.endswith(currency):
            return (_rate(pace, day, place) / int(left.removesuffix(currency) or "1")).quantize(EIGHT)
        if right == currency:
            return (1 / _rate(pace, day, place)).quantize(EIGHT)
    return None


def latest_trading_day(now: datetime) -> date:
    """Monday to Friday, from 9:15 in Beijing; public holidays are not known here."""
    there = now.astimezone(BEIJING)
    day = there.date() if there.time() >= PUBLISHED_AT else there.date() - timedelta(days=1)
    return _back_to_weekday(day)


def _record(pace: Pace, day: date, place: int) -> dict[str, Any]:
    pair, name, _ = PAIRS[place]
    price = _rate(pace, day, place)
    change = (price - _rate(pace, _back_to_weekday(day - timedelta(days=1)), place)) / PIP
    return {
        "vrtCode": str(place + 1),
        "vrtName": name,
        "vrtEName": pair,
        "price": f"{price:.4f}",
        "bp": f"{abs(change):.2f}",  # published without its sign; bpDouble carries it
        "bpDouble": float(change),
    }


def _rate(pace: Pace, day: date, place: int) -> Decimal:
    pair, _, middle = PAIRS[place]
    drawn = pace.draw(f"parity/{day.isoformat()}/{pair}", 2 * SWING + 1) - SWING
    return (Decimal(middle) * (1 + Decimal(drawn) / 100_000)).quantize(PIP)


def _back_to_weekday(day: date) -> date:
    while day.weekday() >= SATURDAY:
        day -= timedelta(days=1)
    return day
