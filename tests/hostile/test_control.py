"""Switching faults: from a test, over HTTP, on the page, from the command line; and what the table says of them."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result
from lxml import html

from hub.cli.main import commands
from hub.errors import HubError
from mocks.hostile import FAULTS, Hostile, Refused
from mocks.serve import serving
from mocks.tax.app import create_app
from tests.support.mocks.refunds import KEY, filing

README = Path(__file__).resolve().parents[2] / "mocks" / "README.md"


@pytest.fixture
def bureau() -> Hostile:
    return Hostile(create_app())


@pytest.fixture
def address(bureau: Hostile) -> Iterator[str]:
    with serving(bureau) as base:
        yield base


def rates(address: str, **more: int) -> requests.Response:
    return requests.get(f"{address}/rates", params=more, headers=KEY, timeout=5)


def test_a_fault_strikes_as_often_as_it_was_told_and_where(bureau: Hostile, address: str) -> None:
    bureau.set("unavailable", times=2, path="/ra*", method="get", after=7)
    assert requests.get(f"{address}/refunds/results", headers=KEY, timeout=5).status_code == 200
    answers = [rates(address) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert bureau.struck("unavailable") == 2
    assert bureau.on() == {}


def test_what_does_not_exist_is_refused_by_name(bureau: Hostile) -> None:
    with pytest.raises(Refused, match="fault: there is no 'slwo'"):
        bureau.set("slwo")
    with pytest.raises(Refused, match="second: slow takes no such parameter; it takes seconds"):
        bureau.set("slow", second=1)
    with pytest.raises(Refused, match="seconds: a number wanted, not 'long'"):
        bureau.set("slow", seconds="long")
    with pytest.raises(Refused, match="times: 0 or more"):
        bureau.set("slow", times=-1)


def test_several_faults_strike_at_once(bureau: Hostile, address: str) -> None:
    bureau.set("short_pages", rows=2)
    bureau.set("duplicates")
    rows = rates(address, page=1, size=100).json()["rows"]
    assert len(rows) == 4
    assert rows[0] == rows[1] != rows[2]


def test_what_is_saved_is_in_the_ledger_whatever_the_caller_hears(bureau: Hostile, address: str) -> None:
    assert bureau.ledger is not None
    for fault, outcomes in (("cut", []), ("saved_then_cut", ["accepted"]), ("truncated", ["accepted", "duplicate"])):
        bureau.set(fault, times=1)
        with pytest.raises(requests.RequestException):
            requests.post(f"{address}/refunds", json=filing(), headers=KEY, timeout=5)
        assert [entry.outcome for entry in bureau.ledger.entries("refund")] == outcomes, fault


def test_silence_ends_when_the_caller_has_gone(bureau: Hostile, address: str) -> None:
    bureau.set("silent", times=1, seconds=3600)
    with pytest.raises(requests.Timeout):
        requests.get(f"{address}/rates", headers=KEY, timeout=0.2)
    assert rates(address).status_code == 200


def test_programs_switch_faults_over_http(bureau: Hostile, address: str) -> None:
    control = f"{address}/_control/faults"
    said = requests.post(control, json={"fault": "slow", "times": 3, "seconds": 0.01}, timeout=5).json()["faults"]
    (slow,) = [one for one in said if one["fault"] == "slow"]
    assert slow["on"] == {"path": "*", "method": "*", "times": 3, "seconds": 0.01}
    rates(address)
    (slow,) = [one for one in requests.get(control, timeout=5).json()["faults"] if one["fault"] == "slow"]
    assert (slow["on"]["times"], slow["struck"]) == (2, 1)
    requests.delete(control, params={"fault": "slow"}, timeout=5)
    assert bureau.on() == {}


@pytest.mark.parametrize(
    ("order", "field"),
    [("[]", "body"), ("{", "body"), ('{"fault": "x"}', "fault"), ('{"fault": "slow", "name": 1}', "name"),
     ('{"fault": "slow", "times": "many"}', "times"), ('{"fault": "slow", "seconds": []}', "seconds")],
)  # fmt: skip
def test_an_order_that_cannot_be_carried_out_names_the_field(address: str, order: str, field: str) -> None:
    answer = requests.post(
        f"{address}/_control/faults", data=order, headers={"Content-Type": "application/json"}, timeout=5
    )
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_people_switch_faults_on_a_page_without_script(bureau: Hostile, address: str) -> None:
    requests.post(f"{address}/refunds", json=filing(), headers=KEY, timeout=5)
    page = html.fromstring(requests.get(f"{address}/_control/", timeout=5).text)
    assert page.get("lang") == "zh-CN"
    assert page.xpath("//script") == []
    forms = {form.fields["fault"]: form for form in page.forms if "fault" in form.fields}
    assert set(forms) == set(FAULTS)
    assert all(field.getparent().tag == "label" for field in page.xpath("//input[not(@type='hidden')]"))
    assert "20260200100000001" in page.text_content()

    form = {"fault": "slow", "seconds": "0.5", "times": "", "path": "/rates"}
    switched = requests.post(f"{address}/_control/switch", data=form, timeout=5)
    assert bureau.on()["slow"].as_json() == {"path": "/rates", "method": "*", "times": None, "seconds": 0.5}
    assert "seconds=0.5" in switched.text
    requests.post(f"{address}/_control/switch", data={"fault": "slow", "off": "1"}, timeout=5)
    assert bureau.on() == {}

    wrong = requests.post(f"{address}/_control/switch", data={"fault": "slow", "seconds": "<b>"}, timeout=5)
    assert wrong.status_code == 422
    assert "a number wanted, not &#39;&lt;b&gt;&#39;" in wrong.text


def test_another_site_may_not_press_the_buttons(bureau: Hostile, address: str) -> None:
    answer = requests.post(
        f"{address}/_control/switch", data={"fault": "cut"}, headers={"Sec-Fetch-Site": "cross-site"}, timeout=5
    )
    assert answer.status_code == 403
    assert bureau.on() == {}


def test_half_a_character_does_not_break_the_ledger(address: str) -> None:
    body = '{"exports": [{"relation": "\\ud800", "invoice": "x"}]}'
    requests.post(f"{address}/refunds", data=body, headers={**KEY, "Content-Type": "application/json"}, timeout=5)
    ledger = requests.get(f"{address}/_control/ledger", timeout=5)
    assert ledger.status_code == 200
    assert ledger.json()["entries"][0]["key"] == "\\ud800"


def yuhub(*words: str) -> Result:
    return CliRunner().invoke(commands, words)


def test_the_command_line_talks_to_a_running_stand_in(bureau: Hostile, address: str) -> None:
    done = yuhub("mocks", "fault", "tax", "slow", "seconds=2", "--times", "3", "--path", "/rates", "--at", address)
    assert done.exit_code == 0, done.output
    assert bureau.on()["slow"].as_json() == {"path": "/rates", "method": "*", "times": 3, "seconds": 2.0}
    shown = yuhub("mocks", "faults", "tax", "--at", address)
    assert "tax: on" in shown.output
    assert yuhub("mocks", "fault", "tax", "slow", "--off", "--at", address).exit_code == 0
    assert bureau.on() == {}


def test_the_command_line_says_what_is_wrong(address: str) -> None:
    assert "there is no 'slwo'" in yuhub("mocks", "fault", "tax", "slwo", "--at", address).output
    assert "NAME=VALUE wanted" in yuhub("mocks", "fault", "tax", "slow", "5", "--at", address).output
    assert "AUTHORITY:FAULT wanted" in yuhub("mocks", "--fault", "slow").output
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        missing = yuhub("mocks", "fault", "tax", "slow", "--at", f"http://127.0.0.1:{nobody.getsockname()[1]}")
    assert isinstance(missing.exception, HubError)
    assert missing.exception.code == "MOCK_UNREACHABLE"


def test_the_readme_has_the_table_of_faults() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", README.read_text("utf-8"), re.MULTILINE)
    told = {name: (zh, en, set(re.findall(r"`(\w+)=(.*?)`", takes))) for name, zh, en, takes in rows}
    assert told == {
        name: (fault.zh, fault.en, {(key, str(value)) for key, value in fault.parameters.items()})
        for name, fault in FAULTS.items()
    }
