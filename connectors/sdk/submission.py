"""What a connector sends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.sdk.http import Http, Page
from connectors.sdk.members import Aside, Told
from connectors.sdk.papers import Paper, Problem


@dataclass(frozen=True, slots=True)
class Message:
    """One or more papers in the authority's wire form. `message_id` is the envelope's own id, where there is one."""

    body: bytes
    content_type: str
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """What an authority has under a paper's reference.

    `same`: it is this version of the paper. `code` is its own for how far that is, empty where the answer does not say;
    `references` are the identifiers that it names, by kind.
    """

    same: bool = True
    code: str = ""
    references: Mapping[str, str] = field(default_factory=dict)


class Submission(ABC):
    """The wire form of one or several kinds of paper, and the talk that hands them over.

    `batch` is how many papers one message may hold; `says_back` is whether the protocol can be asked "do you have it?".
    A paper of a kind that `withdraws` may be taken back (its action is then `withdraw`). That has come about once a
    code says CANCELLED, or one says DONE with the guid of the request; DONE without it is about the paper.
    """

    kinds: tuple[str, ...]
    batch: int = 1
    says_back: bool = False

    @abstractmethod
    def references(self, paper: Paper) -> Mapping[str, str]:
        """What the authority will call this paper by, known before sending: reference kind → value."""

    def check(self, paper: Paper) -> list[Problem]:
        """What the authority's own table would refuse, found before sending. Nothing by default.

        The paper may be incomplete: fields that are not known yet are absent, and nothing is said about them.
        """
        return []

    @abstractmethod
    def encode(self, papers: Sequence[Paper]) -> Message:
        """Writes 1 … `batch` papers of one kind. Bug where a paper cannot be written."""

    @abstractmethod
    def send(self, http: Http, message: Message, papers: Sequence[Paper]) -> Page:
        """Hands the message over. A refusal with a reason is an answer; errors say what happens next."""

    @abstractmethod
    def read(self, answer: Page, papers: Sequence[Paper]) -> Iterator[Told]:
        """What the answer says about each paper, as records."""

    def find(self, http: Http, paper: Paper) -> Page | None:
        """After an unknown outcome: the authority's answer if it has the paper, None if it has not."""
        return None

    def holding(self, http: Http, paper: Paper) -> Holding | None:
        """What the authority has of a paper, by the question of its protocol (`says_back`); None where it has nothing.

        Nothing is sent or changed by it. BadData where the answer cannot be read.
        """
        answer = self.find(http, paper)
        if answer is None:
            return None
        names: dict[str, str] = {}
        for one in self.read(answer, [paper]):
            if not isinstance(one, Aside):
                names |= one[1].get("references") or {}
        return Holding(references=names)

    def letter(self, message: Message) -> bytes:
        """What a message says, out of its envelope, as a person wants to read it."""
        return message.body

    def field_named(self, words: str) -> str | None:
        """The field of the paper that an authority's words are about, `goods[2].hs_code`; None where they name none."""
        return None
