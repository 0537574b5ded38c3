"""Certificates for a test, made on the spot: an authority, and pairs that it issues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

TEN_YEARS = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Pair:
    """Paths of a certificate and its key, and the certificate's number as its bytes are printed."""

    certificate: str
    key: str
    number: str


class Authority:
    """Issues certificates into a folder; `bundle` is its own, for those who trust it."""

    def __init__(self, folder: Path, name: str = "Test authority") -> None:
        self.folder = folder
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        own = self._builder(self._name, datetime.now(UTC) + timedelta(days=3650), self._key).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.bundle = str(folder / f"{name}.pem")
        Path(self.bundle).write_bytes(own.sign(self._key, SHA256()).public_bytes(Encoding.PEM))

    def issue(
        self,
        name: str,
        *,
        until: datetime | None = None,
        password: str = "",
        rsa_key: bool = True,
        serial: int | None = None,
    ) -> Pair:
        """A pair for 127.0.0.1 and for this name, valid for ten years until then."""
        key: CertificateIssuerPrivateKeyTypes = ec.generate_private_key(ec.SECP256R1())
        if rsa_key:
            key = rsa.generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        until = until or datetime.now(UTC) + timedelta(days=365)
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        unsigned = self._builder(subject, until, key, serial).add_extension(names, critical=False)
        made = unsigned.sign(self._key, SHA256())
        paths = [self.folder / f"{name}.{what}.pem" for what in ("certificate", "key")]
        paths[0].write_bytes(made.public_bytes(Encoding.PEM))
        locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
        return Pair(str(paths[0]), str(paths[1]), serial_in(made.public_bytes(Encoding.DER)))

    def _builder(
        self, subject: x509.Name, until: datetime, key: CertificateIssuerPrivateKeyTypes, serial: int | None = None
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(serial or x509.random_serial_number())
            .not_valid_before(until - TEN_YEARS)
            .not_valid_after(until)
        )


def serial_in(certificate: bytes) -> str:
    """The bytes of the serial number as they stand in a certificate (RFC 5280, 4.1): the second integer, in DER.

    30 len | 30 len | A0 03 02 01 02 (version) | 02 len serial …
    """
    version = bytes.fromhex("a003020102")
    start = certificate.index(version) + len(version)
    tag, length = certificate[start : start + 2]
    assert tag == 2
    return certificate[start + 2 : start + 2 + length].hex()
