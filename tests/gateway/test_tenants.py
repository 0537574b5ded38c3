"""No way through the API leads from one enterprise to what is another's: every type and every root field is tried."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
from graphql import GraphQLObjectType

from hub.access import Role
from tests.support.consolidations.quay import TYPED
from tests.support.gateway.town import SCHEMA, Town
from tests.support.gateway.walking import leaves, object_types
from tests.support.world import World, demo_file

OPEN_TO_ALL = {"belts": "what belts there are", "schedules": "what can be booked", "warehouses": "where goods can go"}
"""Root fields that answer everybody who is signed in, and what with."""
NAMING = {
    "number", "orderNumber", "uscc", "customsCode", "nameZh", "nameEn", "buyerName", "payer", "sku",
    "bankReference", "reportNumber", "filingNumber", "transportDocument", "invoice", "rawMessage", "download", "url",
    "payload", "specification",
}  # fmt: skip
"""Fields whose values tell whose they are."""
HARMLESS = {"registerEnterprise"}
"""Anybody may apply, for any enterprise: whoever is registered notices nothing of it."""
REFUSED = {"NOT_FOUND", "TRADE_UNNAMED", "FORBIDDEN", "UNAUTHENTICATED", "SANDBOX_ONLY", "QUERY_TOO_LARGE"}


@pytest.fixture
def town(small_world: World) -> Town:
    return Town(small_world)


def test_nobody_comes_to_what_is_anothers_by_any_question(town: Town) -> None:
    town.play()
    town.world.ask('mutation { runJob(job: "tax.rates", reason: "a look") { job } }', town.world.staff)
    neighbour = town.move_in()  # last, so that nothing happens to it that happens to the owner
    own, staffs = town.answers(town.owner), town.answers(town.world.issue("viewer", Role.VIEWER))
    shown = {value for answer in (own, staffs) for name, value in leaves(answer) if name.endswith(".__typename")}
    assert sorted(object_types(SCHEMA) - shown) == [], "types of which the owner itself has nothing prove nothing"

    for who, key in town.strangers.items():
        answers = town.answers(key)
        tenants = {name: answer for name, answer in answers.items() if name not in OPEN_TO_ALL}
        assert {name: answer for name, answer in tenants.items() if not all(map(is_empty, answer))} == {}, who
    for who in ("an enterprise's account that acts for nobody", "a platform without consent"):
        belts = town.world.ask("{ belts { members { uscc } } }", town.strangers[who])["belts"]
        assert belts
        assert all(belt["members"] == [] for belt in belts), who

    public = {value for _, value in leaves(town.world.ask("{ belts { nameZh nameEn } }", neighbour))}
    telling = {value for name, value in leaves(own) if is_naming(name) and len(str(value)) > 5} - public
    assert len(telling) > 50
    seen = town.answers(neighbour)
    assert len(seen["trades"][0]["data"]["trades"]) == 1, "the neighbour sees its own"
    assert {value for _, value in leaves(seen)} & telling == set()

    for path in sorted({value for name, value in leaves(own) if name.endswith(".download")}):
        town.world.clock.forward(timedelta(minutes=1))  # more paths than a stranger may try in one
        assert fetched(town, path, town.owner) == 200
        assert {fetched(town, path, key) for key in (neighbour, *town.strangers.values())} <= {401, 403, 404}


def test_nobody_orders_anything_about_what_is_anothers(town: Town) -> None:
    mutation = SCHEMA.type_map["Mutation"]
    assert isinstance(mutation, GraphQLObjectType)
    neighbour = town.move_in()
    before = town.answers(town.owner)
    for name, field in mutation.fields.items():
        values = {arg: about_the_owner(town, name, arg) for arg in field.args}
        declared = ", ".join(f"${arg}: {made.type}" for arg, made in field.args.items())
        passed = ", ".join(f"{arg}: ${arg}" for arg in field.args)
        inside = "{ errors { code } }" if "errors" in getattr(named(field.type), "fields", {}) else ""
        inside = inside or ("{ __typename }" if isinstance(named(field.type), GraphQLObjectType) else "")
        answer = town.world.post(f"mutation({declared}) {{ {name}({passed}) {inside} }}", neighbour, **values)
        assert codes_of(answer.json(), name) <= REFUSED, f"{name}: {answer.text}"
        assert codes_of(answer.json(), name) or name in HARMLESS, f"{name}: {answer.text}"
    after = town.answers(town.owner)
    for answers in (before, after):
        answers.pop("auditLog")  # where the owner reads that somebody applied for its enterprise
    assert after == before


def about_the_owner(town: Town, mutation: str, argument: str) -> Any:
    """A value of an argument that means the owner or something of the owner's; KeyError where none is known."""
    uscc = demo_file("enterprises", "xuchang-hair")["uscc"]
    ids = {
        "removeWebhook": town.webhook, "testWebhook": town.webhook, "replayWebhookDelivery": town.delivery,
        "withdrawConsent": town.consent, "matchRemittance": town.unclear(),
        "matchBasicInformation": town.unclear_number(), "settleAdvice": town.advice,
        "decideRegistrationChange": town.change, "decideAccountClaim": town.claim,
    }  # fmt: skip
    trade = demo_file("trades", "xuchang-wigs-to-chicago") | {"orderNumber": "XC-NEW"}
    values: dict[str, Any] = {
        "number": town.numbers[1], "version": 1, "changes": [{"path": "packages", "value": "7"}], "reason": "mine now",
        "enterprise": uscc, "uscc": uscc, "decision": "suspended", "job": "customs.responses", "everything": True,
        "url": "https://8.8.8.8/", "events": ["trade.finished"], "account": "platform", "purpose": "spying",
        "remittance": town.unclear(), "remittances": [town.unclear()], "completion": {"country": "US"},
        "endsAt": None, "acts": ["read"], "again": True,
        "trades": town.numbers[:1], "leg": 1,
        "shares": [{"trade": town.numbers[1], "amount": "1.00"}], "inputs": [trade],
        "application": None,
        "input": demo_file("enterprises", "xuchang-hair") if mutation == "registerEnterprise" else trade,
    }  # fmt: skip
    if "Consolidation" in mutation and argument in ("number", "input"):
        return {**TYPED, "enterprise": uscc} if argument == "input" else town.consolidation
    if mutation == "settlePaper" and argument == "number":
        return f"{town.numbers[1]}-01"
    if mutation in ("decideRegistrationChange", "decideAccountClaim") and argument == "decision":
        return "approved"
    return ids[mutation] if argument == "id" else values[argument]


def is_naming(name: str) -> bool:
    """`Document.reference` is an authority's number; the reference of a trace may be a word of ours."""
    return name == "Document.reference" or name.rpartition(".")[2] in NAMING


def codes_of(answer: Any, name: str) -> set[str]:
    """Codes of what was refused, as a whole or in what came back."""
    whole = {error["extensions"]["code"] for error in answer.get("errors", ())}
    told = (answer.get("data") or {}).get(name)
    parts = told if isinstance(told, list) else [told]
    return whole | {error["code"] for part in parts if isinstance(part, dict) for error in part.get("errors", ())}


def named(type_: Any) -> Any:
    while hasattr(type_, "of_type"):
        type_ = type_.of_type
    return type_


def is_empty(answer: Any) -> bool:
    """Nothing but a refusal, or a list without rows."""
    if "errors" in answer:
        return {error["extensions"]["code"] for error in answer["errors"]} <= REFUSED and not any(
            (answer.get("data") or {}).values()
        )
    return not any(answer["data"].values())


def fetched(town: Town, path: str, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return requests.get(town.world.address + path, headers=headers, timeout=10).status_code
