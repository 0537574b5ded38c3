"""Is everything true? On the machine that has the database; authorities are only asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import click

from connectors.sdk.inside.shown import shown
from hub.app import build, load_settings
from hub.cli.say import in_words, language, say, say_json
from hub.errors import way_out, words
from sync.verify_results import PartFound, VerifyFault, VerifyPart
from sync.verifying import verify as verify_parts

NAMES: Mapping[str, tuple[str, str]] = {
    VerifyPart.CHAINS: ("原文链", "raw chains"),
    VerifyPart.COUNTERS: (
        "计数：收到 = 合并 + 未变 + 已被更新 + 隔离",
        "counters: received = merged + unchanged + superseded + quarantined",
    ),
    VerifyPart.LEDGERS: ("单证与各部门的账", "our papers and each authority's own ledger"),
}
"""Part → Chinese, English."""
PARTS = [part.value for part in VerifyPart]
FAULTS, UNKNOWN = 1, 3
"""Exit codes."""


@click.command()
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="This part alone; may be repeated.")
@click.option("--days", type=click.IntRange(min=1), help="Of papers that are over, only those of so many days.")
@click.option("--most", default=20, show_default=True, type=click.IntRange(min=0), help="Faults shown of each part.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def verify(parts: tuple[str, ...], days: int | None, most: int, as_json: bool) -> None:
    """Verify that everything is true: what was kept, what was counted, and what authorities have of our papers.

    Exits with 0 where all holds, with 1 where something is wrong, with 3 where nothing is wrong but something could not
    be asked. Nothing is sent, and the hub may run meanwhile; the result is kept for the console.
    """
    hub = build(load_settings())
    try:
        since = hub.desk.now() - timedelta(days=days) if days else None
        found = []
        for one in verify_parts(hub.services, [VerifyPart(part) for part in parts or VerifyPart], since):
            found.append(one)
            if not as_json:
                _tell(one, most)
    finally:
        hub.close()
    wrong, unknown = any(not one.holds for one in found), any(one.unknown for one in found)
    if as_json:
        say_json({"holds": not wrong, "unknown": unknown, "parts": [_as_json(one, most) for one in found]})
    sys.exit(FAULTS if wrong else UNKNOWN if unknown else 0)


def _tell(found: PartFound, most: int) -> None:
    right = (
        in_words("成立", "holds")
        if found.holds
        else in_words(f"{found.fault_count} 处不符", f"{found.fault_count} wrong")
    )
    if found.unknown:
        right += in_words(f"，{len(found.unknown)} 处未知", f", {len(found.unknown)} unknown")
    mark = "✗" if not found.holds else "?" if found.unknown else "✓"
    say(f"{mark} {in_words(*NAMES[found.part])}: {right}")
    for row in found.counts:
        say(f"    {shown(ROWS[found.part](row))}")
    for sign, faults in (("✗", found.faults), ("?", found.unknown)):
        for one in faults[:most]:
            message, way = _said(one)
            say(f"  {sign} {shown(message)}  [{one.code}]")
            say(f"      → {shown(way)}")
    if found.fault_count > min(most, len(found.faults)):
        more = found.fault_count - min(most, len(found.faults))
        say(in_words(f"  另有 {more} 处未列出", f"  and {more} more that are not listed"))


def _said(one: VerifyFault) -> tuple[str, str]:
    return words(one.code, language(), one.parameters), way_out(one.code, language(), one.parameters)


def _chain(row: Mapping[str, Any]) -> str:
    return f"{row['chain']}  " + in_words(f"{row['messages']:,} 条", f"{row['messages']:,} messages")


def _equation(row: Mapping[str, Any]) -> str:
    """`2026-01-09 customs.responses  12 = 9 + 2 + 1 + 0`."""
    parts = " + ".join(str(row[name]) for name in ("merged", "unchanged", "superseded", "quarantined"))
    line = f"{row['day']} {row['source']}.{row['stream']}  {row['received']} = {parts}"
    if row["uncounted"]:
        runs = row["uncounted"]
        line += in_words(f"（{runs} 次运行早于逐条计数）", f" ({runs} runs are older than the count by message)")
    return line + ("" if row["holds"] else in_words("  不符", "  does not hold"))


def _ledger(row: Mapping[str, Any]) -> str:
    asked, agree, moving, faults, unknown = (row[name] for name in ("asked", "agree", "moving", "faults", "unknown"))
    said = []
    if asked or row["listed"] or not row["unasked"]:
        said.append(
            in_words(
                f"询问 {asked}：相符 {agree}，途中 {moving}，未知 {unknown}；列出 {row['listed']}",
                f"{asked} asked: {agree} agree, {moving} on their way, {unknown} unknown; {row['listed']} listed",
            )
        )
    if row["unasked"]:
        number = row["unasked"]
        said.append(
            in_words(
                f"协议无从询问：{number} 份单证仅凭其回执",
                f"cannot be asked; {number} papers known by its responses only",
            )
        )
    if row["leftOut"]:
        said.append(
            in_words(f"{row['leftOut']} 份早已办结，未核对", f"{row['leftOut']} were over long ago and left out")
        )
    said.append(in_words(f"不符 {faults}", f"{faults} wrong"))
    return f"{row['source']}  {'; '.join(said)}"


ROWS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    VerifyPart.CHAINS: _chain,
    VerifyPart.COUNTERS: _equation,
    VerifyPart.LEDGERS: _ledger,
}


def _as_json(found: PartFound, most: int) -> dict[str, Any]:
    def told(faults: Sequence[VerifyFault]) -> list[dict[str, Any]]:
        named = ((one, *_said(one)) for one in faults[:most])
        return [{"code": one.code, "message": said, "wayOut": way, **one.parameters} for one, said, way in named]

    return {
        "part": found.part.value,
        "holds": found.holds,
        "faultCount": found.fault_count,
        "counts": found.counts,
        "faults": told(found.faults),
        "unknown": told(found.unknown),
    }


COMMANDS = (verify,)
