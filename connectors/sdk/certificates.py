"""A certificate and its key in PEM files: read anew when a file changes, and looked at before an authority does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from connectors.sdk.errors import NeedsCredentials
from connectors.sdk.health import Finding
from connectors.sdk.instants import BEIJING

SOON = timedelta(days=30)
RENEW = ("换上新证书即可，无需重启", "Put a valid one in its place; no restart is needed")
PASSWORD = ("核对文件与 {}_password", "Compare the file with {}_password")
PAIR = ("两个设置须指向同一对证书与私钥", "Let both settings name files of one pair")


class Identity(NamedTuple):
    """`number` is the certificate's serial number as `serial_bytes` has it."""

    certificate: x509.Certificate
    key: PrivateKeyTypes
    number: str


class Unusable(NeedsCredentials):
    """A certificate or a key that cannot be used now; `finding` says why and what to do."""

    def __init__(self, setting: str, zh: str, en: str, way_out: tuple[str, str]) -> None:
        super().__init__(f"{setting}: {en}. {way_out[1]}", field=setting)
        self.finding = Finding(setting, False, zh, en, *way_out)


class KeyPair:
    """Names the settings `<purpose>_certificate`, `<purpose>_key`, `<purpose>_key_password` and their values.

    The first two are paths; the password may be empty.
    """

    def __init__(self, purpose: str, certificate: str, key: str, password: str = "") -> None:
        self.certificate_setting, self.key_setting = f"{purpose}_certificate", f"{purpose}_key"
        self.certificate, self.key, self.password = certificate, key, password
        self._read_last: tuple[tuple[int, int], Identity] | None = None

    def identity(self, now: datetime) -> Identity:
        """Certificate and key; Unusable where they cannot be used now."""
        identity = self._read()
        begins, ends = identity.certificate.not_valid_before_utc, identity.certificate.not_valid_after_utc
        if not begins <= now <= ends:
            raise Unusable(
                self.certificate_setting,
                f"证书有效期为 {_day(begins)} 至 {_day(ends)}",
                f"the certificate is valid from {_day(begins)} to {_day(ends)}",
                RENEW,
            )
        return identity

    def health(self, now: datetime) -> Finding:
        """Number and last day of the certificate, or what is wrong with the pair."""
        try:
            identity = self.identity(now)
        except Unusable as error:
            return error.finding
        ends = identity.certificate.not_valid_after_utc
        zh, en = f"证书 {identity.number}，有效期至", f"certificate {identity.number}, valid to"
        well = Finding(self.certificate_setting, True, f"{zh} {_day(ends)}", f"{en} {_day(ends)}")
        if ends - now > SOON:
            return well
        return replace(well, way_out_zh="即将到期，请尽快换证", way_out_en="It ends soon: have it renewed")

    def _read(self) -> Identity:
        """The pair as the files are now; they are read again only when one of them has changed."""
        stamp = (self._changed(self.certificate_setting, self.certificate), self._changed(self.key_setting, self.key))
        if self._read_last is None or self._read_last[0] != stamp:
            self._read_last = stamp, self._load()
        return self._read_last[1]

    def _changed(self, setting: str, path: str) -> int:
        if not path:
            raise Unusable(setting, "未设置", "it is not set", PAIR)
        try:
            return Path(path).stat().st_mtime_ns
        except OSError as error:
            zh, en = f"读不到该文件（{type(error).__name__}）", f"the file cannot be read ({type(error).__name__})"
            raise Unusable(setting, zh, en, ("核对路径与权限", "Look at the path and the permissions")) from None

    def _load(self) -> Identity:
        try:
            certificate = x509.load_pem_x509_certificate(Path(self.certificate).read_bytes())
        except (OSError, ValueError):
            raise Unusable(self.certificate_setting, "不是 PEM 证书", "it is no certificate in PEM", RENEW) from None
        try:
            key = load_pem_private_key(Path(self.key).read_bytes(), self.password.encode() or None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
            zh, en = "不是 PEM 私钥，或密码不对", "it is no private key in PEM, or its password is wrong"
            way_out = (PASSWORD[0].format(self.key_setting), PASSWORD[1].format(self.key_setting))
            raise Unusable(self.key_setting, zh, en, way_out) from None
        if key.public_key() != certificate.public_key():
            raise Unusable(self.key_setting, "私钥与证书不匹配", "the key is not the certificate's", PAIR)
        return Identity(certificate, key, serial_bytes(certificate))


def serial_bytes(certificate: x509.Certificate) -> str:
    """The serial number as its bytes stand in the certificate, two small hexadecimal digits each: `01691fe9`.

    No leading zero falls away. The bytes are those of a DER integer (X.690, 8.3): a number whose first bit is set has a
    byte 00 before it, which the clients that print bytes (Windows, .NET, Java's `toByteArray`) show too.
    """
    number = certificate.serial_number
    return number.to_bytes(number.bit_length() // 8 + 1, "big").hex()


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d}"
