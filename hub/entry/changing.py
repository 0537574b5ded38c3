"""Renewing a registration: what may change at once does; what money, identity or papers hang on waits for staff."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, select, update

from connectors.sdk.codecs import write_json
from hub.access.acting import must_act
from hub.access.acts import Act
from hub.access.audit import write_audit
from hub.access.caller import Caller
from hub.errors import NotFound
from hub.model import Enterprise, RegistrationChange
from hub.model.row_states import ChangeState
from hub.money.accounts import masked


class Taken(StrEnum):
    """How a change to a field of a registration is taken."""

    AT_ONCE = "at once"
    BY_STAFF = "by staff"


FIELDS: Mapping[str, tuple[Taken, str]] = {
    "customsCode": (Taken.BY_STAFF, "customs and the tax bureau know the exporter by it"),
    "nameZh": (Taken.BY_STAFF, "papers and responses are in this name"),
    "nameEn": (Taken.BY_STAFF, "papers and responses are in this name"),
    "addressEn": (Taken.AT_ONCE, "where it is reached; no right follows from it"),
    "telephone": (Taken.AT_ONCE, "where it is reached"),
    "contact": (Taken.AT_ONCE, "whom to ask for"),
    "belt": (Taken.AT_ONCE, "a belt sees nothing without consent"),
    "customsOffice": (Taken.BY_STAFF, "a code: where every declaration is lodged and its goods are inspected"),
    "declarant": (Taken.BY_STAFF, "who declares to customs in the exporter's name"),
    "producer": (Taken.BY_STAFF, "names and codes that declarations carry"),
    "logistics": (Taken.BY_STAFF, "names and codes that waybills carry, and who numbers parcels"),
    "bank": (Taken.BY_STAFF, "money and refunds follow the account"),
    "summaries": (Taken.AT_ONCE, "how its own trades are summed up for customs"),
    "refunds": (Taken.AT_ONCE, "how its own trades are filed together"),
    "refundBatch": (Taken.BY_STAFF, "from which batch on the hub files refunds"),
    "platforms": (Taken.AT_ONCE, "each trade names the one that it was sold on"),
    "paymentProviders": (Taken.AT_ONCE, "each trade names the one that it was paid through"),
}
"""How a change to each field is taken, and why. The USCC never changes: another one is another enterprise."""

COLUMNS = {
    "customsCode": "customs_code",
    "nameZh": "name_zh",
    "nameEn": "name_en",
    "addressEn": "address_en",
    "telephone": "telephone",
    "belt": "belt_id",
}
"""Fields that are columns of an enterprise; the others are its partners."""
WHOLE = frozenset({"platforms", "paymentProviders"})
"""Fields that change as one: their members are named by the exporter."""
ACCOUNT = "bank.account"

Paths = dict[str, Any]
"""Values of a registration by path, such as `bank.account`."""


class Renewal(NamedTuple):
    """What became of a renewal: the fields that changed at once, those that wait, and the change that waits."""

    taken: list[str]
    waits: list[str]
    change_id: int | None


def renew(
    connection: Connection, enterprise_id: int, values: Mapping[str, Any], caller: Caller, now: datetime
) -> Renewal:
    """Takes what may change at once; the rest becomes the one change of the enterprise that waits for staff.

    An earlier change that waits is superseded. One stays as it is where nothing else is asked of staff.
    """
    row = standing(connection, enterprise_id)
    must_act(connection, caller, enterprise_id)
    stands, wanted = flat(row._mapping), flat(values)
    differing = [path for path in sorted({*stands, *wanted}) if stands.get(path) != wanted.get(path)]
    at_once = [path for path in differing if FIELDS[path.split(".")[0]][0] is Taken.AT_ONCE]
    after = {path: wanted.get(path) for path in differing if path not in at_once}
    if at_once:
        before = {path: stands.get(path) for path in at_once}
        put(connection, row, {path: wanted.get(path) for path in at_once})
        note(connection, caller, "enterprise.renew", row, before, {path: wanted.get(path) for path in at_once}, now)
    waiting = waiting_change(connection, enterprise_id)
    if after and (waiting is None or waiting.after != after):
        if waiting is not None:
            end(connection, waiting.id, ChangeState.SUPERSEDED, caller, "", now)
        _ask_staff(connection, caller, row, {path: stands.get(path) for path in after}, after, now)
        waiting = waiting_change(connection, enterprise_id)
    return Renewal(at_once, sorted(waiting.after) if waiting else [], waiting.id if waiting else None)


def withdraw_change(connection: Connection, caller: Caller, enterprise_id: int, now: datetime) -> None:
    """The enterprise itself takes back the change that waits; NotFound where there is none."""
    row, waiting = standing(connection, enterprise_id), waiting_change(connection, enterprise_id)
    if waiting is None or not caller.may(Act.OWN, enterprise_id):
        raise NotFound("change")
    end(connection, waiting.id, ChangeState.WITHDRAWN, caller, "", now)
    note(connection, caller, "registration.withdraw", row, waiting.before, waiting.after, now)


def standing(connection: Connection, enterprise_id: int) -> Row[Any]:
    """An enterprise as it is registered; nobody else changes it until the transaction ends."""
    return connection.execute(
        select(Enterprise.__table__).where(Enterprise.id == enterprise_id).with_for_update()
    ).one()


def waiting_change(connection: Connection, enterprise_id: int) -> Row[Any] | None:
    """The change of an enterprise that staff have not decided on."""
    these = RegistrationChange.enterprise_id == enterprise_id, RegistrationChange.state == ChangeState.WAITING
    return connection.execute(select(RegistrationChange.__table__).where(*these)).one_or_none()


def end(connection: Connection, change_id: int, state: ChangeState, caller: Caller, reason: str, now: datetime) -> None:
    """The change waits no more; what it asked for stays to be read."""
    ended = {"state": state, "decided_by": caller.name, "decided_at": now, "reason": reason.strip() or None}
    connection.execute(update(RegistrationChange).where(RegistrationChange.id == change_id).values(**ended))


def flat(values: Mapping[Any, Any]) -> Paths:
    """Every value of a registration (the columns of an enterprise) by its path."""
    found: Paths = {path: values[column] for path, column in COLUMNS.items()}
    for name, value in values["partners"].items():
        if isinstance(value, Mapping) and name not in WHOLE:
            found |= {f"{name}.{inner}": one for inner, one in value.items()}
        else:
            found[name] = value
    return found


def written(values: Paths) -> list[tuple[str, str]]:
    """Values by path as people read them, sorted; what is empty and the number of the belt are left out."""
    filled = {path: value for path, value in values.items() if value and path != "belt"}
    return sorted((path, one if isinstance(one, str) else write_json(one).decode()) for path, one in filled.items())


def put(connection: Connection, row: Row[Any], changes: Mapping[str, Any]) -> None:
    """Writes values into a registration by their paths."""
    columns: dict[str, Any] = {COLUMNS[path]: value for path, value in changes.items() if path in COLUMNS}
    partners = deepcopy(row.partners)
    for path, value in changes.items():
        if path in COLUMNS:
            continue
        name, _, inner = path.partition(".")
        if inner:
            partners.setdefault(name, {})[inner] = value
        else:
            partners[name] = value
    connection.execute(update(Enterprise).where(Enterprise.id == row.id).values(**columns, partners=partners))


def note(
    connection: Connection,
    caller: Caller,
    action: str,
    row: Row[Any],
    before: Paths,
    after: Paths,
    now: datetime,
    reason: str = "",
) -> None:
    """Notes a change in the audit log, as it was and as it is to be; accounts are masked there."""
    sides = {"before": change_shown(before), "after": change_shown(after)}
    write_audit(connection, caller, action, row.uscc, now, reason=reason, **sides, enterprise_id=row.id)


def change_shown(values: Paths) -> Paths:
    """Values by path, as those may read them whom the account is no business of."""
    return {path: masked(value) if path == ACCOUNT and value else value for path, value in values.items()}


def _ask_staff(
    connection: Connection, caller: Caller, row: Row[Any], before: Paths, after: Paths, now: datetime
) -> None:
    connection.execute(
        insert(RegistrationChange).values(
            enterprise_id=row.id,
            asked_by=caller.name,
            key=caller.key,
            asked_at=now,
            before=before,
            after=after,
            state=ChangeState.WAITING,
        )
    )
    note(connection, caller, "registration.change", row, before, after, now)
