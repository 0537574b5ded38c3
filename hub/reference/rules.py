"""Tables of docs/access.md, docs/errors.md, docs/files.md, docs/limits.md, docs/settings.md and docs/units.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.sdk import errors as failures_of_connectors
from connectors.sdk.errors import ConnectorError
from connectors.sdk.units import BY_CODE, Unit
from hub.access.actions import ACTIONS
from hub.access.acts import COVERS, LENT
from hub.access.request_rates import RATES, CallerKind, Door
from hub.entry.files.columns import COLUMNS, NAMES
from hub.errors import WORDS, term
from hub.reference.words import code, markdown_table, phrase, sentence, titles
from hub.setting_kinds import Setting
from hub.settings import OTHER_VARIABLES, TABLE
from hub_graphql.query_limits import BOUNDS


def errors(language: str) -> str:
    """Every code of the hub; `{…}` are its parameters."""
    zh = language == "zh"
    head = titles(language, "代码、HTTP、发生了什么、怎么办", "code, HTTP, what happened, what to do")
    rows = (
        (code(name), str(one.status), _braces(one.zh if zh else one.en), _braces(one.way_zh if zh else one.way_en))
        for name, one in WORDS.items()
    )
    return markdown_table(head, rows)


def _braces(text: str) -> str:
    """As it is said: a doubled brace is one, an angle bracket no HTML."""
    return text.replace("{{", "{").replace("}}", "}").replace("<", "&lt;")


def failures(language: str) -> str:
    """What goes wrong with an authority, by what happens next."""
    head = titles(language, "代码、接下来", "code, what happens next")
    kinds = [one for one in vars(failures_of_connectors).values() if isinstance(one, type)]
    rows = (
        (code(one.code), phrase("failures", one.code, language, sentence(one.__doc__)))
        for one in kinds
        if issubclass(one, ConnectorError) and "code" in vars(one)
    )
    return markdown_table(head, rows)


def rates(language: str) -> str:
    """Requests a minute, by door and kind of caller."""
    head = titles(language, "入口", "door") + [phrase("callers", kind, language) for kind in CallerKind]
    doors = ((code(phrase("doors", door, language, door)), RATES[door]) for door in Door)
    return markdown_table(
        head, ([name, *(f"{most[kind]:,}" if kind in most else "—" for kind in CallerKind)] for name, most in doors)
    )


def settings(language: str, asked: Sequence[Setting] = TABLE) -> str:
    """Every setting of the hub, or of `asked`."""
    zh = language == "zh"
    demonstration = "（演示用）" if zh else "(for the demonstration)"
    en = "variable, in the file, type, default, meaning, secret"
    head = titles(language, "变量、配置文件中、类型、默认值、含义、保密", en)
    rows = (
        (
            code(one.variable),
            code(one.name),
            " ".join([one.kind, *_bounds(one)]),
            demonstration if one.secret and one.default else code(one.default) or "—",
            phrase("settings", one.name, language, one.help),
            ("是" if zh else "yes") if one.secret else "",
        )
        for one in asked
    )
    return markdown_table(head, rows)


def _bounds(setting: Setting) -> Iterator[str]:
    if setting.choices:
        yield f"({', '.join(setting.choices)})"
    if setting.least is not None and setting.most is not None:
        yield f"({setting.least:g} – {setting.most:.16g})"


def acts(language: str) -> str:
    """What an account may do for an enterprise."""
    head = titles(language, "名称、含义、可授予代理", "name, covers, can be lent")
    place = 0 if language == "zh" else 1
    return markdown_table(head, ((code(act), said[place], "✓" if act in LENT else "") for act, said in COVERS.items()))


def actions(language: str) -> str:
    """What the audit log names."""
    place = 0 if language == "zh" else 1
    head = titles(language, "动作、含义", "action, what was done")
    return markdown_table(head, ((code(name), said[place]) for name, said in ACTIONS.items()))


def variables(language: str) -> str:
    head = titles(language, "变量、含义", "variable, meaning")
    return markdown_table(head, ((code(name), phrase("variables", name, language)) for name in sorted(OTHER_VARIABLES)))


def limits(language: str) -> str:
    """The limits of a GraphQL operation, by who asks."""
    en = "measure, what it is, without a key, with a key, staff, why"
    head = titles(language, "名称、含义、无密钥、有密钥、政务、为何", en)
    rows = (
        (
            code(one.measure),
            term(one.measure, language),
            *(f"{most:,}" for most in (one.anonymous, one.signed_in, one.staff)),
            phrase("limits", one.measure, language, one.reason),
        )
        for one in BOUNDS
    )
    return markdown_table(head, rows)


def units() -> str:
    """Every unit of measure, how it may be typed, and what customs' table makes of one."""
    head = ["JGS-20", "中文", "word", "也认得 · also", "换算 · is"]
    return markdown_table(
        head, ([one.code, one.zh, one.word, ", ".join(one.spellings), _is(one)] for one in BY_CODE.values())
    )


def _is(unit: Unit) -> str:
    if not unit.into:
        return ""
    converted = f"{float(unit.times):.10g} {BY_CODE[unit.into].zh}"
    return converted if unit.by_customs else f"*{converted}*"


def file_columns(language: str) -> str:
    """The columns of a table of trades; a star marks one that has to be filled in."""
    head = titles(language, "列、英文、也认得、路径、示例", "column, Chinese, also, path, example")
    rows = []
    for path, column in COLUMNS.items():
        own, other = (column.zh, column.en) if language == "zh" else (column.en, column.zh)
        also = ", ".join(NAMES[path].others)
        rows.append((f"{own}{' *' if column.mandatory else ''}", other, also, code(path), column.example))
    return markdown_table(head, rows)
