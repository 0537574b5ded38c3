"""The commands of `yuhub`."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable, Mapping
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

import click

from connectors.sdk.inside.masking import Mask, MaskedFormatter
from hub.cli.say import language, say_broken, say_error, say_refused
from hub.errors import DiskFull, HubError
from hub.private import NO_SPACE

MODULES: Mapping[str, Mapping[str, str]] = {
    "admin": {
        "key": "Issue and revoke API keys.",
        "migrate": "Bring the database to the schema of this program.",
        "settings": "Every setting: its value and where it came from.",
    },
    "audit": {"audit": "Who did what, when and why."},
    "connector": {"connector": "Make a connector, check it, and talk to its authority."},
    "consolidating": {"consolidation": "Which trades travel together."},
    "demo": {"demo": "Watch real trades go to customs, airport, forex and tax."},
    "enter": {"enter": "Enter the trades of a file."},
    "mandates": {"mandate": "Who acts for which enterprise, and in what."},
    "mocks": {"mocks": "Run the stand-in authorities."},
    "owners": {
        "broker": "Who acts for your enterprise.",
        "consent": "Which belt platforms see your trades.",
        "webhook": "Where your programs are told of events.",
    },
    "papers": {
        "paper": "Fetch a paper, exactly as it was sent.",
        "settle": "Settle a paper that is out and is otherwise by now.",
    },
    "people": {
        "amend": "Mend single places of a trade.",
        "cancel": "Take a trade back, before it departs.",
        "trace": "Show every step of a trade.",
    },
    "raw": {"raw": "What was received and sent, as it was: raw messages."},
    "remittances": {"remittance": "Money that came in."},
    "registering": {"enterprise": "Register enterprises, and decide on those that applied."},
    "rules": {
        "check": "What the rules say of the trades of a file; nothing is stored.",
        "rules": "Judge a stored trade anew, by the law of its day.",
    },
    "secrets": {"secrets": "Keys that encrypt the secrets in the database."},
    "serve": {
        "scheduler": "Run the scheduler and its workers alone.",
        "up": "Run the whole hub in one process: web, scheduler and workers.",
        "web": "Run the web server alone; the scheduler runs elsewhere.",
    },
    "verify": {"verify": "Is everything true? What was kept, counted, and what authorities have."},
    "why": {"why": "Why a paper has the value that it has."},
    "staff": {"sync": "Watch the sync jobs and order what they do."},
}
"""Modules of `hub.cli`, each with its commands and what the list says of them."""


class Lazy(click.Group):
    """Imports the module of a command when that command is asked for: the list of them needs none."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = next((one for one, commands in MODULES.items() if cmd_name in commands), None)
        if module is None:
            return None
        made: Iterable[click.Command] = import_module(f"hub.cli.{module}").COMMANDS
        return next(one for one in made if one.name == cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.short_help or "") for name, one in sorted(self.commands.items())])


LISTED = [click.Command(name, short_help=said) for commands in MODULES.values() for name, said in commands.items()]


@click.group(cls=Lazy, commands=LISTED, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yuhub")
def commands() -> None:
    """豫货出海 — enter a trade once; every authority gets its papers, and one query answers.

    \b
    First steps:
      yuhub demo                    watch real trades go to customs, airport, forex and tax
      yuhub up                      run the hub (SQLite in ./var)
      yuhub enterprise add FILE     register an exporter, and get its key
      yuhub enter FILE              enter trades from CSV, XLSX, NDJSON or JSON (YUHUB_KEY=…)
      yuhub trace NUMBER            every step of a trade
      yuhub paper NUMBER KIND       a paper, exactly as it was sent
      yuhub why NUMBER KIND FIELD   why a field of a paper has its value
      yuhub sync status             how the sync jobs stand
      yuhub verify                  is everything true: kept, counted, and at the authorities?
      yuhub connector new NAME      write a connector for another authority

    Settings come from YUHUB_… variables and the TOML file that YUHUB_SETTINGS names; `yuhub settings` lists them.
    """


def main() -> None:
    """Runs a command; an error is one clear line with what to do, never a traceback."""
    _fit_for_a_terminal()
    try:
        commands(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        say_refused(error)
        sys.exit(error.exit_code)
    except HubError as error:
        say_error(error, language())
        sys.exit(2)
    except OSError as error:
        if error.errno not in NO_SPACE:
            raise
        say_error(DiskFull(place=error.filename or str(Path.cwd())), language())
        sys.exit(2)


def _fit_for_a_terminal() -> None:
    """Characters that a terminal has not got are written out; what is logged or breaks does nothing to it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if logging.lastResort:
        logging.lastResort.setFormatter(MaskedFormatter(Mask(())))
    sys.excepthook = say_broken
    threading.excepthook = _say_broken_thread


def _say_broken_thread(broken: threading.ExceptHookArgs) -> None:
    if broken.exc_value is not None:
        say_broken(broken.exc_type, broken.exc_value, broken.exc_traceback)
