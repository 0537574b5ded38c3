"""Commands of whoever makes or runs a connector. None of them needs a database, and none changes anything elsewhere."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Container, Iterator
from datetime import datetime
from importlib.metadata import EntryPoint
from itertools import chain
from pathlib import Path

import click

from connectors.sdk.connector import Connector
from connectors.sdk.errors import ManifestError
from connectors.sdk.inside.registry import GROUP, connector_in, find_connector, find_connectors
from connectors.sdk.inside.shown import shown
from connectors.sdk.instants import Moment
from connectors.sdk.scaffold import write_package
from connectors.sdk.stream import Ask
from connectors.sdk.testing import Rule, RuleOutcome, RuleVerdict, Twin
from connectors.sdk.testing import check as check_rules
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import judge
from hub.app import load_settings
from hub.cli import connector_shown
from hub.cli.connector_probe import probed
from hub.cli.connector_try import tried
from hub.cli.say import code_in_words, in_words, language, say, say_json
from hub.entry.what_is_typed import typed
from hub.errors import HubError, SettingsWrong
from hub.model.operation import OWN
from hub.papers.joining import admit, refuse_clashes
from hub.setting_sources import code_of
from hub.settings import Settings

MARKS = {
    RuleOutcome.PASSED: "✓",
    RuleOutcome.FAILED: "✗",
    RuleOutcome.EXEMPT: "–",
    RuleOutcome.TODO: "…",
    RuleOutcome.BROKEN: "!",
}
TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
EXITS = ((RuleOutcome.BROKEN, 70), (RuleOutcome.FAILED, 1))
"""The worst outcome → the exit code; 70 is that of an error inside (sysexits.h)."""


@click.group()
def connector() -> None:
    """Make a connector, check it, and talk to its authority."""


@connector.command()
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=".", help="Folder to write it into.")
@click.option("--zh", default="", help="Name of the authority in Chinese.")
@click.option("--en", default="", help="Name of the authority in English.")
def new(name: str, into: Path, zh: str, en: str) -> None:
    """Write the package of a new connector NAME: it installs, passes `check` and its own tests, and is then changed."""
    try:
        if name == OWN or find_connector(name):
            raise ValueError(name)
        home = write_package(name, into, zh, en)
    except (ValueError, ManifestError):
        raise HubError("CONNECTOR_NAME", name=name) from None
    except FileExistsError as error:
        raise HubError("FOLDER_TAKEN", folder=error.args[0]) from None
    except OSError:
        raise HubError("FOLDER_NOT_WRITABLE", folder=str(into)) from None
    for path in sorted(one for one in home.rglob("*") if one.is_file()):
        say(f"  {path.relative_to(home)}")
    say(f"{home} is written. Next:\n  pip install -e {home}\n  yuhub connector check {name}")


@connector.command()
@click.argument("name")
@click.option("--twin", help="A stand-in, as module:NAME, for the live rules as well, such as twin:TWIN.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
def check(name: str, twin: str | None, as_json: bool) -> None:
    """Ask every rule about the connector NAME, or about the package in the folder NAME, installed or not.

    Exits with 1 where a rule fails, and with 70 where one breaks down itself, which says nothing of the connector. What
    a manifest exempts, and what there was not to judge, is told with its reason.
    """
    kind = _named(name)
    verdicts = []
    for rule, verdict in chain(check_rules(kind, _twin(twin) if twin else None), _joined(kind)):
        verdicts.append((rule, verdict))
        if not as_json:
            _say(rule, verdict)
    counts = Counter(verdict.outcome for _, verdict in verdicts)
    if as_json:
        rows = [
            {"rule": rule.name, "words": rule.words(language()), "outcome": verdict.outcome, "reason": verdict.reason}
            for rule, verdict in verdicts
        ]
        say_json({"connector": name, "rules": rows})
    else:
        say(", ".join(f"{counts[outcome]} {code_in_words(outcome)}" for outcome in RuleOutcome if counts[outcome]))
    sys.exit(exit_code(counts))


def exit_code(outcomes: Container[RuleOutcome]) -> int:
    """What a check exits with where these came out."""
    return next((code for outcome, code in EXITS if outcome in outcomes), 0)


def _joined(kind: type[Connector]) -> Iterator[tuple[Rule, RuleVerdict]]:
    """The rule that only a hub can ask: whether there is a place in it for a connector, beside those installed here."""
    yield JOINS, judge(JOINS, Subject(kind))


def _clashes(subject: Subject) -> Iterator[str]:
    code, installed = subject.manifest.code, find_connectors()[0]
    try:
        others = {other: Subject(one).connector for other, one in installed.items() if other != code}
        refuse_clashes(subject.kind, others, installed, typed())
    except ManifestError as error:
        yield error.text.removeprefix(f"{code}: ")


JOINS = Rule("joins", "枢纽能够接纳它", "A hub has a place for it", _clashes)


@connector.command("list")
def list_connectors() -> None:
    """All installed connectors, and those that were left out with the reason."""
    classes, left_out = find_connectors()
    admitted, _, refused = admit(classes, load_settings(), typed=typed())
    connector_shown.overview(admitted, [*left_out, *refused], language())


@connector.command()
@click.argument("name")
def show(name: str) -> None:
    """What the connector NAME is, asks for, pulls, sends and promises, and how it stands with the rules."""
    kind = _named(name)
    settings = load_settings(None, kind.manifest)
    connector_shown.whole(kind, _source(name, kind, settings), settings, language())


@connector.command()
@click.argument("name")
def probe(name: str) -> None:
    """Is the authority of the connector NAME there, does it let us in, do the clocks agree, are certificates good?

    Only reads. Exits with 1 where something is wrong, and says what to do.
    """
    right = True
    for finding in probed(_set_up(name)):
        right &= finding.ok
        connector_shown.finding(finding, language())
    sys.exit(0 if right else 1)


@connector.command("try")
@click.argument("name")
@click.argument("stream")
@click.option("--cursor", default="", help="Go on from here; the beginning where it is not given.")
@click.option("--watch", multiple=True, help="An object to ask about, for a stream that asks about single ones.")
@click.option("--since", type=TIME, help="Beijing time from which on records changed, of a stream that is by_time.")
@click.option("--until", type=TIME, help="Beijing time before which records changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the records as JSON.")
def try_stream(
    name: str, stream: str, cursor: str, watch: tuple[str, ...], since: datetime | None, until: datetime | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Pull one page of STREAM and show its records, and what would be quarantined. Nothing is written."""
    connector = _set_up(name)
    if stream not in connector.streams:
        raise HubError("STREAM_UNKNOWN", name=name, stream=stream, known=", ".join(sorted(connector.streams)) or "—")
    try:
        since, until = (time and Moment().read(time) for time in (since, until))
        ask = Ask(cursor, since, until, watch)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if ask.by_time and not connector.streams[stream].by_time:
        raise click.UsageError(in_words(f"{stream} 不能按时间查询", f"{stream} cannot be asked by time"))
    tried(connector, connector.streams[stream], ask, as_json)


