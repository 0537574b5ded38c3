"""Commands of staff: how the jobs stand, and orders with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from connectors.sdk.inside.shown import shown
from hub.cli.client import Client, client_options
from hub.cli.say import beijing, code_in_words, coloured, console, in_words, say, seconds, table

STATUS = """
{ syncJobs { name state everySeconds delaySeconds promiseSeconds lastSuccessAt dataAsOf error errorCode pausedReason
             quarantined waiting restsUntil ordered { job action by at reason state due outcome } }
  scheduler { elected noneSince } }"""
ORDERS = """
query Orders($job: String, $first: Int) {
  syncOrders(job: $job, first: $first) { job action by at reason state due outcome }
  scheduler { elected noneSince } }"""
HELD_UP = {
    "no_scheduler": ("保留：尚无调度进程", "kept: no scheduler runs"),
    "paused": ("保留：任务已暂停，恢复后执行", "kept: the job is paused; runs once it is resumed"),
    "under_way": ("正在执行", "is being carried out"),
    "running": ("保留：当前运行结束后执行", "kept: runs when the present run has ended"),
    "resting": (
        "保留：对方要求稍候，或屡次无法连通而暂停；北京时间 {due} 执行",
        "kept: its authority asked for a rest, or could not be reached; runs at {due} Beijing time",
    ),
    "next": ("即将执行", "is carried out within seconds"),
}
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
    answer = client.ask(STATUS)
    rows = [
        (
            job["name"],
            coloured(job["state"]),
            f"{seconds(job['delaySeconds'])} / {seconds(job['promiseSeconds'])}",
            beijing(job["lastSuccessAt"]),
            beijing(job["dataAsOf"]),
            beijing(job["restsUntil"]),
            str(job["waiting"] or ""),
            str(job["quarantined"] or ""),
            job["pausedReason"] or job["error"] or "",
        )
        for job in answer["syncJobs"]
    ]
    columns = (
        "job",
        "state",
        "delay / promise",
        "last success",
        "data as of",
        "rests until",
        "ready",
        "quarantine",
        "why",
    )
    console().print(table(columns, rows))
    for job in answer["syncJobs"]:
        for order in job["ordered"]:
            by = f"{order['by']}, {beijing(order['at'])}: {order['reason']}"
            given = f"{code_in_words(order['action'])} {order['job']} ({by})"
            say(f"{shown(given)}  {_became(order)}")
    _say_whether_anybody_obeys(answer["scheduler"])


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
            code_in_words(run["kind"]),
            coloured(run["state"]),
            *(str(run[name]) for name in names),
            run["error"] or "",
        )
        for run in client.ask(RUNS, {"job": job, "first": first})["syncRuns"]
    ]
    console().print(table(("started", "job", "kind", "state", *names, "error"), rows))


@sync.command()
@click.argument("job", required=False)
@click.option("--first", default=24, show_default=True, help="How many, newest first.")
@client_options
def orders(client: Client, job: str | None, first: int) -> None:
    """The newest orders, to one JOB or to all: what, by whom, when, why, and what became of each."""
    answer = client.ask(ORDERS, {"job": job, "first": first})
    rows = [
        (beijing(one["at"]), one["job"], code_in_words(one["action"]), one["by"], one["reason"], _became(one))
        for one in answer["syncOrders"]
    ]
    if rows:
        console().print(table(("ordered", "job", "order", "by", "reason", "outcome"), rows))
    else:
        say(in_words("尚无人下达过命令。", "Nobody has ordered anything yet: yuhub sync run JOB --reason …"))
    _say_whether_anybody_obeys(answer["scheduler"])


def _became(order: Mapping[str, Any]) -> str:
    """What became of an order, or what it waits for and until when."""
    if order["state"] not in HELD_UP:
        return str(order["outcome"] or "")
    return in_words(*HELD_UP[order["state"]]).format(due=beijing(order["due"]))


def _say_whether_anybody_obeys(scheduler: Mapping[str, Any]) -> None:
    if scheduler["elected"]:
        return
    since = beijing(scheduler["noneSince"])
    zh = f"自北京时间 {since} 起没有调度进程" if since else "从未有过调度进程"
    en = f"No scheduler is elected since {since} Beijing time" if since else "No scheduler was ever elected"
    say(
        in_words(
            f"{zh}；命令会保留，任务不会运行。→ yuhub up 或 yuhub scheduler",
            f"{en}: orders are kept and no job runs. → yuhub up, or yuhub scheduler",
        ),
        to_error=True,
    )


@sync.command()
@click.option("--records", is_flag=True, help="Show each record as it came, below its reason.")
@client_options
def quarantine(client: Client, records: bool) -> None:
    """Records and pages that could not be read, with the field and the reason; `sync replay` reads them again."""
    waiting = client.ask(QUARANTINE)["quarantine"]
    if not waiting:
        say(in_words("隔离区为空。", "The quarantine is empty."))
    elif records:
        for one in waiting:
            say(shown(f"{one['connector']}.{one['stream']} {_place(one)}: {one['reason']}"))
            say(f"  {one['record']}\n")
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
        say(
            in_words(
                "修好连接器后，yuhub sync replay JOB --reason … 会重新读取；--records 显示原文。",
                "Mend the connector, then `yuhub sync replay JOB --reason …` reads them again; --records shows them.",
            )
        )


def _place(one: dict[str, Any]) -> str:
    """Where a record stands."""
    place = in_words("整页", "whole") if one["position"] == WHOLE_PAGE else f"#{one['position']}"
    return f"{one['rawMessage']} {place}"


def _ordering(action: str, mutation: str, about: str, done: tuple[str, str]) -> click.Command:
    def order(client: Client, job: str, reason: str, **more: Any) -> None:
        everything = ", everything: true" if more.get("everything") else ""
        call = f"{mutation}(job: $job, reason: $reason{everything}) {{ state due outcome }}"
        query = f"mutation($job: String!, $reason: String!) {{ {call} }}"
        given = client.ask(query, {"job": job, "reason": reason})[mutation]
        say(f"{shown(job)}: {_became(given) if given['state'] in HELD_UP else in_words(*done)}")

    order.__doc__ = about
    command = click.argument("job")(
        click.option("--reason", required=True, help="Why; it goes to the audit log.")(order)
    )
    if action == "replay":
        command = click.option("--everything", is_flag=True, help="All messages, not only quarantined ones.")(command)
    return click.command(action)(client_options(command))


for _command in (
    _ordering(
        "run",
        "runJob",
        "Run JOB as soon as nothing holds it up: a rest (asked for, or after failures), or a run under way.",
        ("将运行", "will run"),
    ),
    _ordering("pause", "pauseJob", "Stop JOB from starting until it is resumed.", ("已暂停", "paused")),
    _ordering("resume", "resumeJob", "Let JOB start again.", ("已恢复", "resumed")),
    _ordering(
        "replay",
        "replayJob",
        "Read kept messages of JOB again; nothing is fetched. Of a sender: papers that were given up are tried anew.",
        (
            "已隔离的内容将重新读取，已放弃的单证将重新尝试",
            "what was set aside is read again, what was given up is tried anew",
        ),
    ),
):
    sync.add_command(_command)

COMMANDS = (sync,)
