"""The responses that customs answers with: 202205 edition, CEB304 to CEB702, the import responses, and CEB900."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from mocks.customs.documents import Content, Document
from mocks.customs.form import CEB
from mocks.customs.messages import EXPORT, FILE
from mocks.customs.numbers import wire_time

SUMMARY_RESULT, FORM_RESPONSE = "CEB792", "CEB900"
LONGEST_ANSWER, LONGEST_FORM_ANSWER, LONGEST_ECHO = 1000, 5000, 2000
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class ResponseForm:
    """A response kind, its entity and what it repeats of the request; a name with `?` is left out while unknown.

    Every one of them ends with returnStatus, returnTime and returnInfo.
    """

    kind: str
    entity: str
    repeats: tuple[str, ...]


def receipt_of(row: dict[str, str]) -> ResponseForm:
    return ResponseForm(row["kind"], row["entity"], tuple(row["repeats"].split()))


RESPONSES: dict[str, ResponseForm] = {kind: receipt_of(row["answer"]) for kind, row in FILE["messages"].items()}
GUIDS_OF_THE_PORT = frozenset(
    {"CEB304", "CEB404", "CEB506", "CEB508", "CEB702", "CEB312", "CEB412", "CEB512", "CEB622"}
)
"""Answers whose guid the port makes itself, as the schemas say; the official samples repeat that of the request."""
EVERY_ANSWER = frozenset(response.kind for response in RESPONSES.values())
# Export answers come with a prefix, import answers in the default namespace: both forms are in use.
PREFIXED = {RESPONSES[kind].kind for kind in EXPORT} | {SUMMARY_RESULT}


def clean(text: str, longest: int = LONGEST_ANSWER) -> str:
    return NOT_IN_XML.sub("", text)[:longest]


def element(kind: str, name: str, content: str | Content) -> str:
    """An element as it stands inside a message of this kind, with text or with elements inside it."""
    tag = f"ceb:{name}" if kind in PREFIXED else name
    if isinstance(content, str):
        return f"<{tag}>{escape(content)}</{tag}>"
    return f"<{tag}>{''.join(element(kind, inner, text) for inner, text in content.items())}</{tag}>"


def write_response(document: Document, status: str, at: datetime, text: str, guid: str) -> str:
    """The response entity; mandatory elements whose value nobody knows yet stay empty."""
    response = RESPONSES[document.kind]
    content = {}
    for name in response.repeats:
        value = guid if name == "guid" else document.value(name.rstrip("?"))
        if value or not name.endswith("?"):
            content[name.rstrip("?")] = value
    content |= {"returnStatus": status, "returnTime": wire_time(at), "returnInfo": clean(text)}
    return element(response.kind, response.entity, content)


def write_form_response(
    *, guid: str, status: str, at: datetime, text: str, message_id: str, message_type: str, message: str
) -> str:
    """CEB900: the message broke the tables, and none of its entities was taken."""
    content = {
        "guid": guid,
        "returnStatus": status,
        "returnInfo": clean(text, LONGEST_FORM_ANSWER),
        "returnTime": wire_time(at),
        "oriCopMsgId": message_id,
        "oriMessageType": message_type[:15],
        "oriBizMessage": clean(message, LONGEST_ECHO),
    }
    return element(FORM_RESPONSE, "MessageReturn", content)


def write_message(kind: str, guid: str, entities: list[str]) -> str:
    """A whole response message around its entities."""
    tag, namespace = (f"ceb:{kind}Message", "xmlns:ceb") if kind in PREFIXED else (f"{kind}Message", "xmlns")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag} guid="{guid}" version="1.0" {namespace}="{CEB}">'
        f"{''.join(entities)}</{tag}>"
    )
