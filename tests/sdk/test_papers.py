"""Papers, sheets, computations and manifests name the same things: a typo in a table would only be seen as a gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import uuid4

import pytest
from marshmallow import Schema, fields

from connectors.sdk.paper_json import COERCE
from connectors.sdk.papers import PAPERS, FieldSchema, FieldType, PaperSchema
from hub.app import settings_of_connectors
from hub.dossiers.dossier import Dossier
from hub.entry.entry_schema import TRADE_ENTRY
from hub.entry.registration import PARTNERS, REGISTRATION
from hub.errors import PlanWrong
from hub.model import BasicInformation, DocumentEvent, Enterprise, Leg, RefundRate, Remittance, Tariff
from hub.papers.computations import COMPUTATIONS
from hub.papers.derivation import Derivation
from hub.papers.derivations import DERIVATIONS
from hub.papers.desk import Desk
from hub.papers.joining import build_desk
from hub.papers.sources import READERS, ValueSource, read_source
from hub.settings import read_settings
from tests.support.together import together


def sources_of(sheet: Derivation) -> Iterator[ValueSource]:
    yield from sheet.head.values()
    for rows in sheet.groups.values():
        yield from rows.fields.values()


SOURCES = {source.text: source for sheet in DERIVATIONS.values() for source in sources_of(sheet)}


@pytest.fixture(scope="module")
def desk() -> Desk:
    """As the composition root makes it, of the connectors that are installed."""
    asked, classes, left_out = settings_of_connectors()
    assert left_out == []
    settings = read_settings({}, None, asked)
    connectors = {code: connector(settings.of_connector(code)) for code, connector in classes.items()}
    return build_desk(connectors, lambda: datetime.now(UTC), uuid4)


def test_every_paper_has_a_sheet_with_the_same_groups_and_fields() -> None:
    assert {
        kind: (set(one.head), {group: set(one.lines[group]) for group in one.lines}) for kind, one in PAPERS.items()
    } == {
        kind: (set(one.head), {group: set(one.groups[group].fields) for group in one.groups})
        for kind, one in DERIVATIONS.items()
    }
    assert [kind for kind in DERIVATIONS if DERIVATIONS[kind].kind != kind or PAPERS[kind].kind != kind] == []


def fields_of(paper: PaperSchema) -> Iterator[FieldSchema]:
    yield from paper.head.values()
    for group in paper.lines.values():
        yield from group.values()


@together("paper", PAPERS.values(), ids=PAPERS)
def test_every_field_has_a_type_that_can_be_read_and_written(paper: PaperSchema) -> None:
    assert {field.type for field in fields_of(paper)} <= set(get_args(FieldType)) == set(COERCE)
    assert any(field.required for field in paper.head.values())


def test_a_source_is_written_as_it_is_read() -> None:
    assert {text: read_source(text) for text in SOURCES} == SOURCES
    assert all(source.text == text for text, source in SOURCES.items())


@pytest.mark.parametrize("text", ["", "entri:orderNumber", "orderNumber", "computed:no_such", "computed:"])
def test_an_unknown_source_is_a_wrong_plan(text: str) -> None:
    with pytest.raises(PlanWrong, match="unknown"):
        read_source(text)


def test_every_kind_of_source_and_every_computation_is_used() -> None:
    used = {source.kind for source in SOURCES.values()}
    assert set(READERS) - used <= {"refund_rate", "remittance"}  # offered to foreign connectors; ours reckon with them
    assert {source.path for source in SOURCES.values() if source.kind == "computed"} == set(COMPUTATIONS)


def columns(table: Any) -> set[str]:
    return set(table.__table__.columns.keys())


def typed_paths(schema: Schema, path: str = "") -> Iterator[str]:
    """Every path that can be typed, with `[]` for a line's index."""
    for name, field in schema.fields.items():
        place = f"{path}{field.data_key or name}"
        listed = isinstance(field, fields.List)
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from typed_paths(inner.schema, f"{place}[]." if listed else f"{place}.")
        else:
            yield place


TYPED = set(typed_paths(TRADE_ENTRY))
REGISTERED = {one.attribute or name: one for name, one in REGISTRATION.fields.items()}


def registered(path: str) -> bool:
    """Whether a registration has this: a column of the enterprise, or a partner's name."""
    first, _, rest = path.partition(".")
    if not rest:
        return first in columns(Enterprise) or first in PARTNERS
    inner = REGISTERED[first]
    return first in PARTNERS and isinstance(inner, fields.Nested) and rest in inner.schema.fields


HELD: Mapping[str, Any] = {
    "entry": TYPED.__contains__,
    "registration": registered,
    "tariff": columns(Tariff).__contains__,
    "refund_rate": columns(RefundRate).__contains__,
    "leg": columns(Leg).__contains__,
    "departure": columns(DocumentEvent).__contains__,
    "remittance": columns(Remittance).__contains__,
    "bank": columns(BasicInformation).__contains__,
    "trade": set(Dossier.__slots__).__contains__,
    "answer": lambda path: path.partition(":")[0] in PAPERS and path.partition(":")[2] != "",
    "line": {"number"}.__contains__,
    "constant": bool,
    "computed": COMPUTATIONS.__contains__,
}


def test_a_source_reads_what_there_is() -> None:
    assert [text for text, source in SOURCES.items() if not HELD[source.kind](source.path)] == []
    assert set(HELD) == set(READERS)


def test_a_computation_names_paths_that_can_be_typed() -> None:
    assert {path for one in COMPUTATIONS.values() for path in one.reads} - TYPED == set()


@together("sheet", DERIVATIONS.values(), ids=DERIVATIONS)
def test_the_lines_of_a_sheet_are_lists_of_the_entry(sheet: Derivation) -> None:
    """And only a line reads what is of a line."""
    assert {rows.each for rows in sheet.groups.values()} <= {"", "goods", "purchases"}
    assert [source.text for source in sheet.head.values() if source.kind == "entry" and "[]" in source.path] == []
    for rows in sheet.groups.values():
        of_lines = {source.path.partition("[].")[0] for source in rows.fields.values() if "[]." in source.path}
        assert of_lines <= {rows.each}


def test_every_kind_in_a_manifest_has_all_that_a_paper_needs(desk: Desk) -> None:
    kinds = set(desk.plan.authorities)
    assert {row.kind for row in desk.plan.rows} == kinds
    for table in (desk.derivations, desk.schemas, desk.submissions, desk.normal_times, desk.kind_names):
        assert kinds - set(table) == set()
    for kind in kinds:
        assert desk.normal_times[kind] > timedelta(0)
        assert desk.kind_names[kind]["zh"]
        assert desk.kind_names[kind]["en"]
        assert desk.names[desk.plan.authorities[kind]].keys() == {"zh", "en"}
        assert kind in desk.submissions[kind].kinds
        assert desk.submissions[kind].batch >= 1
