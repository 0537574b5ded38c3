"""`yuhub mocks`: the stand-in authorities, and the faults that they can be told to have while they run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import click

from connectors.sdk.codecs import read_json, write_json
from connectors.sdk.errors import ConnectorError
from connectors.sdk.http import Http
from connectors.sdk.inside.retry import Retry
from hub.app import load_settings
from hub.cli.ending import wait_for_signal
from hub.cli.say import cell, console, in_words, language, say, table
from hub.cli.standins import AUTHORITIES, standing_in
from hub.errors import MockUnreachable

FAULTS = "_control/faults"
AUTHORITY = click.Choice(list(AUTHORITIES))
FIRST_PORT = click.IntRange(1, 65_535 - max(AUTHORITIES.values()))


@click.group(invoke_without_command=True)
@click.option("--pace", default=60.0, show_default=True, help="Divides the authorities' own delays.")
@click.option(
    "--first-port", type=FIRST_PORT, default=8101, show_default=True, help="Port of the first; the others follow."
)
@click.option(
    "--fault", "faults", multiple=True, metavar="AUTHORITY:FAULT[,NAME=VALUE]…",
    help="Start with a fault on, such as customs:slow,seconds=5,times=3,path=/dxp/*. May be given several times.",
)  # fmt: skip
@click.pass_context
def mocks(context: click.Context, pace: float, first_port: int, faults: Sequence[str]) -> None:
    """Run the stand-in authorities, on the ports that the connectors look for by default.

    \b
    While they run:
      yuhub mocks faults                           what can go wrong, and what is on
      yuhub mocks fault customs slow seconds=5     switch a fault on
      yuhub mocks fault customs slow --off         and off
    or the page /_control/ of each.
    """
    if context.invoked_subcommand:
        return
    orders = [read_order(words) for words in faults]
    ports = {code: first_port + offset for code, offset in AUTHORITIES.items()}
    with ExitStack() as stack:
        addresses = standing_in(stack, dict.fromkeys(AUTHORITIES, pace), ports)
        for authority, order in orders:
            talk(addresses[authority], order)
        for code, address in addresses.items():
            say(f"{code:<8} {address}   {address}/_control/")
        wait_for_signal()


@mocks.command("fault")
@click.argument("authority", type=AUTHORITY)
@click.argument("name", metavar="FAULT")
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]…")
@click.option("--times", type=click.IntRange(min=1), help="Strike so many requests; without it, until --off.")
@click.option("--path", help="Strike these paths alone, such as '/dxp/*'.")
@click.option("--method", help="Strike this method alone, such as POST.")
@click.option("--off", is_flag=True, help="Switch it off.")
@click.option("--at", "address", help="Address of the stand-in; the connector's base_url where it is not given.")
def fault(
    authority: str,
    name: str,
    parameters: Sequence[str],
    times: int | None,
    path: str | None,
    method: str | None,
    off: bool,
    address: str | None,
) -> None:
    """Switch a FAULT of a running stand-in on, or off with --off.

    \b
      yuhub mocks fault customs saved_then_silent --times 1 --method POST
      yuhub mocks fault tax slow seconds=5
      yuhub mocks fault tax slow --off
    """
    said = {"times": 0 if off else times, "path": path, "method": method}
    order = {"fault": name} | pairs(parameters) | {key: value for key, value in said.items() if value is not None}
    show({authority: talk(address or address_of(authority), order)}, only=name)


@mocks.command("faults")
@click.argument("authority", type=AUTHORITY, required=False)
@click.option("--at", "address", help="Address of the stand-in; the connectors' base_url where it is not given.")
def faults(authority: str | None, address: str | None) -> None:
    """What the running stand-ins can be told to do wrong, what is on, and how often it struck."""
    asked = [authority] if authority else list(AUTHORITIES)
    answers: dict[str, Any] = {}
    missing: list[MockUnreachable] = []
    for code in asked:
        try:
            answers[code] = talk(address or address_of(code))
        except MockUnreachable as error:
            missing.append(error)
    if not answers:
        raise missing[0]
    show(answers)


def read_order(words: str) -> tuple[str, dict[str, Any]]:
    """`customs:slow,seconds=5` as authority and order."""
    authority, colon, rest = words.partition(":")
    name, *parameters = rest.split(",")
    if authority not in AUTHORITIES or not colon or not name:
        raise click.BadParameter(
            f"{words!r}: AUTHORITY:FAULT wanted, such as customs:slow,seconds=5; there are {', '.join(AUTHORITIES)}",
            param_hint="--fault",
        )
    return authority, {"fault": name} | pairs(parameters)


def pairs(words: Sequence[str]) -> dict[str, Any]:
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals):
            raise click.UsageError(f"{word!r}: NAME=VALUE wanted, such as seconds=5")
        found[name] = value
    return found


def address_of(authority: str) -> str:
    """Where a stand-in is: at the first source of its connector."""
    settings = load_settings()
    return str(settings[f"{settings.sources_of(authority)[0]}.base_url"])


def talk(address: str, order: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The faults of a running stand-in, after an order where there is one. MockUnreachable, or why it refused."""
    http = Http(address, retry=Retry(attempts=1))
    try:
        if order is None:
            answer = http.get(FAULTS)
        else:
            answer = http.post(FAULTS, write_json(order), "application/json", answers=(422,))
        said = read_json(answer.body)
        if answer.status == 422:
            raise click.UsageError(f"{said['field']}: {said['message']}")
        found: list[dict[str, Any]] = said["faults"]
    except (ConnectorError, KeyError, TypeError) as error:
        raise MockUnreachable(address=address, cause=str(error)) from None
    finally:
        http.close()
    return found


def show(answers: Mapping[str, list[dict[str, Any]]], only: str | None = None) -> None:
    """One line for each fault: what it does, what may be said about it, where it is on and how often it struck."""
    rows = []
    for number, one in enumerate(next(iter(answers.values()))):
        if only in (None, one["fault"]):
            stands = [said for code, all_ in answers.items() if (said := _standing(code, all_[number]))]
            takes = " ".join(f"{name}={value}" for name, value in one["parameters"].items())
            rows.append((one["fault"], one[language()], takes, cell("\n").join(map(cell, stands))))
    console().print(table(("fault", "what happens", "parameters", "now"), rows))


def _standing(code: str, one: Mapping[str, Any]) -> str:
    on = one["on"] or {}
    told = "".join(f" {name}={value}" for name, value in on.items() if value not in (None, "", "*"))
    struck = in_words(" 已发生 {} 次", " struck {}×").format(one["struck"]) if one["struck"] else ""
    stands = in_words("开", "on") if on else in_words("关", "off")
    return f"{code}: {stands}{told}{struck}" if on or struck else ""


COMMANDS = (mocks,)
