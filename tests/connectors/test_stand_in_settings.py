"""What only the stand-in knows us by goes to no other authority."""

from __future__ import annotations

import pytest

from connectors.sdk import ManifestError
from tests.support.connectors.parts import connector

OWN = {"dxp_id": "DXPENT0000000001", "transfer_code": "4101960001", "transfer_name": "豫货出海有限公司"}
REAL = "https://dxp.example"


@pytest.mark.parametrize("address", ["http://127.0.0.1:8101", "http://localhost:8101", "http://[::1]:8101"])
def test_at_the_stand_in_its_own_defaults_do(address: str) -> None:
    assert connector("customs", base_url=address).settings["transfer_code"] == "4101986000"


@pytest.mark.parametrize("name", OWN)
def test_elsewhere_a_default_of_the_stand_in_is_refused_by_name(name: str) -> None:
    assert connector("customs", base_url=REAL, **OWN).settings["base_url"] == REAL
    for left in ({}, {name: ""}):
        with pytest.raises(ManifestError) as caught:
            connector("customs", base_url=REAL, **({one: value for one, value in OWN.items() if one != name} | left))
        assert f"customs.{name}: it is not set" in str(caught.value)
        assert f"YUHUB_CUSTOMS_{name.upper()}" in str(caught.value)
        assert str(caught.value).count("it is not set") == 1
