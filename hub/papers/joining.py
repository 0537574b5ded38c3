"""Joins what connectors bring (papers, derivations, plan rows) with what the hub knows; what cannot be is left out."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from difflib import get_close_matches

from connectors.sdk.connector import Connector
from connectors.sdk.errors import ManifestError
from connectors.sdk.http import utc_now
from connectors.sdk.inside.registry import OURS, start_connector
from connectors.sdk.inside.setting_specs import variable
from connectors.sdk.manifest import Manifest
from connectors.sdk.papers import PAPERS
from hub.errors import PlanWrong, SettingsWrong
from hub.papers.derivation import Derivation, declared_derivation
from hub.papers.derivations import DERIVATIONS
from hub.papers.desk import Desk
from hub.papers.places import PLACES
from hub.papers.plan import ROWS, Plan, PlanRow, Routes
from hub.setting_sources import SERVES
from hub.settings import OTHER_VARIABLES, TABLE, Settings


def admit(
    classes: Mapping[str, type[Connector]],
    settings: Settings,
    now: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    *,
    typed: Collection[str],
) -> tuple[dict[str, Connector], list[ManifestError]]:
    """Connectors with their settings, and why others are left out: one that cannot be used stops no other.

    `typed` are the paths of an entry that a paper's field may come from.
    """
    connectors: dict[str, Connector] = {}
    left_out: list[ManifestError] = []
    contested = _contested({code: one.manifest for code, one in classes.items() if not one.__module__.startswith(OURS)})
    for code, connector in classes.items():
        try:
            if code in contested:
                raise ManifestError(contested[code])
            refuse_clashes(connector, connectors, typed)
        except ManifestError as error:
            left_out.append(error)
            continue
        for source in settings.sources_of(code):
            try:
                _refuse_borrowed(source, settings)
                instance = source.partition("@")[2]
                started = start_connector(connector, settings.of_connector(source), now, sleep, instance)
                join_plans({**connectors, source: started})
                connectors[source] = started
            except ManifestError as error:
                left_out.append(error)
            except PlanWrong as error:
                left_out.append(ManifestError(f"{source}: {error.words()}"))
    return connectors, left_out


def _refuse_borrowed(source: str, settings: Settings) -> None:
    """ManifestError where one of several sources would be at the address that the manifest has for the only one."""
    name = f"{source}.base_url"
    if "@" in source and name in settings.chosen and settings.chosen[name].origin == "default":
        raise ManifestError(f"{name}: it is not set, and its default is not this source's; set {variable(name)}")


def routes(classes: Mapping[str, type[Connector]], settings: Settings, admitted: Collection[str]) -> Routes:
    """Where papers go that one connector hands to several sources: by the place that the goods leave from.

    SettingsWrong where that is not said, or said twice. What a source serves goes nowhere else while it is left out.
    """
    found: dict[str, dict[str, str | None]] = {}
    problems = []
    known = {code for code, place in PLACES.items() if place.customs_office}
    for code, connector in classes.items():
        sources, route = settings.sources_of(code), dict[str, str]()
        if sources[0] not in settings["sources"] or not connector.manifest.submissions:
            continue
        for source in sources:
            serves: tuple[str, ...] | None = settings[f"{source}.{SERVES}"]
            for place in ("",) if serves is None else serves:
                other = route.setdefault(place, source)
                if place and place not in known:
                    problems.append((f"{source}.{SERVES}", f"{place} is none of {', '.join(sorted(known))}"))
                elif other != source:
                    problems.append((f"{source}.{SERVES}", _served_twice(place, source, other)))
        where = {place: source if source in admitted else None for place, source in route.items()}
        found |= dict.fromkeys(connector.manifest.submissions, where)
    if problems:
        raise SettingsWrong(problems)
    return found


def _served_twice(place: str, source: str, other: str) -> str:
    if place:
        return f"{place} is served by {other} already"
    name = variable(f"{source}.{SERVES}")
    return (
        f"neither {other} nor {source} says which places it serves, so a paper could go to either; list the places of "
        f"one, such as {name}=CNLYA, or {name}=none where no paper goes there"
    )


def _contested(manifests: Mapping[str, Manifest]) -> dict[str, str]:
    """Code → why neither is used of two that claim the same paper or variable. The hub's own are not among these."""
    claims: dict[str, list[str]] = {}
    for code, manifest in manifests.items():
        for claim in (*manifest.submissions, *_variables(manifest)):
            claims.setdefault(claim, []).append(code)
    return {
        code: f"{code}: {claim} is claimed by {' and by '.join(codes)}; none of them is used while both are installed"
        for claim, codes in claims.items()
        if len(codes) > 1
        for code in codes
    }


