"""`yuhub connector`: a package is written, installed, checked and tested; authorities are looked at from here."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.sdk.inside.registry import connector_in, find_connectors
from hub.app import load_settings
from hub.entry.what_is_typed import typed
from hub.papers.joining import admit, build_desk
from hub.papers.plan import Days
from tests.support.cli.shells import ROOT, Shell, Typed
from tests.support.sdk.raw_server import raw_server, says
from tests.support.world import APPS, Clock, ClockPace, Street


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port that is held, but where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new package in `connector-acme`, installed by pip into `site`, away from this environment."""
    folder = tmp_path_factory.mktemp("acme")
    Shell(folder)("connector", "new", "acme", "--zh", "示例港口", "--en", "Example port")
    pip = [
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--target",
        str(folder / "site"),
    ]
    run = subprocess.run(
        [sys.executable, "-m", *pip, str(folder / "connector-acme")], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return folder


def beside(folder: Path) -> dict[str, str]:
    """The environment of a program that finds what is installed in this folder."""
    return {"PYTHONPATH": os.pathsep.join(map(str, (folder / "site", ROOT, ROOT / "graphql")))}


# A new connector


def test_a_new_connector_installs_and_passes_every_rule_at_once(
    installed: Path, yuhub: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(installed / "site"))
    said = yuhub("connector", "check", "acme")
    assert "✗" not in said
    assert said.splitlines()[-1] == f"{said.count('✓')} passed, 3 exempt"
    assert "exempt: nobody may push to it" in said
    assert "Example port" in yuhub("connector", "list")
    shown = yuhub("connector", "show", "acme")
    assert all(word in shown for word in ("示例港口", "base_url", "•••", "acme.notice", "results", "read-again"))
    assert "acme-demo-token" not in shown


def test_its_own_tests_pass_against_its_own_twin(installed: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=installed / "connector-acme",
        env=os.environ | beside(installed),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert "4 skipped" in run.stdout  # the rules about pushes


def test_it_is_written_as_we_write(installed: Path) -> None:
    """Style and types: whoever starts from it starts from something sound."""
    home = installed / "connector-acme"
    style = ["--isolated", "--line-length", "120", "--target-version", "py311"]
    rules = "A,B,BLE,C4,C90,DTZ,E,F,I,N,PIE,RET,RUF,S,SIM,TRY003,UP,W"
    for tool in (
        ["ruff", "check", *style, "--select", rules, "."],
        ["ruff", "format", "--check", *style, "."],
        ["mypy", "--strict", "--config-file=", f"--cache-dir={installed / 'mypy'}", "connector_acme", "tests/twin.py"],
    ):
        environment = os.environ | {"MYPYPATH": str(ROOT), "RUFF_NO_CACHE": "true"}
        run = subprocess.run(
            [sys.executable, "-m", *tool], cwd=home, env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout


def test_a_hub_takes_it_in_and_plans_its_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the plan row that its manifest suggests, the paper has a derivation, and every source of it is known."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    Shell(tmp_path)("connector", "new", "planned")
    manifest = tmp_path / "connector-planned" / "connector_planned" / "manifest.toml"
    text = manifest.read_text("utf-8")
    for line in ("[[plan]]", 'kind = "planned.notice"', 'modes = ["9610"]', 'after = ["released"]'):
        assert f"# {line}" in text
        text = text.replace(f"# {line}", line)
    manifest.write_text(text, "utf-8")
    classes = {**find_connectors()[0], "planned": connector_in(tmp_path / "connector-planned")}
    settings = load_settings({"YUHUB_DATA_DIR": str(tmp_path)})
    admitted, _, left_out = admit(classes, settings, typed=typed())
    assert left_out == []
    desk = build_desk(admitted, Clock(), lambda: pytest.fail("no guid is wanted yet"))
    assert "planned.notice" in [row.kind for row in desk.plan.due("9610", {}, Days(date(2026, 1, 9), {}))]
    assert set(desk.derivations["planned.notice"].head) == set(desk.kinds["planned.notice"].head)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("trade:numbr", "trade:number"), ("entry:transport.readyAtt", "transport.readyAt"),
        ("entry:goods[].skuu", "goods[].sku"), ("tariff:unit9", "tariff:unit1"), ("registr:name_en", "registration"),
    ],
)  # fmt: skip
def test_a_source_that_there_is_not_fails_the_check_with_the_nearest(yuhub: Typed, wrong: str, near: str) -> None:
    yuhub("connector", "new", "typo")
    file = Path("connector-typo/connector_typo/papers/notice.toml")
    text = file.read_text("utf-8")
    assert "<- trade:number" in text
    file.write_text(text.replace("trade:number", wrong), "utf-8")
    said = yuhub("connector", "check", "connector-typo", expect=1)
    assert wrong in said
    assert near in said


def test_a_folder_is_checked_without_being_installed_and_with_its_twin(yuhub: Typed) -> None:
    yuhub("connector", "new", "sea_port")
    said = json.loads(yuhub("connector", "check", "connector-sea-port", "--twin", "twin:TWIN", "--json"))
    assert {row["outcome"] for row in said["rules"]} == {"passed", "exempt"}
    assert {"small", "sent-once", "when-silent"} <= {row["rule"] for row in said["rules"]}


def test_a_rule_that_fails_is_told_with_the_reason_and_the_exit_code(yuhub: Typed, tmp_path: Path) -> None:
    yuhub("connector", "new", "acme")
    codes = tmp_path / "connector-acme" / "connector_acme" / "codes.py"
    codes.write_text(codes.read_text("utf-8").replace("已受理", "").replace('"finished"', '"ended"'), "utf-8")
    said = yuhub("connector", "check", "connector-acme", expect=1)
    assert "✗ code-words" in said
    assert "'accepted'): no Chinese words" in said
    assert "✗ code-known" in said
    assert "2 failed" in said
    chinese = yuhub("connector", "check", "connector-acme", expect=1, LC_ALL="zh_CN.UTF-8")
    assert "每个代码有中英文说明" in chinese


def test_settings_reach_a_connector_that_is_not_installed(yuhub: Typed, free_port: int) -> None:
    yuhub("connector", "new", "acme")
    address = f"http://127.0.0.1:{free_port}"
    said = yuhub("connector", "probe", "connector-acme", expect=1, YUHUB_ACME_BASE_URL=address)
    assert f"127.0.0.1:{free_port}: nobody answers there" in said
    assert address in yuhub("connector", "show", "connector-acme", YUHUB_ACME_BASE_URL=address)


# What cannot be


@pytest.mark.parametrize("name", ["Acme", "a", "9lives", "a-b", "../up", "class", "tax", "hub", "x" * 31, "é"])
def test_a_name_that_is_none_is_refused_and_nothing_written(yuhub: Typed, tmp_path: Path, name: str) -> None:
    said = yuhub("connector", "new", name, expect=2)
    assert f"CONNECTOR_NAME: {name} is no name for a connector" in said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_taken_or_cannot_be_written_is_said(yuhub: Typed, tmp_path: Path) -> None:
    (tmp_path / "connector-acme").mkdir()
    assert "FOLDER_TAKEN: connector-acme is there already" in yuhub("connector", "new", "acme", expect=2)
    (tmp_path / "file").write_text("")
    assert "FOLDER_NOT_WRITABLE" in yuhub("connector", "new", "acme", "--into", "file/below", expect=2)


@pytest.mark.parametrize("command", [("check",), ("show",), ("probe",), ("try", "rates")])
def test_a_connector_that_is_not_there_is_said_with_those_that_are(yuhub: Typed, command: tuple[str, ...]) -> None:
    said = yuhub("connector", command[0], "nobody", *command[1:], expect=2)
    assert "CONNECTOR_UNKNOWN: There is no connector nobody" in said
    assert "airport, customs, forex, rail, tax" in said


BROKEN = {
    "import": ("connector_acme/codes.py", "import Codes", "import Cods", "ImportError: cannot import name 'Cods'"),
    "syntax": ("connector_acme/streams.py", "class Results(Stream):", "class Results(Stream", "SyntaxError"),
    "manifest": ("connector_acme/manifest.toml", 'promise = "10m"', 'promise = "soon"', "'soon' is no duration"),
    "project": ("pyproject.toml", "yuhub.connectors", "yuhub.hooks", "one entry point is wanted"),
    "no TOML": ("pyproject.toml", "[project]", "[project", "cannot be read"),
    "class": ("pyproject.toml", ":Acme", ":Nobody", "has no attribute 'Nobody'"),
}


@pytest.mark.parametrize(("file", "old", "new", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_package_that_cannot_be_loaded_is_one_clear_line(
    yuhub: Typed, tmp_path: Path, file: str, old: str, new: str, reason: str
) -> None:
    yuhub("connector", "new", "acme")
    path = tmp_path / "connector-acme" / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    said = yuhub("connector", "check", "connector-acme", expect=2)
    assert said.startswith("CONNECTOR_WRONG: ")
    assert reason in said


def test_a_twin_that_is_none_is_said(yuhub: Typed) -> None:
    assert "nowhere:TWIN: ModuleNotFoundError" in yuhub("connector", "check", "tax", "--twin", "nowhere:TWIN", expect=2)
    assert "json:dumps is no" in yuhub("connector", "check", "tax", "--twin", "json:dumps", expect=2)


# Looking at an authority


@pytest.fixture
def bureau(street: Street) -> Iterator[tuple[str, Clock]]:
    """The tax bureau's stand-in behind its door, and its clock."""
    clock = Clock()
    street.doors["tax"].app = APPS["tax"](ClockPace(clock=clock))
    yield street.addresses["tax"], clock
    street.clear()


def test_a_probe_goes_from_the_address_to_the_clock(yuhub: Typed, bureau: tuple[str, Clock]) -> None:
    said = yuhub("connector", "probe", "tax", YUHUB_TAX_BASE_URL=bureau[0])
    assert [line.split()[:2] for line in said.splitlines()] == [["✓", "address"], ["✓", "credentials"], ["✓", "clock"]]


def test_a_probe_says_which_setting_to_mend(yuhub: Typed, bureau: tuple[str, Clock], free_port: int) -> None:
    refused = yuhub("connector", "probe", "tax", expect=1, YUHUB_TAX_BASE_URL=bureau[0], YUHUB_TAX_API_KEY="no-key-7f")
    assert "✗ credentials" in refused
    assert "→ Check YUHUB_TAX_API_KEY" in refused
    assert "no-key-7f" not in refused
    nobody = yuhub("connector", "probe", "tax", expect=1, YUHUB_TAX_BASE_URL=f"http://127.0.0.1:{free_port}")
    assert "✗ address" in nobody
    assert "→ Check YUHUB_TAX_BASE_URL" in nobody


def test_one_page_is_tried_and_nothing_is_kept(yuhub: Typed, bureau: tuple[str, Clock], tmp_path: Path) -> None:
    at = {"YUHUB_TAX_BASE_URL": bureau[0]}
    said = yuhub("connector", "try", "tax", "rates", **at)
    assert "refund_rate (" in said
    assert "Nothing would be quarantined." in said
    page = json.loads(yuhub("connector", "try", "tax", "rates", "--json", **at))
    assert {"hs_code", "vat_rate", "valid_from"} <= set(page["records"]["refund_rate"][0])
    assert page["quarantined"] == []
    assert "results has nothing yet" in yuhub("connector", "try", "tax", "results", **at)
    assert "STREAM_UNKNOWN: tax has no stream rats; there are rates, results" in yuhub(
        "connector", "try", "tax", "rats", expect=2, **at
    )
    said = yuhub("connector", "try", "tax", "rates", "--since", "2026-01-01", expect=2, **at)
    assert "rates cannot be asked by time" in said
    assert "asks about single objects" in yuhub("connector", "try", "airport", "waybills")
    assert list(tmp_path.iterdir()) == []


def test_what_would_be_quarantined_is_shown_with_field_and_reason(yuhub: Typed, street: Street) -> None:
    rows = [
        {
            "hsCode": code,
            "vatRate": "0.13",
            "refundRate": "0.13",
            "validFrom": "2026-01-01",
            "updatedAt": "2026-01-01T00:00",
        }
        for code in ("6704200000", "67042")
    ]
    street.doors["tax"].app = answering({"pages": 1, "rows": rows})
    at = {"YUHUB_TAX_BASE_URL": street.addresses["tax"]}
    said = yuhub("connector", "try", "tax", "rates", **at)
    assert "refund_rate (1)" in said
    assert "quarantined (1)" in said
    assert "hsCode" in said
    assert "an HS code here has 10 digits" in said
    street.doors["tax"].app = answering({"lines": []})
    assert "PAGE_REFUSED: The whole page of rates of tax would be quarantined" in yuhub(
        "connector", "try", "tax", "rates", expect=2, **at
    )
    street.clear()


def answering(value: Any) -> Any:
    """A service that answers everything with this."""
    body = json.dumps(value).encode()

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return app


def test_clocks_that_differ_are_said(yuhub: Typed) -> None:
    body = b'{"results": []}'
    answer = (
        b"HTTP/1.1 200 OK\r\nDate: Fri, 09 Jan 2026 01:00:00 GMT\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
    )
    with raw_server(says(answer % (len(body), body))) as server:
        said = yuhub("connector", "probe", "tax", expect=1, YUHUB_TAX_BASE_URL=server.address)
    assert "✗ clock" in said
    assert "NTP" in said
    assert timedelta(seconds=abs(int(said.split("✗ clock")[1].split()[0]))) > timedelta(days=1)
