"""A mailbox with members that nobody reads: each waits in quarantine, the rest is heard, the cursor goes on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hub.model import DocumentEvent, Quarantined, SyncRun
from tests.support.connectors.ceb_mailbox import ENVELOPES, GOOD, MESSAGES, case, encoded
from tests.support.connectors.ceb_responses import envelopes
from tests.support.databases import ON_SQLITE
from tests.support.sync.pulling import job, misbehave
from tests.support.world import World


def serve(world: World, *bodies: bytes) -> None:
    """These pages, then an empty mailbox."""
    left = [*bodies]

    def answer(_: bytes) -> tuple[str, bytes, dict[str, str]]:
        body = left.pop(0) if left else b"<DxpMessages/>"
        return "200 OK", body, {"Content-Type": "application/xml"}

    misbehave(world, "customs", "/dxp/messages", answer)


def kept(world: World) -> tuple[list[Any], list[Any], Any]:
    """What was heard, what was set aside, and the last run."""
    with world.hub.database.read() as connection:
        return (
            list(connection.execute(select(DocumentEvent.__table__).order_by(DocumentEvent.id))),
            list(connection.execute(select(Quarantined.__table__).order_by(Quarantined.position))),
            connection.execute(select(SyncRun.__table__).where(SyncRun.job == "customs.responses")).one(),
        )


@pytest.mark.parametrize(("name", "reason"), [("C01", "CEB508 运抵单回执"), ("C03", "is not base64")])
@ON_SQLITE
def test_a_member_that_is_not_read_waits_alone(world: World, name: str, reason: str) -> None:
    serve(world, case(name).body)
    assert world.run("customs.responses") == {"customs.responses": "ok"}
    (heard,), (aside,), run = kept(world)
    assert (heard.about_kind, heard.code) == ("customs.order", "120")
    assert (aside.connector, aside.stream, aside.resolved_at) == ("customs", "responses", None)
    assert reason in aside.reason
    assert aside.record["member"]
    assert job(world, "customs.responses").cursor == "00000000000000000000000000000002"
    assert (run.received, run.merged, run.quarantined) == (2, 1, 1)
    assert world.run("customs.responses") == {"customs.responses": "ok"}


@ON_SQLITE
def test_every_kind_of_bad_member_on_one_page_holds_up_nothing(world: World) -> None:
    contents = [content for content, _ in MESSAGES.values()]
    odd = "".join(envelope for envelope, _ in ENVELOPES.values())
    first = envelopes(*contents, encoded(GOOD)).replace("</DxpMessages>", f"{odd}</DxpMessages>")
    last = len(contents) + 2
    serve(world, first.encode(), envelopes(encoded(GOOD), first=last).encode())
    assert world.run("customs.responses") == {"customs.responses": "ok"}
    heard, aside, run = kept(world)
    assert len(heard) == 1
    assert len(aside) == len(MESSAGES) + len(ENVELOPES)
    assert job(world, "customs.responses").cursor == str(last)
    assert (run.received, run.unchanged) == (len(aside) + 2, 1)
