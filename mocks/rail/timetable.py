"""Trains as they are on sale: the table of the week, laid out over time at the railway's pace, and the room left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mocks.pace import Pace
from mocks.rail.lines import HOME, ORIGINS, TRAINS, hours_to_arrival

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 7 * 86400
EPOCH = datetime(2026, 1, 4, 16, tzinfo=UTC)  # midnight in Zhengzhou on a Monday, where week 0 of the table begins
DAYS_ON_SALE = 30
DAYS_TO_LOAD = 1
CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Train:
    """One departure, at wall-clock times."""

    number: str
    to: str
    border: str
    departure: datetime
    arrival: datetime
    teu: int
    price: str
    key: str


class Timetable:
    """Trains on sale and the TEU still free on them; whoever holds it guards it."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._taken: dict[str, int] = {}
        self._changed: dict[str, datetime] = {}

    def book(self, to: str, teu: int, ready: datetime) -> Train | None:
        """Takes room on the first train a day or more after goods are ready; None where nothing on sale has room."""
        now = self._pace.now()
        for train in self._on_sale(now):
            in_time = self._pace.after(train.departure, -DAYS_TO_LOAD * DAY) >= ready
            if train.to == to and in_time and self._free(train) >= teu:
                self._take(train, teu, now)
                return train
        return None

    def give_back(self, train: Train, teu: int) -> None:
        self._take(train, -teu, self._pace.now())

    def listed(self, origin: str | None, to: str | None, after: datetime | None, limit: int) -> dict[str, Any]:
        """Trains yet to leave, after the moment given; `next` is the `after` of the page that follows, or null."""
        served = origin is None or origin in ORIGINS
        trains = [train for train in self._on_sale(self._pace.now()) if served and to in (None, train.to)]
        trains = [train for train in trains if after is None or train.departure > after]
        rows = [self._row(train, origin or HOME) for train in trains[:limit]]
        return {"schedules": rows, "next": rows[-1]["departure"] if len(trains) > limit else None}

    def _on_sale(self, now: datetime) -> Iterator[Train]:
        """In order of departure."""
        end = self._pace.after(now, DAYS_ON_SALE * DAY)
        for week in range(self._week(now), self._week(end) + 1):
            for seconds, line in _OF_THE_WEEK:
                train = self._train(line, week * WEEK + seconds)
                if now < train.departure <= end:
                    yield train

    def _week(self, when: datetime) -> int:
        return int((when - EPOCH).total_seconds() * self._pace.divide // WEEK)

    def _train(self, line: tuple[str, str, str, str, str, int, str], seconds: int) -> Train:
        number, to, border, _, _, teu, price = line
        departure = _to_millisecond(self._pace.after(EPOCH, seconds))
        arrival = self._pace.after(departure, hours_to_arrival(border, to) * HOUR)
        return Train(number, to, border, departure, arrival, teu, price, f"{number}/{seconds // DAY}")

    def _free(self, train: Train) -> int:
        """At least half of every train is sold to others, and some trains are sold out."""
        offered = self._pace.draw(f"free/{train.key}", train.teu // 2 + 1)
        return offered - self._taken.get(train.key, 0)

    def _take(self, train: Train, teu: int, now: datetime) -> None:
        self._taken[train.key] = self._taken.get(train.key, 0) + teu
        self._changed[train.key] = now

    def _row(self, train: Train, origin: str) -> dict[str, Any]:
        put_on_sale = self._pace.after(train.departure, -DAYS_ON_SALE * DAY)
        return {
            "trainNumber": train.number,
            "from": origin,
            "to": train.to,
            "border": train.border,
            "departure": stamp(train.departure),
            "arrival": stamp(train.arrival),
            "freeTeu": self._free(train),
            "pricePerTeu": train.price,
            "currency": CURRENCY,
            "updatedAt": stamp(self._changed.get(train.key, put_on_sale)),
        }


def stamp(when: datetime) -> str:
    """UTC to the millisecond, `2026-03-04T12:15:00.000Z`."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _to_millisecond(when: datetime) -> datetime:
    """The wire shows milliseconds; a train is not later than what is shown of it."""
    return when.replace(microsecond=when.microsecond // 1000 * 1000)


def _second_of_week(weekday: str, departs: str) -> int:
    hours, minutes = departs.split(":")
    return (int(weekday) - 1) * DAY + int(hours) * HOUR + int(minutes) * MINUTE


_OF_THE_WEEK = sorted(
    ((_second_of_week(weekday, line[4]), line) for line in TRAINS for weekday in line[3]), key=lambda one: one[0]
)
