"""Freighter flights out of Zhengzhou (CGO): the daily table, laid out over time at the airport's pace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mocks.airport.jsonld import stamp
from mocks.pace import Pace

HOME = "CGO"
DAY, HOUR, MINUTE = 86400, 3600, 60
EPOCH = datetime(2025, 12, 31, 16, tzinfo=UTC)  # midnight in Zhengzhou, where day 0 of the table begins
DAYS_AHEAD = 7
LEAST_FREE, MOST_FREE = 15_000, 95_000  # kilograms before anything of ours is booked

# IATA code: name, waybill prefix
CARRIERS: dict[str, tuple[str, str]] = {
    "CV": ("Cargolux", "172"),
    "CZ": ("China Southern Cargo", "784"),
    "CA": ("Air China Cargo", "999"),
    "5Y": ("Atlas Air", "369"),
    "QR": ("Qatar Airways Cargo", "157"),
    "O3": ("SF Airlines", "921"),
    "KZ": ("Nippon Cargo Airlines", "933"),
    "KE": ("Korean Air Cargo", "180"),
}

# flight, to, departs (Zhengzhou time), minutes in the air, CNY per kilogram; no two depart in the same minute
TABLE: tuple[tuple[str, str, str, int, str], ...] = (
    ("CV9736", "ORD", "02:40", 830, "38.50"),
    ("5Y8522", "ORD", "14:25", 820, "37.20"),
    ("CZ8437", "JFK", "05:10", 860, "41.00"),
    ("CA1083", "LAX", "09:35", 720, "36.80"),
    ("5Y8526", "ANC", "01:15", 560, "31.00"),
    ("CV9780", "ANC", "13:05", 555, "31.60"),
    ("CV9744", "LUX", "04:20", 665, "29.80"),
    ("CV9746", "LUX", "16:50", 660, "28.90"),
    ("O34401", "LGG", "03:30", 690, "28.40"),
    ("5Y8530", "LGG", "15:40", 685, "27.60"),
    ("O34421", "BUD", "06:55", 620, "26.70"),
    ("CV9752", "BUD", "18:35", 615, "27.30"),
    ("CZ8455", "LHR", "07:45", 705, "30.20"),
    ("CV9760", "LHR", "19:20", 700, "30.90"),
    ("CZ8461", "FRA", "08:15", 670, "29.10"),
    ("CA1041", "FRA", "20:05", 665, "29.40"),
    ("CV9770", "MXP", "21:30", 680, "29.70"),
    ("CZ8471", "AMS", "22:10", 675, "29.20"),
    ("QR8451", "DOH", "10:25", 500, "24.60"),
    ("QR8453", "MAD", "23:15", 740, "30.70"),
    ("KZ0224", "NRT", "00:50", 190, "11.20"),
    ("KZ0226", "NRT", "12:30", 185, "11.50"),
    ("KE0366", "ICN", "11:10", 140, "9.80"),
    ("O34501", "SIN", "17:20", 320, "14.40"),
)


@dataclass(frozen=True)
class Flight:
    """One departure of one day of the table, at wall-clock times."""

    identifier: str
    destination: str
    departure: datetime
    arrival: datetime
    price: str
    key: str

    @property
    def carrier(self) -> str:
        return self.identifier[:2]

    @property
    def prefix(self) -> str:
        return CARRIERS[self.carrier][1]


class Timetable:
    """Flights and the kilograms still free on them; whoever holds it guards it."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._taken: dict[str, float] = {}

    def book(self, destination: str, kilograms: float, earliest: datetime) -> Flight | None:
        """Takes space on the first flight with room for the whole consignment; None where nothing flies or fits."""
        for flight in self._flights(earliest, earliest):
            if flight.destination == destination and self._free(flight) >= kilograms:
                self._taken[flight.key] = self._taken.get(flight.key, 0) + kilograms
                return flight
        return None

    def weigh_again(self, flight: Flight, before: float, after: float) -> bool:
        """Whether a consignment of another weight still fits; then it has the space."""
        if after - before > self._free(flight):
            return False
        self._taken[flight.key] += after - before
        return True

    def give_back(self, flight: Flight, kilograms: float) -> None:
        self._taken[flight.key] -= kilograms

    def listed(self, to: str | None, after: datetime | None, limit: int) -> dict[str, Any]:
        """Flights yet to leave, after the moment given; `next` is the `after` of the page that follows, or null."""
        now = self._pace.now()
        flights = [f for f in self._flights(max(after or now, now), now) if to in (None, f.destination)]
        rows = [self._row(flight) for flight in flights[:limit]]
        return {"flights": rows, "next": rows[-1]["departure"] if rows and len(flights) > limit else None}

    def _flights(self, after: datetime, now: datetime) -> Iterator[Flight]:
        """In order of departure, up to a week of the airport's own time from now."""
        end = self._pace.after(now, DAYS_AHEAD * DAY)
        for day in range(self._day(after), self._day(end) + 1):
            for line in _BY_DEPARTURE:
                flight = self._flight(line, day)
                if after < flight.departure <= end:
                    yield flight

    def _day(self, when: datetime) -> int:
        """The day of the table in which a moment falls."""
        return int((when - EPOCH).total_seconds() * self._pace.divide // DAY)

    def _flight(self, line: tuple[str, str, str, int, str], day: int) -> Flight:
        identifier, to, _, minutes, price = line
        seconds = day * DAY + _departs(line)
        departure = _to_millisecond(self._pace.after(EPOCH, seconds))
        arrival = _to_millisecond(self._pace.after(EPOCH, seconds + minutes * MINUTE))
        return Flight(identifier, to, departure, arrival, price, f"{identifier}/{day}")

    def _free(self, flight: Flight) -> float:
        offered = LEAST_FREE + self._pace.draw(f"free/{flight.key}", MOST_FREE - LEAST_FREE)
        return offered - self._taken.get(flight.key, 0)

    def _row(self, flight: Flight) -> dict[str, Any]:
        return {
            "transportIdentifier": flight.identifier,
            "carrier": CARRIERS[flight.carrier][0],
            "from": HOME,
            "to": flight.destination,
            "departure": stamp(flight.departure),
            "arrival": stamp(flight.arrival),
            "freeKilograms": int(self._free(flight)),
            "pricePerKilogram": flight.price,
            "currency": "CNY",
        }


def _departs(line: tuple[str, str, str, int, str]) -> int:
    hours, minutes = line[2].split(":")
    return int(hours) * HOUR + int(minutes) * MINUTE


def _to_millisecond(when: datetime) -> datetime:
    """The wire shows milliseconds; a flight is not later than what is shown of it."""
    return when.replace(microsecond=when.microsecond // 1000 * 1000)


_BY_DEPARTURE = sorted(TABLE, key=_departs)
