"""What can be booked, which warehouses there are, and what lies in them."""

from __future__ import annotations

from typing import Any

import graphene
from sqlalchemy import select

from hub.access.visibility import visible
from hub.errors import NotFound
from hub.model import Schedule, StockLevel, Warehouse
from hub_graphql.context import Context, at_most
from hub_graphql.movement import SCHEDULE, WAREHOUSE
from hub_graphql.scalars import Locode
from hub_graphql.trade_types import STOCK_LEVEL

MOST = 200


class TransportQuery:
    """Mixed into the query root."""

    schedules = graphene.List(
        graphene.NonNull(lambda: SCHEDULE.graphene_type),
        required=True,
        from_=Locode(name="from", description="Where it departs"),
        to=Locode(description="Where it arrives"),
        first=graphene.Int(default_value=20),
        description="Departures that can still be booked, with free room and price; the next first",
    )
    warehouses = graphene.List(
        graphene.NonNull(lambda: WAREHOUSE.graphene_type),
        required=True,
        description="Bonded and overseas warehouses that an entry may name",
    )
    stock = graphene.List(
        graphene.NonNull(lambda: STOCK_LEVEL.graphene_type),
        required=True,
        warehouse=graphene.String(description="Code of the warehouse; without it, all of them"),
        first=graphene.Int(default_value=50),
        description="What lies in warehouses of trades that the caller may see, by warehouse and article",
    )

    @staticmethod
    def resolve_schedules(root: Any, info: Any, first: int, from_: str | None = None, to: str | None = None) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        chosen = select(Schedule.__table__).where(visible(Schedule, context.caller), Schedule.departs_at > context.now)
        if from_:
            chosen = chosen.where(Schedule.origin == from_)
        if to:
            chosen = chosen.where(Schedule.destination == to)
        return context.connection.execute(
            chosen.order_by(Schedule.departs_at, Schedule.id).limit(at_most(MOST, first))
        ).all()

    @staticmethod
    def resolve_warehouses(root: Any, info: Any) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        chosen = select(Warehouse.__table__).where(visible(Warehouse, context.caller))
        return context.connection.execute(chosen.order_by(Warehouse.code, Warehouse.id).limit(MOST)).all()

    @staticmethod
    def resolve_stock(root: Any, info: Any, first: int, warehouse: str | None = None) -> Any:
        context: Context = info.context
        context.caller.must("see trades")
        chosen = select(StockLevel.__table__).where(visible(StockLevel, context.caller))
        if warehouse:
            chosen = chosen.where(StockLevel.warehouse == warehouse)
        chosen = chosen.order_by(StockLevel.warehouse, StockLevel.sku, StockLevel.id)
        levels = context.connection.execute(chosen.limit(at_most(MOST, first))).all()
        if warehouse and not levels:
            known = select(Warehouse.id).where(visible(Warehouse, context.caller), Warehouse.code == warehouse)
            if context.connection.scalar(known) is None:
                raise NotFound("warehouse", warehouse)
        return levels
