"""The connector that rules are asked about: its class, its folder, its samples and, for live rules, its twin."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

from connectors.sdk.connector import Connector
from connectors.sdk.http import utc_now
from connectors.sdk.manifest import Manifest
from connectors.sdk.testing.samples import Samples
from connectors.sdk.testing.twin import Twin

NOWHERE = "http://127.0.0.1:9"


class Subject:
    """A connector as its manifest sets it up; settings without a default are given a word that stands out."""

    def __init__(self, kind: type[Connector], twin: Twin | None = None) -> None:
        self.kind = kind
        self.twin = twin
        self.folder = Path(inspect.getfile(kind)).parent

    @property
    def manifest(self) -> Manifest:
        return self.kind.manifest

    @cached_property
    def connector(self) -> Connector:
        return self.build()

    @cached_property
    def samples(self) -> Samples:
        return Samples(self.folder / "samples", self.manifest)

    def build(self, settings: Mapping[str, str] | None = None, now: Callable[[], datetime] = utc_now) -> Connector:
        """A new one, with these settings; it never really sleeps."""
        given = {
            name: spec.default if spec.default is not None else (NOWHERE if name == "base_url" else f"any-{name}")
            for name, spec in self.manifest.settings.items()
        }
        return self.kind({**given, **(settings or {})}, now, lambda seconds: None)

    def marked_secrets(self, mark: str) -> dict[str, str]:
        """The secret settings with values that can be told from all else; not those that stay empty where unused."""
        secrets = [name for name, spec in self.manifest.settings.items() if spec.secret and spec.default != ""]
        return {name: f"{mark}-{name}" for name in secrets}