def _named(name: str) -> type[Connector]:
    """The connector of this name, or in this folder."""
    try:
        found = connector_in(Path(name)) if _is_folder(name) else find_connector(code_of(name))
    except ManifestError as error:
        raise HubError("CONNECTOR_WRONG", problems=error.text) from None
    if found is None:
        raise HubError("CONNECTOR_UNKNOWN", name=name, known=", ".join(sorted(find_connectors()[0])))
    return found


def _is_folder(name: str) -> bool:
    return (Path(name) / "pyproject.toml").is_file()


def _source(name: str, kind: type[Connector], settings: Settings) -> str:
    """The source of this name. SettingsWrong where they name others of its connector."""
    source, known = kind.manifest.code if _is_folder(name) else name, settings.sources_of(kind.manifest.code)
    if source not in known:
        raise SettingsWrong([("sources", f"{source} is not among them; of its connector there are {', '.join(known)}")])
    return source


def _set_up(name: str) -> Connector:
    """The source of this name, or the connector in this folder, with the settings of this machine."""
    kind = _named(name)
    settings = load_settings(None, kind.manifest)
    source = _source(name, kind, settings)
    try:
        return kind(settings.of_connector(source), instance=source.partition("@")[2])
    except ManifestError as error:
        raise HubError("CONNECTOR_WRONG", problems=error.text) from None


def _twin(named: str) -> Twin:
    try:
        twin = EntryPoint("twin", named, GROUP).load()
    except Exception as error:
        raise HubError("CONNECTOR_WRONG", problems=f"{named}: {type(error).__name__}: {error}") from error
    if not isinstance(twin, Twin):
        raise HubError("CONNECTOR_WRONG", problems=f"{named} is no connectors.sdk.testing.Twin")
    return twin


def _say(rule: Rule, verdict: RuleVerdict) -> None:
    say(f"{MARKS[verdict.outcome]} {shown(rule.name):<16} {shown(rule.words(language()))}")
    if verdict.reason:
        say(f"    {code_in_words(verdict.outcome)}: {shown(verdict.reason)}")


COMMANDS = (connector,)
