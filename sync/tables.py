"""Noun of the SDK → table of the model."""

from __future__ import annotations

from connectors.sdk.records import RECORDS
from hub.model import Base

TABLES: dict[str, type[Base]] = {
    table.__tablename__: table for table in Base.__subclasses__() if table.__tablename__ in RECORDS
}
"""The tests hold it equal to the SDK's records."""
