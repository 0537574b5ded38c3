"""`yuhub audit`: who did what, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from connectors.sdk.codecs import read_json
from connectors.sdk.inside.shown import shown_json
from connectors.sdk.instants import BEIJING
from hub.access.actions import ACTIONS
from hub.cli.client import Client, client_options
from hub.cli.say import beijing, console, in_words, say, say_json, table
from hub.cli.words import CLAIMS, CODES, HEADINGS

AUDIT = """
query Audit($enterprise: String, $action: String, $actor: String, $since: DateTime, $first: Int, $after: Int) {
  auditLog(enterprise: $enterprise, action: $action, actor: $actor, since: $since, first: $first, after: $after) {
    id at actor role key action words subject reason before enterprise } }"""

WORDED: Mapping[str, Mapping[str, str]] = {"role": CODES, "state": CODES, "claimState": CLAIMS}
"""What is noted of these is a code: its words."""


@click.command()
@click.option("--enterprise", help="USCC: what concerns that enterprise.")
@click.option("--action", type=click.Choice(list(ACTIONS)), metavar="ACTION", help="Such as mandate.end.")
@click.option("--actor", help="Account that did it.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Beijing time from which on.")
@click.option("--first", default=50, show_default=True, help="How many, newest first.")
@click.option("--after", type=int, help="Number of the last one that you have read; older ones follow.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each, with what stood before.")
@client_options
def audit(client: Client, since: datetime | None, as_json: bool, **asked: str | int | None) -> None:
    """Who did what, when and why: staff see all, an owner what concerns its enterprises. Wants a key (YUHUB_KEY)."""
    from_when = since.replace(tzinfo=BEIJING).isoformat() if since else None
    found = client.ask(AUDIT, {**asked, "since": from_when})["auditLog"]
    if as_json:
        for one in found:
            say_json(one, None)
        return
    if not found:
        say(in_words("没有符合条件的审计记录。", "Nothing of that kind stands in the audit log."))
        return
    rows = [
        (
            str(one["id"]),
            beijing(one["at"]),
            one["actor"],
            one["action"],
            one["words"],
            one["subject"],
            details(read_json(one["before"].encode())),
            one["reason"],
            one["enterprise"] or "",
        )
        for one in found
    ]
    console().print(
        table(
            ("number", "Beijing time", "who", "action", "what was done", "what", "details", "why", "enterprise"), rows
        )
    )
    if len(found) == asked["first"]:
        say(in_words(f"更早的：--after {found[-1]['id']}", f"Older ones: --after {found[-1]['id']}"))


def details(noted: Mapping[str, Any]) -> str:
    """What stood before and what came of it: `name: old → new` where both are known."""
    both = noted.keys() == {"before", "after"}
    before, after = (noted["before"], noted["after"]) if both else (noted, {})
    told = []
    for name in sorted({**before, **after}):
        sides = [_value(name, side[name]) for side in (before, after) if name in side]
        told.append(f"{in_words(HEADINGS.get(name, name), name)}: {' → '.join(sides)}")
    return "; ".join(told)


def _value(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if name in WORDED:
        return in_words(WORDED[name].get(value, value), value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else shown_json(value, None)


COMMANDS = (audit,)
