"""How a push proves who sent it, and what tells one delivery from another."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.sdk import Hook, ManifestError, NotProven, OutOfTime, Push, Signed, hook
from connectors.sdk.hook import LONGEST_ID
from connectors.sdk.manifest import read_manifest

NOON = datetime(2026, 1, 9, 4, 0, tzinfo=UTC)
BODY = b'{"amount":"12.00"}'
SECRET = "a secret of both"
SIGNED = Signed(SECRET, "X-Signature", covers=("X-Delivery", "X-Time"), time="X-Time", prefix="v1=")


def push(headers: Mapping[str, str], body: bytes = BODY, at: datetime = NOON) -> Push:
    return Push("/hooks/bank/notice", body, {name.lower(): value for name, value in headers.items()}, at)


def signed(delivery: str = "d-1", at: datetime = NOON, secret: str = SECRET, body: bytes = BODY) -> dict[str, str]:
    """Headers as a sender makes them, worked out here and not by the SDK."""
    time = str(int(at.timestamp()))
    text = b".".join([delivery.encode(), time.encode(), body])
    digest = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return {"X-Delivery": delivery, "X-Time": time, "X-Signature": f"v1={digest}"}


def test_what_is_signed_as_agreed_is_proven() -> None:
    SIGNED.check(push(signed()))


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, BODY),
        (signed(), BODY + b" "),
        (signed(secret="another"), BODY),
        (signed() | {"X-Delivery": "d-2"}, BODY),
        (signed() | {"X-Time": str(int(NOON.timestamp()) + 1)}, BODY),
        (signed() | {"X-Signature": signed()["X-Signature"].removeprefix("v1=")}, BODY),
        (signed() | {"X-Signature": "v1=钥"}, BODY),
    ],
    ids=["nothing", "another body", "another secret", "another id", "another time", "no prefix", "no hexadecimal"],
)
def test_whatever_was_touched_is_not_proven(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(NotProven):
        SIGNED.check(push(headers, body))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_what_was_signed_at_another_time_is_refused_and_says_when(minutes: int) -> None:
    at = NOON + timedelta(minutes=minutes)
    with pytest.raises(OutOfTime) as caught:
        SIGNED.check(push(signed(at=at)))
    assert caught.value.signed_at == at
    SIGNED.check(push(signed(at=at), at=at + timedelta(minutes=4)))


@pytest.mark.parametrize("time", ["", "noon", "9" * 30])
def test_a_time_that_is_none_is_no_crash(time: str) -> None:
    proof = Signed(SECRET, "X-Signature", covers=("X-Time",), time="X-Time")
    digest = hmac.new(SECRET.encode(), time.encode() + b"." + BODY, hashlib.sha256).hexdigest()
    with pytest.raises(NotProven):
        proof.check(push({"X-Time": time, "X-Signature": digest}))


def test_an_empty_secret_proves_nothing() -> None:
    empty = Signed("", "X-Signature")
    forged = hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    for proof in (empty, hook.bearer(""), hook.basic("bank", "")):
        with pytest.raises(NotProven):
            proof.check(push({"X-Signature": forged, "Authorization": "Bearer "}))
        with pytest.raises(NotProven):
            proof.check(push({"Authorization": ""}))


def test_a_token_and_a_password_are_compared() -> None:
    hook.bearer("t").check(push({"Authorization": "Bearer t"}))
    hook.basic("bank", "pass").check(push({"Authorization": "Basic YmFuazpwYXNz"}))
    for wrong in ("Bearer T", "t", "Basic YmFuazpwYXNT"):
        with pytest.raises(NotProven):
            hook.bearer("t").check(push({"Authorization": wrong}))


def test_secrets_do_not_show() -> None:
    assert SECRET not in repr(Hook("notice", SIGNED)) + repr(hook.bearer(SECRET))


def test_the_senders_id_counts_only_where_the_proof_vouches_for_it() -> None:
    vouched = Hook("notice", SIGNED, delivery="X-Delivery")
    bare = Hook("notice", Signed(SECRET, "X-Signature"), delivery="X-Delivery")
    one, other = push({"X-Delivery": "d-1"}), push({"X-Delivery": "d-2"})
    assert [vouched.delivery_of(sent) for sent in (one, other)] == ["d-1", "d-2"]
    assert bare.delivery_of(one) == bare.delivery_of(other)  # overheard and sent again under another id


@pytest.mark.parametrize("given", ["", "x" * (LONGEST_ID + 1), "钥", "a\x00b"])
def test_an_id_that_cannot_be_kept_gives_way_to_the_body(given: str) -> None:
    vouched = Hook("notice", SIGNED, delivery="X-Delivery")
    assert vouched.delivery_of(push({"X-Delivery": given})) == "sha256:" + hashlib.sha256(BODY).hexdigest()


MANIFEST = """
sdk = "2"
code = "bank"
zh = "银行"
en = "Bank"
protocol = "JSON"
edition = "practice"
[settings.key]
help = "Key"
secret = {secret}
[streams.payments]
every = "1m"
promise = "5m"
[hooks.payment-notice]
stream = "{stream}"
secret = "{setting}"
zh = "通知"
en = "Notice"
"""


@pytest.mark.parametrize(
    ("stream", "setting", "secret", "why"),
    [
        ("payment", "key", "true", "hooks.payment-notice.stream: there is no stream 'payment'"),
        ("payments", "keys", "true", "hooks.payment-notice.secret: there is no secret setting 'keys'"),
        ("payments", "key", "false", "hooks.payment-notice.secret: there is no secret setting 'key'"),
    ],
)
def test_a_hook_that_leads_nowhere_is_refused(tmp_path: Path, stream: str, setting: str, secret: str, why: str) -> None:
    file = tmp_path / "manifest.toml"
    file.write_text(MANIFEST.format(stream="payments", setting="key", secret="true"), "utf-8")
    assert read_manifest(file).hooks["payment-notice"].stream == "payments"
    file.write_text(MANIFEST.format(stream=stream, setting=setting, secret=secret), "utf-8")
    with pytest.raises(ManifestError) as caught:
        read_manifest(file)
    assert why in caught.value.text
