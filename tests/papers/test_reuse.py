"""The re-use ledger is counted from what was typed and what really stands in the papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from hub.access import Role
from hub.access.acts import OWNERS
from hub.access.caller import Caller
from hub.dossiers.loading import open_dossiers
from hub.entry.accept import enter
from hub.entry.registration import register
from hub.model import Document, PaperVersion
from hub.papers.reuse import Reuse, reuse
from tests.support.world import World, demo_file


def enters(world: World, typed: Any) -> None:
    with world.hub.database.write() as connection:
        exporter, _ = register(connection, demo_file("enterprises", "xuchang-hair"), world.clock())
    (answer,) = enter(
        world.hub.database, world.hub.desk, Caller("exporter", Role.ENTERPRISE, {exporter: OWNERS}), [typed]
    )
    assert answer.problems == []


def ledger(world: World) -> Reuse:
    with world.hub.database.read() as connection:
        (dossier,) = open_dossiers(connection, [1], world.clock().date())
    return reuse(dossier)


def leaves(typed: Any) -> int:
    """How many values a person typed: every text, number and choice, however deep."""
    if isinstance(typed, dict):
        return sum(leaves(value) for value in typed.values())
    if isinstance(typed, list):
        return sum(leaves(value) for value in typed)
    return typed is not None


def delivered(world: World) -> Iterator[tuple[str, str]]:
    """Each value in each paper as it is kept, with where its sheet takes it from."""
    with world.hub.database.read() as connection:
        papers = connection.execute(
            select(Document.kind, PaperVersion.content).join(Document, Document.id == PaperVersion.document_id)
        ).all()
    for kind, content in papers:
        sheet = world.hub.desk.derivations[kind]
        for name in content["head"]:
            yield kind, sheet.head[name].kind
        for group, lines in content["lines"].items():
            for line in lines:
                for name in line:
                    yield kind, sheet.groups[group].fields[name].kind


def whole_trade() -> Any:
    return demo_file("trades", "xuchang-wigs-to-chicago")


def test_the_first_papers_are_counted_value_by_value(small_world: World) -> None:
    enters(small_world, whole_trade())
    values = list(delivered(small_world))
    assert Counter(kind for kind, _ in values) == {"customs.order": 36, "customs.receipt": 11, "customs.waybill": 12}
    counted = ledger(small_world)
    assert counted.typed == leaves(whole_trade())
    assert counted.delivered == len(values)
    assert counted.by_source == Counter(source for _, source in values)


def test_the_ledger_grows_with_every_paper_and_what_was_typed_stays(small_world: World) -> None:
    """Order, receipt and waybill, then the declaration, then the airport's waybill: typed once, delivered each time."""
    small_world.run("customs.tariffs", "tax.rates", "forex.parity")
    enters(small_world, whole_trade())
    before = ledger(small_world)
    small_world.until(lambda: "airport.waybill" in {kind for kind, _ in delivered(small_world)})
    after, values = ledger(small_world), list(delivered(small_world))
    assert {kind for kind, _ in values} >= {"customs.inventory", "airport.waybill"}
    assert after.typed == before.typed == leaves(whole_trade())
    assert after.delivered == len(values) > before.delivered
    assert after.by_source == Counter(source for _, source in values)
    assert sum(after.by_source.values()) == after.delivered
    assert list(after.by_source.values()) == sorted(after.by_source.values(), reverse=True)


def test_what_nobody_typed_is_not_counted_as_typed(small_world: World) -> None:
    """An empty field is no value."""
    typed = whole_trade()
    typed["goods"][0]["barcode"] = None
    typed["purchases"] = []
    enters(small_world, typed)
    assert ledger(small_world).typed == leaves(typed)
