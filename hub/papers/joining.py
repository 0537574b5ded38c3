"""Joins what connectors bring (papers, derivations, plan rows) with what the hub knows; what cannot be is left out."""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from connectors.sdk.connector import Connector
from connectors.sdk.errors import ManifestError
from connectors.sdk.http import utc_now
from connectors.sdk.inside.registry import OURS, start_connector
from connectors.sdk.inside.setting_specs import variable
from connectors.sdk.kinds import PaperKind
from connectors.sdk.manifest import Manifest
from hub.errors import PlanWrong, SettingsWrong
from hub.papers.computations import COMPUTATIONS
from hub.papers.declared import Typed, near, paper_problem, row_problem
from hub.papers.derivation import read_derivation
from hub.papers.desk import Desk
from hub.papers.places import PLACES
from hub.papers.plan import Plan, PlanRow, Routes
from hub.papers.plan_sheets import plan_rows, read_sheets
from hub.papers.sources import Shelves
from hub.setting_sources import SERVES
from hub.settings import OTHER_VARIABLES, TABLE, Settings


class Admitted(NamedTuple):
    """Connectors by source; the classes by code whose papers can be read, also where their settings are wrong; and why
    others are left out.
    """

    connectors: dict[str, Connector]
    classes: dict[str, type[Connector]]
    left_out: list[ManifestError]


def admit(
    classes: Mapping[str, type[Connector]],
    settings: Settings,
    now: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    *,
    typed: Typed,
) -> Admitted:
    """Connectors with their settings, and why others are left out: one that cannot be used stops no other."""
    connectors: dict[str, Connector] = {}
    known: dict[str, type[Connector]] = {}
    left_out: list[ManifestError] = []
    outsiders = {code: one for code, one in classes.items() if not one.__module__.startswith(OURS)}
    contested = _contested({code: one.manifest for code, one in outsiders.items()})
    contested |= _spoiling(classes, {code: one for code, one in outsiders.items() if code not in contested})
    sound = {code: one for code, one in classes.items() if code not in contested}
    for code, connector in classes.items():
        try:
            if code in contested:
                raise ManifestError(contested[code])
            refuse_clashes(connector, connectors, sound, typed)
        except ManifestError as error:
            left_out.append(error)
            continue
        known[code] = connector
        for source in settings.sources_of(code):
            try:
                _refuse_borrowed(source, settings)
                instance = source.partition("@")[2]
                connectors[source] = start_connector(connector, settings.of_connector(source), now, sleep, instance)
            except ManifestError as error:
                left_out.append(error)
    return Admitted(connectors, known, left_out)


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
        if sources[0] not in settings["sources"] or not connector.manifest.papers:
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
        found |= dict.fromkeys(connector.manifest.papers, where)
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
    """Code → why neither is used of two that claim the same variable. The hub's own are not among these."""
    claims: dict[str, list[str]] = {}
    for code, manifest in manifests.items():
        for claim in _variables(manifest):
            claims.setdefault(claim, []).append(code)
    return {
        code: f"{code}: {claim} is claimed by {' and by '.join(codes)}; none of them is used while both are installed"
        for claim, codes in claims.items()
        if len(codes) > 1
        for code in codes
    }


def _spoiling(classes: Mapping[str, type[Connector]], outsiders: Mapping[str, type[Connector]]) -> dict[str, str]:
    """Code → why an outsider is not used with whose kinds the hub's own plan would be wrong, such as a role twice."""
    sound = {code: one for code, one in classes.items() if one.__module__.startswith(OURS)}
    found = {}
    for code, connector in outsiders.items():
        try:
            join_plans(sound, kinds_of({**sound, code: connector}))
        except PlanWrong as error:
            found[code] = f"{code}: {error.parameters['problems']}"
        else:
            sound[code] = connector
    return found


def _variables(manifest: Manifest) -> list[str]:
    return [variable(f"{manifest.code}.{name}") for name in manifest.settings]


