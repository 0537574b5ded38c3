"""docs/webhooks.md: its code verifies what the hub sends, and its words agree with the hub's."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.entry.webhooks import MOST_WEBHOOKS
from hub.share.notices import EVENTS, RETRY, TEST
from tests.support.notices.telling import Office, Receiver

GUIDE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")


@pytest.fixture(scope="module")
def is_from_the_hub() -> Callable[..., bool]:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, Callable[..., bool]] = {}
    exec(compile(code, "docs/webhooks.md", "exec"), names)  # noqa: S102 - that it runs is what is tested
    return names["is_from_the_hub"]


def test_the_code_of_the_guide_knows_the_hub_from_others(
    small_office: Office, receiver: Receiver, is_from_the_hub: Callable[..., bool]
) -> None:
    webhook = small_office.add(receiver.url)
    small_office.queue(webhook["id"])
    small_office.deliver()
    (sent,) = receiver.taken
    signature, body, now = sent.headers["Yuhub-Signature"], sent.data, small_office.world.clock().timestamp()
    assert is_from_the_hub(webhook["secret"], signature, body, now)
    assert not is_from_the_hub("another secret", signature, body, now)
    assert not is_from_the_hub(webhook["secret"], signature, body + b" ", now)
    assert not is_from_the_hub(webhook["secret"], signature, body, now + 301)
    assert not is_from_the_hub(webhook["secret"], signature.replace("t=1", "t=2"), body, now)
    assert not is_from_the_hub(webhook["secret"], signature, body)  # by today's clock the test's is long ago
    for wrong in ("", "t=", "v1=", "t=x,v1=y", f"t={int(now)},v1=钥", f"t={int(now)}"):
        assert not is_from_the_hub(webhook["secret"], wrong, body, now)


def test_the_guide_names_every_event_and_limit_in_both_languages() -> None:
    for half in GUIDE.split("\n---\n"):
        assert set(re.findall(r"^\| `(.+?)` \|", half, re.MULTILINE)) == {*EVENTS, TEST}
        assert f"{RETRY.attempts} " in half
    assert (MOST_WEBHOOKS, RETRY.base, RETRY.longest_wait) == (10, 10, 6 * 3600)
