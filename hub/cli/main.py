"""The commands of `yuhub`."""

from __future__ import annotations

import logging
import sys
import threading
from io import TextIOWrapper
from pathlib import Path

import click

from connectors.sdk.masking import Mask, MaskedFormatter
from hub.cli import (
    admin,
    audit,
    connector,
    demo,
    enter,
    mandates,
    mocks,
    owners,
    papers,
    people,
    raw,
    receipts,
    registering,
    secrets,
    serve,
    staff,
)
from hub.cli.say import language, say_broken, say_error, say_refused
from hub.errors import DiskFull, HubError
from hub.private import NO_SPACE


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
      yuhub sync status             how the sync jobs stand
      yuhub raw verify              is everything that was kept what it was?
      yuhub connector new NAME      write a connector for another authority

    Settings come from YUHUB_… variables and the TOML file that YUHUB_SETTINGS names; `yuhub settings` lists them.
    """


for module in (
    serve,
    demo,
    mocks,
    enter,
    people,
    papers,
    staff,
    audit,
    owners,
    receipts,
    raw,
    connector,
    registering,
    admin,
    mandates,
    secrets,
):
    for command in module.COMMANDS:
        commands.add_command(command)


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
