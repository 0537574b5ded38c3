"""Signed CEB messages: what we sign the authority's own check accepts, and what was touched on the way it refuses."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from lxml import etree

from connectors.sdk import Connector, Message, NeedsCredentials
from connectors.sdk.certificates import serial_bytes
from connectors.sdk.codecs import read_xml, write_xml
from mocks.customs.app import create_app
from mocks.customs.signature import SignatureDesk, SignatureError, number_of
from tests.support.certificates import Authority, Pair
from tests.support.connectors.parts import CONNECTORS, StandIn, connector, sample_paper
from tests.support.world import Clock, ClockPace, Street

CEB_KINDS = [kind for kind in CONNECTORS["customs"].manifest.papers if kind != "customs.declaration"]
DS = "{http://www.w3.org/2000/09/xmldsig#}"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def pair(authority: Authority) -> Pair:
    return authority.issue("transfer")


def signing(pair: Pair, clock: Clock | None = None, **settings: str) -> Connector:
    made = {"signing_certificate": pair.certificate, "signing_key": pair.key}
    return connector("customs", now=clock or Clock(), **made, **settings)


@dataclass(frozen=True, slots=True)
class Port:
    """An electronic port that looks at signatures, and a connector before it."""

    stand_in: StandIn

    def told(self, kind: str, touch: Callable[[bytes], bytes] = lambda body: body) -> list[tuple[str, str]]:
        """Posts one paper, touched on the way; the codes and words that come back within a day."""
        source, clock = self.stand_in.connector, self.stand_in.clock
        paper = sample_paper(kind)
        target = source.submissions[kind]
        message = touched(target.encode([paper]), touch)
        with closing(source.open()) as http:
            target.send(http, message, [paper])
        clock.forward(timedelta(days=1))
        return list(dict.fromkeys((one["code"], one.get("words") or "") for one in self.stand_in.pulls("responses")))


Open = Callable[..., Port]


@pytest.fixture
def port(street: Street) -> Iterator[Open]:
    def open_port(pair: Pair | None, *, demanded: bool = True, registered: Collection[str] = ()) -> Port:
        clock = Clock()
        app = street.doors["customs"].app = create_app(
            ClockPace(clock=clock), signatures=SignatureDesk(demanded=demanded, registered=registered)
        )
        address = {"base_url": street.addresses["customs"]}
        source = signing(pair, clock, **address) if pair else connector("customs", now=clock, **address)
        return Port(StandIn(source, clock, app.extensions["ledger"]))

    yield open_port
    street.clear()


def touched(message: Message, touch: Callable[[bytes], bytes]) -> Message:
    envelope = etree.fromstring(message.body)
    data = envelope.find("{*}Data")
    assert data is not None
    data.text = b64encode(touch(b64decode(data.text or ""))).decode()
    return replace(message, body=write_xml(envelope))


@pytest.mark.parametrize("kind", CEB_KINDS)
def test_every_kind_is_signed_as_the_authority_verifies_it(port: Open, pair: Pair, kind: str) -> None:
    told = port(pair, registered=[pair.number]).told(kind)
    assert told
    assert not [words for _, words in told if "签" in words]


def test_the_signature_is_the_last_element_and_names_the_algorithms_of_the_edition(pair: Pair) -> None:
    paper = sample_paper("customs.order")
    message = signing(pair).submissions[paper.kind].encode([paper])
    root = read_xml(b64decode(read_xml(message.body).findtext("{*}Data") or ""))
    signature = root[-1]
    assert signature.tag == f"{DS}Signature"
    algorithms = [one.get("Algorithm") for one in signature.iter() if one.get("Algorithm")]
    assert algorithms == [
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2000/09/xmldsig#sha1",
    ]
    assert signature.findtext(f"{DS}KeyInfo/{DS}KeyName") == pair.number
    assert [one.get("URI") for one in signature.iter(f"{DS}Reference")] == [""]


SERIALS = {
    0x01691FE9: "01691fe9",
    0x0148F0A3: "0148f0a3",
    0x0F: "0f",
    0x01: "01",
    0x100: "0100",
    0x7FFFFFFF: "7fffffff",
    0x80: "0080",
    0x9927: "009927",
    0xB8D4A3: "00b8d4a3",
    0xF1E2D3C4: "00f1e2d3c4",
    0x03000000000CDE6F: "03000000000cde6f",
}
"""Serial number → what a client prints: its bytes in the certificate. Those with the first bit set begin with 00."""


@pytest.mark.parametrize(("serial", "printed"), SERIALS.items(), ids=SERIALS.values())
def test_a_serial_number_is_printed_in_its_bytes(authority: Authority, serial: int, printed: str) -> None:
    made = authority.issue(f"serial-{printed}", serial=serial, rsa_key=False)
    certificate = x509.load_pem_x509_certificate(Path(made.certificate).read_bytes())
    assert (made.number, serial_bytes(certificate), number_of(certificate)) == (printed, printed, printed)


def test_the_key_name_is_the_number_of_the_certificate_or_the_port_refuses_it(authority: Authority) -> None:
    made, paper = authority.issue("named", serial=0x01691FE9), sample_paper("customs.order")
    body = b64decode(read_xml(signing(made).submissions[paper.kind].encode([paper]).body).findtext("{*}Data") or "")
    assert read_xml(body).findtext(f".//{DS}KeyName") == "01691fe9"
    SignatureDesk(demanded=True, registered=["01691fe9"]).check(etree.fromstring(body), Clock()())
    for name in ("0001", "1691FE9", "01691FE9", "1691fe9"):
        other = etree.fromstring(change(b"KeyName>01691fe9<", f"KeyName>{name}<".encode())(body))
        with pytest.raises(SignatureError, match=f"KeyName{name}不是证书01691fe9"):
            SignatureDesk().check(other, Clock()())
        SignatureDesk(named=False).check(other, Clock()())  # as the samples of the edition would need it


def test_the_same_paper_again_makes_the_same_message(pair: Pair) -> None:
    """What is sent once more after a time-out is what was sent before, to the byte."""
    paper = sample_paper("customs.inventory")
    first, second = (signing(pair).submissions[paper.kind].encode([paper]).body for _ in range(2))
    assert first == second


def change(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def touch(body: bytes) -> bytes:
        assert old in body
        return body.replace(old, new, 1)

    return touch


def swap_signature_value(body: bytes) -> bytes:
    return re.sub(rb"(<ds:SignatureValue>)(.)", lambda found: found[1] + (b"B" if found[2] == b"A" else b"A"), body)


def without_signature(body: bytes) -> bytes:
    return re.sub(rb"<ds:Signature .*</ds:Signature>", b"", body, flags=re.DOTALL)


TOUCHED = {
    "a changed amount": (change(b"<ceb:currency>502<", b"<ceb:currency>142<"), "-301008", "-621028"),
    "a space more": (change(b"</ceb:copName>", b" </ceb:copName>"), "-301008", "-621028"),
    "another signature": (swap_signature_value, "-301008", "-621029"),
    "another algorithm": (change(b"xmldsig#rsa-sha1", b"xmldsig-more#rsa-sha256"), "-301008", "-621029"),
    "a reference to a part": (change(b'URI=""', b'URI="#x"'), "-301008", "-621029"),
    "no signature": (without_signature, "-301008", "-621026"),
}


@pytest.mark.parametrize(("touch", "of_order", "of_inventory"), TOUCHED.values(), ids=TOUCHED)
def test_what_was_touched_on_the_way_is_refused_with_the_code_for_it(
    port: Open, pair: Pair, touch: Callable[[bytes], bytes], of_order: str, of_inventory: str
) -> None:
    for kind, code in (("customs.order", of_order), ("customs.inventory", of_inventory)):
        opened = port(pair)
        ((told, words),) = opened.told(kind, touch)
        assert told == code
        assert "签" in words or "Algorithm" in words or "Method" in words
        ruling = opened.stand_in.connector.codes.rule(kind, told)
        assert ruling.state == "rejected"


def test_a_certificate_that_is_not_registered_or_has_ended_is_refused(
    port: Open, authority: Authority, pair: Pair
) -> None:
    ((code, words),) = port(pair, registered=["0abc"]).told("customs.inventory")
    assert (code, "未备案" in words) == ("-621029", True)
    opened = port(authority.issue("ended", until=Clock()() + timedelta(hours=1)))
    source = opened.stand_in.connector
    message = source.submissions["customs.inventory"].encode([sample_paper("customs.inventory")])
    opened.stand_in.clock.forward(timedelta(hours=2))
    with closing(source.open()) as http:
        source.submissions["customs.inventory"].send(http, message, [])
    opened.stand_in.clock.forward(timedelta(days=1))
    told = {(one["code"], "不在有效期内" in one["words"]) for one in opened.stand_in.pulls("responses")}
    assert told == {("-621029", True)}


def test_unsigned_messages_are_taken_where_no_signature_is_demanded(port: Open) -> None:
    assert "-301008" not in dict(port(None, demanded=False).told("customs.order"))
    ((code, words),) = port(None).told("customs.order")
    assert (code, words) == ("-301008", "参数校验不通过，签名信息为空")


# The state of the key.


def test_health_names_the_certificate_and_warns_before_it_ends(authority: Authority) -> None:
    clock = Clock()
    pair = authority.issue("soon", until=clock() + timedelta(days=20))
    (finding,) = signing(pair, clock).health()
    assert (finding.name, finding.ok) == ("signing_certificate", True)
    assert pair.number in finding.zh
    assert pair.number in finding.en
    assert finding.way_out_en == "It ends soon: have it renewed"


def test_a_key_that_cannot_sign_stops_the_paper_before_it_leaves_and_says_what_to_do(authority: Authority) -> None:
    now = datetime.now(UTC)
    wrong = {
        "signing_certificate": [
            Pair("", authority.issue("one").key, ""),
            Pair("/nowhere/certificate.pem", authority.issue("one").key, ""),
            authority.issue("ended", until=now - timedelta(days=1500)),
        ],
        "signing_key": [
            Pair(authority.issue("two").certificate, "", ""),
            Pair(authority.issue("two").certificate, authority.issue("three").key, ""),
            authority.issue("locked", password="sesame"),
            authority.issue("curve", rsa_key=False),
        ],
    }
    paper = sample_paper("customs.order")
    for setting, pairs in wrong.items():
        for pair in pairs:
            source = signing(pair)
            with pytest.raises(NeedsCredentials) as caught:
                source.submissions[paper.kind].encode([paper])
            assert caught.value.field == setting, pair
            (finding,) = source.health()
            assert (finding.name, finding.ok) == (setting, False), pair
            assert finding.way_out_zh
            assert finding.way_out_en
            assert caught.value.text == f"{setting}: {finding.en}. {finding.way_out_en}"


def test_a_password_opens_the_key(authority: Authority) -> None:
    source = signing(authority.issue("locked", password="sesame"), signing_key_password="sesame")
    paper = sample_paper("customs.order")
    assert source.submissions[paper.kind].encode([paper]).body
    assert [one.ok for one in source.health()] == [True]


def test_without_a_key_nothing_is_signed_and_nothing_is_said_about_it() -> None:
    paper = sample_paper("customs.order")
    source = connector("customs")
    assert source.health() == []
    body = b64decode(read_xml(source.submissions[paper.kind].encode([paper]).body).findtext("{*}Data") or "")
    assert b"Signature" not in body
