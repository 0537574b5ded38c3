"""Tables of docs/data-flow.md: the steps, the plan of papers, the states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache

from connectors.sdk.inside.registry import find_connectors
from connectors.sdk.kinds import PaperKind
from connectors.sdk.states import MILESTONES, STAGES, Rank
from hub.errors import awaited
from hub.flow import MEANINGS
from hub.papers.joining import kinds_of
from hub.papers.plan import PlanRow
from hub.papers.plan_sheets import PlanSheet, plan_rows, read_sheets
from hub.reference.words import code, codes, joined, markdown_table, phrase, titles


@cache
def kinds() -> dict[str, PaperKind]:
    """Every kind of paper that the installed connectors declare."""
    return kinds_of(find_connectors()[0])


@cache
def authorities(language: str) -> dict[str, str]:
    """Kind of paper → name of the authority that it goes to."""
    found, _ = find_connectors()
    return {kind: getattr(found[one.code].manifest, language) for kind, one in kinds().items()}


def kind_names(language: str) -> dict[str, str]:
    return {kind: one.name(language) for kind, one in kinds().items()}


def _bringers(milestone: str) -> list[str]:
    """Kinds of paper whose progress brings a milestone about."""
    return [kind for kind, one in kinds().items() if milestone in one.brings]


def steps(language: str) -> str:
    head = titles(language, "流、步骤、含义", "flow, step, what happens")
    return markdown_table(
        head, ((meaning.flow, code(step), getattr(meaning, language)) for step, meaning in MEANINGS.items())
    )


def plan(language: str) -> str:
    """One part for each supervision mode: its papers in a table and in a picture."""
    return "\n\n".join(_mode(sheet, language) for sheet in read_sheets())


def _mode(sheet: PlanSheet, language: str) -> str:
    mode, rows = sheet.mode, plan_rows([sheet], kinds())
    head = titles(
        language,
        "单证、种类、送往、等待、仅当、依据",
        "paper, kind, goes to, waits for, only, by which law or practice",
    )
    names, to = kind_names(language), authorities(language)
    cells = (
        (
            names[row.kind],
            code(row.kind),
            to[row.kind],
            _awaited(row, language),
            _only(row, language),
            _law(row, language),
        )
        for row in rows
    )
    label = "办结还须：" if language == "zh" else "Before it is finished also: "
    more = f"\n\n{label}{'、'.join(_milestone(name, language) for name in sheet.ends)}" if sheet.ends else ""
    title = f"#### {mode} {phrase('modes', mode, language)}"
    return f"{title}\n\n{markdown_table(head, cells)}{more}\n\n{_picture(rows, language)}"


def _law(row: PlanRow, language: str) -> str:
    """The law, from when until when it counts, and the day that decides."""
    if row.anchor is None:
        return row.source
    span = f"{row.since or '…'} – {row.until or '…'}"
    return f"{row.source} ({span}, {phrase('anchors', row.anchor, language)})"


def _awaited(row: PlanRow, language: str) -> str:
    return joined(language, (_milestone(name, language) for name in row.after))


def _milestone(name: str, language: str) -> str:
    if not name.startswith("accepted:"):
        return f"{code(name)} {awaited(name, language)}"
    kind = name.removeprefix("accepted:")
    return f"{kind_names(language)[kind]} {'已受理' if language == 'zh' else 'accepted'}"


def _only(row: PlanRow, language: str) -> str:
    said = [phrase("only", f"{path}={value}", language) for path, value in row.only.items()]
    if row.each == "remittances":
        said.append("每笔收汇一份" if language == "zh" else "one for each remittance")
    return joined(language, said)


def _picture(rows: list[PlanRow], language: str) -> str:
    """An arrow leads from the paper that brings a milestone about to the one that waits."""
    names = kind_names(language)
    arrows = dict.fromkeys(arrow for row in rows for arrow in _arrows(row, rows, names))
    return "\n".join(["```text", *arrows, "```"])


def _arrows(row: PlanRow, rows: list[PlanRow], names: Mapping[str, str]) -> Iterator[str]:
    due = {
        other.kind for other in rows if all(row.only.get(path, value) == value for path, value in other.only.items())
    }
    for name in row.after:
        if name.startswith("accepted:"):
            yield f"{names[name.removeprefix('accepted:')]} → {names[row.kind]}"
            continue
        bringers = [kind for kind in _bringers(name) if kind in due]
        for kind in bringers:
            yield f"{names[kind]} ─ {name} → {names[row.kind]}"
        if not bringers:
            yield f"{name} → {names[row.kind]}"


def milestones(language: str) -> str:
    head = titles(language, "里程碑、含义、由谁带来", "milestone, meaning, brought about by")
    return markdown_table(
        head,
        ((code(name), awaited(name, language), codes(_bringers(name)) or "—") for name in sorted(MILESTONES)),
    )


def states(language: str) -> str:
    """The table that the hub reads, with its words."""
    head = titles(
        language,
        "状态、含义、轮到、本系统可以、对方持有",
        "state, meaning, whose turn, the hub may, the authority has it",
    )
    rows = (
        (
            code(state.value),
            phrase("states", state.value, language),
            phrase("turns", stage.turn, language),
            joined(language, (phrase("doings", doing, language) for doing in stage.may)),
            "✓" if stage.has_it else phrase("turns", "maybe", language) * (stage.has_it is None),
        )
        for state, stage in STAGES.items()
    )
    return markdown_table(head, rows)


def ranks(language: str) -> str:
    head = titles(language, "分量、名称", "rank, name")
    return markdown_table(head, ((str(rank.value), code(rank.name.lower())) for rank in Rank))


def recall(language: str) -> str:
    head = titles(language, "单证、下列任何一份在对方手中后不能再改", "paper, can be changed until it has one of these")
    always = "随时可改" if language == "zh" else "at any time"
    recalled = ((kind, one.recall_until) for kind, one in kinds().items() if one.recall_until is not None)
    return markdown_table(head, ((code(kind), codes(until) or always) for kind, until in recalled))


def streams(language: str) -> str:
    """What is pulled from whom, how often, and how old it may be."""
    head = titles(language, "任务、来自、周期、承诺不晚于", "job, from, every, promised within")
    found, _ = find_connectors()
    rows = (
        (code(f"{name}.{stream}"), getattr(connector.manifest, language), _span(job.every), _span(job.promise))
        for name, connector in found.items()
        for stream, job in connector.manifest.streams.items()
    )
    return markdown_table(head, rows)


def _span(time: timedelta) -> str:
    """`90 s`, `15 min`, `6 h`, `2 d`."""
    for unit, length in (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1))):
        if time >= length and time % length == timedelta(0):
            return f"{time // length} {unit}"
    return f"{time.total_seconds():g} s"
