"""What the files of papers say and what there is: a typo in one would only be seen as a gap in a paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, get_args

import pytest
from marshmallow import Schema, fields

from connectors.sdk.inside.registry import find_connectors
from connectors.sdk.kinds import PaperKind
from connectors.sdk.paper_json import COERCE
from connectors.sdk.papers import FieldType
from connectors.sdk.states import MILESTONES
from hub.dossiers.dossier import Dossier
from hub.entry.entry_schema import TRADE_ENTRY
from hub.entry.registration import PARTNERS, REGISTRATION
from hub.errors import PlanWrong
from hub.model import BasicInformation, DocumentEvent, Enterprise, Leg, RefundRate, Remittance, Tariff
from hub.papers.computations import COMPUTATIONS
from hub.papers.derivation import Derivation
from hub.papers.desk import Desk
from hub.papers.joining import kinds_of, shelves_of
from hub.papers.sources import READERS, SHARES, Shelves, ValueSource, read_source
from tests.support.deciding import desk as desk_of_all
from tests.support.together import together

CLASSES = find_connectors()[0]
KINDS = kinds_of(CLASSES)
OWN = {f"{code}:{name}": work for code, one in CLASSES.items() for name, work in one.computations.items()}
"""What connectors work out themselves, by connector and name."""


@pytest.fixture(scope="module")
def desk() -> Desk:
    """As the composition root makes it, of the connectors that are installed."""
    return desk_of_all()


def sources_of(derivation: Derivation) -> Iterator[ValueSource]:
    yield from derivation.head.values()
    for rows in derivation.groups.values():
        yield from rows.fields.values()


def written() -> Iterator[tuple[str, str]]:
    """Every source that a file of a paper or a computation names, with the connector's code."""
    for kind in KINDS.values():
        yield from ((kind.code, source) for _, _, source in kind.fields())
    for name, work in OWN.items():
        yield from ((name.partition(":")[0], source.removesuffix("?")) for source in work.sources.values())


SOURCES = sorted({*written()})


@together("kind", KINDS.values(), ids=KINDS)
def test_every_field_has_a_type_that_can_be_read_and_written(kind: PaperKind) -> None:
    assert {field.type for _, field, _ in kind.fields()} <= set(get_args(FieldType)) == set(COERCE)
    assert any(field.required for field in kind.schema.head.values())


@together(("code", "text"), SOURCES)
def test_a_source_is_written_as_it_is_read(code: str, text: str) -> None:
    assert read_source(text, shelves_of(CLASSES[code], CLASSES)).text == text


def test_every_kind_of_source_and_every_computation_is_used() -> None:
    used = {text.partition(":")[0] for _, text in SOURCES}
    assert set(READERS) - used <= {"refund_rate"}  # offered to foreign connectors; ours reckon with it
    worked = {(code, text.partition(":")[2]) for code, text in SOURCES if text.startswith("computed:")}
    assert {name for _, name in worked} >= set(COMPUTATIONS)
    assert {f"{code}:{name}" for code, name in worked if name not in COMPUTATIONS} == set(OWN)


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
    "fact": {fact for kind in KINDS.values() for fact in kind.gives}.__contains__,
    "leg": columns(Leg).__contains__,
    "departure": columns(DocumentEvent).__contains__,
    "remittance": {*columns(Remittance), SHARES}.__contains__,
    "bank": columns(BasicInformation).__contains__,
    "trade": set(Dossier.__slots__).__contains__,
    "line": {"number", "item"}.__contains__,
    "constant": bool,
    "computed": {*COMPUTATIONS, *(name.partition(":")[2] for name in OWN)}.__contains__,
}


def test_a_source_reads_what_there_is() -> None:
    assert set(HELD) == set(READERS)
    assert [text for _, text in SOURCES if not HELD[text.partition(":")[0]](text.partition(":")[2])] == []


def test_a_computation_names_paths_that_can_be_typed() -> None:
    assert {path for one in COMPUTATIONS.values() for path in one.reads} - TYPED == set()


@together("kind", KINDS.values(), ids=KINDS)
def test_only_a_line_reads_what_is_of_a_line(kind: PaperKind) -> None:
    assert {rows.each for rows in kind.groups.values()} <= {"", "goods", "purchases"}
    assert [source for source in kind.head.values() if "[]" in source] == []
    for rows in kind.groups.values():
        of_lines = {one.partition(":")[2].partition("[].")[0] for one in rows.sources.values() if "[]." in one}
        assert of_lines <= {rows.each}


def test_no_paper_has_a_constant_but_those_that_its_form_fixes() -> None:
    """Purchases are special VAT invoices by what the entry says they are."""
    fixed = {(kind.kind, source) for kind in KINDS.values() for _, _, source in kind.fields() if "constant:" in source}
    assert fixed == {("tax.refund", "constant:V"), ("tax.refund", "constant:增值税专用发票")}


def test_what_a_paper_is_changed_until_is_a_paper() -> None:
    named = {kind for one in KINDS.values() for kind in one.recall_until or ()}
    assert named - set(KINDS) == set()


def test_every_milestone_of_the_hub_is_brought_by_a_paper_or_by_the_hub() -> None:
    """Money that came in is matched by the hub, and its report number is the bank's."""
    brought = {name for one in KINDS.values() for name in one.brings}
    assert MILESTONES - brought == {"remittance_matched", "report_number"}


def test_every_kind_in_a_plan_has_all_that_a_paper_needs(desk: Desk) -> None:
    kinds = set(desk.plan.authorities)
    assert {row.kind for row in desk.plan.rows} == kinds
    for table in (desk.kinds, desk.derivations, desk.submissions):
        assert kinds - set(table) == set()
    for kind in kinds:
        assert desk.kinds[kind].normal > timedelta(0)
        assert {field.text for field in sources_of(desk.derivations[kind])} == {
            source for _, _, source in desk.kinds[kind].fields()
        }
        assert desk.kind_name(kind, "zh") != desk.kind_name(kind, "en") != kind
        assert desk.names[desk.plan.authorities[kind]].keys() == {"zh", "en"}
        assert kind in desk.submissions[kind].kinds
        assert desk.submissions[kind].batch >= 1


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("", "unknown source ''; known are entry, "),
        ("entri:orderNumber", "unknown source 'entri:orderNumber'; known are entry, "),
        ("orderNumber", "unknown source 'orderNumber'"),
        ("computed:gross_wait", "unknown source 'computed:gross_wait'; near to it: computed:gross_weight"),
        ("computed:", "unknown source 'computed:'; near to it: computed:"),
        ("fact:entri_id", "unknown source 'fact:entri_id'; near to it: fact:entry_id"),
        ("tariff:unit9", "unknown source 'tariff:unit9'; near to it: tariff:unit"),
        ("remittance:share", "unknown source 'remittance:share'; near to it: remittance:shares"),
    ],
)
def test_an_unknown_source_is_refused_with_those_near_to_it(text: str, near: str) -> None:
    with pytest.raises(PlanWrong) as caught:
        read_source(text, Shelves(facts={"entry_id": {"customs.summary": "entryId"}}))
    assert near in caught.value.words()
