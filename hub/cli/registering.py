"""Commands on the machine that holds the database: registering enterprises and deciding on what waits for staff."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from sqlalchemy import Row, select

from connectors.sdk.shown import shown
from hub.access import Role, issue_key
from hub.access.local import LOCAL
from hub.cli.admin import opened
from hub.cli.say import cell, code_in_words, console, in_words, language, say, table
from hub.entry.applying import new_account_name
from hub.entry.changing import flat, waiting_change, written
from hub.entry.files.ndjson import read_json_file
from hub.entry.registration import register
from hub.errors import EntryRefused, HubError, NotFound
from hub.model import AccountClaim, Enterprise, RegistrationChange
from hub.model.states import ChangeState
from hub.operate.registrations import Decision, Verdict, carry_out, decide_change, decide_claim, decide_on
from hub.share.accounts import waiting_claims

VERDICTS = click.Choice([one.value for one in Verdict])
REASON = click.option("--reason", required=True, help="Goes to the audit log.")


@click.group()
def enterprise() -> None:
    """Register enterprises; decide on those that applied, and on what of a registration waits for staff."""


@enterprise.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--approve", is_flag=True, help="Of a renewal: approve at once what would wait for staff.")
@click.option("--reason", default="", help="Why it is approved; goes to the audit log.")
def add_enterprise(file: Path, approve: bool, reason: str) -> None:
    """Register the enterprise of a JSON FILE, or renew its registration; a new one gets its first key.

    Of a renewal, what money, identity or papers hang on is shown old beside new; it waits for staff, or is approved at
    once with --approve and a --reason.
    """
    with opened() as hub:
        now = hub.desk.now()
        registrations = read_json_file(file)
        if len(registrations) != 1:
            raise click.UsageError(f"{file} holds {len(registrations)} registrations; give one enterprise in each file")
        if approve and not reason.strip():
            raise HubError("REASON_MISSING")
        (typed,) = registrations
        try:
            with hub.database.write() as connection:
                id_, new = register(connection, typed, now)
                account = new_account_name("owner")
                key = issue_key(connection, account, Role.ENTERPRISE, [id_], now, LOCAL) if new else None
                change = waiting_change(connection, id_)
                if change is not None and approve:
                    carry_out(connection, LOCAL, change, Verdict.APPROVED, reason, now)
                claims = waiting_claims(connection, AccountClaim.enterprise_id == id_)
        except EntryRefused as error:
            for problem in error.problems:
                say(f"  {shown(problem.path)}: {shown(problem.words(language()))}", to_error=True)
                say(f"    → {shown(problem.way_out(language()))}", to_error=True)
            raise
    name = shown(typed["nameZh"])
    if new:
        say(in_words(f"{name} 已登记。", f"{name} is registered."))
    else:
        say(in_words(f"{name} 的登记已更新。", f"The registration of {name} is renewed."))
    if change is not None:
        _show(change, approve)
    for claim in claims:
        say(_contested(claim))
    if key:
        say(in_words(f"账号: {account}", f"Its account: {account}"))
        say(in_words(f"密钥（只显示一次）: {key}", f"Its key (shown once): {key}"))


@enterprise.command("list")
def list_enterprises() -> None:
    """All registered enterprises, and applications."""
    with opened() as hub, hub.database.read() as connection:
        columns = Enterprise.uscc, Enterprise.customs_code, Enterprise.name_zh, Enterprise.state, Enterprise.id
        found = connection.execute(select(*columns).order_by(Enterprise.id)).all()
    if not found:
        said = in_words("尚无已登记的企业", "No enterprise is registered yet")
        say(f"{said}: yuhub enterprise add FILE")
        return
    rows = [(row.uscc, row.customs_code, row.name_zh, code_in_words(row.state), str(row.id)) for row in found]
    console().print(table(("USCC", "customs code", "name", "state", "application"), rows))


@enterprise.command("show")
@click.argument("uscc")
def show(uscc: str) -> None:
    """All that was registered for USCC; where several applied, each beside the others, in the order they came."""
    with opened() as hub, hub.database.read() as connection:
        chosen = select(Enterprise.__table__).where(Enterprise.uscc == uscc).order_by(Enterprise.id)
        found = connection.execute(chosen).all()
    if not found:
        raise NotFound("enterprise", uscc)
    values = [dict(written(flat(row._mapping))) for row in found]
    columns = [cell(in_words("字段", "field")), *(cell(f"{row.id} {code_in_words(row.state)}") for row in found)]
    paths = sorted({path for one in values for path in one})
    console().print(table(columns, [(path, *(one.get(path, "") for one in values)) for path in paths]))


@enterprise.command("decide")
@click.argument("uscc")
@click.argument("decision", type=click.Choice([one.value for one in Decision]))
@REASON
@click.option("--application", type=int, help="Which one, where several applied; `yuhub enterprise show` shows them.")
def decide(uscc: str, decision: str, reason: str, application: int | None) -> None:
    """Approve, refuse or suspend the enterprise USCC; only an approved one may act. Its rivals are refused with it."""
    with opened() as hub, hub.database.write() as connection:
        decide_on(connection, LOCAL, uscc, Decision(decision), reason, hub.desk.now(), application)
    say(in_words(f"{shown(uscc)}：{code_in_words(decision)}。", f"{shown(uscc)} is {decision}."))


@enterprise.command("changes")
@click.option("--all", "everything", is_flag=True, help="Those that were decided, too.")
def changes(everything: bool) -> None:
    """Changes to registrations that wait for staff, old beside new; and accounts that another enterprise holds."""
    with opened() as hub, hub.database.read() as connection:
        chosen = select(RegistrationChange.__table__, Enterprise.uscc, Enterprise.name_zh)
        chosen = chosen.join(Enterprise, Enterprise.id == RegistrationChange.enterprise_id)
        if not everything:
            chosen = chosen.where(RegistrationChange.state == ChangeState.WAITING)
        found = connection.execute(chosen.order_by(RegistrationChange.id)).all()
        claims = waiting_claims(connection)
    rows = [line for row in found for line in _lines(row)]
    if rows:
        console().print(table(("id", "enterprise", "asked by", "field", "old", "new", "state"), rows))
    for claim in claims:
        say(_contested(claim))
    if not rows and not claims:
        say(in_words("没有待审的变更。", "No change waits."))


@enterprise.command("decide-change")
@click.argument("change", type=int)
@click.argument("verdict", type=VERDICTS)
@REASON
def decide_on_change(change: int, verdict: str, reason: str) -> None:
    """Approve or refuse the waiting CHANGE (its id in `yuhub enterprise changes`); who asked for it cannot."""
    with opened() as hub, hub.database.write() as connection:
        decide_change(connection, LOCAL, change, Verdict(verdict), reason, hub.desk.now())
    say(in_words(f"变更 {change}：{code_in_words(verdict)}。", f"Change {change} is {verdict}."))


@enterprise.command("decide-claim")
@click.argument("claim", type=int)
@click.argument("verdict", type=VERDICTS)
@REASON
def decide_on_claim(claim: int, verdict: str, reason: str) -> None:
    """Give a bank account to who claims it (CLAIM: its id in `yuhub enterprise changes`), or end the claim."""
    with opened() as hub, hub.database.write() as connection:
        decide_claim(connection, LOCAL, claim, Verdict(verdict), reason, hub.desk.now())
    say(in_words(f"账户主张 {claim}：{code_in_words(verdict)}。", f"Claim {claim} is {verdict}."))


def _show(change: Row[Any], approved: bool) -> None:
    console().print(table(("field", "old", "new"), _sides(change)))
    say(
        in_words("以上已批准。", "These are approved.")
        if approved
        else in_words(
            f"以上待工作人员审批（变更 {change.id}）；在此之前沿用原值。--approve --reason 可即时批准。",
            f"These wait for staff (change {change.id}) and stay as they are until then; --approve --reason approves.",
        )
    )


def _sides(change: Row[Any]) -> list[tuple[str, str, str]]:
    return [(path, str(change.before.get(path) or ""), str(change.after[path] or "")) for path in sorted(change.after)]


def _lines(row: Row[Any]) -> list[tuple[str, ...]]:
    return [
        (str(row.id), f"{row.name_zh} {row.uscc}", row.asked_by, *sides, code_in_words(row.state))
        for sides in _sides(row)
    ]


def _contested(claim: Row[Any]) -> str:
    values = {**claim._mapping, "holds": f"{claim.holder_name_zh} {claim.holder}" if claim.holder else "—"}
    return in_words(
        "账户主张 {id}：{name_zh} {enterprise} 登记的账户 {account} 属于 {holds}；yuhub enterprise decide-claim 裁定",
        "Claim {id}: {name_zh} {enterprise} registered the account {account}, which {holds} holds; "
        "`yuhub enterprise decide-claim` decides",
    ).format(**{name: shown(value) for name, value in values.items()})


COMMANDS = (enterprise,)
