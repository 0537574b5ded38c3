"""A bank account that two claim: whoever had it keeps it, and a remittance never loses the owner that it had."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from hub.model import AuditEntry, Enterprise, Remittance
from hub.money.accounts import normal
from hub.money.remittances import match_remittances
from hub.operate.registrations import ChangeDecision, EnterpriseDecision, correct_owner, decide_claim, decide_on
from tests.support.claims import FIRM, RIVAL, STAFF, claims, registers
from tests.support.databases import ON_SQLITE
from tests.support.world import World

ACCOUNT = FIRM["bank"]["account"]


def is_paid(world: World, amount: str, account: str = ACCOUNT) -> None:
    world.pay(
        amount=amount, currency="USD", payer="Somebody", payerCountry="US", remittance=amount,
        endToEndId=f"E2E-{amount}", beneficiaryAccount=account,
    )  # fmt: skip
    world.clock.forward(timedelta(hours=1))
    world.run("forex.credits")


def owners(world: World) -> list[int | None]:
    with world.hub.database.write() as connection:
        match_remittances(connection, world.clock())
        return list(connection.scalars(select(Remittance.enterprise_id).order_by(Remittance.id)))


def test_spellings_of_an_account_are_one_account() -> None:
    assert {normal(one) for one in ("ab-12 3", "AB123", "ＡＢ１２３", "ab 1-2-3 ")} == {"AB123"}


def test_whoever_had_the_account_keeps_it_until_staff_say_otherwise(world: World) -> None:
    first = registers(world, FIRM)
    is_paid(world, "10.00")
    rival = registers(world, RIVAL | {"bank": FIRM["bank"] | {"account": f"{ACCOUNT[:4]} {ACCOUNT[4:]}"}})
    is_paid(world, "20.00")
    assert (owners(world), claims(world)) == ([first, first], [(first, "held"), (rival, "waiting")])
    listed = world.ask("{ accountClaims { id nameZh holderNameZh } }", world.staff)["accountClaims"]
    assert [(one["nameZh"], one["holderNameZh"]) for one in listed] == [("后来者", FIRM["nameZh"])]
    with world.hub.database.write() as connection:
        decide_claim(connection, STAFF, listed[0]["id"], ChangeDecision.APPROVED, "the bank says so", world.clock())
    is_paid(world, "30.00")
    assert owners(world) == [first, first, rival], "what has an owner keeps it, what comes is the new one's"
    assert claims(world) == [(first, "ended"), (rival, "held")]


@ON_SQLITE
def test_nothing_that_becomes_of_an_enterprise_takes_its_remittances_from_it(world: World) -> None:
    first = registers(world, FIRM)
    is_paid(world, "10.00")
    assert owners(world) == [first]
    for decision in (EnterpriseDecision.SUSPENDED, EnterpriseDecision.REFUSED):
        with world.hub.database.write() as connection:
            decide_on(connection, STAFF, FIRM["uscc"], decision, "inquiry", world.clock())
            connection.execute(update(Remittance).values(match="open"))
        registers(world, RIVAL)
        assert owners(world) == [first]
    with world.hub.database.write() as connection:
        connection.execute(update(Enterprise).where(Enterprise.id == first).values(approved_at=None))
        connection.execute(update(Remittance).values(match="open"))
    assert owners(world) == [first]


@ON_SQLITE
def test_money_on_the_account_that_an_enterprise_had_before_is_still_its_own(world: World) -> None:
    first = registers(world, FIRM)
    registers(world, FIRM | {"bank": FIRM["bank"] | {"account": "777"}})
    query = "{ registrationChanges { id } }"
    change = world.ask(query, world.staff)["registrationChanges"][0]["id"]
    decide = 'mutation($id: Int!) { decideRegistrationChange(id: $id, decision: approved, reason: "seen") }'
    world.ask(decide, world.registrar, id=change)
    is_paid(world, "10.00")
    assert owners(world) == [first]
    rival = registers(world, RIVAL)
    is_paid(world, "20.00")
    assert owners(world) == [first, rival], "until somebody else holds it"


@ON_SQLITE
def test_staff_correct_whose_a_remittance_is_with_a_reason(world: World) -> None:
    first, rival = registers(world, FIRM), registers(world, RIVAL | {"bank": FIRM["bank"] | {"account": "777"}})
    is_paid(world, "10.00")
    assert owners(world) == [first]
    with world.hub.database.write() as connection:
        remittance = connection.scalar(select(Remittance.id))
        correct_owner(
            connection, STAFF, remittance or 0, RIVAL["uscc"], "the bank wrote the wrong account", world.clock()
        )
    assert owners(world) == [rival]
    with world.hub.database.read() as connection:
        audit = connection.execute(select(AuditEntry.__table__).where(AuditEntry.action == "remittance.owner")).all()
    assert {row.enterprise_id for row in audit} == {first, rival}
    assert {row.before["before"]["enterprise"] for row in audit} == {FIRM["uscc"]}
