"""A hub with the example connector, installed by pip as anybody's package would be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.examples.paying import Ebpay
from tests.support.world import Street

PACKAGES = ("connector_ebpay", "ebpay_stand_in")
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "connector-ebpay"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed packages with the example in it."""
    folder = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "--target", str(folder), str(EXAMPLE)], check=True)
    return folder


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example is installed, until the test ends."""
    monkeypatch.syspath_prepend(str(site))
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] in PACKAGES]:
        del sys.modules[name]


@pytest.fixture
def ebpay(installed: None, street: Street, tmp_path: Path, small_url: str) -> Iterator[Ebpay]:
    """The institution, a hub that has its connector, and an exporter who is paid through it; on both databases."""
    with Ebpay.opened(street, tmp_path, small_url) as opened:
        yield opened


@pytest.fixture
def small_ebpay(installed: None, street: Street, tmp_path: Path) -> Iterator[Ebpay]:
    """The same on SQLite alone, where the database is not what is tested."""
    with Ebpay.opened(street, tmp_path, f"sqlite:///{tmp_path / 'hub.db'}") as opened:
        yield opened
