"""The key pair of a demonstration: the customs connector signs with it at once, and nobody else may read the key."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

from lxml import etree

from hub.cli.throwaway import make_throwaway
from mocks.customs.envelope import parse
from mocks.customs.signature import SignatureDesk
from tests.support.connectors.parts import connector, sample_paper


def test_what_the_pair_signs_is_what_the_stand_in_demands(tmp_path: Path) -> None:
    pair = make_throwaway(tmp_path, "demo")
    source = connector("customs", signing_certificate=str(pair.certificate), signing_key=str(pair.key))
    (finding,) = source.health()
    assert (finding.ok, finding.way_out_en, pair.number in finding.en) == (True, "", True)
    paper = sample_paper("customs.order")
    envelope = etree.fromstring(source.submissions[paper.kind].encode([paper]).body)
    message = parse(b64decode(envelope.findtext("{*}Data") or ""))
    SignatureDesk(demanded=True, registered=(pair.number,)).check(message, source.now())
    assert pair.key.stat().st_mode & 0o777 == 0o600
