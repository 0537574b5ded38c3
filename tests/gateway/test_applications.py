"""Applying for an enterprise: a USCC is known to everybody, and gives nobody a right."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import select

from hub.access import Caller, Role
from hub.model import AuditEntry
from hub.operate.registrations import EnterpriseDecision, decide_on
from tests.support.databases import ON_POSTGRES, ON_SQLITE, waits_or_is_done
from tests.support.world import World, demo_file

FIRM: dict[str, Any] = demo_file("enterprises", "xuchang-hair")
TRADE = demo_file("trades", "xuchang-wigs-to-chicago")
APPLY = """
mutation($input: RegistrationInput!) {
  registerEnterprise(input: $input) { uscc state application account key taken waits awaits errors { code } }
}"""
DECIDE = """
mutation($d: EnterpriseDecision!, $a: Int) {
  decideEnterprise(uscc: "91411000MA44HA1R0G", decision: $d, reason: "seen the licence", application: $a)
}"""
ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { trade { number } errors { code } } }"
ALL = "{ enterprises { application state reason rivals account nameZh } }"


def code(world: World, query: str, key: str, **variables: Any) -> str:
    (error,) = world.post(query, key, **variables).json()["errors"]
    return str(error["extensions"]["code"])


def applies(world: World, key: str = "", **changes: Any) -> Any:
    answer = world.ask(APPLY, key, input=FIRM | changes)["registerEnterprise"]
    assert (answer["state"], answer["errors"]) == ("applied", [])
    return answer


def test_the_answer_is_the_same_whoever_is_registered_and_the_owner_is_told(world: World) -> None:
    unknown = applies(world)
    world.ask(DECIDE, world.registrar, d="refused", a=unknown["application"])
    owner = world.exporter()
    known = applies(world)
    same = ("uscc", "state", "taken", "waits", "awaits", "errors")
    assert {name: known[name] for name in same} == {name: unknown[name] for name in same}
    for answer in (unknown, known):
        assert answer["account"].startswith("applicant-")
        assert FIRM["uscc"] not in answer["account"]
    (mine,) = world.ask(ALL, owner)["enterprises"]
    with world.hub.database.read() as connection:
        told = select(AuditEntry.before).where(AuditEntry.action == "enterprise.apply")
        concerned = connection.scalars(told.where(AuditEntry.enterprise_id == mine["application"])).all()
    assert concerned == [{"application": known["application"]}]


@ON_SQLITE
def test_an_applicant_sees_its_application_and_does_nothing(world: World) -> None:
    world.exporter()
    key = applies(world, nameZh="冒名公司")["key"]
    (seen,) = world.ask(ALL, key)["enterprises"]
    assert (seen["nameZh"], seen["state"], seen["rivals"]) == ("冒名公司", "applied", None)
    assert world.ask("{ trades { number } }", key)["trades"] == []
    assert world.ask("{ remittances { id } }", key)["remittances"] == []
    for act in (
        'mutation { grantConsent(account: "x", purpose: "y") }',
        'mutation { appointBroker(account: "x") }',
        'mutation { addWebhook(url: "https://8.8.8.8/", events: ["trade.finished"]) { id } }',
    ):
        assert code(world, act, key) == "ENTERPRISE_NOT_APPROVED", act
    assert code(world, ENTER, key, input=TRADE) == "ENTERPRISE_NOT_APPROVED"


@ON_SQLITE
def test_a_stranger_who_came_first_has_nothing_of_the_firm_that_is_chosen(world: World) -> None:
    stranger, firm = applies(world, nameZh="冒名公司"), applies(world)
    assert code(world, DECIDE, world.registrar, d="approved") == "APPLICATION_UNNAMED"
    waiting = world.ask("{ enterprises(state: applied) { application rivals } }", world.staff)["enterprises"]
    assert [(one["application"], one["rivals"]) for one in waiting] == [
        (stranger["application"], 1), (firm["application"], 1),
    ]  # fmt: skip
    world.ask(DECIDE, world.registrar, d="approved", a=firm["application"])
    assert world.ask(ENTER, firm["key"], input=TRADE)["enterTrade"]["errors"] == []
    (lost,) = world.ask(ALL, stranger["key"])["enterprises"]
    assert (lost["state"], bool(lost["reason"])) == ("refused", True)
    assert world.ask("{ trades { number } }", stranger["key"])["trades"] == []
    assert code(world, ENTER, stranger["key"], input=TRADE) == "ENTERPRISE_NOT_APPROVED"
    assert code(world, DECIDE, world.registrar, d="approved", a=stranger["application"]) == "REGISTERED_ALREADY"


@ON_SQLITE
def test_a_stranger_who_was_refused_bars_nobody_and_gets_nothing_later(world: World) -> None:
    stranger = applies(world)
    world.ask(DECIDE, world.registrar, d="refused")
    firm = applies(world)
    world.ask(DECIDE, world.registrar, d="approved")
    assert world.ask(ENTER, firm["key"], input=TRADE)["enterTrade"]["errors"] == []
    assert code(world, ENTER, stranger["key"], input=TRADE) == "ENTERPRISE_NOT_APPROVED"
    assert world.ask("{ trades { number } }", stranger["key"])["trades"] == []


@ON_SQLITE
def test_staff_approve_what_they_have_read_and_not_what_took_its_place(world: World) -> None:
    first = applies(world)
    again = applies(world, first["key"], nameZh="改名公司")
    assert again["key"] is None
    assert again["account"] == first["account"]
    (seen,) = world.ask(ALL, first["key"])["enterprises"]
    assert (seen["application"], seen["nameZh"]) == (again["application"], "改名公司")
    world.ask(DECIDE, world.registrar, d="approved")
    assert [one["state"] for one in world.ask(ALL, world.staff)["enterprises"]] == ["refused", "approved"]


@ON_SQLITE
def test_an_owner_names_its_uscc_whoever_applied_for_it_before(world: World) -> None:
    stranger = applies(world)
    owner = world.exporter()
    offer = f'mutation {{ appointBroker(account: "broker", enterprise: "{FIRM["uscc"]}") }}'
    assert world.ask(offer, owner)["appointBroker"]
    assert world.ask(f'{{ auditLog(enterprise: "{FIRM["uscc"]}") {{ action }} }}', owner)["auditLog"]
    assert code(world, offer, stranger["key"]) == "ENTERPRISE_NOT_APPROVED"
    assert code(world, offer, world.issue("nobody", Role.ENTERPRISE)) == "NOT_FOUND"


@ON_POSTGRES
def test_what_is_approved_in_the_same_moment_is_replaced_by_nothing(world: World) -> None:
    first = applies(world)
    now, database = world.clock(), world.hub.database
    clerk = Caller("clerk", Role.REGISTRAR)
    with ThreadPoolExecutor(1) as other:
        with database.write() as connection:
            decide_on(connection, clerk, FIRM["uscc"], EnterpriseDecision.APPROVED, "seen", now)
            again = other.submit(applies, world, first["key"])
            waits_or_is_done(database, again)
            assert not again.done()
        again.result()
    seen = {one["application"]: one["state"] for one in world.ask(ALL, first["key"])["enterprises"]}
    assert seen == {first["application"]: "approved"}


@ON_SQLITE
def test_whoever_decides_reads_all_that_was_registered_and_others_their_own(world: World) -> None:
    owner, rival = world.exporter(), applies(world, telephone="000", nameEn="Somebody Else")
    asked = "{ enterprises { application registration { path value } } }"

    def read(key: str) -> dict[int, dict[str, str]]:
        found = world.ask(asked, key)["enterprises"]
        return {one["application"]: {part["path"]: part["value"] for part in one["registration"]} for one in found}

    seen = read(world.registrar)
    (mine,) = read(owner).values()
    others = seen[rival["application"]]
    assert mine in seen.values()
    assert {path for path in mine if mine[path] != others.get(path)} == {"telephone", "nameEn"}
    assert mine["bank.account"] == FIRM["bank"]["account"]
    assert mine["declarant.code"] == FIRM["declarant"]["code"]
    assert all(FIRM["bank"]["account"] not in one.values() for one in read(world.staff).values())
    assert list(read(rival["key"])) == [rival["application"]]
