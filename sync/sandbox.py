"""A sandbox talks to stand-ins only: whoever is at the other end has to say so before anything of ours goes there."""

from __future__ import annotations

from contextlib import closing

from connectors.sdk.codecs import read_json
from connectors.sdk.connector import Connector
from connectors.sdk.errors import BadData, ConnectorError
from connectors.sdk.http import Http
from connectors.sdk.inside.retry import Retry

ABOUT = "_control/about"


class NoStandIn(ConnectorError):
    """The address in the settings is not that of a stand-in: papers wait, nothing is asked."""

    code = "SANDBOX_ONLY"


def open_stand_in(connector: Connector) -> Http:
    """A line to a stand-in, asked on each run: what stood at an address yesterday may be another today.

    The question itself carries no credentials. NoStandIn where the answer is not that of one; loopback proves nothing.
    """
    address = connector.settings["base_url"]
    asking = Http(address, retry=Retry(attempts=1), now=connector.now, sleep=connector.sleep)
    with closing(asking):
        page = asking.get(ABOUT, answers=range(400, 500))
    if page.status != 200 or not _says_so(page.body):
        raise NoStandIn(f"{connector.code}: {asking.host} does not say that it is a stand-in, and this is a sandbox")
    return connector.open()


def _says_so(body: bytes) -> bool:
    try:
        told = read_json(body)
    except BadData:
        return False
    return isinstance(told, dict) and told.get("standIn") is True
