"""`manifest.toml`: what a program must know of a connector without running it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from connectors.sdk.errors import ManifestError
from connectors.sdk.inside.rate_limits import RateLimits
from connectors.sdk.inside.setting_specs import KINDS, SettingSpec
from connectors.sdk.papers import PAPERS, PaperSchema, paper
from connectors.sdk.states import MILESTONES

SDK_VERSION = "2"
OTHER_SDK = f"{{input}} is not the SDK of this hub, which is {SDK_VERSION}; see docs/connector-sdk-versions.md"
DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
LONGEST = 366 * 86_400
SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
NAME = validate.Regexp(r"^[a-z][a-z0-9_]*$", error="lower-case letters, digits and underscores")
FIELD = r"[a-z][a-z0-9_]*(:(text|count|amount|quantity|day|moment)\??)?"
FIELDS = validate.Regexp(
    rf"^\s*{FIELD}(\s+{FIELD})*\s*$",
    error="write name:type pairs; types: text, count, amount, quantity, day, moment; with ? where it may be absent",
)
VERDICT = validate.Regexp(r"^(exempt|todo): \S.*$", error="write `exempt: reason` or `todo: reason`")
RESERVED = validate.NoneOf(["hub"], error="{input} is the hub's own name for its work")
OWN_NAMES = validate.NoneOf(["send", "sent", "answers"], error="{input} is the hub's own name for what goes out")
SETTING = [NAME, validate.NoneOf(["serves"], error="{input} is the hub's own setting of a source")]
DOOR = validate.Regexp(r"^[a-z][a-z0-9-]*$", error="lower-case letters, digits and hyphens: it stands in an address")


def read_duration(text: str) -> timedelta:
    """`90s`, `15m`, `6h`, `1d`. ValueError for anything else."""
    match = DURATION.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is no duration; write for example 30s, 15m, 6h or 1d")
    seconds = float(match[1]) * SECONDS[match[2]]
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"{text!r} is no useful duration; between 1ms and 366d")
    return timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class JobSpec:
    """How often a job runs, and the delay that is promised to whoever reads the answers."""

    every: timedelta
    promise: timedelta


@dataclass(frozen=True, slots=True)
class HookSpec:
    """A door for pushes: the stream that reads them, and the secret setting without which the door stays shut."""

    stream: str
    secret: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SubmissionSpec:
    """A kind of paper that the connector sends. `normal` is the time the authority usually takes for it.

    `head` and `lines` are the fields of a kind of the connector's own, written as in `connectors.sdk.papers`, and
    `sources` says where the hub takes each from: `amount` → `remittance:amount`. A field of a line is written
    `goods[].sku`; `goods[]` says what there is a line for: each element of a list of the entry, or one (empty).
    """

    normal: timedelta
    zh: str
    en: str
    head: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanSpec:
    """A row that the connector adds to the plan: this paper is due under these modes once these have happened.

    `only` limits it to trades whose entry has these values (path → value); `each` asks for one paper for each of these.
    """

    kind: str
    modes: list[str]
    after: list[str]
    only: Mapping[str, str] = field(default_factory=dict)
    each: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that a `manifest.toml` says. `send` is empty where the connector sends nothing."""

    code: str
    sdk: str
    zh: str
    en: str
    protocol: str
    edition: str
    settings: Mapping[str, SettingSpec]
    connect_timeout: timedelta
    read_timeout: timedelta
    total_timeout: timedelta
    limits: RateLimits
    streams: Mapping[str, JobSpec]
    hooks: Mapping[str, HookSpec]
    send: JobSpec | None
    submissions: Mapping[str, SubmissionSpec]
    plan: list[PlanSpec]
    quality: Mapping[str, str]
    """Rule of the conformance suite → `exempt: reason` or `todo: reason`."""

    def paper_schema(self, kind: str) -> PaperSchema:
        """The fields of a kind that the connector sends: its own, or those that the hub knows by itself."""
        spec = self.submissions.get(kind)
        if spec is not None and spec.head:
            return paper(kind, spec.head, **spec.lines)
        if kind not in PAPERS:
            raise ManifestError(
                f'{self.code}: the fields of {kind} are missing; write [submissions."{kind}"] head = "…"'
            )
        return PAPERS[kind]

    @staticmethod
    def beside(module_file: str) -> Manifest:
        """Reads the manifest in the folder of a connector's module. ManifestError names every wrong key at once."""
        return read_manifest(Path(module_file).with_name("manifest.toml"))


