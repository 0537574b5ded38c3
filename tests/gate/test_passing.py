"""What every request passes, and what every answer carries."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import requests

from hub.errors import SettingsWrong
from tests.support.world import Street, World, a_world, settings_for

PLACES = [
    ("GET", "/health/ready"),
    ("GET", "/nothing"),
    ("POST", "/graphql"),
    ("DELETE", "/trades"),
    ("GET", "/papers/X"),
]
CONSOLE = "https://console.example.cn"


def codes(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_every_answer_tells_a_browser_to_make_nothing_of_it(small_world: World, method: str, path: str) -> None:
    answer = requests.request(method, f"{small_world.address}{path}", headers={"Origin": CONSOLE}, timeout=30)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Server" not in answer.headers
    assert not any(name.lower().startswith("access-control") for name in answer.headers)


def test_pages_of_the_origins_that_are_set_may_ask_and_no_others(
    street: Street, tmp_path: Path, small_url: str
) -> None:
    with a_world(street, tmp_path, small_url, YUHUB_CORS_ORIGINS=f"{CONSOLE}, http://localhost:5173") as world:
        for origin, let_in in ((CONSOLE, True), (f"{CONSOLE}.evil.example", False), ("null", False), ("", False)):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            answer = requests.options(f"{world.address}/graphql", headers=headers, timeout=30)
            assert answer.headers.get("Access-Control-Allow-Origin") == (origin if let_in else None)
            assert answer.headers.get("Access-Control-Allow-Credentials") is None
    for wrong in ("*", "console.example.cn", "https://a.example/path"):
        with pytest.raises(SettingsWrong, match="cors_origins"):
            settings_for(tmp_path, small_url, {}, YUHUB_CORS_ORIGINS=wrong)


def test_head_and_options_are_answered_and_change_nothing(small_world: World) -> None:
    address, staff = small_world.address, {"Authorization": f"Bearer {small_world.staff}"}
    query = 'mutation { pauseJob(job: "tax.rates", reason: "x") { job } }'
    headed = requests.head(
        f"{address}/graphql", params={"query": query}, json={"query": query}, headers=staff, timeout=30
    )
    assert headed.status_code == 400
    assert headed.content == b""
    jobs = small_world.ask("{ syncJobs { name state } }", small_world.staff)["syncJobs"]
    assert "paused" not in {job["state"] for job in jobs}
    options = requests.options(f"{address}/trades", timeout=30)
    assert (options.status_code, options.content) == (200, b"")
    assert set(options.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
    refused = requests.put(f"{address}/graphql", timeout=30)
    assert codes(refused) == (405, "METHOD_WRONG")
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "gzip, gzip", "nonsense"])
def test_a_body_that_is_packed_is_refused_at_every_door(small_world: World, encoding: str) -> None:
    body = gzip.compress(b'{"query": "{ belts { code } }"}')
    for path in ("/graphql", "/trades", "/hooks/airport/notifications"):
        headers = {"Content-Encoding": encoding, "Content-Type": "application/json", "Accept-Language": "en"}
        answer = requests.post(f"{small_world.address}{path}", data=body, headers=headers, timeout=30)
        assert codes(answer) == (415, "ENCODING_WRONG")
        assert encoding in answer.json()["errors"][0]["message"]


def test_a_body_whose_end_two_headers_tell_differently_is_refused(small_world: World) -> None:
    """As the application is told of it: a server that lets both through must not make it guess."""
    client = small_world.hub.web().test_client()
    both = {"CONTENT_LENGTH": "4", "HTTP_TRANSFER_ENCODING": "chunked"}
    for path in ("/graphql", "/trades", "/hooks/airport/notifications", "/health/ready"):
        answer = client.open(path, method="POST", environ_overrides=both)
        assert (answer.status_code, answer.json["errors"][0]["extensions"]["code"]) == (400, "REQUEST_WRONG")
