"""`yuhub demo`: the stand-ins, the hub and some real trades, watched until each has come to its end."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
from rich.live import Live

from connectors.sdk.codecs import write_json
from connectors.sdk.http import Http
from hub.access import Role, issue_key
from hub.access.at_the_machine import LOCAL
from hub.app import build, settings_of_connectors
from hub.cli import show
from hub.cli.client import Client
from hub.cli.ending import wait_for_signal
from hub.cli.ports import PORT
from hub.cli.say import cell, console, say, say_json
from hub.cli.serve import clock, hub_serving, running
from hub.cli.standins import standing_in
from hub.cli.stories import Story, read_stories
from hub.cli.throwaway import Throwaway, make_throwaway
from hub.entry.applying import new_account_name
from hub.entry.registration import register
from hub.private import private_folder
from hub.settings import read_settings

PACES = {"customs": 300.0, "tax": 12000.0, "forex": 180.0, "rail": 50000.0, "airport": 4000.0}
"""How much faster each authority works than in life, so that the demonstration ends within a minute or so."""
HUB_PACE = 30
PATIENCE = 300
LOOK_EVERY = 0.5
ENTER = """
mutation Enter($inputs: [TradeInput!]!) {
  enterTrades(inputs: $inputs) { same trade { number orderNumber state } errors { path code message wayOut } }
}"""
FIRST_NEEDED = ("customs.tariffs", "tax.rates", "forex.parity")


@click.command()
@click.option(
    "--once", is_flag=True, help="End when every trade has come to its end; exit 0 only if it is the right one."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON and nothing else; implies --once.")
@click.option("--port", type=PORT, default=8080, show_default=True, help="Port of the hub; 0 takes any free one.")
@click.option("--faster", type=float, default=1, show_default=True, help="Divides all delays once more.")
@click.option("--stories", type=click.Path(path_type=Path), help="Folder with stories of your own.")
@click.option(
    "--story",
    type=click.Choice(["trades", "consolidation"]),
    default="trades",
    show_default=True,
    help="Five trades of every mode, or 40 parcels of 12 exporters on one master air waybill.",
)
def demo(once: bool, as_json: bool, port: int, faster: float, stories: Path | None, story: str) -> None:
    """Watch real trades go to customs, airport, forex and tax, and come back as one answer.

    Starts stand-in authorities and a hub of its own (SQLite in ./var/demo, made anew each time), enters the trades of
    demo/ and shows every paper until each trade is finished, or waits for a person and says for what.
    """
    told = read_stories(stories)
    with ExitStack() as stack:
        if story == "consolidation":
            from hub.cli.demo_together import Together, draw

            played: Play = Together(stack, [], port, faster, quiet=as_json)
        else:
            played = Play(stack, told, port, faster, quiet=as_json)
        report = played.to_the_end()
        right = report["right"]
        if as_json:
            say_json(report)
        elif story == "consolidation":
            draw(console(), report, played.client.address, played.keys)
        else:
            show.report(console(), report, told, played.client.address, played.keys)
        if not (once or as_json):
            say("\nThe hub keeps serving; Ctrl-C ends it.")
            wait_for_signal(played.hub.life)
            return
        sys.exit(0 if right else 1)


class Play:
    """One performance: the stand-ins, a hub on a fresh database, the actors' keys."""

    def __init__(self, stack: ExitStack, stories: list[Story], port: int, faster: float, *, quiet: bool) -> None:
        self.stories = stories
        self.quiet = quiet
        self.screen = console(to_error=True)
        folder = _fresh_folder()
        pair = make_throwaway(folder, "yuhub demo")
        paces = {code: pace * faster for code, pace in PACES.items()}
        self.authorities = standing_in(stack, paces, signed_with=pair.number)
        self.notify_token = secrets.token_urlsafe()
        self.hub = build(self._settings(folder, pair, faster))
        stack.enter_context(running(self.hub))
        self.keys = self._register()
        address = stack.enter_context(hub_serving(self.hub, port=port))
        stack.enter_context(clock(self.hub))
        self._agree_on_notices(address)
        self.client = Client(address, self.keys["staff"])
        self.paid: set[str] = set()

    def to_the_end(self) -> dict[str, Any]:
        """Enters the trades, plays the buyers, and watches until every trade has come to its end."""
        self._wait("tariffs, rates and parity", self._has_first_data)
        if not self.quiet:
            pages = "  ".join(f"{code} {address}/_control/" for code, address in self.authorities.items())
            self.screen.print(cell("Make them misbehave:", "dim"), pages, soft_wrap=True)
        entered = {story.order: self._enter(story) for story in self.stories}
        with Live(console=self.screen, refresh_per_second=8, transient=True, auto_refresh=not self.quiet) as live:
            self._watch(lambda found: live.update(show.progress(found, self.stories)) if not self.quiet else None)
        return show.as_report(self._trades(), self._jobs(), self.stories, entered)

    def _watch(self, draw: Callable[[list[dict[str, Any]]], None]) -> None:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            found = self._trades()
            draw(found)
            for trade in found:
                self._pay(trade)
            if all(trade["state"] in ("finished", "attention") for trade in found):
                return
            time.sleep(LOOK_EVERY)

    def _settings(self, folder: Path, pair: Throwaway, faster: float) -> Any:
        environment: Mapping[str, str] = {
            "YUHUB_DATA_DIR": str(folder),
            "YUHUB_PACE": str(HUB_PACE * faster),
            "YUHUB_PORT": "0",
            "YUHUB_CUSTOMS_SIGNING_CERTIFICATE": str(pair.certificate),
            "YUHUB_CUSTOMS_SIGNING_KEY": str(pair.key),
            "YUHUB_AIRPORT_NOTIFY_TOKEN": self.notify_token,
            **{f"YUHUB_{code.upper()}_BASE_URL": address for code, address in self.authorities.items()},
        }
        return read_settings(environment, None, settings_of_connectors()[0])

    def _agree_on_notices(self, address: str) -> None:
        """The airport tells us of its events; asking it now and then is the safety net."""
        told = {"endpoint": f"{address}/hooks/airport/notifications", "token": self.notify_token}
        airport = Http(self.authorities["airport"])
        airport.post("_control/subscribers", write_json(told), "application/json")
        airport.close()

    def _register(self) -> dict[str, str]:
        """Registers the enterprises; a key for each by its USCC, and one for staff."""
        now = self.hub.desk.now()
        keys = {}
        with self.hub.database.write() as connection:
            for story in self.stories:
                uscc = story.enterprise["uscc"]
                if uscc not in keys:
                    id_, _ = register(connection, story.enterprise, now)
                    keys[uscc] = issue_key(connection, new_account_name("owner"), Role.ENTERPRISE, [id_], now, LOCAL)
            keys["staff"] = issue_key(connection, "demo operator", Role.OPERATOR, [], now, LOCAL)
        return keys

    def _enter(self, story: Story) -> Any:
        client = Client(self.client.address, self.keys[story.enterprise["uscc"]])
        return client.ask(ENTER, {"inputs": [story.trade]})["enterTrades"][0]

    def _pay(self, trade: dict[str, Any]) -> None:
        """Plays the buyer: once the goods are released, the money is sent to the exporter's account."""
        story = next(story for story in self.stories if story.order == trade["orderNumber"])
        if not story.buyer_pays or story.order in self.paid or not show.is_released(trade):
            return
        self.paid.add(story.order)
        payment = {
            "amount": trade["total"],
            "currency": trade["currency"],
            "payer": story.trade["buyer"]["name"],
            "payerCountry": story.trade["buyer"]["country"],
            "remittance": f"order {story.order}",
            "endToEndId": trade["number"],
            "beneficiaryAccount": story.enterprise["bank"]["account"],
            "beneficiaryName": story.enterprise["nameZh"],
            "beneficiaryCode": story.enterprise["uscc"],
        }
        bank = Http(self.authorities["forex"])
        bank.post("_control/payments", write_json(payment), "application/json")
        bank.close()

    def _wait(self, what: str, has_come: Callable[[], bool]) -> None:
        with self.screen.status(f"waiting for {what} …") if not self.quiet else ExitStack():
            ends = time.monotonic() + PATIENCE
            while not has_come():
                if time.monotonic() > ends:
                    raise click.ClickException(f"{what} did not come within {PATIENCE} s; see `yuhub sync status`")
                time.sleep(LOOK_EVERY)

    def _has_first_data(self) -> bool:
        succeeded = {job["name"] for job in self._jobs() if job["lastSuccessAt"]}
        return succeeded.issuperset(FIRST_NEEDED)

    def _jobs(self) -> list[dict[str, Any]]:
        jobs: list[dict[str, Any]] = self.client.ask(show.JOBS)["syncJobs"]
        return jobs

    def _trades(self) -> list[dict[str, Any]]:
        trades: list[dict[str, Any]] = self.client.ask(show.TRADES)["trades"]
        return list(reversed(trades))


def _fresh_folder() -> Path:
    folder = Path(os.environ.get("YUHUB_DATA_DIR", "var")) / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    private_folder(folder)
    return folder


COMMANDS = (demo,)
