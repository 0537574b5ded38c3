"""The commands of `yuhub`."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import click

from hub.cli import admin, connector, demo, enter, mocks, papers, people, secrets, serve, staff
from hub.cli.say import language, say_error
from hub.errors import DiskFull, HubError


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
      yuhub connector new NAME      write a connector for another authority

    Settings come from YUHUB_… variables and the TOML file that YUHUB_SETTINGS names; `yuhub settings` lists them.
    """


for module in (serve, demo, mocks, enter, people, papers, staff, connector, admin, secrets):
    for command in module.COMMANDS:
        commands.add_command(command)


def main() -> None:
    """Runs a command; an error is one clear line with what to do, never a traceback."""
    try:
        commands(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except HubError as error:
        say_error(error, language())
        sys.exit(2)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        say_error(DiskFull(place=error.filename or str(Path.cwd())), language())
        sys.exit(2)
