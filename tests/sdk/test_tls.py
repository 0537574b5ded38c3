"""Mutual TLS with a real server: who we are, whom we trust, and what is said before a certificate ends."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from connectors.sdk import Connector, NeedsCredentials
from connectors.sdk.inside.http_line import utc_now
from tests.support.certificates import Authority, Pair
from tests.support.connectors.parts import connector


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def bank(authority: Authority) -> Iterator[HTTPServer]:
    """Demands a certificate of the authority, and takes whatever then comes."""
    own = authority.issue("bank")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    context.load_verify_locations(authority.bundle)
    context.verify_mode = ssl.CERT_REQUIRED
    with HTTPServer("127.0.0.1", 0, ssl_context=context) as server:
        server.expect_request("/papers").respond_with_data("taken")
        yield server


Meet = Callable[..., Connector]


@pytest.fixture
def meet(bank: HTTPServer, authority: Authority) -> Meet:
    """A connector that trusts the authority and shows this pair; `settings` beside it."""

    def make(pair: Pair | None = None, **settings: str) -> Connector:
        shown = {"client_certificate": pair.certificate, "client_key": pair.key} if pair else {}
        given = {"base_url": bank.url_for("/"), "ca_bundle": authority.bundle} | shown | settings
        return connector("forex", **given)

    return make


def ask(source: Connector) -> bytes:
    with closing(source.open()) as http:
        return http.get("papers").body


def test_a_server_that_demands_our_certificate_is_shown_it(meet: Meet, authority: Authority) -> None:
    assert ask(meet(authority.issue("hub"))) == b"taken"


def test_a_key_may_have_a_password(meet: Meet, authority: Authority) -> None:
    pair = authority.issue("hub", password="sesame")
    assert ask(meet(pair, client_key_password="sesame")) == b"taken"


def test_without_a_certificate_a_person_is_asked_for_and_nothing_is_repeated(meet: Meet, bank: HTTPServer) -> None:
    with pytest.raises(NeedsCredentials, match="certificate"):
        ask(meet())
    assert bank.log == []


def test_a_server_that_we_have_no_reason_to_trust_hears_nothing(
    meet: Meet, authority: Authority, bank: HTTPServer, tmp_path: Path
) -> None:
    for bundle in ("", Authority(tmp_path, "Somebody else").bundle):
        with pytest.raises(NeedsCredentials, match="the certificate was not accepted"):
            ask(meet(authority.issue("hub"), ca_bundle=bundle))
    assert bank.log == []


WRONG = {
    "a missing file": ("client_key", {"client_key": "/nowhere/key.pem"}, "cannot be read"),
    "no key at all": ("client_key", {"client_key": ""}, "not set"),
    "a wrong password": ("client_key", {"client_key_password": "open"}, "password is wrong"),
    "no password": ("client_key", {"client_key_password": ""}, "password is wrong"),
    "a missing bundle": ("ca_bundle", {"ca_bundle": "/nowhere/ca.pem"}, "no certificates"),
}


@pytest.mark.parametrize(("setting", "wrong", "why"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_file_names_the_setting_before_anybody_is_called(
    meet: Meet, authority: Authority, bank: HTTPServer, setting: str, wrong: dict[str, str], why: str
) -> None:
    source = meet(authority.issue("hub", password="sesame"), **{"client_key_password": "sesame"} | wrong)
    with pytest.raises(NeedsCredentials, match=why) as caught:
        source.open()
    assert caught.value.field == setting
    assert "sesame" not in caught.value.text
    (finding,) = [one for one in source.health() if not one.ok]
    assert (finding.name, why in finding.en) == (setting, True)
    assert finding.zh
    assert finding.way_out_zh
    assert finding.way_out_en
    assert bank.log == []


def test_a_bundle_or_a_certificate_that_is_none_is_told(meet: Meet, authority: Authority, tmp_path: Path) -> None:
    pair, text = authority.issue("hub"), tmp_path / "text.pem"
    text.write_text("no certificate")
    for wrong in ({"ca_bundle": str(text)}, {"client_certificate": str(text)}):
        with pytest.raises(NeedsCredentials) as caught:
            meet(pair, **wrong).open()
        assert [caught.value.field] == list(wrong)


def test_a_key_of_another_certificate_is_told(meet: Meet, authority: Authority) -> None:
    pair, other = authority.issue("hub"), authority.issue("other")
    with pytest.raises(NeedsCredentials, match="the key is not the certificate's"):
        meet(Pair(pair.certificate, other.key, "")).open()


def test_health_tells_number_and_last_day_and_warns_in_time(meet: Meet, authority: Authority) -> None:
    for days, warned in ((31, False), (29, True)):
        until = datetime.now(UTC) + timedelta(days=days)
        pair = authority.issue("hub", until=until)
        (finding,) = meet(pair).health()
        day = f"{until + timedelta(hours=8):%Y-%m-%d}"
        assert (finding.name, finding.ok) == ("client_certificate", True)
        assert finding.en == f"certificate {pair.number}, valid to {day}"
        assert finding.zh == f"证书 {pair.number}，有效期至 {day}"
        assert bool(finding.way_out_zh) == bool(finding.way_out_en) == warned


def test_an_ended_certificate_is_not_shown_and_a_new_one_in_its_place_is_taken_without_a_restart(
    meet: Meet, authority: Authority
) -> None:
    source = meet(authority.issue("hub", until=utc_now() - timedelta(days=1)))
    with pytest.raises(NeedsCredentials, match="client_certificate: the certificate is valid from"):
        source.open()
    assert [one.ok for one in source.health()] == [False]
    authority.issue("hub")  # writes the same files
    assert ask(source) == b"taken"
    assert [one.ok for one in source.health()] == [True]