def refuse_clashes(
    connector: type[Connector],
    others: Mapping[str, Connector],
    classes: Mapping[str, type[Connector]],
    typed: Typed,
) -> None:
    """ManifestError where a connector declares what nobody could derive, plan or tell from another's.

    `others` are those that are admitted already, `classes` all that are installed.
    """
    manifest = connector.manifest
    variables = dict.fromkeys((*(one.variable for one in TABLE), *OTHER_VARIABLES), "the hub")
    variables |= {name: code for code, other in others.items() for name in _variables(other.manifest)}
    for name in _variables(manifest):
        if name in variables:
            raise ManifestError(f"{manifest.code}: {name} would be its setting, and is that of {variables[name]}")
    installed = {**classes, manifest.code: connector}
    for place, row in enumerate(manifest.plan):
        if problem := row_problem(row, kinds_of(installed), typed):
            raise ManifestError(f"{manifest.code}: manifest.toml: plan.{place}: {row.kind}: {problem}")
    for paper in manifest.papers.values():
        if problem := paper_problem(paper, kinds_of(installed)):
            raise ManifestError(f"{manifest.code}: {paper.kind}: {problem}")
    try:
        shelves = shelves_of(connector, installed)
        derivations = {kind: read_derivation(one, shelves) for kind, one in manifest.papers.items()}
        join_plans({**others, manifest.code: connector}, kinds_of(installed))
    except PlanWrong as error:
        raise ManifestError(f"{manifest.code}: {error.parameters['problems']}") from None
    for kind, derivation in derivations.items():
        for path in sorted(derivation.entry_paths() - typed.paths):
            raise ManifestError(f"{manifest.code}: {kind} reads entry:{path}, which nobody types; {near(path, typed)}")


def classes_of(connectors: Mapping[str, Connector]) -> dict[str, type[Connector]]:
    return {one.manifest.code: type(one) for one in connectors.values()}


def kinds_of(classes: Mapping[str, type[Connector]]) -> dict[str, PaperKind]:
    """Every kind of paper that the installed connectors declare."""
    return {kind: one for connector in classes.values() for kind, one in connector.manifest.papers.items()}


def shelves_of(connector: type[Connector], classes: Mapping[str, type[Connector]]) -> Shelves:
    """What the sources of a connector's papers may name: its own computations, and the facts that any paper gives.

    PlanWrong where a computation of its own has the name of one that the hub knows.
    """
    facts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for kind in kinds_of(classes).values():
        for fact, answer in kind.gives.items():
            facts[fact][kind.kind] = answer
    for name in connector.computations:
        if name in COMPUTATIONS:
            raise PlanWrong(problems=f"computed:{name} is the hub's own; give yours another name")
    return Shelves(connector.computations, facts)


def join_plans(
    connectors: Mapping[str, Connector | type[Connector]], kinds: Mapping[str, PaperKind], routes: Routes | None = None
) -> Plan:
    """The hub's plan with the rows of these connectors. PlanWrong where one waits for what cannot be."""
    manifests = {connector.manifest.code: connector.manifest for connector in connectors.values()}
    more = [
        PlanRow(mode, row.kind, tuple(row.after), row.only, row.each)
        for manifest in manifests.values()
        for row in manifest.plan
        for mode in row.modes
    ]
    authorities = {kind: source for source, one in connectors.items() for kind in one.manifest.papers}
    sheets = read_sheets()
    return Plan(
        [*plan_rows(sheets, kinds), *more],
        kinds,
        authorities,
        routes,
        carried={one.mode for one in sheets if one.is_carried},
        ends={one.mode: one.ends for one in sheets if one.ends},
    )


def build_desk(
    connectors: Mapping[str, Connector],
    now: Callable[[], datetime],
    new_guid: Callable[[], uuid.UUID],
    routes: Routes | None = None,
    classes: Mapping[str, type[Connector]] | None = None,
) -> Desk:
    """Joins the plan with what the connectors declare, and refuses what cannot be.

    `classes` are all that are installed, where some of them are left out of `connectors`.
    """
    installed = {**(classes or {}), **classes_of(connectors)}
    return Desk(
        plan=join_plans(connectors, kinds_of(installed), routes),
        kinds=kinds_of(installed),
        derivations={
            kind: read_derivation(one, shelves_of(connector, installed))
            for connector in installed.values()
            for kind, one in connector.manifest.papers.items()
        },
        submissions={kind: one for connector in connectors.values() for kind, one in connector.submissions.items()},
        codes={code: connector.codes for code, connector in connectors.items()},
        names={code: _names(connector) for code, connector in connectors.items()},
        now=now,
        new_guid=new_guid,
        served={code: connector.submissions for code, connector in connectors.items()},
        editions={code: f"{one.manifest.code} {one.manifest.edition}" for code, one in connectors.items()},
    )


def _names(connector: Connector) -> dict[str, str]:
    """What a source is called; one of several by its instance, too."""
    zh, en = connector.manifest.zh, connector.manifest.en
    told = connector.instance
    return {"zh": f"{zh}（{told}）", "en": f"{en} ({told})"} if told else {"zh": zh, "en": en}
