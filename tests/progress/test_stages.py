"""The table of what the hub may do with a paper in each state, held against what it does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from connectors.sdk.states import STAGES, Doing, State, accepted, may
from hub.dossiers.dossier import DocumentFile
from hub.dossiers.rows import RemittanceRow
from hub.entry.amend import _refuse_if_over, can_change
from hub.model import DeliveryAttempt, Document, DocumentEvent, Reference, Remittance
from hub.model.document import MESSAGE_REFERENCE
from hub.model.row_states import UNDER_WAY, TradeState
from hub.progress import outbox
from hub.progress.apart import send_apart
from hub.progress.waiting import waits
from sync.pull import watched_values
from tests.support.deciding import AT, INVENTORY, ORDER, decided, desk, paper, said, standing, trade
from tests.support.refusals import refuses
from tests.support.world import World, demo_file

EVERY = pytest.mark.parametrize("state", State)
DECLARATION = "forex.declaration"
ENTER = "mutation($input: TradeInput!) { enterTrade(input: $input) { errors { path code } } }"


def in_state(kind: str, state: State, **changes: Any) -> DocumentFile:
    """A paper that is in a state by the hub's own doing, or by what its authority said."""
    own = state in (State.PLANNED, State.READY, State.SENT, State.CANCELLED)
    return paper(kind, state, **changes) if own else standing(kind, state, **changes)


@EVERY
def test_a_paper_is_derived_where_the_table_says_so(state: State) -> None:
    assert (ORDER in decided(in_state(ORDER, state)).papers) == may(state, Doing.DERIVE)


@EVERY
def test_where_the_trade_is_cancelled_a_paper_is_withdrawn_or_dropped_by_the_table(state: State) -> None:
    file = in_state(ORDER, state)
    decision = decided(file, cancelling=True)
    assert (ORDER in decision.withdrawn) == may(state, Doing.WITHDRAW)
    assert (ORDER in decision.moved) == may(state, Doing.DROP)
    assert (file.state is State.CANCELLED) == (may(state, Doing.DROP) or state is State.CANCELLED)


@EVERY
def test_a_paper_whose_remittance_is_back_is_planned_anew_where_the_table_says_so(state: State) -> None:
    file = in_state(DECLARATION, state)
    decided(file, remittances=[RemittanceRow(Remittance(id=1, matched_at=AT, as_of=AT))], shares={1: []})
    assert (file.state is State.PLANNED) == (may(state, Doing.PLAN_ANEW) or state is State.PLANNED)


@EVERY
def test_a_new_version_may_go_out_by_the_table(state: State) -> None:
    """The inventory is past recall once customs has it, an order once the inventory may be there."""
    inventory, order = in_state(INVENTORY, state), in_state(ORDER, state)
    assert can_change(inventory, trade(inventory), desk()) == may(state, Doing.AMEND)
    for blocker in State:
        free = STAGES[blocker].has_it is False
        found = can_change(order, trade(order, in_state(INVENTORY, blocker)), desk())
        assert found == (may(state, Doing.AMEND) or (may(state, Doing.CHANGE) and free)), blocker


@EVERY
def test_whose_turn_it_is_stands_in_the_table(state: State) -> None:
    file = in_state(INVENTORY, state)
    file.attention = {"code": "FIELDS_MISSING"} if state is State.REJECTED else None
    awaited = {one.whom for one in waits(trade(file), desk()) if one.kind == INVENTORY}
    turn = STAGES[state].turn
    assert awaited == (set() if turn in ("nobody", "others") else {turn})


@EVERY
def test_what_the_authority_has_by_the_table_counts_as_accepted(state: State) -> None:
    file = paper(ORDER, State.SENT, said("120", kind=ORDER, state=state, rank=90, attention=False))
    assert (accepted(ORDER) in decided(file).milestones) == bool(STAGES[state].has_it)


def test_the_outbox_and_the_streams_do_what_the_table_says(small_world: World) -> None:
    """One trade, its order put into each state in turn."""
    world, desk, this = small_world, small_world.hub.services.desk, Document.kind == ORDER
    world.run("customs.tariffs", "tax.rates", "forex.parity")
    world.ask(ENTER, world.exporter(), input=demo_file("trades", "xuchang-wigs-to-chicago"))
    order, now = world.document(ORDER), world.clock()
    refusal = {"source": "customs", "source_id": "900", "about_kind": MESSAGE_REFERENCE, "about_value": "M"}
    refusal |= {"code": "900", "state": State.REJECTED, "rank": 90, "words": "refused", "attention": True}
    with world.hub.database.write() as connection:
        name = connection.execute(select(Reference.kind).where(Reference.document_id == order.id)).scalars().first()
        for state in State:
            connection.execute(update(Document).where(this).values(state=state))
            claims = outbox.claim(connection, desk, "customs", ORDER, 9, "run", timedelta(minutes=1), 9)
            outbox.release(connection, claims)
            waiting = ORDER in outbox.kinds_ready(connection, "customs", [ORDER], now)
            assert (bool(claims), waiting) == (may(state, Doing.SEND),) * 2, state
            watched = watched_values(connection, "customs", name, now + timedelta(hours=1))
            assert bool(watched) == may(state, Doing.ASK), state
        connection.execute(update(Document).where(this).values(state=State.READY))
        outbox.claim(connection, desk, "customs", ORDER, 9, "run", timedelta(minutes=1), 9)
        at = dict.fromkeys(("happened_at", "as_of", "fetched_at"), now)
        connection.execute(insert(DocumentEvent).values(refusal | at | {"digest": "", "references": {}, "answers": {}}))
        for state in State:
            connection.execute(update(Document).where(this).values(state=state))
            connection.execute(update(DeliveryAttempt).values(message_id="M", error_code=None))
            send_apart(connection, [order.subject_id], now)
            became = connection.execute(select(Document.state).where(this)).scalar_one()
            assert became is (State.READY if may(state, Doing.RESEND) else state)


@pytest.mark.parametrize("state", TradeState)
def test_a_trade_is_amended_and_cancelled_only_while_it_is_under_way(state: TradeState) -> None:
    dossier = trade(state=state)
    if state in UNDER_WAY:
        _refuse_if_over(dossier, dossier.version)
    else:
        with refuses("TRADE_OVER"):
            _refuse_if_over(dossier, dossier.version)
    dossier.cancelling = True
    with refuses("TRADE_OVER"):
        _refuse_if_over(dossier, dossier.version)
