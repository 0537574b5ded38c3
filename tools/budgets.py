"""`python -m tools.budgets`: the size of the house beside what budgets.toml allows; --measure prints it as TOML."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("hub", "sync", "graphql", "connectors", "mocks", "tools", "tests", "benchmarks", "examples")
SDK = "connectors/sdk"
READMES = ("README.md", "README.zh.md")
HELP = """
import sys
from hub.cli.main import commands
commands(["--help"], standalone_mode=False)
print(len(sys.modules))
"""
CHINESE = re.compile(r"[一-鿿]")
UNSAID = re.compile(r"^```.*?^```$|(?<=\])\([^)]*\)", re.DOTALL | re.MULTILINE)
"""Blocks of code, and where links lead."""
WORSE = "over by {0:g}: make it smaller, or raise it in budgets.toml in a commit of its own that says why"

Figures = dict[str, dict[str, float]]
"""Section → what is measured → how much."""


def lines_of(folder: Path) -> int:
    """Lines of Python in a folder."""
    return sum(len(file.read_text("utf-8").splitlines()) for file in folder.rglob("*.py"))


def words_of(page: str) -> int:
    """Words that a reader of a page of Markdown reads; two Chinese characters are a word."""
    said = UNSAID.sub("", page)
    words = [one for one in CHINESE.sub(" ", said).split() if re.search(r"\w", one)]
    return len(words) + len(CHINESE.findall(said)) // 2


def modules_of_help() -> int:
    """Modules that a fresh process has imported once it has printed `yuhub --help`."""
    told = subprocess.run([sys.executable, "-c", HELP], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    return int(told.stdout.split()[-1])


def measured() -> Figures:
    """The house as it is."""
    lines: dict[str, float] = {package: lines_of(ROOT / package) for package in PACKAGES}
    lines[SDK] = lines_of(ROOT / SDK)
    lines["connectors"] -= lines[SDK]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        "lines of Python": lines,
        "lines for each line": {"mocks / connectors": round(lines["mocks"] / lines["connectors"], 2)},
        "dependencies": {"at run time": len(project["dependencies"])},
        "words": {page: words_of((ROOT / page).read_text("utf-8")) for page in READMES},
        "modules": {"yuhub --help": modules_of_help()},
    }


def as_toml(figures: Figures) -> str:
    """As budgets.toml is written."""
    return "\n".join(
        f'["{section}"]\n' + "".join(f'"{name}" = {value}\n' for name, value in rows.items())
        for section, rows in figures.items()
    )


def table(budgets: Figures, figures: Figures) -> str:
    """What is allowed, what there is, and what is left."""
    rows = [f"{'':40}{'budget':>10}{'measured':>10}{'left':>10}"]
    for section, name, budget, value in _paired(budgets, figures):
        rows.append(f"{f'{section}: {name}':40}{budget:>10g}{value:>10g}{round(budget - value, 2):>10g}")
    return "\n".join(rows)


def wrong(budgets: Figures, figures: Figures) -> list[str]:
    """A sentence for each budget that is passed, and for whatever has no budget or is no longer measured."""
    said = [
        f"{section}: {name} is {value:g}, {WORSE.format(round(value - budget, 2))}"
        for section, name, budget, value in _paired(budgets, figures)
        if value > budget
    ]
    named, found = ({(section, name) for section, rows in one.items() for name in rows} for one in (budgets, figures))
    said += [f"{section}: {name} has no budget: give it one in budgets.toml" for section, name in sorted(found - named)]
    return said + [f"{section}: {name} is not measured: take it out" for section, name in sorted(named - found)]


def _paired(budgets: Figures, figures: Figures) -> Iterator[tuple[str, str, float, float]]:
    for section, rows in figures.items():
        for name, value in rows.items():
            if name in budgets.get(section, {}):
                yield section, name, budgets[section][name], value


def main(asked: list[str]) -> int:
    figures = measured()
    if "--measure" in asked:
        sys.stdout.write(as_toml(figures))
        return 0
    budgets = tomllib.loads((ROOT / "budgets.toml").read_text("utf-8"))
    said = wrong(budgets, figures)
    sys.stdout.write("\n".join([table(budgets, figures), *said, ""]))
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
