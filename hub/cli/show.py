"""What the demonstration shows: progress while it runs, the report when it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from connectors.sdk.inside.shown import shown_json
from hub.cli.say import beijing, cell, coloured, in_words, language
from hub.cli.stories import Story
from hub_graphql.files import operation

TRADES = """{ trades(first: 100) {
  number orderNumber state total currency enteredAt finishedAt
  documents { kind name authorityName number state stateSince reference readyAt sentAt awaits
              attention { code message wayOut field path } }
  waitsFor { whom kind authorityName name since milestone attention { message wayOut path } }
  remittances { covers how }
  refund { filingNumber status amount }
  reuse { typed delivered typedTwice bySource { source count } } } }"""
JOBS = """{ syncJobs { name state lastSuccessAt error
  totals { runs failed received merged unchanged superseded quarantined sent } } }"""


def progress(trades: Sequence[dict[str, Any]], stories: Sequence[Story], *, whole: bool = False) -> Group:
    """One line per paper with authority, state and reference, trade by trade.

    While it runs only the papers that move are shown, so that every trade stays on the screen; `whole` shows all.
    """
    told = {story.order: story.zh if language() == "zh" else story.en for story in stories}
    parts: list[Any] = []
    for trade in trades:
        done = sum(paper["state"] in ("done", "cancelled") for paper in trade["documents"])
        bar = cell("━" * done) + cell("━" * (len(trade["documents"]) - done), "dim")
        title = cell(told.get(trade["orderNumber"], ""))
        parts.append(cell(" ").join((cell(trade["number"], "bold"), bar, coloured(trade["state"]), cell(""), title)))
        parts.append(_papers(trade, whole=whole))
        parts += _waits(trade)
    return Group(*parts)


def _papers(trade: Mapping[str, Any], *, whole: bool) -> Table:
    drawn = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    for _ in range(5):
        drawn.add_column(overflow="fold")
    for paper in trade["documents"]:
        if not whole and paper["state"] in ("done", "planned", "cancelled"):
            continue
        since = beijing(paper["stateSince"])[6:] if paper["state"] != "planned" else ""
        reference = paper["reference"] or paper["number"]
        drawn.add_row(
            *map(cell, (paper["authorityName"], paper["name"])),
            coloured(paper["state"]),
            *map(cell, (since, reference)),
        )
    return drawn


def _waits(trade: Mapping[str, Any]) -> list[Text]:
    asked = [wait["attention"] for wait in trade["waitsFor"] if wait["attention"]]
    said = "需要人工处理" if language() == "zh" else "a person is asked"
    lines = []
    for one in asked:
        where = f"  ({one['path']})" if one["path"] else ""
        lines.append(cell("    ") + cell(said, "red") + cell(f": {one['message']}"))
        lines.append(cell(f"      → {one['wayOut']}{where}"))
    return lines


def is_released(trade: Mapping[str, Any]) -> bool:
    """No paper waits for the release any more."""
    return all("released" not in paper["awaits"] for paper in trade["documents"])


def as_report(
    trades: Sequence[dict[str, Any]],
    jobs: Sequence[dict[str, Any]],
    stories: Sequence[Story],
    entered: Mapping[str, Any],
) -> dict[str, Any]:
    """Trades with papers, states, references and times; the counters of every job; the re-use ledger; is it right?"""
    found = {trade["orderNumber"]: trade for trade in trades}
    counters = {job["name"]: job["totals"] | {"state": job["state"]} for job in jobs}
    add_up = all(
        one["received"] == one["merged"] + one["unchanged"] + one["superseded"] + one["quarantined"]
        for one in counters.values()
    )
    ends = {story.order: _right(story, found.get(story.order)) for story in stories}
    return {
        "right": add_up and all(ends.values()),
        "countersAddUp": add_up,
        "ends": ends,
        "trades": list(trades),
        "refused": {order: answer["errors"] for order, answer in entered.items() if answer["errors"]},
        "jobs": counters,
    }


def _right(story: Story, trade: Mapping[str, Any] | None) -> bool:
    """Did the trade come to the end that it should?"""
    if trade is None or trade["state"] != story.ends:
        return False
    asked = [paper["attention"]["path"] for paper in trade["documents"] if paper["attention"]]
    return story.path is None or story.path in asked


def report(
    screen: Console, found: Mapping[str, Any], stories: Sequence[Story], address: str, keys: Mapping[str, str]
) -> None:
    """The end of the demonstration: what was re-used, where to ask, with which key, and three queries to paste."""
    screen.print()
    screen.print(progress(found["trades"], stories, whole=True))
    screen.print()
    for trade in found["trades"]:
        ledger = trade["reuse"]
        typed, delivered, twice = (ledger[name] for name in ("typed", "delivered", "typedTwice"))
        zh = f"{trade['number']}：录入 {typed} 个值，单证中使用 {delivered} 个值，重复录入 {twice} 个"
        en = f"{trade['number']}: {typed} values typed, {delivered} delivered in papers, {twice} typed twice"
        screen.print(cell(in_words(zh, en)))
    screen.print(_verdict(found["right"], found["countersAddUp"]), "\n", sep="")
    owner = next((key for name, key in keys.items() if name != "staff"), "")
    where_to_ask(screen, address, owner, keys["staff"])
    number = found["trades"][0]["number"] if found["trades"] else ""
    asks: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("trade", owner, {"number": number}),
        ("evidence", owner, {"number": number}),
        ("jobs", keys["staff"], {}),
    )
    for name, key, variables in asks:
        text = operation(name)
        screen.print(cell(text.splitlines()[0], "bold"))
        screen.print(_curl(address, key, text, variables), soft_wrap=True)
        screen.print()


def where_to_ask(screen: Console, address: str, owner: str, staff: str, forwarder: str = "") -> None:
    """Where the hub of a demonstration is asked, and with which keys."""
    screen.print(f"GraphQL         {address}/graphql\nPages           {address}/docs/")
    named = (
        (in_words("企业密钥       ", "Exporter's key "), owner),
        (in_words("货代密钥       ", "Forwarder's key"), forwarder),
        (in_words("政务密钥       ", "Staff key      "), staff),
    )
    screen.print(*(f"{name} {key}\n" for name, key in named if key), sep="")


def _verdict(right: bool, add_up: bool) -> Text:
    ends = in_words("每笔交易都到了应有的结局", "All trades ended as they should")
    if not right:
        ends = in_words("有交易没有到应有的结局", "Not all trades ended as they should")
    sums = in_words("各任务计数相符", "the counters of all jobs add up")
    if not add_up:
        sums = in_words("有任务计数不符", "the counters of some job do not add up")
    said = f"{ends}{in_words('；', '; ')}{sums}{in_words('。', '.')}"
    return cell(said, "green" if right and add_up else "red")


def _curl(address: str, key: str, text: str, variables: Mapping[str, str]) -> str:
    query = " ".join(line.strip() for line in text.splitlines() if not line.startswith("#"))
    body = shown_json({"query": query, "variables": variables})
    return f"curl -s {address}/graphql -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d '{body}'"
