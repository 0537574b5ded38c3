"""Two who decide at one moment: one is right, the other is told what stands by then, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from hub.access import Caller, Role
from hub.entry.changing import standing
from hub.entry.registration import register
from hub.errors import HubError
from hub.model import AccountClaim, RegistrationChange
from hub.operate.registrations import Verdict, decide_change, decide_claim
from tests.support.databases import ON_POSTGRES
from tests.support.share.claims import FIRM, RIVAL, STAFF, claims, registers
from tests.support.world import World, demo_file

OTHER = Caller("other", Role.REGISTRAR)
APPROVED = Verdict.APPROVED, "the bank says so"
MOVED = FIRM | {"bank": FIRM["bank"] | {"account": "777"}}


@pytest.fixture
def second() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def writes(world: World, act: Callable[[Connection], Any]) -> str:
    """What became of a transaction of its own."""
    try:
        with world.hub.database.write() as connection:
            act(connection)
    except HubError as error:
        return error.code
    return "done"


def waits(world: World, work: Future[str]) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while not work.done():
        with world.hub.database.read() as connection:
            if connection.scalar(waiting):
                return
        Event().wait(0.01)


@ON_POSTGRES
def test_a_change_that_a_renewal_supersedes_while_staff_decide_on_it(world: World, second: ThreadPoolExecutor) -> None:
    firm = registers(world, FIRM)
    registers(world, MOVED)
    again = MOVED | {"bank": FIRM["bank"] | {"account": "888"}}
    with world.hub.database.write() as connection:
        standing(connection, firm)
        work = second.submit(writes, world, lambda other: decide_change(other, STAFF, 1, *APPROVED, world.clock()))
        waits(world, work)
        register(connection, again, world.clock())
    assert work.result() == "CHANGE_DECIDED"
    with world.hub.database.read() as connection:
        found = connection.execute(select(RegistrationChange.state, RegistrationChange.after)).all()
    assert [(row.state, row.after) for row in found] == [
        ("superseded", {"bank.account": "777"}),
        ("waiting", {"bank.account": "888"}),
    ]


@ON_POSTGRES
def test_two_claims_to_an_account_that_are_approved_at_one_moment(world: World, second: ThreadPoolExecutor) -> None:
    third = demo_file("enterprises", "luoyang-furniture") | {"bank": FIRM["bank"]}
    first, *rivals = [registers(world, one) for one in (FIRM, RIVAL, third)]
    with world.hub.database.read() as connection:
        waiting = AccountClaim.state == "waiting"
        one, two = connection.scalars(select(AccountClaim.id).where(waiting).order_by(AccountClaim.id)).all()
    with world.hub.database.write() as connection:
        decide_claim(connection, STAFF, one, *APPROVED, world.clock())
        work = second.submit(writes, world, lambda other: decide_claim(other, OTHER, two, *APPROVED, world.clock()))
        waits(world, work)
    assert work.result() == "done"
    assert claims(world) == [(first, "ended"), (rivals[0], "ended"), (rivals[1], "held")]
