"""An enterprise's registration: its particulars and who works for it. Typed once; papers take them from here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate
from sqlalchemy import Connection, insert, select, update

from hub.entry.read import problems_of
from hub.entry.schema import Strict, Words, credit_code
from hub.errors import EntryRefused
from hub.model import Belt, Enterprise

CUSTOMS_CODE = validate.Regexp(
    r"^[0-9]{4}[0-9A-Z][0-9][0-9A-Z]{4}$", error="a customs registration code has 10 characters, such as 411096500K"
)
CUSTOMS_OFFICE = validate.Regexp(r"^[0-9]{4}$", error="a customs office has 4 digits, such as 4604")


class Firm(Strict):
    code = Words(18, required=True)
    name = Words(100, required=True)


class Bank(Strict):
    """`code` is the bank's four-digit code in the receipt report number (RPTNO)."""

    account = Words(32, required=True)
    code = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{4}$", error="a bank code has 4 digits"))
    name = Words(100, required=True)


class Registration(Strict):
    uscc = fields.String(required=True, validate=credit_code)
    customsCode = fields.String(required=True, validate=CUSTOMS_CODE, attribute="customs_code")
    nameZh = Words(100, required=True, attribute="name_zh")
    nameEn = Words(100, required=True, attribute="name_en")
    addressEn = Words(300, required=True, attribute="address_en")
    telephone = Words(20, required=True)
    contact = Words(20, required=True)
    belt = Words(40, load_default=None, allow_none=True)
    customsOffice = fields.String(required=True, validate=CUSTOMS_OFFICE)
    declarant = fields.Nested(Firm, required=True)
    logistics = fields.Nested(Firm, required=True)
    bank = fields.Nested(Bank, required=True)
    platforms: fields.Dict = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    paymentProviders: fields.Dict = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)


REGISTRATION = Registration()
PARTNERS = ("contact", "customsOffice", "declarant", "logistics", "bank", "platforms", "paymentProviders")


def register(connection: Connection, typed: Any, now: datetime) -> tuple[int, bool]:
    """Registers an enterprise or renews its registration; its id, and whether it is new."""
    try:
        values: dict[str, Any] = REGISTRATION.load(typed)
    except ValidationError as error:
        raise EntryRefused(problems_of(error, REGISTRATION)) from None
    belt = values.pop("belt")
    values["partners"] = {name: values.pop(name) for name in PARTNERS}
    values["belt_id"] = connection.scalar(select(Belt.id).where(Belt.code == belt)) if belt else None
    known = connection.scalar(select(Enterprise.id).where(Enterprise.uscc == values["uscc"]))
    if known:
        connection.execute(update(Enterprise).where(Enterprise.id == known).values(**values))
        return known, False
    new = insert(Enterprise).values(**values, registered_at=now).returning(Enterprise.id)
    return connection.execute(new).scalar_one(), True
