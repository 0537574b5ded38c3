"""Renewing a registration: what money, identity or papers hang on waits for staff, who see it old beside new."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hub.access import Role
from hub.entry.changing import FIELDS
from hub.entry.registration import Registration
from hub.model import AuditEntry, Document, Enterprise, PaperVersion
from tests.support.databases import ON_SQLITE
from tests.support.world import World, demo_file

FIRM: dict[str, Any] = demo_file("enterprises", "xuchang-hair")
OTHER = "6222020000001111"
MOVED = FIRM | {"telephone": "0374-1", "bank": FIRM["bank"] | {"account": OTHER}}
RENEW = """
mutation($input: RegistrationInput!) {
  registerEnterprise(input: $input) { state taken waits awaits change key errors { path code } }
}"""
CHANGES = """
query($state: ChangeState) { registrationChanges(state: $state) {
  id enterprise askedBy state conflict reason fields { path before after } } }"""
DECIDE = """
mutation($id: Int!, $d: ChangeDecision!, $r: String!) { decideRegistrationChange(id: $id, decision: $d, reason: $r) }"""
MINE = "{ enterprises { account accountWaits waitingChange { state fields { path before after } } } }"


def code(world: World, query: str, key: str, **variables: Any) -> str:
    (error,) = world.post(query, key, **variables).json()["errors"]
    return str(error["extensions"]["code"])


def renew(world: World, key: str, typed: Any) -> Any:
    answer = world.ask(RENEW, key, input=typed)["registerEnterprise"]
    assert answer["errors"] == []
    return answer


def standing(world: World, uscc: str = FIRM["uscc"]) -> Any:
    with world.hub.database.read() as connection:
        these = Enterprise.uscc == uscc, Enterprise.approved_at.is_not(None)
        return connection.execute(select(Enterprise.__table__).where(*these)).one()


@pytest.fixture
def owner(world: World) -> str:
    return world.exporter()


def test_of_every_field_it_is_said_how_a_change_is_taken() -> None:
    assert set(FIELDS) == set(Registration().fields) - {"uscc"}
    assert all(why for _, why in FIELDS.values())


@ON_SQLITE
def test_a_new_account_waits_is_seen_beside_the_old_one_and_counts_once_approved(world: World, owner: str) -> None:
    answer = renew(world, owner, MOVED)
    assert (answer["state"], answer["taken"], answer["waits"], answer["awaits"]) == (
        "waiting", ["telephone"], ["bank.account"], "staff",
    )  # fmt: skip
    stands = standing(world)
    assert (stands.telephone, stands.partners["bank"]) == ("0374-1", FIRM["bank"])
    sides = [{"path": "bank.account", "before": FIRM["bank"]["account"], "after": OTHER}]
    (mine,) = world.ask(MINE, owner)["enterprises"]
    assert mine["waitingChange"] == {"state": "waiting", "fields": sides}
    (change,) = world.ask(CHANGES, world.registrar, state="waiting")["registrationChanges"]
    assert (change["fields"], change["enterprise"], change["conflict"]) == (sides, FIRM["uscc"], None)
    viewer = world.issue("viewer", Role.VIEWER)
    (masked,) = world.ask(CHANGES, viewer)["registrationChanges"]
    assert OTHER not in str(masked)
    assert FIRM["bank"]["account"] not in str(masked)

    assert code(world, DECIDE, owner, id=change["id"], d="approved", r="mine") == "FORBIDDEN"
    assert code(world, DECIDE, viewer, id=change["id"], d="approved", r="seen") == "FORBIDDEN"
    assert code(world, DECIDE, world.registrar, id=change["id"], d="approved", r=" ") == "REASON_MISSING"
    assert code(world, DECIDE, world.registrar, id=10**6, d="approved", r="x") == "NOT_FOUND"
    world.ask(DECIDE, world.registrar, id=change["id"], d="approved", r="the bank confirmed it")
    assert standing(world).partners["bank"]["account"] == OTHER
    assert code(world, DECIDE, world.registrar, id=change["id"], d="refused", r="x") == "CHANGE_DECIDED"
    (mine,) = world.ask(MINE, owner)["enterprises"]
    assert (mine["account"], mine["waitingChange"]) == (OTHER, None)
    with world.hub.database.read() as connection:
        audit = connection.execute(select(AuditEntry.__table__).order_by(AuditEntry.id)).all()
    approved = audit[-1]
    assert (approved.action, approved.reason) == ("registration.approved", "the bank confirmed it")
    assert approved.before == {"before": {"bank.account": "•••1234"}, "after": {"bank.account": "•••1111"}}
    assert {row.action for row in audit} >= {"enterprise.renew", "registration.change"}
    assert {row.enterprise_id for row in audit if row.action != "key.issue"} == {standing(world).id}


BY_STAFF: list[tuple[str, Any]] = [
    ("customsCode", "4110965009"),
    ("nameZh", "别家公司"),
    ("nameEn", "Somebody Else Ltd."),
    ("customsOffice", "4602"),
    ("declarant", FIRM["declarant"] | {"name": "别的报关行"}),
    ("producer", FIRM["producer"] | {"name": "别的厂"}),
    ("logistics", FIRM["logistics"] | {"name": "别的物流"}),
    ("bank", FIRM["bank"] | {"code": "0102"}),
    ("refundBatch", "009"),
]


def test_whatever_else_counts_for_authorities_waits_too(small_world: World) -> None:
    owner = small_world.exporter()
    before = standing(small_world)
    for name, value in BY_STAFF:
        answer = renew(small_world, owner, FIRM | {name: value})
        assert answer["taken"] == [], name
        assert {path.split(".")[0] for path in answer["waits"]} == {name}
    assert standing(small_world) == before
    states = [one["state"] for one in small_world.ask(CHANGES, owner)["registrationChanges"]]
    assert states == ["waiting", *["superseded"] * (len(BY_STAFF) - 1)], "each is kept, the last one waits"


@ON_SQLITE
def test_the_same_again_leaves_what_waits_and_so_does_a_renewal_of_something_else(world: World, owner: str) -> None:
    first = renew(world, owner, MOVED)
    assert renew(world, owner, MOVED)["change"] == first["change"]
    again = renew(world, owner, FIRM | {"contact": "新联系人"})
    assert (again["state"], again["change"], again["waits"]) == ("waiting", first["change"], ["bank.account"])
    assert "contact" in again["taken"]


@ON_SQLITE
def test_the_enterprise_takes_back_what_waits(world: World, owner: str) -> None:
    withdraw = "mutation { withdrawRegistrationChange }"
    assert code(world, withdraw, owner) == "NOT_FOUND"
    change = renew(world, owner, MOVED)["change"]
    stranger = world.exporter("luoyang-furniture")
    assert code(world, withdraw, stranger) == "NOT_FOUND"
    assert world.ask(CHANGES, stranger)["registrationChanges"] == []
    assert world.ask(withdraw, owner)["withdrawRegistrationChange"]
    assert code(world, DECIDE, world.registrar, id=change, d="approved", r="x") == "CHANGE_DECIDED"
    assert standing(world).partners["bank"] == FIRM["bank"]


def test_an_approval_is_of_what_stood_when_it_was_asked_for(world: World, owner: str) -> None:
    change = renew(world, owner, MOVED)["change"]
    with world.hub.database.write() as connection:
        moved = standing(world).partners | {"bank": FIRM["bank"] | {"account": "1"}}
        connection.execute(Enterprise.__table__.update().values(partners=moved))
    assert code(world, DECIDE, world.registrar, id=change, d="approved", r="x") == "CHANGE_STALE"
    world.ask(DECIDE, world.registrar, id=change, d="refused", r="it was changed meanwhile")
    (ended,) = world.ask(CHANGES, owner)["registrationChanges"]
    assert (ended["state"], ended["reason"]) == ("refused", "it was changed meanwhile")


@ON_SQLITE
def test_an_account_that_another_holds_is_shown_as_theirs_and_not_approved(world: World, owner: str) -> None:
    furniture = demo_file("enterprises", "luoyang-furniture")
    other = world.exporter("luoyang-furniture")
    spelled = " -".join(FIRM["bank"]["account"])
    change = renew(world, other, furniture | {"bank": furniture["bank"] | {"account": spelled[:32]}})["change"]
    assert change is not None
    spelled = "-".join((FIRM["bank"]["account"][:10], FIRM["bank"]["account"][10:]))
    change = renew(world, other, furniture | {"bank": furniture["bank"] | {"account": spelled}})["change"]
    (waits,) = world.ask(CHANGES, world.registrar, state="waiting")["registrationChanges"]
    assert FIRM["uscc"] in waits["conflict"]
    assert FIRM["nameZh"] in waits["conflict"]
    assert world.ask(CHANGES, other, state="waiting")["registrationChanges"][0]["conflict"] is None
    assert code(world, DECIDE, world.registrar, id=change, d="approved", r="x") == "ACCOUNT_CLAIMED"
    given_up = renew(world, owner, MOVED)["change"]
    world.ask(DECIDE, world.registrar, id=given_up, d="approved", r="it has another account now")
    world.ask(DECIDE, world.registrar, id=change, d="approved", r="the bank confirmed it")
    assert standing(world, furniture["uscc"]).partners["bank"]["account"] == spelled


def papers(world: World) -> dict[str, tuple[str, str]]:
    """State and content of each paper."""
    chosen = select(Document.kind, Document.state, PaperVersion.content).outerjoin(
        PaperVersion, PaperVersion.document_id == Document.id
    )
    with world.hub.database.read() as connection:
        return {row.kind: (row.state, str(row.content)) for row in connection.execute(chosen)}


def test_papers_that_are_out_stay_and_those_that_follow_use_what_was_approved(small_world: World) -> None:
    world, owner = small_world, small_world.exporter()
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    enter = "mutation($input: TradeInput!) { enterTrade(input: $input) { errors { code } } }"
    assert world.ask(enter, owner, input=demo_file("trades", "xuchang-wigs-to-chicago"))["enterTrade"]["errors"] == []
    world.run("customs.send")
    assert papers(world)["customs.order"][0] not in ("planned", "ready")
    assert papers(world)["customs.inventory"][0] == "planned"
    change = renew(world, owner, FIRM | {"nameZh": "许昌新名发制品有限公司"})["change"]
    world.ask(DECIDE, world.registrar, id=change, d="approved", r="the licence was seen")
    world.until(lambda: papers(world)["customs.inventory"][0] not in ("planned", "ready"))
    assert "许昌新名发制品有限公司" in papers(world)["customs.inventory"][1]
    assert "许昌新名发制品有限公司" not in papers(world)["customs.order"][1]


@ON_SQLITE
def test_a_suspended_enterprise_reads_and_changes_nothing(world: World, owner: str) -> None:
    decide = 'mutation($u: String!) { decideEnterprise(uscc: $u, decision: suspended, reason: "inquiry") }'
    world.ask(decide, world.registrar, u=FIRM["uscc"])
    assert code(world, RENEW, owner, input=MOVED) == "ENTERPRISE_NOT_APPROVED"
    for act in (
        'mutation { grantConsent(account: "x", purpose: "y") }',
        'mutation { appointBroker(account: "x") }',
        'mutation { addWebhook(url: "https://8.8.8.8/", events: ["trade.finished"]) { id } }',
    ):
        assert code(world, act, owner) == "ENTERPRISE_NOT_APPROVED", act
    assert world.ask("{ enterprises { state reason } }", owner)["enterprises"] == [
        {"state": "suspended", "reason": "inquiry"}
    ]
