"""Runs all benchmarks; `--quick` with small numbers, to see that they run."""

from __future__ import annotations

import sys

from benchmarks import records, spine


def main(quick: bool) -> None:
    if quick:
        records.run(rounds=1, times=5, keep=None)
        spine.run(rounds=1, trades=2, receipts=200, requests=3, keep=None)
    else:
        records.run()
        spine.run()


if __name__ == "__main__":
    main(quick="--quick" in sys.argv[1:])
