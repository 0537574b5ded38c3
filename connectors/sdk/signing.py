"""Signing what is sent, where the authority wants the message itself signed and not only the line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from connectors.sdk.certificates import PAIR, Identity, KeyPair, Unusable
from connectors.sdk.codecs import read_xml, write_xml
from connectors.sdk.health import Finding


class Signer(Protocol):
    """Signs a message in its wire form, and knows in what state its own key is."""

    def sign(self, body: bytes) -> bytes:
        """The message with its signature. NeedsCredentials, before anything is sent, where it cannot be signed now."""
        ...

    def health(self) -> list[Finding]:
        """The certificate's number and last day, or what is wrong with it and the way out."""
        ...


class EnvelopedRsaSha1:
    """XML-DSig (W3C, 2008) enveloped in the root as its last element: RSA-SHA1 over inclusive C14N 1.0.

    Key name and certificate go with it, as the 202205 edition of customs' messages has them. The edition does not say
    what the key name is (its samples have 0001); clients in the field write the certificate's serial bytes. SHA-1 is
    what such authorities ask for; whoever is free to choose takes another signer.
    """

    def __init__(self, pair: KeyPair, now: Callable[[], datetime]) -> None:
        self.pair = pair
        self._now = now

    def sign(self, body: bytes) -> bytes:
        identity, key = self._identity()
        signed: etree._Element = _Sha1Signer(
            signature_algorithm=SignatureMethod.RSA_SHA1,
            digest_algorithm=DigestAlgorithm.SHA1,
            c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0,
        ).sign(
            read_xml(body),
            key=key,
            cert=[identity.certificate],
            key_name=identity.number,
            exclude_c14n_transform_element=True,  # the edition names the enveloped transform alone
        )
        return write_xml(signed)

    def health(self) -> list[Finding]:
        try:
            self._identity()
        except Unusable as error:
            return [error.finding]
        return [self.pair.health(self._now())]

    def _identity(self) -> tuple[Identity, RSAPrivateKey]:
        identity = self.pair.identity(self._now())
        if not isinstance(identity.key, RSAPrivateKey):
            raise Unusable(self.pair.key_setting, "须为 RSA 私钥", "it must be an RSA key", PAIR)
        return identity, identity.key


class _Sha1Signer(XMLSigner):
    def check_deprecated_methods(self) -> None:
        """The library refuses SHA-1 unless it is told that this is meant."""
