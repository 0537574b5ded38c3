"""An enterprise's registration: its particulars and who works for it. Typed once; papers take them from here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields
from sqlalchemy import Connection, insert, select

from hub.access import Caller
from hub.access.at_the_machine import LOCAL
from hub.access.audit import write_audit
from hub.access.meant import registered_id
from hub.dossiers.consolidation_kinds import EACH, PERIODS
from hub.entry.changing import renew
from hub.entry.entry_schema import Firm, Strict
from hub.entry.reading import problems_of
from hub.entry.value_fields import CodeField, CreditCode, Identifier, Words, between, one_of
from hub.errors import EntryProblem, EntryRefused
from hub.model import Belt, Enterprise
from hub.model.row_states import EnterpriseState
from hub.money.accounts import claim_account
from hub.money.remittances import reopen_unclear

CUSTOMS_CODE = r"[0-9]{4}[0-9A-Z][0-9][0-9A-Z]{4}"
CUSTOMS_OFFICE = r"[0-9]{4}"
BANK_CODE = r"[0-9]{4}"
BATCH = r"(?!000)[0-9]{3}"
MOST_PARTNERS = 1_000


class Partners(fields.Dict):
    """Platforms or payment providers by the name that trades give them: their code at customs, or 无 for one abroad."""

    def __init__(self, **settings: Any) -> None:
        keys, values = Words(100, required=True), Identifier(18, required=True)
        super().__init__(keys=keys, values=values, load_default=dict, validate=between(0, MOST_PARTNERS), **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **settings: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **settings)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            # the library keeps what is wrong with names and with values apart; here each is said of its name
            said = {name: one.get("key") or one.get("value") for name, one in error.messages.items()}
            raise ValidationError(said) from None


class Logistics(Firm):
    """`parcelNumbers`: who gives the numbers of parcels (面单号): `carrier`, then each trade names its own; or `hub`,

    then the carrier has agreed that the hub's number of the trade stands on its label.
    """

    parcelNumbers = CodeField(required=True, validate=one_of("carrier", "hub"))


class Bank(Strict):
    """`code` is the bank's four-digit code in the remittance report number (RPTNO)."""

    account = Identifier(32, required=True)
    code = CodeField(BANK_CODE, "bank code", required=True)
    name = Words(100, required=True)


class Registration(Strict):
    """An exporter. `declarant` is the 报关企业, `producer` the 生产销售单位 of what it exports (NO: it has no code).

    `refundBatch` is the first 申报批次 of a month under which the hub files refunds; those before it stay the
    exporter's own. `summaries` and `refunds` say how many trades go into one summary application and one filing: those
    of a day, of a month, or each by itself.
    """

    uscc = CreditCode(required=True)
    customsCode = CodeField(CUSTOMS_CODE, "customs code", required=True, attribute="customs_code")
    nameZh = Words(100, required=True, attribute="name_zh")
    nameEn = Words(100, required=True, attribute="name_en")
    addressEn = Words(300, required=True, attribute="address_en")
    telephone = Identifier(20, required=True)
    contact = Words(20, required=True)
    belt = Words(40, load_default=None, allow_none=True)
    customsOffice = CodeField(CUSTOMS_OFFICE, "customs office", required=True)
    declarant = fields.Nested(Firm, required=True)
    producer = fields.Nested(Firm, required=True)
    logistics = fields.Nested(Logistics, required=True)
    bank = fields.Nested(Bank, required=True)
    refundBatch = CodeField(BATCH, "batch", required=True)
    summaries = CodeField(load_default=EACH, validate=one_of(*PERIODS))
    refunds = CodeField(load_default=EACH, validate=one_of(*PERIODS))
    platforms = Partners()
    paymentProviders = Partners()


REGISTRATION = Registration()
PARTNERS = (
    "contact", "customsOffice", "declarant", "producer", "logistics", "bank", "refundBatch", "platforms",
    "paymentProviders", "summaries", "refunds",
)  # fmt: skip


def register(connection: Connection, typed: Any, now: datetime, caller: Caller = LOCAL) -> tuple[int, bool]:
    """Registers an enterprise as approved, or renews its registration; its id, and whether it is new.

    A renewal takes what may change at once, and asks staff for the rest: `hub.entry.changing`.
    """
    values = read_registration(connection, typed)
    known = registered_id(connection, values["uscc"])
    if known is not None:
        renew(connection, known, values, caller, now)
        return known, False
    new = insert_enterprise(connection, values, EnterpriseState.APPROVED, now)
    write_audit(connection, caller, "enterprise.register", values["uscc"], now, enterprise_id=new)
    take_account(connection, new, values["partners"]["bank"]["account"], now)
    return new, True


def read_registration(connection: Connection, typed: Any) -> dict[str, Any]:
    """What was typed, as the columns of an enterprise. EntryRefused lists all that is wrong."""
    try:
        values: dict[str, Any] = REGISTRATION.load(typed)
    except ValidationError as error:
        raise EntryRefused(problems_of(error, REGISTRATION)) from None
    belt = values.pop("belt")
    values["partners"] = {name: values.pop(name) for name in PARTNERS}
    values["belt_id"] = _belt(connection, belt) if belt else None
    return values


def insert_enterprise(connection: Connection, values: Mapping[str, Any], state: EnterpriseState, now: datetime) -> int:
    approved_at = now if state == EnterpriseState.APPROVED else None
    columns = {**values, "state": state, "registered_at": now, "approved_at": approved_at}
    new: int = connection.execute(insert(Enterprise).values(**columns).returning(Enterprise.id)).scalar_one()
    return new


def take_account(connection: Connection, enterprise_id: int, account: str, now: datetime) -> bool:
    """The account is the enterprise's from now on, with money on it that was nobody's; False where others hold it."""
    held = claim_account(connection, enterprise_id, account, now)
    if held:
        reopen_unclear(connection, enterprise_id)
    return held


def _belt(connection: Connection, code: str) -> int:
    known = {row.code: row.id for row in connection.execute(select(Belt.code, Belt.id))}
    if code not in known:
        parameters = {"value": code, "what": "belt", "standard": ", ".join(sorted(known))}
        raise EntryRefused([EntryProblem("belt", "UNKNOWN_CODE", parameters)])
    return int(known[code])