class _Duration(fields.Field[timedelta]):
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> timedelta:
        try:
            return read_duration(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class _Built(Schema):
    """A schema whose result is one of the classes above."""

    makes: ClassVar[Callable[..., Any]]

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Any:
        return type(self).makes(**values)


class _Setting(_Built):
    makes = SettingSpec
    help = fields.String(required=True)
    default = fields.String(load_default=None)
    secret = fields.Boolean(load_default=False)
    kind = fields.String(load_default="text", validate=validate.OneOf(list(KINDS), error="one of {choices}"))
    stand_in = fields.Boolean(load_default=False)

    @validates_schema
    def check_default(self, values: dict[str, Any], **_: Any) -> None:
        kind, default = values.get("kind"), values.get("default")
        if problem := SettingSpec("", kind=str(kind)).problem(default or ""):
            raise ValidationError(problem, "default")


class _Job(_Built):
    makes = JobSpec
    every = _Duration(required=True)
    promise = _Duration(required=True)


class _Hook(_Built):
    makes = HookSpec
    stream = fields.String(required=True)
    secret = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class _Submission(_Built):
    makes = SubmissionSpec
    normal = _Duration(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    head = fields.String(load_default="", validate=FIELDS)
    lines = fields.Dict(keys=fields.String(validate=NAME), values=fields.String(validate=FIELDS), load_default=dict)
    sources = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)

    @validates_schema
    def every_field_has_a_source(self, values: dict[str, Any], **_: Any) -> None:
        """The two tables name the same fields: nothing is guessed, and nothing is written for nobody."""
        schema = paper("", values.get("head", ""), **values.get("lines", {}))
        wanted = {*schema.head, *(f"{group}[]" for group in schema.lines)}
        wanted |= {f"{group}[].{name}" for group, names in schema.lines.items() for name in names}
        odd = sorted(wanted ^ set(values.get("sources", {})))
        if odd:
            raise ValidationError(f"fields and sources differ: {', '.join(odd)}", "sources")


def _known_milestone(name: str) -> None:
    if name not in MILESTONES and not name.startswith("accepted:"):
        known = ", ".join(sorted(MILESTONES))
        raise ValidationError(f"unknown milestone {name!r}; known are {known} and accepted:<kind>")


class _PlanRow(_Built):
    makes = PlanSpec
    kind = fields.String(required=True)
    modes = fields.List(fields.String(), required=True)
    after = fields.List(fields.String(validate=_known_milestone), load_default=list)
    trades = fields.Dict(
        keys=fields.String(), values=fields.String(), load_default=dict, data_key="only", attribute="only"
    )  # a Schema has an `only` of its own
    each = fields.String(load_default="", validate=validate.OneOf(["remittances"]))


class _Timeouts(Schema):
    connect = _Duration(load_default=timedelta(seconds=3))
    read = _Duration(load_default=timedelta(seconds=20))
    total = _Duration(load_default=timedelta(seconds=60))


class _Limits(_Built):
    makes = RateLimits
    per_second = fields.Float(validate=validate.Range(0.01, 1_000))
    burst = fields.Integer(strict=True, validate=validate.Range(1, 10_000))
    failures = fields.Integer(strict=True, validate=validate.Range(1, 1_000))
    pause = _Duration()


class _Manifest(Schema):
    sdk = fields.String(required=True, validate=validate.Equal(SDK_VERSION, error=OTHER_SDK))
    code = fields.String(required=True, validate=[NAME, RESERVED])
    zh = fields.String(required=True)
    en = fields.String(required=True)
    protocol = fields.String(required=True)
    edition = fields.String(required=True)
    settings = fields.Dict(keys=fields.String(validate=SETTING), values=fields.Nested(_Setting), load_default=dict)
    timeouts = fields.Nested(_Timeouts, load_default=lambda: _Timeouts().load({}))
    limits = fields.Nested(_Limits, load_default=RateLimits)
    streams = fields.Dict(keys=fields.String(validate=[NAME, OWN_NAMES]), values=fields.Nested(_Job), load_default=dict)
    hooks = fields.Dict(keys=fields.String(validate=DOOR), values=fields.Nested(_Hook), load_default=dict)
    send = fields.Nested(_Job, load_default=None)
    submissions = fields.Dict(keys=fields.String(), values=fields.Nested(_Submission), load_default=dict)
    plan = fields.List(fields.Nested(_PlanRow), load_default=list)
    quality = fields.Dict(keys=fields.String(), values=fields.String(validate=VERDICT), load_default=dict)

    @validates_schema
    def hooks_lead_somewhere(self, values: dict[str, Any], **_: Any) -> None:
        """A hook's stream and secret stand in the same manifest; it is a secret that settings mask."""
        for name, hook in values.get("hooks", {}).items():
            if hook.stream not in values.get("streams", {}):
                raise ValidationError(f"there is no stream {hook.stream!r}", f"hooks.{name}.stream")
            setting = values.get("settings", {}).get(hook.secret)
            if setting is None or not setting.secret:
                raise ValidationError(f"there is no secret setting {hook.secret!r}", f"hooks.{name}.secret")


MANIFEST_KEYS = tuple(_Manifest().fields)
"""What may stand at the top of a manifest."""


def read_manifest(path: Path) -> Manifest:
    """Reads and checks one manifest; ManifestError lists everything that is wrong with it."""
    try:
        values: dict[str, Any] = _Manifest().load(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise ManifestError(f"{path}: there is no manifest.toml beside the connector") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(f"{path}: not TOML: {error}") from None
    except ValidationError as error:
        raise ManifestError(f"{path}: {_flatten(error.messages)}") from None
    times = values.pop("timeouts")
    return Manifest(
        **values, connect_timeout=times["connect"], read_timeout=times["read"], total_timeout=times["total"]
    )


def _flatten(messages: Any, path: str = "") -> str:
    if isinstance(messages, dict):
        return "; ".join(_flatten(inner, f"{path}.{key}".strip(".")) for key, inner in messages.items())
    return f"{path}: {' '.join(map(str, messages))}"
