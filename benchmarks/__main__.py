"""Runs all benchmarks; `--quick` with small numbers, to see that they run."""

from __future__ import annotations

import sys

from benchmarks import records, servers, spine


def main(quick: bool) -> None:
    if quick:
        records.run(rounds=1, times=5, keep=None)
        spine.run(rounds=1, trades=2, responses=200, requests=3, keep=None)
        servers.run(rounds=1, questions=2, singles=1, held=4, keep=None)
    else:
        records.run()
        spine.run()
        servers.run()


if __name__ == "__main__":
    main(quick="--quick" in sys.argv[1:])
