"""Rules about doors for pushes: whom they let in, and what a push says."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sdk.connector import Connector
from connectors.sdk.errors import NotProven, OutOfTime
from connectors.sdk.hook import Hook, Push
from connectors.sdk.testing.samples import RECEIVED_AT, Received
from connectors.sdk.testing.subject import Subject
from connectors.sdk.testing.verdicts import NotHere, Rule

SECRET, ANOTHER = "k7-the-secret-that-was-agreed", "m2-the-secret-of-somebody-else"
NOTHING = ("", "Bearer", "Bearer ", "Basic Og==")


def has_a_push_of_every_door(subject: Subject) -> Iterator[str]:
    """What comes through each door is shown once at least."""
    _only_with_doors(subject)
    shown = {sample.hook for sample in subject.samples.received}
    for name in sorted(set(subject.manifest.hooks) - shown):
        yield f'{name} has no sample: <name>.received.* and <name>.records.json with "hook": "{name}"'


def names_as_shown(subject: Subject) -> Iterator[str]:
    """Where a push says only that there is news, it names those that are then asked about; otherwise it has records."""
    _only_with_doors(subject)
    for sample in _pushes(subject):
        names = list(subject.connector.streams[sample.stream].named(sample.page))
        if names != sample.names:
            yield f"{sample.name}: {names or 'nobody'} is named, its records.json says {sample.names or 'nobody'}"
        if not names and not sample.records:
            yield f"{sample.name}: it says nothing, and names nobody to ask about"


def refuses_strangers(subject: Subject) -> Iterator[str]:
    """A door opens to whoever knows the secret; where there is none, to nobody."""
    _only_with_doors(subject)
    for name, hook in _with(subject, SECRET).hooks.items():
        for push in _pushes_at(subject, name):
            if not _lets_in(hook, hook.proof.prove(push)):
                yield f"{name}: a push that the secret proves is refused"
            if _lets_in(hook, _with(subject, ANOTHER).hooks[name].proof.prove(push)):
                yield f"{name}: a push that another secret proves is let in"
            if any(_lets_in(hook, push.showing({"Authorization": header})) for header in NOTHING):
                yield f"{name}: a push that proves nothing is let in"
    for name, hook in _with(subject, "").hooks.items():
        for push in _pushes_at(subject, name):
            if _lets_in(hook, hook.proof.prove(push)) or _lets_in(hook, push):
                yield f"{name}: a push is let in where no secret is set"


def _only_with_doors(subject: Subject) -> None:
    if not subject.manifest.hooks:
        raise NotHere("nobody may push to it")


def _pushes(subject: Subject) -> list[Received]:
    return [sample for sample in subject.samples.received if sample.hook]


def _pushes_at(subject: Subject, hook: str) -> list[Push]:
    """What the samples push at a door; something at least."""
    bodies = [sample.page.body for sample in _pushes(subject) if sample.hook == hook] or [b"{}"]
    return [Push(f"/hooks/{subject.manifest.code}/{hook}", body, {}, RECEIVED_AT) for body in bodies]


def _with(subject: Subject, secret: str) -> Connector:
    return subject.build({spec.secret: secret for spec in subject.manifest.hooks.values()})


def _lets_in(hook: Hook, push: Push) -> bool:
    try:
        hook.proof.check(push)
    except (NotProven, OutOfTime):
        return False
    return True


RULES = (
    Rule("pushes", "每扇门有推送样例", "Every door has a sample of what is pushed", has_a_push_of_every_door),
    Rule("push-names", "推送点名的对象与样例一致", "A push names what its sample says", names_as_shown),
    Rule("strangers", "推送凭密钥放行", "A push is let in by the secret, and nobody else", refuses_strangers),
)
