"""What an authority may push: how it proves itself, and what tells one delivery from another."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from connectors.sdk.credentials import basic as basic_header
from connectors.sdk.credentials import bearer as bearer_header
from connectors.sdk.errors import NotProven, OutOfTime
from connectors.sdk.http import Page

LARGEST_PUSH = 1024 * 1024
TOLERANCE = timedelta(minutes=5)
LONGEST_ID = 120
PUSHED = "push:"
"""How the part of a page begins that was pushed; no fetched page's does."""


@dataclass(frozen=True, slots=True)
class Push:
    """What was posted, exactly as it came, and to which path. The names of `headers` are in lower case."""

    path: str
    body: bytes
    headers: Mapping[str, str]
    received_at: datetime

    def header(self, name: str) -> str:
        """The header's value; empty where it did not come."""
        return self.headers.get(name.lower(), "")

    def showing(self, headers: Mapping[str, str]) -> Push:
        """The same push with these headers as well."""
        return replace(self, headers={**self.headers, **{name.lower(): value for name, value in headers.items()}})


class Proof(Protocol):
    """How a push proves who sent it."""

    def check(self, push: Push) -> None:
        """NotProven where it does not, OutOfTime where it did once."""

    def prove(self, push: Push) -> Push:
        """The push with the headers that prove it; it is what the sender does."""

    def vouches_for(self, header: str) -> bool:
        """Whether somebody who overheard a push could not send it again with another value of this header."""


@dataclass(frozen=True, slots=True, repr=False)
class Signed:
    """HMAC-SHA256 in hexadecimal, in the header `signature`, behind `prefix` (`sha256=`, `v1=`).

    What is signed are the values of the headers that `covers` names, then the body, with a dot between each two.
    `time` is the one among them that holds the Unix time of signing, in seconds.
    """

    secret: str
    signature: str
    covers: tuple[str, ...] = ()
    time: str = ""
    prefix: str = ""
    tolerance: timedelta = TOLERANCE

    def check(self, push: Push) -> None:
        """NotProven where signature or time are not what the secret gives, OutOfTime where it is long ago."""
        if not self.secret or not hmac.compare_digest(push.header(self.signature).encode(), self.sign(push).encode()):
            raise NotProven("the signature is not the one that the secret gives")
        if self.time:
            self._check_time(push)

    def sign(self, push: Push) -> str:
        """What the header `signature` of such a push has to say."""
        signed = b".".join([*(push.header(name).encode() for name in self.covers), push.body])
        return self.prefix + hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()

    def prove(self, push: Push) -> Push:
        """Signed at the moment when it is received."""
        if self.time:
            push = push.showing({self.time: str(int(push.received_at.timestamp()))})
        return push.showing({self.signature: self.sign(push)})

    def vouches_for(self, header: str) -> bool:
        """What is signed cannot be changed on the way."""
        return header in self.covers

    def _check_time(self, push: Push) -> None:
        try:
            signed_at = datetime.fromtimestamp(int(push.header(self.time)), UTC)
        except (ValueError, OverflowError, OSError):
            raise NotProven(f"{self.time} is no Unix time in seconds") from None
        if abs(push.received_at - signed_at) > self.tolerance:
            raise OutOfTime(signed_at, self.tolerance)


@dataclass(frozen=True, slots=True, repr=False)
class Password:
    """A header that stays the same, as `bearer` and `basic` make it: only as safe as the line is."""

    value: str

    def check(self, push: Push) -> None:
        """NotProven where the header says anything else."""
        if not self.value or not hmac.compare_digest(push.header("Authorization").encode(), self.value.encode()):
            raise NotProven("Authorization is not what was agreed")

    def prove(self, push: Push) -> Push:
        """With the password in its place."""
        return push.showing({"Authorization": self.value})

    def vouches_for(self, header: str) -> bool:
        """Whoever knows the password may say anything; nobody else may say a word."""
        return True


def bearer(token: str) -> Password:
    """Whoever pushes shows `Authorization: Bearer <token>`; with an empty token nobody is let in."""
    return Password(bearer_header(token).value if token else "")


def basic(user: str, password: str) -> Password:
    """Whoever pushes shows user and password; with an empty password nobody is let in."""
    return Password(basic_header(user, password).value if password else "")


@dataclass(frozen=True, slots=True)
class Hook:
    """A door for pushes, `/hooks/<connector>/<name>`. Its manifest entry says which stream reads what comes in.

    `delivery` is the header with the sender's own id of a delivery. It counts where the proof vouches for it; otherwise
    the body is its own id, or somebody who overheard one push could have it taken again under another id.

    `news_only`: what is pushed says that there is news, and not what. The same words again are then known only until
    they were read, for afterwards they tell of something else.
    """

    name: str
    proof: Proof
    delivery: str = ""
    largest: int = LARGEST_PUSH
    news_only: bool = False

    def delivery_of(self, push: Push) -> str:
        """What tells this delivery from another: the same again is known already."""
        given = push.header(self.delivery) if self.delivery and self.proof.vouches_for(self.delivery) else ""
        if 0 < len(given) <= LONGEST_ID and given.isascii() and given.isprintable():
            return given
        return "sha256:" + hashlib.sha256(push.body).hexdigest()

    def page_of(self, push: Push) -> Page:
        """The push as a page, which is kept and read like one that was fetched."""
        return Page(
            body=push.body,
            content_type=push.header("Content-Type"),
            url=push.path,
            status=200,
            received_at=push.received_at,
            part=f"{PUSHED}{self.name}/{self.delivery_of(push)}",
        )


def is_pushed(page: Page) -> bool:
    """Whether a page came through a hook."""
    return page.part.startswith(PUSHED)
