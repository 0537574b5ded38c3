"""`manifest.toml` and `papers/`: what a program must know of a connector without running it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from connectors.sdk.inside.rate_limits import RateLimits
from connectors.sdk.inside.setting_specs import KINDS, SettingSpec
from connectors.sdk.inside.toml_files import Duration, NamedTable, load_toml
from connectors.sdk.kinds import PaperKind, read_kinds

SDK_VERSION = "2"
OTHER_SDK = f"{{input}} is not the SDK of this hub, which is {SDK_VERSION}; see docs/connector-sdk-versions.md"
NAME = validate.Regexp(r"^[a-z][a-z0-9_]*$", error="lower-case letters, digits and underscores")
VERDICT = validate.Regexp(r"^(exempt|todo): \S.*$", error="write `exempt: reason` or `todo: reason`")
RESERVED = validate.NoneOf(["hub"], error="{input} is the hub's own name for its work")
OWN_NAMES = validate.NoneOf(["send", "sent", "answers"], error="{input} is the hub's own name for what goes out")
SETTING = [NAME, validate.NoneOf(["serves"], error="{input} is the hub's own setting of a source")]
UNKNOWN_KEY = "Unknown key; docs/connector-sdk-versions.md lists those that there are"
DOOR = validate.Regexp(r"^[a-z][a-z0-9-]*$", error="lower-case letters, digits and hyphens: it stands in an address")


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
    papers: Mapping[str, PaperKind]
    plan: list[PlanSpec]
    quality: Mapping[str, str]
    """Rule of the conformance suite → `exempt: reason` or `todo: reason`."""

    @staticmethod
    def beside(module_file: str) -> Manifest:
        """Reads the manifest in the folder of a connector's module. ManifestError names every wrong key at once."""
        return read_manifest(Path(module_file).with_name("manifest.toml"))


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
    every = Duration(required=True)
    promise = Duration(required=True)


class _Hook(_Built):
    makes = HookSpec
    stream = fields.String(required=True)
    secret = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class _PlanRow(_Built):
    makes = PlanSpec
    kind = fields.String(required=True)
    modes = fields.List(fields.String(), required=True)
    after = fields.List(fields.String(), load_default=list)
    trades = NamedTable(
        keys=fields.String(), values=fields.String(), load_default=dict, data_key="only", attribute="only"
    )  # a Schema has an `only` of its own
    each = fields.String(load_default="", validate=validate.OneOf(["remittances"]))


class _Timeouts(Schema):
    connect = Duration(load_default=timedelta(seconds=3))
    read = Duration(load_default=timedelta(seconds=20))
    total = Duration(load_default=timedelta(seconds=60))


class _Limits(_Built):
    makes = RateLimits
    per_second = fields.Float(validate=validate.Range(0.01, 1_000))
    burst = fields.Integer(strict=True, validate=validate.Range(1, 10_000))
    failures = fields.Integer(strict=True, validate=validate.Range(1, 1_000))
    pause = Duration()


class _Manifest(Schema):
    error_messages = {"unknown": UNKNOWN_KEY}  # noqa: RUF012 - the name is marshmallow's
    sdk = fields.String(required=True, validate=validate.Equal(SDK_VERSION, error=OTHER_SDK))
    code = fields.String(required=True, validate=[NAME, RESERVED])
    zh = fields.String(required=True)
    en = fields.String(required=True)
    protocol = fields.String(required=True)
    edition = fields.String(required=True)
    settings = NamedTable(keys=fields.String(validate=SETTING), values=fields.Nested(_Setting), load_default=dict)
    timeouts = fields.Nested(_Timeouts, load_default=lambda: _Timeouts().load({}))
    limits = fields.Nested(_Limits, load_default=RateLimits)
    streams = NamedTable(keys=fields.String(validate=[NAME, OWN_NAMES]), values=fields.Nested(_Job), load_default=dict)
    hooks = NamedTable(keys=fields.String(validate=DOOR), values=fields.Nested(_Hook), load_default=dict)
    send = fields.Nested(_Job, load_default=None)
    plan = fields.List(fields.Nested(_PlanRow), load_default=list)
    quality = NamedTable(keys=fields.String(), values=fields.String(validate=VERDICT), load_default=dict)

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
    values = load_toml(path, _Manifest())
    times = values.pop("timeouts")
    return Manifest(
        **values,
        papers=read_kinds(path.parent / "papers", values["code"]),
        connect_timeout=times["connect"],
        read_timeout=times["read"],
        total_timeout=times["total"],
    )
