"""Where notices may go: nowhere inside the hub's own network, however the address is spelled or wherever it leads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.errors import HubError, SettingsWrong
from hub.model import Webhook
from hub.share.receivers import Place, Receivers, is_public, read_url
from tests.support.notices.telling import ADD, Office, Receiver
from tests.support.refusals import refuses
from tests.support.together import together
from tests.support.world import World, settings_for

INSIDE = [
    "http://127.0.0.1/", "http://127.1/", "http://127.8.9.10:8080/hook", "https://10.1.2.3/", "http://172.16.0.1/",
    "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/", "http://100.100.100.200/", "http://0.0.0.0/",
    "http://224.0.0.1/", "http://255.255.255.255/", "http://240.0.0.1/", "http://192.0.2.1/",
    "http://[::1]/", "http://[::]/", "http://[fe80::1]/", "http://[fe80::1%25lo]/", "http://[fd00::1]/",
    "http://[ff02::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[2002:7f00:1::]/", "http://[2002:a00:1::1]/",
    "http://[fec0::1]/", "http://[3fff::1]/", "http://192.88.99.1/", "http://[64:ff9b:1::7f00:1]/",
    "http://[::ffff:0:7f00:1]/",
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://017700000001/",
    "http://localhost/", "http://LOCALHOST./", "http://localhost:9/", "http://no.such.host.invalid/", "http://a..b/",
]  # fmt: skip
NO_ADDRESS = [
    "http://user:pw@example.com/", "http://user@example.com/", "http://@example.com/", "file:///etc/passwd",
    "ftp://example.com/", "gopher://127.0.0.1:6379/_x", "//example.com/", "example.com", "https://", "http:///hook", "",
    "http://example.com:0/", "http://example.com:99999/", "http://example.com:x/", "http://[::1/", "http://a b/",
    "http://example.com/\r\nHost: inside", "http://example.com/\tx", " http://example.com/", "http://例子.中国/",
    "http://example.com\\@127.0.0.1/", "http://example.com/" + "x" * 2000, "javascript:alert(1)", "http://exa\0mple/",
]  # fmt: skip


@together("url", INSIDE)
def test_no_spelling_of_an_inner_address_is_let_through(url: str) -> None:
    with refuses("WEBHOOK_HOST"):
        Receivers().find(url)


@together("url", NO_ADDRESS)
def test_what_is_no_plain_web_address_is_refused_even_in_a_private_network(url: str) -> None:
    with refuses("WEBHOOK_URL"):
        Receivers(private=True, resolve=lambda host, port: ["8.8.8.8"]).find(url)


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2606:4700::1111", "::1"], [], ["nonsense"]]
)
def test_a_name_that_leads_inside_even_with_one_of_its_addresses_is_refused(addresses: Sequence[str]) -> None:
    with refuses("WEBHOOK_HOST") as caught:
        Receivers(resolve=lambda host, port: addresses).find("https://rebind.example/hook")
    assert "rebind.example" in caught.value.words("en")
    assert not any(address in caught.value.words("en") for address in addresses)  # nothing to learn about the inside


def test_a_public_name_is_taken_apart_with_the_addresses_to_go_to() -> None:
    found = Receivers(resolve=lambda host, port: ["8.8.8.8", "2606:4700::1111", "8.8.8.8"])
    addresses = ("8.8.8.8", "2606:4700::1111")
    assert found.find("https://Hooks.example/a/b?c=d#e") == Place(
        True, "hooks.example", 443, "Hooks.example", "/a/b?c=d", addresses
    )
    assert read_url("http://[2606:4700::1111]:8080") == Place(
        False, "2606:4700::1111", 8080, "[2606:4700::1111]:8080", "/"
    )


def test_notices_go_over_tls_to_the_ports_that_are_allowed_and_to_no_others() -> None:
    public = Receivers(ports=(443, 8443), resolve=lambda host, port: ["8.8.8.8"])
    assert [public.find(f"https://hooks.example{port}/").port for port in ("", ":8443")] == [443, 8443]
    for port in (22, 25, 80, 6379, 8080):
        with refuses("WEBHOOK_PORT", port=port) as refused:
            public.find(f"https://hooks.example:{port}/")
        assert "443, 8443" in refused.value.way_out("en")
    with refuses("WEBHOOK_PLAIN"):
        public.find("http://hooks.example:443/")
    with refuses("WEBHOOK_PLAIN"):
        Receivers(resolve=lambda host, port: ["8.8.8.8"]).find("http://hooks.example/")
    with refuses("WEBHOOK_PORT"):  # one that was added before, or that staff allow no longer
        Receivers(ports=(443,), resolve=lambda host, port: ["8.8.8.8"]).find("https://hooks.example:8443/")
    own = Receivers(private=True, resolve=lambda host, port: ["10.0.0.7"])
    assert own.find("http://erp.inside:8080/hook").port == 8080


@pytest.mark.parametrize("ports", ["", "https", "0", "65536", "443,", "443;80"])
def test_ports_that_are_none_stop_the_start(tmp_path: Path, ports: str) -> None:
    with pytest.raises(SettingsWrong, match="webhook_ports"):
        settings_for(tmp_path, "", {}, YUHUB_WEBHOOK_PORTS=ports)


def test_public_addresses_are_public_and_those_that_wrap_one_too() -> None:
    for address in ("8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2400:3200::1"):
        assert is_public(address), address


def test_an_enterprise_is_told_what_is_wrong_with_an_address(small_world: World) -> None:
    key = small_world.exporter()

    def refusal(url: str, language: str = "en") -> tuple[str, str, str]:
        (error,) = small_world.post(ADD, key, language, url=url, events=["paper.rejected"]).json()["errors"]
        return error["extensions"]["code"], error["message"], error["extensions"]["wayOut"]

    for url in ("http://169.254.169.254/latest", "http://localhost:8080/", "http://0x7f.1/"):
        assert refusal(url)[0] == "WEBHOOK_HOST"
    code, message, way_out = refusal("http://10.0.0.7/hook", "zh")
    assert (code, message) == ("WEBHOOK_HOST", "10.0.0.7 不是公网主机")
    assert "webhook_private_addresses" in way_out
    assert refusal("http://user:pw@example.com/")[0] == "WEBHOOK_URL"
    assert "pw" not in json.dumps(refusal("http://user:pw@example.com/"))
    with small_world.hub.database.read() as connection:
        assert connection.execute(select(Webhook.id)).all() == []


def test_a_name_that_leads_elsewhere_by_the_time_of_sending_is_not_followed_there(
    small_office: Office, receiver: Receiver
) -> None:
    """DNS rebinding: public when it was added, the hub's own machine when there is something to send."""
    webhook = small_office.add(receiver.url)
    small_office.queue(webhook["id"])
    small_office.notifier.close()
    small_office.notifier = small_office.another(receivers=Receivers(resolve=lambda host, port: ["127.0.0.1"]))
    small_office.deliver()
    assert receiver.taken == []
    (delivery,) = small_office.deliveries
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert delivery.error == "localhost is no host on the public internet"


def test_a_lookup_that_fails_for_a_while_is_tried_again(small_office: Office, receiver: Receiver) -> None:
    answers: list[HubError | str] = []

    def resolve(host: str, port: int) -> list[str]:
        if len(answers) < 1:
            answers.append(host)
            raise OSError("the name server does not answer")
        return ["127.0.0.1"]

    small_office.queue(small_office.add(receiver.url)["id"])
    small_office.notifier.close()
    small_office.notifier = small_office.another(receivers=Receivers(private=True, resolve=resolve))
    small_office.deliver()
    small_office.after(seconds=10)
    assert [one.attempts for one in small_office.deliveries] == [2]
    assert len(receiver.taken) == 1
