"""The command that enters a file of trades."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from connectors.sdk.inside.shown import shown
from hub.cli.client import Client, client_options
from hub.cli.entering import Enter, EntryCounts, EntryOutcome, outcomes
from hub.cli.progress import in_numbers, progress
from hub.cli.say import in_words, language, say, say_problems
from hub.entry.files.file_kinds import FileKind
from hub.entry.files.opening import TradeFile, open_trades
from hub.entry.files.problem_words import Reason
from hub.entry.files.rejected import Rejected
from hub.entry.files.template import ENDINGS, write_template
from hub.entry.files.typed import TypedTrade
from hub.errors import HubError

MOST_SAID = 20
"""Trades that are told one by one; of a long file its numbers and the file of refused trades say the rest."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--template", is_flag=True, help="Write FILE (.csv or .xlsx) instead: all columns, and an example.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the refused trades; that of FILE by default.")
@click.option("--enterprise", help="USCC of the enterprise, where the key acts for several.")
@client_options
def enter(client: Client, file: Path, template: bool, out: Path | None, enterprise: str | None) -> None:
    """Enter the trades of FILE: CSV (UTF-8 or GBK), XLSX, NDJSON or JSON, of any length.

    In a table each row is a goods line, and the rows of one order stand together.

    \b
      yuhub enter --template trades.xlsx      a table with all columns, to fill in
      yuhub enter trades.xlsx                 enters it
      yuhub enter trades.rejected.xlsx        enters what was refused, once it is mended

    A trade with an error is refused whole; the others go in. Refused trades are written beside FILE in its own columns,
    the reasons in the first. Nothing is entered twice: after Ctrl-C, a broken line or a stopped hub the same command
    goes on. Exit code 0 says that nothing was refused.
    """
    if template:
        if file.suffix.lower() not in ENDINGS:
            raise click.UsageError(in_words("模板是 .csv 或 .xlsx 文件", "a template is a .csv or an .xlsx file"))
        write_template(file)
        say(in_words(f"已写入 {file}；填好后运行：", f"{file} is written. Once it is filled in:"))
        say(f"  yuhub enter {file}")
        return
    with open_trades(file) as opened:
        if opened.notes:
            say(in_words("读作 ", "read as ") + shown(", ".join(opened.notes)), to_error=True)
        alone = opened.kind is FileKind.JSON and opened.size == 1  # it is mended where it stands
        counts, refused = EntryCounts(), Rejected((out or file.parent) / file.name, opened)
        with _broken_off(counts, refused), client.entering(enterprise) as ask:
            for outcome in _shown(opened, ask, counts):
                if outcome.reasons and not alone:
                    refused.add(outcome.typed, outcome.reasons)
        kept = refused.close()
    if not alone:
        say(in_numbers(counts))
    if counts.refused:
        raise click.ClickException(_refusal(counts, kept))


def _shown(opened: TradeFile, ask: Enter, counts: EntryCounts) -> Iterator[EntryOutcome]:
    """Each outcome, counted and told."""
    with progress(opened, counts) as show:
        for outcome in outcomes(opened.trades, opened.header, ask, language()):
            counts.add(outcome)
            _say(outcome, counts)
            yield outcome
            show()


def _say(outcome: EntryOutcome, counts: EntryCounts) -> None:
    order = outcome.typed.order or in_words(f"第 {outcome.typed.place} 行", f"line {outcome.typed.place}")
    if not outcome.reasons and counts.trades <= MOST_SAID:
        before = in_words("此前已录入，内容相同", "entered before, the same")
        say(f"✓ {shown(order)}  {shown(outcome.number)}  {before if outcome.same else in_words('已录入', 'entered')}")
    elif outcome.reasons and counts.refused <= MOST_SAID and not outcome.typed.rest:
        say_problems(order, [(_where(outcome.typed, reason), reason.problem) for reason in outcome.reasons])


def _where(typed: TypedTrade, reason: Reason) -> str:
    """The path of an entry; in a table the row and the column."""
    if not typed.rows:
        return reason.column
    row = in_words(f"第 {typed.rows[reason.row].number} 行", f"row {typed.rows[reason.row].number}")
    return f"{row}  {reason.column}".rstrip()


@contextmanager
def _broken_off(counts: EntryCounts, refused: Rejected) -> Iterator[None]:
    """Says how far it came, whatever breaks it off."""
    try:
        yield
    except (HubError, click.ClickException, KeyboardInterrupt):
        refused.discard()
        if counts.trades:
            say(in_numbers(counts), to_error=True)
            say(
                in_words(
                    "中断：已录入的保留，再次运行同一命令即可继续，不会重复录入。",
                    "Broken off. What was entered stays; the same command goes on and enters nothing twice.",
                ),
                to_error=True,
            )
        raise


def _refusal(counts: EntryCounts, kept: Path | None) -> str:
    said = in_words(
        f"{counts.trades:,} 票中有 {counts.refused:,} 票被退回，未保存这些票的任何内容",
        f"{counts.refused:,} of {counts.trades:,} refused, and nothing of those stored",
    )
    if kept is None:
        return said
    return said + in_words(
        f"\n  → 在 {kept} 中按其中所述原因（表格的首列，其他文件的 errors）修改，然后：yuhub enter {kept}",
        f"\n  → Mend them in {kept}, which says why (first column of a table, else errors); then: yuhub enter {kept}",
    )


COMMANDS = (enter,)
