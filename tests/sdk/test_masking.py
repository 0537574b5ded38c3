"""What people read holds no secret, in whatever form it came there."""

from __future__ import annotations

import io
import logging
from base64 import b64encode
from urllib.parse import quote

import pytest

from connectors.sdk.inside.masking import Mask, MaskedFormatter

SECRET = "s€same & ‘open’\\n"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        repr(SECRET),
        quote(SECRET),
        quote(SECRET, safe=""),
        f"https://hub:{quote(SECRET, safe='')}@bank.example/",
        *(b64encode(f"{before}:{SECRET}{after}".encode()).decode() for before in range(3) for after in ("", "yz")),
    ],
)
def test_a_secret_is_masked_in_every_form_in_which_it_travels(form: str) -> None:
    told = Mask([SECRET])(f"refused: {form}!")
    assert told.startswith("refused: ")
    assert "•••" in told
    for inner in (SECRET, quote(SECRET, safe=""), b64encode(SECRET.encode()).decode()[4:-4]):
        assert inner not in told


def test_what_is_no_secret_stays() -> None:
    mask = Mask(["sesame", ""])
    assert mask("sesam, open: 3 of 4 (customs.responses)") == "sesam, open: 3 of 4 (customs.responses)"
    assert Mask([])("sesame") == "sesame"


def test_the_longer_of_two_secrets_leaves_no_rest() -> None:
    assert Mask(["open", "open sesame"])("open sesame") == "•••"


def test_a_log_with_a_traceback_is_masked() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(MaskedFormatter(Mask(["sesame"]), "%(levelname)s %(message)s"))
    log = logging.Logger("test")
    log.addHandler(handler)
    try:
        raise RuntimeError("the key sesame is wrong")
    except RuntimeError:
        log.exception("with %s", "sesame")
    assert "sesame" not in written.getvalue()
    assert written.getvalue().startswith("ERROR with •••\\nTraceback")
    assert "RuntimeError: the key ••• is wrong" in written.getvalue()