def _variables(manifest: Manifest) -> list[str]:
    return [variable(f"{manifest.code}.{name}") for name in manifest.settings]


def refuse_clashes(connector: type[Connector], others: Mapping[str, Connector], typed: Collection[str]) -> None:
    """ManifestError where a connector sends a kind that another sends, or one that nobody can derive.

    Also where a setting of its would be read from a variable that is the hub's or another's.
    """
    manifest = connector.manifest
    taken = {kind: code for code, other in others.items() for kind in other.manifest.submissions}
    own = own_derivations(manifest)
    variables = dict.fromkeys((*(one.variable for one in TABLE), *OTHER_VARIABLES), "the hub")
    variables |= {name: code for code, other in others.items() for name in _variables(other.manifest)}
    for name in _variables(manifest):
        if name in variables:
            raise ManifestError(f"{manifest.code}: {name} would be its setting, and is that of {variables[name]}")
    for kind in manifest.submissions:
        if kind in taken:
            raise ManifestError(f"{manifest.code}: {kind} is sent by {taken[kind]} already")
        if kind in own and kind in DERIVATIONS:
            raise ManifestError(f"{manifest.code}: the hub knows the fields of {kind} itself; take its head away")
    for kind in {*manifest.submissions, *(row.kind for row in manifest.plan)}:
        if kind not in DERIVATIONS and kind not in own:
            raise ManifestError(
                f"{manifest.code}: there is no derivation that says where the fields of {kind} come from"
            )
    for kind, derivation in own.items():
        for path in sorted(derivation.entry_paths() - {*typed}):
            near = ", ".join(get_close_matches(path, typed, n=3)) or "see the tables of docs/unified-model.md"
            raise ManifestError(f"{manifest.code}: {kind} reads entry:{path}, which nobody types; near to it: {near}")


def own_derivations(manifest: Manifest) -> dict[str, Derivation]:
    """The derivations of the kinds that are a connector's own. ManifestError where a source is not known."""
    try:
        return {
            kind: declared_derivation(kind, spec.sources) for kind, spec in manifest.submissions.items() if spec.head
        }
    except PlanWrong as error:
        raise ManifestError(f"{manifest.code}: {error.words()}") from None


def join_plans(connectors: Mapping[str, Connector], routes: Routes | None = None) -> Plan:
    """The hub's plan with the connectors' rows. PlanWrong where one waits for what cannot be, or in a circle."""
    manifests = {connector.manifest.code: connector.manifest for connector in connectors.values()}
    more = [
        PlanRow(mode, row.kind, tuple(row.after), row.only, row.each)
        for manifest in manifests.values()
        for row in manifest.plan
        for mode in row.modes
    ]
    authorities = {kind: source for source, one in connectors.items() for kind in one.manifest.submissions}
    return Plan([*ROWS, *more], authorities, routes)


def build_desk(
    connectors: Mapping[str, Connector],
    now: Callable[[], datetime],
    new_guid: Callable[[], uuid.UUID],
    routes: Routes | None = None,
) -> Desk:
    """Joins the plan, the derivations and the schemas with what the connectors add, and refuses what cannot be."""
    manifests = {code: connector.manifest for code, connector in connectors.items()}
    plan = join_plans(connectors, routes)
    kinds = {kind: spec for manifest in manifests.values() for kind, spec in manifest.submissions.items()}
    derivations = {kind: one for manifest in manifests.values() for kind, one in own_derivations(manifest).items()}
    return Desk(
        plan=plan,
        submissions={kind: one for connector in connectors.values() for kind, one in connector.submissions.items()},
        codes={code: connector.codes for code, connector in connectors.items()},
        names={code: _names(connector) for code, connector in connectors.items()},
        kind_names={kind: {"zh": spec.zh, "en": spec.en} for kind, spec in kinds.items()},
        normal_times={kind: spec.normal for kind, spec in kinds.items()},
        now=now,
        new_guid=new_guid,
        derivations={**DERIVATIONS, **derivations},
        served={code: connector.submissions for code, connector in connectors.items()},
        editions={code: f"{manifest.code} {manifest.edition}" for code, manifest in manifests.items()},
        schemas={**PAPERS, **{kind: manifests[plan.authorities[kind]].paper_schema(kind) for kind in derivations}},
    )


def _names(connector: Connector) -> dict[str, str]:
    """What a source is called; one of several by its instance, too."""
    zh, en = connector.manifest.zh, connector.manifest.en
    told = connector.instance
    return {"zh": f"{zh}（{told}）", "en": f"{en} ({told})"} if told else {"zh": zh, "en": en}
