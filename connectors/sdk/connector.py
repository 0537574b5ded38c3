"""The class that ties a connector together."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from connectors.sdk.credentials import Credentials
from connectors.sdk.errors import ManifestError
from connectors.sdk.health import Finding
from connectors.sdk.hook import Hook
from connectors.sdk.http import Http, Timeouts, utc_now
from connectors.sdk.inside.rate_limits import Restraint
from connectors.sdk.inside.setting_specs import check_settings, mask_of
from connectors.sdk.inside.tls import tls_of
from connectors.sdk.manifest import Manifest
from connectors.sdk.signing import Signer
from connectors.sdk.states import Codes
from connectors.sdk.stream import Stream
from connectors.sdk.submission import Submission
from connectors.sdk.working_out import WorkedOut


class Connector:
    """One authority. A subclass names its parts and how it signs in; everything else is given.

    `computations` are what its papers name as `computed:` (`connectors.sdk.working_out`). `instance` tells this one
    apart where one package serves several sources, each with settings of its own.
    """

    manifest: ClassVar[Manifest]
    codes: ClassVar[Codes]
    computations: ClassVar[Mapping[str, WorkedOut]] = {}

    def __init__(
        self,
        settings: Mapping[str, str],
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        instance: str = "",
    ) -> None:
        self.instance = instance
        check_settings(self.code, self.manifest.settings, settings)
        self.settings = settings
        self.now = now
        self.sleep = sleep
        self.timeouts = Timeouts(self.manifest.connect_timeout, self.manifest.read_timeout, self.manifest.total_timeout)
        self.mask = mask_of(self.manifest.settings, settings)
        self.restraint = Restraint(self.manifest.limits, now)
        self.tls = tls_of(settings, now)
        self.signer = self.build_signer()
        self._signing_in = threading.Lock()
        self._credentials: Credentials | None = None
        streams, submissions = self.build_streams(), self.build_submissions()
        self._refuse([problem for stream in streams if (problem := stream.problem())])
        self._refuse([f"{name} stands twice" for name in _twice([stream.name for stream in streams])])
        self._refuse([f"{kind} stands twice" for kind in _twice([kind for one in submissions for kind in one.kinds])])
        self.streams: dict[str, Stream] = {stream.name: stream for stream in streams}
        self.submissions: dict[str, Submission] = {kind: one for one in submissions for kind in one.kinds}
        self.hooks: dict[str, Hook] = {hook.name: hook for hook in self.build_hooks()}
        self._compare("streams in manifest.toml", set(self.manifest.streams), set(self.streams))
        self._compare("hooks in manifest.toml", set(self.manifest.hooks), set(self.hooks))
        self._compare("kinds in papers/", set(self.manifest.papers), set(self.submissions))

    @property
    def code(self) -> str:
        """The source that it is: `airport`, or `airport@luoyang` where the package serves several."""
        return f"{self.manifest.code}@{self.instance}" if self.instance else self.manifest.code

    def build_streams(self) -> tuple[Stream, ...]:
        """The streams it pulls."""
        return ()

    def build_submissions(self) -> tuple[Submission, ...]:
        """The submissions it can make."""
        return ()

    def build_signer(self) -> Signer | None:
        """What signs the messages themselves, where the authority wants that."""
        return None

    def build_hooks(self) -> tuple[Hook, ...]:
        """The doors through which it is told."""
        return ()

    def sign_in(self) -> Credentials | None:
        """How each request proves who we are."""
        return None

    def open(self) -> Http:
        """A line to the authority; the caller closes it. Rate, breaker and tokens are shared with all other lines."""
        with self._signing_in:
            self._credentials = self._credentials or self.sign_in()
        return Http(
            self.settings["base_url"],
            credentials=self._credentials,
            tls=self.tls,
            timeouts=self.timeouts,
            restraint=self.restraint,
            now=self.now,
            sleep=self.sleep,
        )

    def health(self) -> list[Finding]:
        """What can be said without asking the authority: certificates, and whether it is left alone just now."""
        findings = self.tls.health() if self.tls else []
        if self.signer:
            findings += self.signer.health()
        return findings + self.restraint.health()

    def _compare(self, what: str, declared: set[str], built: set[str]) -> None:
        odd = ", ".join(sorted(declared ^ built))
        self._refuse([f"{what} and in the code differ: {odd}"] if odd else [])

    def _refuse(self, problems: Sequence[str]) -> None:
        if problems:
            raise ManifestError(f"{self.code}: {'; '.join(problems)}")


def _twice(names: Sequence[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)
