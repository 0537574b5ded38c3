"""Commands of staff: how the jobs stand, and orders with a reason."""

from __future__ import annotations

from typing import Any

import click

from hub.cli.client import Client, client_options
from hub.cli.say import beijing, coloured, console, in_words, seconds, table

STATUS = """
{ syncJobs { name state everySeconds delaySeconds promiseSeconds lastSuccessAt dataAsOf error errorCode pausedReason
             quarantined waiting } }"""
RUNS = """
query Runs($job: String, $first: Int) { syncRuns(job: $job, first: $first) {
  id job kind state startedAt received merged unchanged superseded quarantined sent error } }"""
QUARANTINE = "{ quarantine { connector stream field reason rawMessage position record quarantinedAt } }"
WHOLE_PAGE = -1


@click.group()
def sync() -> None:
    """Watch the sync jobs and order what they do. Wants a staff key (YUHUB_KEY)."""


@sync.command()
@client_options
def status(client: Client) -> None:
    """How every job stands: state, measured delay against the promise, last success, last error."""
    rows = [
        (
            job["name"],
            coloured(job["state"]),
            f"{seconds(job['delaySeconds'])} / {seconds(job['promiseSeconds'])}",
            beijing(job["lastSuccessAt"]),
            beijing(job["dataAsOf"]),
            str(job["waiting"] or ""),
            str(job["quarantined"] or ""),
            job["pausedReason"] or job["error"] or "",
        )
        for job in client.ask(STATUS)["syncJobs"]
    ]
    columns = ("job", "state", "delay / promise", "last success", "data as of", "ready", "quarantine", "why")
    console().print(table(columns, rows))


@sync.command()
@click.argument("job", required=False)
@click.option("--first", default=24, show_default=True, help="How many, newest first.")
@client_options
def runs(client: Client, job: str | None, first: int) -> None:
    """The newest runs, of one JOB or of all; received = merged + unchanged + superseded + quarantined."""
    names = ("received", "merged", "unchanged", "superseded", "quarantined", "sent")
    rows = [
        (
            beijing(run["startedAt"]),
            run["job"],
            run["kind"],
            coloured(run["state"]),
            *(str(run[name]) for name in names),
            run["error"] or "",
        )
        for run in client.ask(RUNS, {"job": job, "first": first})["syncRuns"]
    ]
    console().print(table(("started", "job", "kind", "state", *names, "error"), rows))


@sync.command()
@click.option("--records", is_flag=True, help="Show each record as it came, below its reason.")
@client_options
def quarantine(client: Client, records: bool) -> None:
    """Records and pages that could not be read, with the field and the reason; `sync replay` reads them again."""
    waiting = client.ask(QUARANTINE)["quarantine"]
    if not waiting:
        click.echo("The quarantine is empty.")
    elif records:
        for one in waiting:
            click.echo(f"{one['connector']}.{one['stream']} {_place(one)}: {one['reason']}\n  {one['record']}\n")
    else:
        rows = [
            (
                beijing(one["quarantinedAt"]),
                f"{one['connector']}.{one['stream']}",
                one["field"],
                one["reason"],
                _place(one),
            )
            for one in waiting
        ]
        console().print(table(("since", "stream", "field", "reason", "raw message"), rows))
        click.echo(
            in_words(
                "修好连接器后，yuhub sync replay JOB --reason … 会重新读取；--records 显示原文。",
                "Mend the connector, then `yuhub sync replay JOB --reason …` reads them again; --records shows them.",
            )
        )


def _place(one: dict[str, Any]) -> str:
    """Where a record stands."""
    return f"{one['rawMessage']} {'whole' if one['position'] == WHOLE_PAGE else '#' + str(one['position'])}"


def _ordering(action: str, mutation: str, about: str, done: str) -> click.Command:
    def order(client: Client, job: str, reason: str, **more: Any) -> None:
        everything = ", everything: true" if more.get("everything") else ""
        call = f"{mutation}(job: $job, reason: $reason{everything}) {{ job }}"
        query = f"mutation($job: String!, $reason: String!) {{ {call} }}"
        client.ask(query, {"job": job, "reason": reason})
        click.echo(f"{job}: {done}")

    order.__doc__ = about
    command = click.argument("job")(
        click.option("--reason", required=True, help="Why; it goes to the audit log.")(order)
    )
    if action == "replay":
        command = click.option("--everything", is_flag=True, help="All messages, not only quarantined ones.")(command)
    return click.command(action)(client_options(command))


for _command in (
    _ordering("run", "runJob", "Run JOB as soon as a worker is free.", "will run"),
    _ordering("pause", "pauseJob", "Stop JOB from starting until it is resumed.", "paused"),
    _ordering("resume", "resumeJob", "Let JOB start again.", "resumed"),
    _ordering(
        "replay",
        "replayJob",
        "Read kept messages of JOB again; nothing is fetched. Of a sender: papers that were given up are tried anew.",
        "what was set aside is read again, what was given up is tried anew",
    ),
):
    sync.add_command(_command)

COMMANDS = (sync,)
