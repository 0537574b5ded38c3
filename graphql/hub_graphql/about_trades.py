"""The relation from a trade to what is about it: its own rows, and those about the whole of its consolidations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import graphene
from sqlalchemy import Row

from hub_graphql.context import Context
from hub_graphql.maps import CHUNK, Maker, read_rows
from hub_graphql.wholes import aboard, rows_about


@dataclass(frozen=True, slots=True)
class AboutTrade:
    """The rows about the trade that `key` of this row names, in a fixed order. `hides`: row and trade → left out."""

    of: Maker
    order: tuple[str, ...]
    about: str
    key: str = "id"
    hides: Callable[[Any, int, Context], bool] | None = None

    def mount(self, field: str) -> graphene.Field:
        def resolve(row: Any, info: Any) -> Any:
            return self._rows(row, info.context)

        inner = graphene.NonNull(lambda: self.of().graphene_type)
        return graphene.Field(graphene.NonNull(graphene.List(inner)), description=self.about, resolver=resolve)

    def _rows(self, row: Any, context: Context) -> list[Row[Any]]:
        """Fetched at once for all trades that are answered with this one."""
        place, wanted = id(self), getattr(row, self.key)
        if (place, wanted) not in context.fetched:
            trades = {getattr(one, self.key) for one in context.siblings(row)}
            unknown = sorted(one for one in trades if (place, one) not in context.fetched)
            context.fetched |= {(place, one): [] for one in unknown}
            for start in range(0, len(unknown), CHUNK):
                self._fetch(context, unknown[start : start + CHUNK])
        found = context.fetched[place, wanted]
        return [one for one in found if not (self.hides and self.hides(one, wanted, context))]

    def _fetch(self, context: Context, trade_ids: list[int]) -> None:
        of_subject: defaultdict[int, list[int]] = defaultdict(list, {one: [one] for one in trade_ids})
        for trade_id, consolidations in aboard(context, trade_ids).items():
            for one in consolidations:
                of_subject[one.id].append(trade_id)
        table = self.of().table
        for found in read_rows(context, table, rows_about(table, trade_ids, of_subject), self.order):
            about = found._mapping.get("trade_id")
            for trade_id in of_subject[found.subject_id] if about is None else [about]:
                context.fetched[id(self), trade_id].append(found)
