"""Connectors that are installed for one test, as pip would."""

from __future__ import annotations

from pathlib import Path

MANIFEST = """
sdk = "2"
code = "{code}"
zh = "试验"
en = "Trial"
protocol = "JSON"
edition = "practice"

[settings.base_url]
help = "Address"
kind = "address"
default = "http://127.0.0.1:1"

[settings.rows]
help = "Rows of a page"
kind = "number"
default = "100"

[settings.key]
help = "Key"
kind = "number"
secret = true
"""
STREAM = '\n[streams.rates]\nevery = "1h"\npromise = "1d"\n'
SOUND = """
from connectors.sdk import Codes, Connector, Manifest, Stream
from connectors.sdk.records import ExchangeRate, Record
from marshmallow import fields

class Rates(Stream):
    name = "rates"
    records = (ExchangeRate,)
    def pages(self, http, ask):
        return iter(())
    def read(self, page):
        return iter(())

class Trial(Connector):
    manifest = Manifest.beside(__file__)
    codes = Codes({})
    def build_streams(self):
        return (Rates(),)
"""


def install(folder: Path, code: str, more: str = STREAM, source: str = SOUND) -> None:
    """Puts a package into a folder that is, or will be, on the path of whoever looks for connectors."""
    home = folder / f"trial_{code}"
    home.mkdir()
    (home / "__init__.py").write_text(source, "utf-8")
    (home / "manifest.toml").write_text(MANIFEST.format(code=code) + more, "utf-8")
    known = folder / f"trial_{code}-1.0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text(f"Metadata-Version: 2.1\nName: trial-{code}\nVersion: 1.0\n", "utf-8")
    (known / "entry_points.txt").write_text(f"[yuhub.connectors]\n{code} = trial_{code}:Trial\n", "utf-8")
