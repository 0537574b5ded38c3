"""A certificate for a demonstration: made on the spot, known to the stand-in alone, gone with the demonstration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from connectors.sdk.certificates import serial_bytes

LIFE = timedelta(days=365)


class Throwaway(NamedTuple):
    """Paths of the certificate and of its key, and the certificate's number, as its bytes are printed."""

    certificate: Path
    key: Path
    number: str


def make_throwaway(folder: Path, name: str) -> Throwaway:
    """Writes a self-signed pair into a folder."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
        .sign(key, SHA256())
    )
    made = Throwaway(folder / "signing.certificate.pem", folder / "signing.key.pem", serial_bytes(certificate))
    made.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    made.key.touch(mode=0o600)
    made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made
