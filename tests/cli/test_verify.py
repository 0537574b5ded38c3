"""`yuhub verify`: where all is true it says so; whatever is wrong is named once, in words with the way out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from connectors.sdk.states import State
from hub.cli.verify import FAULTS, UNKNOWN
from hub.errors import way_out, words
from hub.model import Document, DocumentEvent, Quarantined, RawMessage, RawReading, SyncRun
from sync.jobs import VERIFY
from sync.verify_results import PartFound, VerifyPart
from sync.verifying import verify
from tests.support.cli.shells import Typed
from tests.support.flow.exporter import CANCEL, Exporter
from tests.support.flow.modes import SEE, pay
from tests.support.sync.meddling import Meddler
from tests.support.sync.rates import JOB, Source, rate
from tests.support.world import World, demo_file

MINUTE = timedelta(minutes=1)
WIGS = "xuchang-wigs-to-chicago"
ASK = """{ verifications { part verifiedAt holds unknown faultCount counts faults { code message wayOut } } }"""


def refund_filed(world: World) -> str:
    """A trade whose refund is filed: customs, airport and tax have papers of it."""
    exporter = Exporter(world)
    number = exporter.enters(WIGS)
    world.until(lambda: bool(exporter.paper(number, "tax.refund")["state"] in ("accepted", "done")))
    return number


def found(world: World, part: VerifyPart) -> PartFound:
    (one,) = verify(world.hub.services, [part])
    return one


def faults(world: World, part: VerifyPart = VerifyPart.LEDGERS) -> list[str]:
    """The codes of what is wrong; each fault has words and a way out in both languages."""
    told = found(world, part)
    for one in [*told.faults, *told.unknown]:
        for language in ("zh", "en"):
            assert "{" not in words(one.code, language, one.parameters) + way_out(one.code, language, one.parameters)
    assert told.fault_count == len(told.faults)
    return [one.code for one in told.faults]


def change(world: World, *statements: Any) -> None:
    with world.hub.database.write() as connection:
        for one in statements:
            connection.execute(one)


def rows(world: World, source: str) -> dict[str, Any]:
    return next(one for one in found(world, VerifyPart.LEDGERS).counts if one["source"] == source)


def test_where_all_is_true_it_says_so(world: World) -> None:
    refund_filed(world)
    for part in VerifyPart:
        assert (faults(world, part), found(world, part).unknown) == ([], []), part
    days = found(world, VerifyPart.COUNTERS).counts
    assert {(one["source"], one["stream"]) for one in days} >= {("customs", "responses"), ("tax", "answers")}
    assert all(one["holds"] and not one["uncounted"] for one in days)
    assert (rows(world, "airport")["agree"], rows(world, "tax")["agree"]) == (1, 1)
    assert rows(world, "tax")["listed"] == 1
    assert (rows(world, "customs")["asked"], rows(world, "customs")["unasked"]) == (0, 7)


@pytest.mark.parametrize("way", ["cancelled", "mended", pytest.param("finished", marks=pytest.mark.long)])
def test_whatever_became_of_a_trade_it_holds(small_world: World, way: str) -> None:
    by_rail = "zhengzhou-trousers-to-almaty"
    exporter = Exporter(small_world, "zhengzhou-trousers" if way == "finished" else "xuchang-hair")
    number = exporter.enters({"finished": by_rail, "cancelled": WIGS, "mended": "xuchang-wrong-classification"}[way])
    if way == "finished":
        seen = small_world.ask(SEE, exporter.key, n=number)["trade"]
        pay(small_world, "zhengzhou-trousers", demo_file("trades", by_rail), seen)
    elif way == "mended":
        small_world.until(lambda: bool(exporter.sees(number)["state"] == "attention"))
        assert faults(small_world) == []
        exporter.amends(number, **{"goods[1].hsCode": "6704200000", "goods[1].quantity": "90"})
        small_world.until(lambda: bool(exporter.paper(number, "customs.inventory")["state"] == "done"))
    else:
        small_world.until(lambda: small_world.document("customs.inventory").state in ("accepted", "held"), by=MINUTE)
        small_world.ask(CANCEL, exporter.key, n=number)
        assert faults(small_world) == []
        small_world.until(lambda: bool(exporter.sees(number)["state"] == "cancelled"), by=MINUTE)
    if way == "finished":
        small_world.until(lambda: bool(exporter.sees(number)["state"] == "finished"), by=timedelta(hours=12))
    assert faults(small_world) == []
    assert faults(small_world, VerifyPart.COUNTERS) == []


def test_nothing_is_sent_or_changed_by_it(small_world: World) -> None:
    refund_filed(small_world)
    meddlers = [Meddler(small_world, code) for code in ("customs", "tax", "airport", "forex", "rail")]
    assert faults(small_world) == []
    assert {path for one in meddlers for path in one.posts} <= {"/oauth/token"}


COUNTERS = {
    "merged": "RUN_RECOUNTED", "received": "RUN_RECOUNTED", "superseded": "RUN_RECOUNTED",
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTERS)
def test_a_counter_that_was_changed_is_named_with_its_run(world: World, name: str) -> None:
    Exporter(world)
    with world.hub.database.read() as connection:
        run = connection.scalar(select(SyncRun.id).where(SyncRun.received > 2).limit(1))
    change(world, update(SyncRun).where(SyncRun.id == run).values({name: getattr(SyncRun, name) + 2}))
    assert faults(world, VerifyPart.COUNTERS) == [COUNTERS[name]]
    (told,) = found(world, VerifyPart.COUNTERS).faults
    assert told.parameters["run"] == run
    assert name in told.parameters["sides"]
    assert [one["holds"] for one in found(world, VerifyPart.COUNTERS).counts].count(False) == 1


def test_of_a_run_from_before_messages_were_counted_the_sum_is_proven(small_world: World) -> None:
    Exporter(small_world)
    change(small_world, delete(RawReading))
    assert faults(small_world, VerifyPart.COUNTERS) == []
    assert all(one["uncounted"] == one["runs"] for one in found(small_world, VerifyPart.COUNTERS).counts)
    change(small_world, update(SyncRun).where(SyncRun.job == "customs.tariffs").values(merged=SyncRun.merged - 2))
    (told,) = found(small_world, VerifyPart.COUNTERS).faults
    assert (told.code, told.parameters["off"]) == ("RUN_UNBALANCED", "+2")


def test_a_row_that_was_deleted_is_named(world: World) -> None:
    source = Source(world, [rate(1), rate(2), rate(3, vatRate="much")])
    source.world.run(JOB)
    assert faults(world, VerifyPart.COUNTERS) == []
    change(world, delete(Quarantined))
    assert faults(world, VerifyPart.COUNTERS) == ["QUARANTINE_SHORT"]
    change(world, delete(RawReading).where(RawReading.quarantined > 0))
    world.run("customs.tariffs")
    change(world, delete(SyncRun).where(SyncRun.job == "customs.tariffs"))
    assert faults(world, VerifyPart.COUNTERS) == ["RUN_MISSING"]


def test_a_page_that_is_set_aside_again_and_again_is_no_fault(small_world: World) -> None:
    source = Source(small_world, [rate(1, vatRate="much"), rate(2, vatRate="more")], [rate(3)])
    for _ in range(3):
        small_world.run(JOB)
        small_world.clock.forward(timedelta(hours=1))
    source.mended()
    assert faults(small_world, VerifyPart.COUNTERS) == []


def test_a_message_that_was_altered_is_named(small_world: World) -> None:
    Exporter(small_world)
    change(small_world, update(RawMessage).where(RawMessage.chain == JOB, RawMessage.seq == 1).values(part="x"))
    (told,) = found(small_world, VerifyPart.CHAINS).faults
    assert (told.code, told.parameters["chain"], told.parameters["seq"]) == ("RAW_LINK_BROKEN", JOB, 1)


def other_filing(told: Any) -> Any:
    return told | {"filing": told["filing"] | {"exports": []}}


def listed_twice(told: Any) -> Any:
    first = told["results"][:1]
    return told | {"results": [*told["results"], *({**one, "filingNumber": "9", "sequence": 99} for one in first)]}


def stranger(told: Any) -> Any:
    first = told["results"][:1]
    return told | {"results": [*told["results"], *({**one, "relation": "8", "sequence": 99} for one in first)]}


SAYINGS: dict[str, tuple[str, Any, str]] = {
    "it forgot the paper": ("/refunds/by-relation/", None, "LEDGER_GONE"),
    "it has another version": ("/refunds/by-relation/", other_filing, "LEDGER_VERSION"),
    "it calls it otherwise": ("/refunds/by-relation/", lambda told: told | {"filingNumber": "7"}, "LEDGER_IDENTIFIER"),
    "it has ended it": ("/refunds/by-relation/", lambda told: told | {"status": "withdrawn"}, "LEDGER_ENDED"),
    "it has it twice": ("/refunds/results", listed_twice, "LEDGER_TWICE"),
    "it has what we do not know": ("/refunds/results", stranger, "LEDGER_STRANGER"),
}


def test_what_an_authority_has_otherwise_than_we_believe_is_named_once(small_world: World) -> None:
    refund_filed(small_world)
    meddler = Meddler(small_world, "tax")
    told = {}
    for saying, (path, says, _) in SAYINGS.items():
        meddler.changes = [(path, says)]
        told[saying] = faults(small_world)
    assert told == {saying: [code] for saying, (_, _, code) in SAYINGS.items()}


def test_what_it_has_and_we_think_not_is_named(small_world: World) -> None:
    """As where a backup from before it was sent was put back."""
    refund_filed(small_world)
    this = Document.kind == "airport.waybill"
    change(small_world, update(Document).where(this).values(state=State.READY, sent_at=None))
    assert faults(small_world) == ["LEDGER_UNKNOWN"]


def test_of_what_cannot_be_asked_the_kept_responses_are_its_word(small_world: World) -> None:
    refund_filed(small_world)
    order = small_world.document("customs.order").id
    inventory = small_world.document("customs.inventory").id
    release = select(DocumentEvent.id).where(DocumentEvent.document_id == order).limit(1)
    change(
        small_world,
        delete(DocumentEvent).where(DocumentEvent.id.in_(release)),
        update(Document).where(Document.id == inventory).values(state=State.PLANNED),
    )
    assert sorted(faults(small_world)) == ["RESPONSE_LOST", "RESPONSE_UNHEEDED"]
    change(small_world, update(Document).where(Document.id == inventory).values(state=State.DONE, reference="77"))
    assert sorted(faults(small_world)) == ["LEDGER_IDENTIFIER", "RESPONSE_LOST"]


def test_an_authority_out_of_reach_is_unknown_and_the_others_are_asked(small_world: World, yuhub: Typed) -> None:
    refund_filed(small_world)
    small_world.street.doors["tax"].app = None
    assert faults(small_world) == []
    told = found(small_world, VerifyPart.LEDGERS)
    assert [(one.code, one.parameters["source"]) for one in told.unknown] == [("LEDGER_UNREACHABLE", "tax")]
    assert rows(small_world, "airport")["agree"] == 1


def test_the_command_says_it_and_exits_so(small_world: World, yuhub: Typed) -> None:
    refund_filed(small_world)
    settings = {name: str(value) for name, value in environment(small_world).items()}
    said = yuhub("verify", **settings)
    assert "✓ raw chains: holds" in said
    assert "cannot be asked; 7 papers known by its responses only" in said
    assert "✗" not in said
    small_world.street.doors["tax"].app = None
    assert "? our papers" in yuhub("verify", "--part", "ledgers", expect=UNKNOWN, **settings)
    change(small_world, update(SyncRun).where(SyncRun.job == "customs.tariffs").values(merged=SyncRun.merged - 2))
    told = yuhub("verify", "--part", "counters", YUHUB_LANGUAGE="zh", expect=FAULTS, **settings)
    assert "customs.tariffs" in told
    assert "不符" in told
    assert json.loads(yuhub("verify", "--part", "counters", "--json", expect=FAULTS, **settings))["holds"] is False


def environment(world: World) -> dict[str, Any]:
    addresses = {f"YUHUB_{code.upper()}_BASE_URL": address for code, address in world.addresses.items()}
    url = world.settings.database_url
    return {"YUHUB_DATABASE_URL": url, "YUHUB_DATA_DIR": world.settings["data_dir"], **addresses}


def test_staff_see_what_was_found_last_and_the_daily_job_finds_it(small_world: World) -> None:
    exporter = Exporter(small_world)
    change(small_world, update(RawMessage).where(RawMessage.chain == JOB, RawMessage.seq == 1).values(part="x"))
    assert small_world.do(VERIFY) == "ok"
    told = small_world.ask(ASK, small_world.staff, language="zh")["verifications"]
    assert [(one["part"], one["holds"], one["faultCount"]) for one in told] == [
        ("chains", False, 1), ("counters", True, 0),
    ]  # fmt: skip
    assert "链 tax.rates 第 1 条" in told[0]["faults"][0]["message"]
    (error,) = small_world.post(ASK, exporter.key).json()["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
