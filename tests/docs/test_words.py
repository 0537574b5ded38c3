"""The words of the reference pages: none is missing, none is left over, every table stands on a page."""

from __future__ import annotations

from connectors.sdk.states import MILESTONES, State
from hub.access.request_rates import CallerKind, Door
from hub.app import settings_of_connectors
from hub.errors.terms import AWAITED
from hub.model import Base
from hub.papers.sources import READERS
from hub.reference.model import nouns
from hub.reference.page_tables import MARKER, SHARED, Tables
from hub.reference.words import glossary
from hub.settings import OTHER_VARIABLES, TABLE
from tests.support.deciding import desk
from tests.support.docs.pages import PAGES


def test_no_word_is_left_over() -> None:
    """That none is missing shows when the tables are made."""
    said = {section: set(words) for section, words in glossary().items()}
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert said["columns"] <= columns | {
        f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns
    }
    assert said["tables"] == {noun.__tablename__ for noun in nouns()} == Base.metadata.tables.keys()
    assert said["states"] == {state.value for state in State}
    assert AWAITED.keys() == MILESTONES
    assert said["modes"] == {row.mode for row in desk().plan.rows}
    assert said["only"] == {f"{path}={value}" for row in desk().plan.rows for path, value in row.only.items()}
    assert said["sources"] == READERS.keys()
    assert said["settings"] == {one.name for one in (*TABLE, *settings_of_connectors()[0])}
    assert said["callers"] == set(CallerKind)
    assert said["doors"] == set(Door)
    assert said["variables"] == OTHER_VARIABLES


def test_every_table_stands_on_a_page_in_each_language() -> None:
    shown = [(found["name"], found["language"]) for page in PAGES for found in MARKER.finditer(page.read_text("utf-8"))]
    made = [(name, language) for name in Tables([]).spoken for language in ("zh", "en")] + [
        (name, None) for name in SHARED
    ]
    assert sorted(shown, key=str) == sorted(made, key=str)
