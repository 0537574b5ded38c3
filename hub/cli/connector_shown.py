"""How connectors are shown on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from importlib.metadata import entry_points

from connectors.sdk.connector import Connector
from connectors.sdk.errors import ManifestError
from connectors.sdk.health import Finding
from connectors.sdk.inside.registry import GROUP
from connectors.sdk.inside.setting_specs import variable
from connectors.sdk.inside.shown import shown
from connectors.sdk.manifest import Manifest
from connectors.sdk.testing import check
from hub.cli.say import code_in_words, console, in_words, say, seconds, table
from hub.settings import Settings

Row = tuple[str, ...]


def overview(admitted: Mapping[str, Connector], left_out: Sequence[ManifestError], language: str) -> None:
    points = [(point.module, point.dist) for point in entry_points(group=GROUP)]
    rows = []
    for code, connector in admitted.items():
        manifest, home = connector.manifest, type(connector).__module__
        dist = next((dist for module, dist in points if home == module or home.startswith(f"{module}.")), None)
        package = f"{dist.name} {dist.version}" if dist else ""
        rows.append((code, _name(manifest, language), package, ", ".join(manifest.streams), ", ".join(manifest.papers)))
    if rows:
        console().print(table(("connector", "authority", "package", "streams", "papers"), rows))
    else:
        said = in_words("没有安装连接器", "No connector is installed")
        say(f"{said}: yuhub connector new NAME")
    for error in left_out:
        say(f"{in_words('未载入', 'left out')}: {shown(error.text)}")


def whole(connector: type[Connector], source: str, settings: Settings, language: str) -> None:
    """Everything that the manifest says, the settings as they are here, and the quality table."""
    manifest = connector.manifest
    say(shown(f"{source} — {manifest.zh} · {manifest.en}"))
    say(shown(f"{manifest.protocol}; edition {manifest.edition}; SDK {manifest.sdk}"))
    times = [_span(one) for one in (manifest.connect_timeout, manifest.read_timeout, manifest.total_timeout)]
    said = in_words("超时：连接 {}，读取 {}，整次调用 {}", "time-outs: connect {}, read {}, whole call {}")
    say(said.format(*times))
    asked = _settings(source, manifest, settings)
    for title, columns, rows in (
        (in_words("设置", "settings"), ("setting", "value", "from", "what it is"), asked),
        (in_words("数据流", "streams"), ("stream", "every", "promised within"), _streams(manifest)),
        (in_words("推送入口", "hooks"), ("hook", "read by", "open"), _hooks(source, manifest, settings)),
        (in_words("单证", "papers"), ("paper", "name", "usual time"), _papers(manifest, language)),
        (in_words("计划", "plan rows"), ("paper", "modes", "after"), _plan(manifest)),
        (in_words("质量", "quality"), ("rule", "verdict", "promise", "reason"), _quality(connector, language)),
    ):
        found = list(rows)
        say(f"\n{title}{'' if found else in_words('：无', ': none')}")
        if found:
            console().print(table(columns, found))


def finding(found: Finding, language: str) -> None:
    zh = language == "zh"
    say(shown(f"{'✓' if found.ok else '✗'} {found.name:<12} {found.zh if zh else found.en}"))
    way_out = found.way_out_zh if zh else found.way_out_en
    if way_out:
        say(f"    → {shown(way_out)}")


def _settings(source: str, manifest: Manifest, settings: Settings) -> Iterator[Row]:
    for name, spec in manifest.settings.items():
        chosen = settings.chosen.get(f"{source}.{name}")
        value = str(chosen.value) if chosen else spec.default or ""
        yield name, "•••" if spec.secret and value else value, chosen.origin if chosen else "manifest", spec.help


def _streams(manifest: Manifest) -> Iterator[Row]:
    for name, job in manifest.streams.items():
        yield name, _span(job.every), _span(job.promise)
    if manifest.send:
        yield in_words("（发送）", "(sending)"), _span(manifest.send.every), _span(manifest.send.promise)


def _hooks(source: str, manifest: Manifest, settings: Settings) -> Iterator[Row]:
    for name, spec in manifest.hooks.items():
        chosen = settings.chosen.get(f"{source}.{spec.secret}")
        is_open = chosen.value if chosen else manifest.settings[spec.secret].default
        yield f"POST /hooks/{source}/{name}", spec.stream, _open(variable(f"{source}.{spec.secret}"), bool(is_open))


def _open(secret: str, is_open: bool) -> str:
    if is_open:
        return in_words("是", "yes")
    return in_words(f"否：未设置 {secret}", f"no: {secret} is not set")


def _papers(manifest: Manifest, language: str) -> Iterator[Row]:
    for kind, spec in manifest.papers.items():
        yield kind, spec.zh if language == "zh" else spec.en, _span(spec.normal)


def _plan(manifest: Manifest) -> Iterator[Row]:
    for row in manifest.plan:
        yield row.kind, ", ".join(row.modes), ", ".join(row.after) or in_words("立即", "at once")


def _quality(connector: type[Connector], language: str) -> Iterator[Row]:
    for rule, verdict in check(connector):
        yield rule.name, code_in_words(verdict.outcome), rule.words(language), verdict.reason


def _name(manifest: Manifest, language: str) -> str:
    return manifest.zh if language == "zh" else manifest.en


def _span(length: timedelta) -> str:
    return seconds(length.total_seconds())
