"""The rows that the rooms of sharing hand on have the types that the model gives their columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import pytest

from hub import model
from hub.model import Base
from hub.share import outbox, rows

KEPT: Mapping[Any, type[Base]] = {
    rows.HeardEvent: model.DocumentEvent,
    rows.KnownLeg: model.Leg,
    rows.BankFacts: model.BasicInformation,
    rows.Receipt: model.ForexReceipt,
    rows.TariffEdition: model.Tariff,
    rows.RefundEdition: model.RefundRate,
    rows.Parity: model.ExchangeRate,
    outbox.Attempt: model.DeliveryAttempt,
}


@pytest.mark.parametrize("row", KEPT)
def test_each_field_has_the_type_of_its_column(row: Any) -> None:
    columns, fields = get_type_hints(KEPT[row]), get_type_hints(row)
    told = {one.name: spelled(get_args(columns[one.name])[0]) for one in rows.columns(KEPT[row], row)}
    assert {name: spelled(fields[name]) for name in told} == told


def spelled(hint: Any) -> str:
    """A JSON object by that name, whatever it holds."""
    return re.sub(r"(dict|[\w.]*Mapping)\[str, [\w.]+\]", "JSON", str(hint))


def test_a_field_that_its_table_does_not_have_is_told_at_once() -> None:
    with pytest.raises(KeyError):
        rows.columns(model.Milestone, rows.Share)
