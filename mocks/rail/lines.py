"""The railway's tables: places, trains of the week, what happens on the way hour by hour, warehouses at the far end.

Places are UN/LOCODEs, event and facility codes those of DCSA (event domain 3.2). Trains, hours and prices are the
stand-in's own and plausible; China runs on 1435 mm, Mongolia and the former Soviet railways on 1520 mm, the European
Union on 1435 mm again.
"""

from __future__ import annotations

HOME = "CNZGZ"
ORIGINS = (HOME, "CNZZZ")  # the city and its station; the same trains serve both

# train, to, border, weekdays (1 is Monday), departs (Zhengzhou time), TEU, USD per TEU; no two leave in the same minute
TRAINS: tuple[tuple[str, str, str, str, str, int, str], ...] = (
    ("X8024", "DEDUI", "CNAKL", "246", "20:15", 100, "3150.00"),
    ("X8028", "DEDUI", "CNAKL", "7", "09:40", 100, "3080.00"),
    ("X8044", "DEHAM", "CNAKL", "135", "22:30", 100, "3280.00"),
    ("X8061", "BYMSQ", "CNERC", "25", "18:20", 82, "2450.00"),
    ("X8065", "BYMSQ", "CNMLX", "4", "07:55", 82, "2520.00"),
    ("X9012", "KZALA", "CNHRS", "1246", "16:45", 110, "1380.00"),
)
DESTINATIONS = tuple(dict.fromkeys(row[1] for row in TRAINS))

Milestone = tuple[str, str, str, int]
AT_ORIGIN = ""  # stands for the place that the sender booked from

BEFORE_DEPARTURE: tuple[Milestone, ...] = (
    ("GTIN", AT_ORIGIN, "INTE", -18),
    ("STUF", AT_ORIGIN, "COFS", -14),
    ("LOAD", AT_ORIGIN, "RAMP", -5),
    ("DEPA", AT_ORIGIN, "RAMP", 0),
)

# border and destination: code, place, facility, hours after departure. Goods are lifted over where the gauge breaks,
# at the border and, for Germany, once more at Małaszewicze.
JOURNEYS: dict[tuple[str, str], tuple[Milestone, ...]] = {
    ("CNAKL", "DEDUI"): (
        *BEFORE_DEPARTURE,
        ("ARRI", "CNAKL", "BORD", 84),
        ("CUSR", "CNAKL", "BORD", 92),
        ("DISC", "CNAKL", "BORD", 96),
        ("LOAD", "CNAKL", "BORD", 100),
        ("CROS", "CNAKL", "BORD", 104),
        ("DISC", "PLMAA", "BORD", 262),
        ("LOAD", "PLMAA", "BORD", 267),
        ("ARRI", "DEDUI", "RAMP", 336),
        ("DISC", "DEDUI", "RAMP", 341),
        ("GTOT", "DEDUI", "INTE", 354),
    ),
    ("CNAKL", "DEHAM"): (
        *BEFORE_DEPARTURE,
        ("ARRI", "CNAKL", "BORD", 84),
        ("CUSR", "CNAKL", "BORD", 91),
        ("DISC", "CNAKL", "BORD", 95),
        ("LOAD", "CNAKL", "BORD", 99),
        ("CROS", "CNAKL", "BORD", 104),
        ("DISC", "PLMAA", "BORD", 264),
        ("LOAD", "PLMAA", "BORD", 270),
        ("ARRI", "DEHAM", "RAMP", 344),
        ("DISC", "DEHAM", "RAMP", 350),
        ("GTOT", "DEHAM", "INTE", 366),
    ),
    ("CNHRS", "KZALA"): (
        *BEFORE_DEPARTURE,
        ("ARRI", "CNHRS", "BORD", 80),
        ("CUSR", "CNHRS", "BORD", 88),
        ("DISC", "CNHRS", "BORD", 91),
        ("LOAD", "CNHRS", "BORD", 95),
        ("CROS", "CNHRS", "BORD", 99),
        ("ARRI", "KZALA", "RAMP", 144),
        ("DISC", "KZALA", "RAMP", 149),
        ("GTOT", "KZALA", "INTE", 162),
    ),
    ("CNERC", "BYMSQ"): (
        *BEFORE_DEPARTURE,
        ("ARRI", "CNERC", "BORD", 38),
        ("CUSR", "CNERC", "BORD", 45),
        ("DISC", "CNERC", "BORD", 48),
        ("LOAD", "CNERC", "BORD", 52),
        ("CROS", "CNERC", "BORD", 56),
        ("ARRI", "BYMSQ", "RAMP", 252),
        ("DISC", "BYMSQ", "RAMP", 257),
        ("GTOT", "BYMSQ", "INTE", 268),
    ),
    ("CNMLX", "BYMSQ"): (
        *BEFORE_DEPARTURE,
        ("ARRI", "CNMLX", "BORD", 66),
        ("CUSR", "CNMLX", "BORD", 74),
        ("DISC", "CNMLX", "BORD", 78),
        ("LOAD", "CNMLX", "BORD", 82),
        ("CROS", "CNMLX", "BORD", 86),
        ("ARRI", "BYMSQ", "RAMP", 276),
        ("DISC", "BYMSQ", "RAMP", 281),
        ("GTOT", "BYMSQ", "INTE", 293),
    ),
}

TRANSPORT_CODES = frozenset({"ARRI", "DEPA"})  # the train's own; everything else happens to the container

# code: name, place
WAREHOUSES: dict[str, tuple[str, str]] = {
    "DUI01": ("中豫号杜伊斯堡海外仓", "DEDUI"),
    "HAM01": ("中豫号汉堡海外仓", "DEHAM"),
    "ALA01": ("中豫号阿拉木图海外仓", "KZALA"),
}


def hours_to_arrival(border: str, to: str) -> int:
    return next(hours for code, place, _, hours in JOURNEYS[border, to] if (code, place) == ("ARRI", to))


def warehouse_rows() -> list[dict[str, str]]:
    return [
        {"code": code, "name": name, "place": place, "kind": "overseas"} for code, (name, place) in WAREHOUSES.items()
    ]
