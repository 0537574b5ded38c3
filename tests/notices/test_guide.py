"""docs/webhooks.md: its code verifies what the hub sends, and its words agree with the hub's."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import update
from standardwebhooks import Webhook, WebhookVerificationError

from hub.entry.webhooks import MOST_WEBHOOKS
from hub.model import Webhook as Kept
from hub.model.sealing import place_of
from hub.share.notices import EVENTS, RETRY, TEST
from tests.support.notices.telling import Office, Receiver

GUIDE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")
ANOTHER = f"whsec_{'A' * 43}="


@pytest.fixture(scope="module")
def is_from_the_hub() -> Callable[..., bool]:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, Callable[..., bool]] = {}
    exec(compile(code, "docs/webhooks.md", "exec"), names)  # noqa: S102 - that it runs is what is tested
    return names["is_from_the_hub"]


def test_the_code_of_the_guide_knows_the_hub_from_others(
    small_office: Office, receiver: Receiver, is_from_the_hub: Callable[..., bool]
) -> None:
    webhook, (sent, body), now = told(small_office, receiver)
    assert is_from_the_hub(webhook["secret"], sent, body, now)
    assert is_from_the_hub(webhook["secret"], renewed(sent), body, now)
    assert not is_from_the_hub(ANOTHER, sent, body, now)
    assert not is_from_the_hub(webhook["secret"], sent, body + b" ", now)
    assert not is_from_the_hub(webhook["secret"], sent, body, now + 301)
    assert not is_from_the_hub(webhook["secret"], sent, body)  # by today's clock the test's is long ago
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        for wrong in ("", "0", "v1,钥"):
            assert not is_from_the_hub(webhook["secret"], sent | {name: wrong}, body, now), (name, wrong)


def test_the_library_of_standard_webhooks_knows_the_hub_from_others(
    small_office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, (sent, body), now = told(small_office, receiver)

    class Clock(datetime):
        """The library's, at the time of the test."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(now, tz)

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Clock)
    said = Webhook(webhook["secret"]).verify(body, sent)
    assert (said["type"], said["data"]["trade"]["orderNumber"]) == ("trade.finished", "甲-1")
    assert Webhook(webhook["secret"]).verify(body, renewed(sent)) == said
    with pytest.raises(WebhookVerificationError):
        Webhook(ANOTHER).verify(body, sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(webhook["secret"]).verify(body, sent | {"webhook-id": "0"})


def test_a_secret_of_before_still_signs(small_office: Office, receiver: Receiver) -> None:
    """Its key is what it reads, as it was when the receiver was given it."""
    webhook, old = small_office.add(receiver.url), "yhs_Zm9yIHRoZSBvbGQ-b25lcyBvZiBiZWZvcmUgdGhl_19"
    sealed = small_office.world.hub.desk.keyring.seal(old, place_of(int(webhook["id"])))
    with small_office.world.hub.database.write() as connection:
        connection.execute(update(Kept).values(secret=sealed))
    small_office.queue(webhook["id"])
    small_office.deliver()
    (sent,) = receiver.taken
    library = Webhook("whsec_" + base64.b64encode(old.encode()).decode())
    assert (
        library.sign(receiver.ids[0], small_office.world.clock(), sent.data.decode())
        == (sent.headers["webhook-signature"])
    )


def told(office: Office, receiver: Receiver) -> tuple[dict[str, str], tuple[dict[str, str], bytes], float]:
    """A webhook, the headers and the body of what it was sent, and when."""
    webhook = office.add(receiver.url)
    office.queue(webhook["id"])
    office.deliver()
    (sent,) = receiver.taken
    headers = {name.lower(): value for name, value in sent.headers.items()}
    return webhook, (headers, sent.data), office.world.clock().timestamp()


def renewed(headers: dict[str, str]) -> dict[str, str]:
    """As while a secret is replaced by another: signed with both."""
    return headers | {"webhook-signature": f"v1,{'A' * 43}= {headers['webhook-signature']}"}


def test_the_guide_names_every_event_and_limit_in_both_languages() -> None:
    for half in GUIDE.split("\n---\n"):
        assert set(re.findall(r"^\| `(.+?)` \|", half, re.MULTILINE)) == {*EVENTS, TEST}
        assert f"{RETRY.attempts} " in half
    assert (MOST_WEBHOOKS, RETRY.base, RETRY.longest_wait) == (10, 10, 6 * 3600)
