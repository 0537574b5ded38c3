"""Loading a record: compiled, by marshmallow itself, by hand, and by others where they are installed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from benchmarks.declaration import SENT, WRONG, Declaration, by_hand
from benchmarks.measuring import RESULTS, Comparison, compare, machine, report, timed
from connectors.sdk.inside.compiled import compiled

PEERS = ("msgspec", "pydantic")
BY_HAND = "by hand, nothing checked (floor)"
Load = Callable[[Any], Any]


def run(rounds: int = 15, times: int = 2_000, keep: Path | None = RESULTS) -> list[Comparison]:
    """Measures, prints and keeps. `times` is how many records a round loads."""
    marshmallow = Declaration()
    ours: dict[str, Load] = {"compiled": compiled(marshmallow), "marshmallow": marshmallow.load}
    peers = {name: peer for name in PEERS if (peer := _peer(name))}
    notes = [
        f"{name} is not installed and was left out; `make bench` installs it" for name in PEERS if name not in peers
    ]
    _check(ours, peers)
    loads = {BY_HAND: by_hand, **ours}
    values = loads | {f"{name}, objects": peer.from_values for name, peer in peers.items()}
    decoding = {f"json.loads + {name}": _after_json(load) for name, load in loads.items()}
    decoding |= {f"{name}, objects": peer.from_json for name, peer in peers.items()}
    text = json.dumps(SENT, ensure_ascii=False).encode()
    record = "A record of 25 fields with two nested items"
    works = [
        (f"{record}, from values", values, SENT, times, BY_HAND, notes),
        (f"{record}, from JSON", decoding, text, times, f"json.loads + {BY_HAND}", notes),
        (f"{record}, two of them wrong", ours, WRONG, times // 4 or 1, "marshmallow", []),
    ]
    measured = (_compare(rounds, *work) for work in works)
    return report("records", machine("marshmallow", *PEERS), measured, keep)


def _peer(name: str) -> Any:
    try:
        return import_module(f"benchmarks.peer_{name}")
    except ModuleNotFoundError:
        return None


def _check(ours: dict[str, Load], peers: dict[str, Any]) -> None:
    """Only those that read the same are compared."""
    expected = by_hand(SENT)
    made = {name: load(SENT) for name, load in ours.items()}
    made |= {name: peer.plain(peer.from_values(SENT)) for name, peer in peers.items()}
    wrong = [name for name, record in made.items() if record != expected]
    if wrong:
        raise AssertionError(f"{', '.join(wrong)} read another record than expected")


def _after_json(load: Load) -> Load:
    return lambda text: load(json.loads(text))


def _compare(
    rounds: int, title: str, loads: dict[str, Load], sent: Any, times: int, floor: str, notes: Sequence[str]
) -> Comparison:
    def once(load: Load) -> Callable[[], None]:
        def work() -> None:
            with suppress(ValidationError):
                load(sent)

        return work

    contenders = {name: timed(once(load), times) for name, load in loads.items()}
    return compare(title, "record", contenders, rounds, floor=floor, notes=notes)


if __name__ == "__main__":
    run()
