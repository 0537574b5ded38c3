"""Faults in what is answered: refusals, redirects, errors that look like a success, bodies that nobody can read."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

from mocks.hostile.call import Answer, Call, Parameters, plain

DEEP = 200_000
LAUGHS = 12  # ten to the power of this many
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, LAUGHS + 1))
XML_BOMB = f'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY l0 "ha">{ENTITIES}]><b>&l{LAUGHS};</b>'.encode()
JSON_BOMB = b'{"rows":' + b"[" * DEEP + b"]" * DEEP + b"}"
JSON_ERROR = '{"code": "9999", "message": "系统繁忙，请稍后再试"}'.encode()
XML_ERROR = "<Error><Code>9999</Code><Message>系统繁忙，请稍后再试</Message></Error>".encode()
JSON, XML = "application/json", "application/xml; charset=utf-8"


def too_many(_: Call, given: Parameters) -> Answer:
    return plain(429, ("Retry-After", str(given["after"])))


def unavailable(_: Call, given: Parameters) -> Answer:
    return plain(503, ("Retry-After", str(given["after"]))) if given["after"] else plain(503)


def server_error(_: Call, given: Parameters) -> Answer:
    return plain(given["status"])


def saved_then_error(call: Call, given: Parameters) -> Answer:
    call.pass_on()
    return plain(given["status"])


def error_in_success(call: Call, _: Parameters) -> Answer:
    return _in_the_language_of(call, JSON_ERROR, XML_ERROR)


def expired(_: Call, given: Parameters) -> Answer:
    return plain(401, ("WWW-Authenticate", 'Bearer error="invalid_token"'))


def redirect(_: Call, given: Parameters) -> Answer:
    return plain(307, ("Location", given["to"]))


def bomb(call: Call, _: Parameters) -> Answer:
    return _in_the_language_of(call, JSON_BOMB, XML_BOMB)


def halved(call: Call, _: Parameters) -> Answer:
    answer = call.pass_on()
    content = answer.content
    return answer.saying(content[: len(content) // 2])


def gbk(call: Call, _: Parameters) -> Answer:
    """In GB18030, of which GBK is a part, under the label that was there before."""
    answer = call.pass_on()
    content = answer.content
    inside = call.listing.inside if call.listing else ""
    if inside:
        pattern = rf"(<(?:\w+:)?{inside}>)([^<]*)(</)".encode()
        return answer.saying(re.sub(pattern, lambda m: m[1] + b64encode(_in_gbk(b64decode(m[2]))) + m[3], content))
    return answer.saying(_in_gbk(content))


def _in_gbk(content: bytes) -> bytes:
    return content.decode().encode("gb18030")


def _in_the_language_of(call: Call, json: bytes, xml: bytes) -> Answer:
    """XML where the message came in it, or where what is listed at the path is no JSON member; else JSON."""
    if call.environ["REQUEST_METHOD"] == "GET":
        speaks_xml = call.listing is not None and call.listing.rows[:1].isupper()
    else:
        speaks_xml = "xml" in call.environ.get("CONTENT_TYPE", "")
    return plain(200, content=xml, content_type=XML) if speaks_xml else plain(200, content=json, content_type=JSON)
