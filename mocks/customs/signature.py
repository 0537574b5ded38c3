"""The signature of a message: 202205 edition, section 6. XML-DSig enveloped, inclusive C14N, RSA-SHA1.

A signature that is there is verified whether one is demanded or not; SM2-SM3, which the edition prefers, is not known.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1
from lxml import etree

from mocks.customs.form import DSIG
from mocks.customs.kinds import Code

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = f"{DSIG}enveloped-signature"
METHODS = (
    ("SignedInfo/CanonicalizationMethod", C14N),
    ("SignedInfo/SignatureMethod", f"{DSIG}rsa-sha1"),
    ("SignedInfo/Reference/Transforms/Transform", ENVELOPED),
    ("SignedInfo/Reference/DigestMethod", f"{DSIG}sha1"),
)
MISSING, ALTERED, INVALID = "missing", "altered", "invalid"

INVENTORY_CODES = {
    MISSING: Code("-621026", "保存签名信息发生错误,签名信息为空！"),
    ALTERED: Code("-621028", "加签数据比对失败！"),
    INVALID: Code("-621029", "验签失败！"),
}
CANCELLATION_CODES = {
    MISSING: Code("-623017", "保存签名信息发生错误,签名信息为空！"),
    ALTERED: Code("-623029", "验签失败加签数据比对失败！"),
    INVALID: Code("-623029", "验签失败！"),
}
WORDS = {MISSING: "签名信息为空", ALTERED: "加签数据比对失败", INVALID: "验签失败"}
CHECKS = {"CEB303": "-301008", "CEB403": "-401009", "CEB505": "-504011"}
CHECKS |= {"CEB311": "-301008", "CEB411": "-401009", "CEB511": "-504011"}
"""The edition has no signature codes for orders, payments and waybills: such a message fails their check of values."""


class SignatureError(Exception):
    """`args[0]` is one of MISSING, ALTERED, INVALID; the rest says more."""


def code_of(kind: str, error: SignatureError) -> Code:
    """The negative returnStatus for every document of a message whose signature is not right."""
    fault, more = error.args[0], "".join(f"[{word}]" for word in error.args[1:])
    if kind in CHECKS:
        return Code(CHECKS[kind], f"参数校验不通过，{WORDS[fault]}{more}")
    code = (CANCELLATION_CODES if kind == "CEB605" else INVENTORY_CODES)[fault]
    return Code(code.status, code.text + more)


@dataclass(frozen=True, slots=True)
class SignatureDesk:
    """`demanded`: nothing is taken unsigned. `registered`: certificate numbers; none: any one does.

    `named`: the KeyName must be the number of the certificate beside it. The edition leaves that open: its samples
    have 0001 there, clients in the field write the number (practice).
    """

    demanded: bool = False
    registered: Collection[str] = ()
    named: bool = True

    def check(self, root: etree._Element, now: datetime) -> None:
        """SignatureError where a signature is wrong, or missing though demanded."""
        signature = root.find(f"{{{DSIG}}}Signature")
        if signature is None:
            if self.demanded:
                raise SignatureError(MISSING)
            return
        check_methods(signature)
        if digest_of(root) != text_of(signature, "SignedInfo/Reference/DigestValue"):
            raise SignatureError(ALTERED)
        certificate = self._certificate(signature, now)
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey):
            raise SignatureError(INVALID, "证书不是RSA证书")
        signed = etree.tostring(child(signature, "SignedInfo"), method="c14n")
        try:
            key.verify(decoded(text_of(signature, "SignatureValue")), signed, PKCS1v15(), SHA1())  # noqa: S303
        except InvalidSignature:
            raise SignatureError(INVALID) from None

    def _certificate(self, signature: etree._Element, now: datetime) -> x509.Certificate:
        try:
            der = decoded(text_of(signature, "KeyInfo/X509Data/X509Certificate"))
            certificate = x509.load_der_x509_certificate(der)
        except ValueError:
            raise SignatureError(INVALID, "证书无法解析") from None
        number = number_of(certificate)
        if self.named and (name := text_of(signature, "KeyInfo/KeyName")) != number:
            raise SignatureError(INVALID, f"KeyName{name}不是证书{number}")
        if self.registered and number not in self.registered:
            raise SignatureError(INVALID, f"证书{number}未备案")
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise SignatureError(INVALID, f"证书{number}不在有效期内")
        return certificate


def number_of(certificate: x509.Certificate) -> str:
    """The bytes of the serial number in the certificate (a DER integer), in small hexadecimal digits."""
    serial = certificate.serial_number
    return serial.to_bytes(1 + serial.bit_length() // 8, "big").hex()


def check_methods(signature: etree._Element) -> None:
    """One reference to the whole message, by the algorithms of the edition and no others."""
    for path, algorithm in METHODS:
        found = signature.findall("/".join(f"{{{DSIG}}}{name}" for name in path.split("/")))
        if [element.get("Algorithm") for element in found] != [algorithm]:
            raise SignatureError(INVALID, f"{path.rpartition('/')[2]}不是{algorithm}")
    if child(signature, "SignedInfo/Reference").get("URI") != "":
        raise SignatureError(INVALID, "Reference须引用整个报文")


def digest_of(root: etree._Element) -> str:
    """Of the message without its signature; what stands behind the signature stays."""
    whole = deepcopy(root)
    signature = child(whole, "Signature")
    before = signature.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (signature.tail or "")
    whole.remove(signature)
    return base64.b64encode(hashlib.sha1(etree.tostring(whole, method="c14n")).digest()).decode()  # noqa: S324


def child(element: etree._Element, path: str) -> etree._Element:
    found = element.find("/".join(f"{{{DSIG}}}{name}" for name in path.split("/")))
    if found is None:
        raise SignatureError(INVALID, f"缺少{path.rpartition('/')[2]}")
    return found


def text_of(signature: etree._Element, path: str) -> str:
    return "".join((child(signature, path).text or "").split())


def decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SignatureError(INVALID, "内容不是BASE64编码") from None
