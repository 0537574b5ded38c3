"""Faults of the line: what is said comes late, in part, without end, or not at all."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from mocks.hostile.call import Answer, Call, Parameters, length_of, plain

MEBIBYTE = 1024 * 1024
ZIPPED_AT_ONCE = 16 * MEBIBYTE


def slow(call: Call, given: Parameters) -> Answer:
    answer = call.pass_on()
    call.stay(given["seconds"])
    return answer


def silent(call: Call, given: Parameters) -> Answer:
    call.stay(given["seconds"])
    return cut(call, given)


def saved_then_silent(call: Call, given: Parameters) -> Answer:
    call.pass_on()
    return silent(call, given)


def cut(call: Call, _: Parameters) -> Answer:
    call.hang_up()
    return plain(504)  # nobody hears it, unless the server keeps its sockets to itself


def saved_then_cut(call: Call, given: Parameters) -> Answer:
    call.pass_on()
    return cut(call, given)


def truncated(call: Call, given: Parameters) -> Answer:
    answer = call.pass_on()
    content = answer.content
    if len(content) < 2:
        return cut(call, given)

    def half() -> Iterator[bytes]:
        yield content[: len(content) // 2]
        call.hang_up()
        raise ConnectionResetError

    return Answer(answer.status, (*answer.without_length, length_of(content)), half())


def trickle(call: Call, given: Parameters) -> Answer:
    answer = call.pass_on()
    content = answer.content or b" "

    def drops() -> Iterator[bytes]:
        for place in range(len(content)):
            yield content[place : place + 1]
            call.stay(given["seconds"])

    return answer.streaming(drops())


def oversized(call: Call, given: Parameters) -> Answer:
    """Blanks after the body are allowed in JSON and in XML: only the size is wrong."""
    answer = call.pass_on()
    content, blanks = answer.content, b" " * MEBIBYTE

    def flood() -> Iterator[bytes]:
        yield content
        for _ in range(given["mebibytes"]):
            yield blanks

    return answer.streaming(flood())


def zipped(call: Call, given: Parameters) -> Answer:
    """A gzip file may have many members: the flood is small on the wire and costs us nothing to make."""
    answer = call.pass_on()
    content, blanks = answer.content, gzip.compress(b" " * ZIPPED_AT_ONCE, mtime=0)

    def flood() -> Iterator[bytes]:
        yield gzip.compress(content, mtime=0)
        for _ in range(given["mebibytes"] * MEBIBYTE // ZIPPED_AT_ONCE):
            yield blanks

    streaming = answer.streaming(flood())
    return Answer(streaming.status, (*streaming.headers, ("Content-Encoding", "gzip")), streaming.body)
