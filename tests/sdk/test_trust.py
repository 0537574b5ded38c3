"""Where a line goes and what it keeps to itself: no other host, nobody else's settings, no secret in an error."""

from __future__ import annotations

import traceback
from base64 import b64encode
from pathlib import Path

import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Response

from connectors.sdk import BadData, Bug, ConnectorError
from connectors.sdk.credentials import Credentials, HeaderCredential, basic, bearer
from tests.support.sdk.line import Line, talk
from tests.support.sdk.raw_server import ok, raw_server, says


def test_a_redirect_to_another_host_is_not_followed(httpserver: HTTPServer, line: Line) -> None:
    with raw_server(ok(b"stolen")) as elsewhere:
        for status in (301, 302, 303, 307, 308):
            httpserver.clear()
            answer = Response("", status, {"Location": elsewhere.address})
            httpserver.expect_request("/papers").respond_with_response(answer)
            for method in ("GET", "POST"):
                with pytest.raises(BadData, match="redirects"):
                    talk(line(httpserver.url_for("/"), credentials=bearer("sesame")), method)
    assert elsewhere.requests == []


@pytest.mark.parametrize("path", ["http://{other}/x", "//{other}/x", "http://{own}@{other}/x", "\t//{other}/x"])
def test_a_path_that_leads_to_another_host_is_refused_before_anything_is_sent(
    httpserver: HTTPServer, line: Line, path: str
) -> None:
    own = httpserver.url_for("/").removeprefix("http://").strip("/")
    with raw_server(ok(b"stolen")) as elsewhere:
        http = line(httpserver.url_for("/"), credentials=bearer("sesame"))
        for method in ("GET", "POST"):
            with pytest.raises(BadData, match=f"refused to go to .*: the settings name {own}"):
                talk(http, method, path.format(own=own, other=elsewhere.host))
    assert elsewhere.requests == []
    assert httpserver.log == []


def test_a_whole_address_on_the_same_host_is_gone_to(httpserver: HTTPServer, line: Line) -> None:
    httpserver.expect_request("/api/next", query_string="page=2").respond_with_data("second page")
    http = line(httpserver.url_for("/api"))
    assert http.get(httpserver.url_for("/api/next?page=2")).body == b"second page"
    assert http.get("next", params={"page": 2}).body == b"second page"


def test_the_environment_has_no_say(
    httpserver: HTTPServer, line: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever started the hub may have a proxy and a .netrc; papers go neither through the one nor with the other."""
    httpserver.expect_request("/papers").respond_with_data("taken")
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {httpserver.host} login somebody password else\n")
    netrc.chmod(0o600)
    with raw_server(ok(b"by the proxy")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("NETRC", str(netrc))
        address = httpserver.url_for("/papers")
        assert requests.get(address, timeout=5).text == "by the proxy"  # others would go that way
        assert b"Authorization: Basic" in proxy.requests[0]
        for method in ("GET", "POST"):
            assert talk(line(httpserver.url_for("/")), method).body == b"taken"
    assert len(proxy.requests) == 1
    assert [request.headers.get("Authorization") for request, _ in httpserver.log] == [None, None]


# What it says and what it keeps to itself.


@pytest.mark.parametrize(
    ("credentials", "name", "value"),
    [
        (HeaderCredential("X-API-Key", "sesame"), "X-API-Key", "sesame"),
        (bearer("sesame"), "Authorization", "Bearer sesame"),
        (basic("用户", "se:same"), "Authorization", "Basic " + b64encode("用户:se:same".encode()).decode()),
    ],
)
def test_each_request_is_signed_in(
    httpserver: HTTPServer, line: Line, credentials: Credentials, name: str, value: str
) -> None:
    httpserver.expect_request("/papers").respond_with_data("")
    http = line(httpserver.url_for("/"), credentials=credentials)
    talk(http, "GET")
    http.post("papers", b"{}", "application/json", headers={"Accept": "text/plain"})
    get, post = (request for request, _ in httpserver.log)
    assert get.headers[name] == post.headers[name] == value
    assert (post.headers["Content-Type"], post.headers["Accept"]) == ("application/json", "text/plain")


LEAKS = {
    "refused with an echo": b"HTTP/1.1 401 SECRET\r\nX: SECRET\r\nContent-Length: 6\r\n\r\nSECRET",
    "redirected with it": b"HTTP/1.1 302 No\r\nLocation: /?key=SECRET\r\nContent-Length: 0\r\n\r\n",
    "not HTTP": b"SECRET\r\n\r\n",
    "an impossible chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nSECRET\r\n",
    "an impossible compression": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nSECRET",
    "cut": b"",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
@pytest.mark.parametrize(
    ("credentials", "secret"),
    [
        (bearer("sesame"), "sesame"),
        (basic("ali", "sesame"), b64encode(b"ali:sesame").decode()),
        (HeaderCredential("X-API-Key", "sesame"), "sesame"),
    ],
)
def test_an_error_never_tells_the_secret(line: Line, leak: bytes, credentials: Credentials, secret: str) -> None:
    """Neither what we signed in with, nor an echo of it: what an error says is shown to staff and logged."""
    answer = says(leak.replace(b"SECRET", secret.encode()))
    with raw_server(answer) as server, pytest.raises(ConnectorError) as caught:
        talk(line(server.address, credentials=credentials), "POST", f"papers?key={secret}")
    assert secret.encode() in server.requests[0]
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caught.value.text
    for one in ("sesame", secret):
        assert one not in told
        assert one not in repr(credentials)


@pytest.mark.parametrize("secret", ["sesame\n", "open\nsesame", " sesame", "sesame\r\n\r\nGET / HTTP/1.1"])
def test_a_key_that_cannot_stand_in_a_header_is_not_told_either(line: Line, nobody: str, secret: str) -> None:
    with pytest.raises(Bug, match="a header is malformed") as caught:
        talk(line(nobody, credentials=HeaderCredential("X-API-Key", secret)), "POST")
    assert "sesame" not in "".join(traceback.format_exception(caught.value))
