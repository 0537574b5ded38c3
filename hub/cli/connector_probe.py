"""Looking from here to an authority: is it there, does it let us in, do the clocks agree, are certificates good?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from connectors.sdk.connector import Connector
from connectors.sdk.errors import ConnectorError, NeedsCredentials, Retriable
from connectors.sdk.health import Finding
from connectors.sdk.http import Http, Page
from connectors.sdk.inside.setting_specs import variable
from connectors.sdk.stream import Ask

CLOCKS_MAY_DIFFER = timedelta(minutes=2)
"""Signatures and tokens are refused where clocks are further apart than a few minutes."""
ANY_ANSWER = range(200, 600)


def probed(connector: Connector) -> Iterator[Finding]:
    """One finding after the other, as they are made: a GET of the base address, one page, what the connector knows."""
    address = connector.settings["base_url"]
    with closing(connector.open()) as http:
        try:
            greeting: Page | None = http.get("", answers=ANY_ANSWER)
        except NeedsCredentials:
            greeting = None  # it answers: it does not know us
        except ConnectorError as error:
            yield _unreachable(connector, error)
            yield from connector.health()
            return
        yield Finding("address", True, f"{address} 有应答", f"{address} answers")
        yield _let_in(connector, http)
        if greeting is not None:
            yield from _clock(connector, greeting)
    yield from connector.health()


def _unreachable(connector: Connector, error: ConnectorError) -> Finding:
    name = variable(f"{connector.code}.base_url")
    way_zh, way_en = f"检查 {name} 与网络", f"Check {name} and the network"
    return Finding("address", False, error.text, error.text, way_zh, way_en)


def _let_in(connector: Connector, http: Http) -> Finding:
    """Reads the first page of a stream that asks about nothing in particular."""
    streams = [stream for stream in connector.streams.values() if stream.watches is None]
    asked = streams[0] if streams else None
    try:
        if asked is not None:
            next(asked.pages(http, Ask()), None)
        else:
            http.get("", answers=range(404, 600))
    except NeedsCredentials as error:
        secrets = [name for name, spec in connector.manifest.settings.items() if spec.secret]
        names = ", ".join(variable(f"{connector.code}.{name}") for name in secrets)
        way_zh, way_en = f"核对 {names}", f"Check {names}"
        return Finding("credentials", False, f"凭证被拒：{error.text}", f"refused: {error.text}", way_zh, way_en)
    except Retriable as error:
        way_zh, way_en = "稍后再试；持续如此请致电该部门", "Try again later; call the authority if it stays so"
        return Finding("service", False, f"服务不可用：{error.text}", f"no service: {error.text}", way_zh, way_en)
    except ConnectorError as error:
        way_zh, way_en = "核对地址与协议版本", "Check the address, and the edition of the protocol"
        return Finding("service", False, f"应答不符：{error.text}", f"not as agreed: {error.text}", way_zh, way_en)
    what = asked.name if asked else "/"
    return Finding("credentials", True, f"凭证有效（{what}）", f"accepted ({what})")


def _clock(connector: Connector, page: Page) -> Iterator[Finding]:
    """How far the authority's clock is from ours, by its Date header."""
    try:
        theirs: datetime = parsedate_to_datetime(page.headers.get("Date", ""))
    except ValueError:
        return
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    apart = (theirs - connector.now()).total_seconds()
    ok = abs(apart) <= CLOCKS_MAY_DIFFER.total_seconds()
    way = ("", "") if ok else ("校准本机时钟（NTP）", "Set the clock of this machine by NTP")
    yield Finding("clock", ok, f"相差 {apart:+.0f} 秒", f"{apart:+.0f} s apart", *way)
