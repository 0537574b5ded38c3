"""Showing a client certificate (mutual TLS), and whom to trust at the other end. Verification is never off."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.sdk.certificates import KeyPair, Unusable
from connectors.sdk.health import Finding

LOOK = ("核对路径与文件内容", "Look at the path and at what the file holds")


@dataclass(frozen=True, slots=True)
class Tls:
    """`pair` is shown to a server that asks; `authorities` is a PEM file of those to trust, empty: the public ones."""

    pair: KeyPair | None
    authorities: str
    now: Callable[[], datetime]

    def context(self) -> ssl.SSLContext:
        """A context for one line. Unusable where a file is not what its setting says."""
        try:
            context = ssl.create_default_context(cafile=self.authorities or None)
        except OSError:
            raise self._no_authorities() from None
        if self.pair:
            self.pair.identity(self.now())  # says what is wrong in words; OpenSSL would ask for a password
            password = self.pair.password
            context.load_cert_chain(self.pair.certificate, self.pair.key, lambda: password)
        return context

    def health(self) -> list[Finding]:
        findings = [self.pair.health(self.now())] if self.pair else []
        if self.authorities:
            try:
                ssl.create_default_context(cafile=self.authorities)
            except OSError:
                findings.append(self._no_authorities().finding)
        return findings

    def _no_authorities(self) -> Unusable:
        return Unusable("ca_bundle", "读不到 PEM 证书", "no certificates in PEM can be read from it", LOOK)


def tls_of(settings: Mapping[str, str], now: Callable[[], datetime]) -> Tls | None:
    """By the settings `client_certificate`, `client_key`, `client_key_password` and `ca_bundle`, where they are set."""
    certificate, key = settings.get("client_certificate", ""), settings.get("client_key", "")
    authorities = settings.get("ca_bundle", "")
    pair = None
    if certificate or key:
        pair = KeyPair("client", certificate, key, settings.get("client_key_password", ""))
    return Tls(pair, authorities, now) if pair or authorities else None
