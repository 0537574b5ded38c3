"""Measuring side by side: each round runs every contender once, in turn, so that a busy machine slows them all."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"
HUNDREDS, MILLISECOND = 200, 1e-3
Work = Callable[[], float]
"""Does a piece of the work; answers how many seconds one unit of it took."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One contender: seconds for one unit of work (median of the rounds), and how many times the floor's that is.

    `ratio` is the median of the ratios within each round, not the ratio of the medians. `p95` and `p99` are of the
    rounds, and say something where a round is one unit of work and there are hundreds.
    """

    name: str
    seconds: float
    p95: float
    p99: float
    ratio: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Contenders at the same work, the floor among them; `unit` is what `seconds` are for."""

    title: str
    unit: str
    measured: list[Measured]
    notes: list[str] = field(default_factory=list)


def timed(work: Callable[[], Any], times: int) -> Work:
    """The work as one that says how long it took, on the average of so many times."""

    def run() -> float:
        start = time.perf_counter()
        for _ in range(times):
            work()
        return (time.perf_counter() - start) / times

    return run


def compare(
    title: str, unit: str, contenders: Mapping[str, Work], rounds: int, *, floor: str, notes: Sequence[str] = ()
) -> Comparison:
    """Runs every contender once unmeasured, then so many rounds A B C, A B C …"""
    for work in contenders.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            times[name].append(work())
    return Comparison(title, unit, [_measured(name, taken, times[floor]) for name, taken in times.items()], list(notes))


def _measured(name: str, taken: Sequence[float], floor: Sequence[float]) -> Measured:
    ordered = sorted(taken)
    ratios = [one / least for one, least in zip(taken, floor, strict=True)]
    return Measured(
        name,
        seconds=statistics.median(taken),
        p95=ordered[int(len(ordered) * 0.95)],
        p99=ordered[int(len(ordered) * 0.99)],
        ratio=statistics.median(ratios),
        rounds=len(taken),
    )


def machine(*packages: str) -> dict[str, Any]:
    """Where it was measured, and what with."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="minutes"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {package: found for package in packages if (found := _version(package))},
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def show(comparison: Comparison, console: Console) -> None:
    """Prints one table; the slowest of a hundred only where there were hundreds."""
    table = Table()
    table.add_column("", max_width=48)
    spread = comparison.measured[0].rounds >= HUNDREDS
    for column in ("median", *(("p95", "p99") if spread else ()), f"{comparison.unit}s / s", "× floor"):
        table.add_column(column, justify="right")
    for one in comparison.measured:
        times = (one.seconds, one.p95, one.p99) if spread else (one.seconds,)
        table.add_row(one.name, *map(written_time, times), f"{1 / one.seconds:,.0f}", f"{one.ratio:.2f}")
    console.print(f"[bold]{comparison.title}[/bold]", highlight=False)
    console.print(table)
    for note in comparison.notes:
        console.print(f"  {note}", highlight=False)
    console.print()


def written_time(seconds: float) -> str:
    return f"{seconds * 1e6:,.1f} µs" if seconds < MILLISECOND else f"{seconds * 1e3:,.2f} ms"


def report(
    name: str, where: Mapping[str, Any], comparisons: Iterable[Comparison], keep: Path | None = RESULTS
) -> list[Comparison]:
    """Prints each table as soon as it is measured, and keeps the figures in `<keep>/<name>.json`."""
    console = Console()
    versions = ", ".join(f"{package} {number}" for package, number in where["versions"].items())
    console.print(
        f"{where['processor']}, {where['cores']} cores, load {where['load']}, {where['system']}", highlight=False
    )
    console.print(f"Python {where['python']}, {versions}\n", highlight=False)
    found = []
    for comparison in comparisons:
        show(comparison, console)
        found.append(comparison)
    if keep is not None:
        content = {"machine": where, "comparisons": [asdict(one) for one in found]}
        keep.mkdir(exist_ok=True)
        (keep / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return found
