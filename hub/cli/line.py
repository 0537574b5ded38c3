"""A caller's line: what is read of it, how long it may take, and how it ends without losing its last answer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from hub.access.knocking import GONE, counted
from hub.cli.lines import Lines
from hub.errors import HubError
from hub.gate.front import Patience

LARGEST_HEAD = 32 * 1024
"""Bytes of a request line with all headers."""
MOST_AHEAD = 100
"""Requests that a caller may have sent before it has heard the answer to an earlier one."""
IDLE_SECONDS = 60
LINGER = 2.0
"""Seconds in which a caller may still read an answer: one whose request was not read to its end, or who has hung up
halfway."""


class _Wire:
    """A transport that counts what went out, and ends a line in a way that lets the caller read what was last said."""

    def __init__(self, transport: asyncio.Transport, line: Line) -> None:
        self._transport, self._line = transport, line
        self.written = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self.written += len(data)
        self._transport.write(data)

    def close(self) -> None:
        if self._line.is_read:
            self._transport.close()
        else:
            self._line.linger()


class Line(HttpToolsProtocol):
    """One caller's line. `lines` is set in the class that a server makes of this one."""

    lines: Lines

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.wire = _Wire(transport, self)
        super().connection_made(self.wire)  # type: ignore[arg-type]
        self.address = counted(self.client[0]) if self.client else ""
        self.since = self.loop.time()
        self.is_read, self.is_idle, self.in_head, self.lingers = True, True, True, False
        self._head = 0
        self._slow_since: tuple[float, int] | None = None
        if not self.lines.add(self):
            self.refuse(HubError("ROOM_FULL"))

    def connection_lost(self, exc: Exception | None) -> None:
        self.lines.remove(self)
        if self.cycle is not None:
            _has_gone(self.cycle.scope)
        super().connection_lost(exc)

    @property
    def waits(self) -> bool:
        """Whether nobody works for the caller: nothing was asked, or not all of it has come."""
        return self.in_head or not self.is_read or self.cycle.response_complete

    @property
    def unsent(self) -> int:
        """Bytes that the caller has not taken yet."""
        return self.wire.get_write_buffer_size()  # type: ignore[no-any-return]

    def data_received(self, data: bytes) -> None:
        if self.lingers:
            return
        if self.is_idle:
            self.is_idle, self.is_read, self.since = False, False, self.loop.time()
        if self.in_head:
            self._head += len(data)
        self._feed(data)
        if self.in_head and self._head > LARGEST_HEAD and not self.lingers:
            self.refuse(HubError("HEAD_TOO_LARGE", limit=LARGEST_HEAD))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.is_read, self.in_head = False, True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.in_head:  # what comes after a body is no header, and shows neither a key nor an address
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._asks_for_another_protocol():
            return
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > LARGEST_HEAD:
            self.refuse(HubError("HEAD_TOO_LARGE", limit=LARGEST_HEAD))
            raise httptools.HttpParserError
        if len(self.pipeline) >= MOST_AHEAD:
            self.abort()
            raise httptools.HttpParserError
        self.in_head, self._head = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self._asks_for_another_protocol():
            return
        super().on_message_complete()
        self.is_read = True

    def on_response_complete(self) -> None:
        unread = not self.is_read and not self.in_head and not self.pipeline
        if self.is_read and not self.pipeline:
            self.is_idle, self.in_head, self._head, self.since = True, True, 0, self.loop.time()
        super().on_response_complete()
        if self.pipeline:
            self.flow.pause_reading()  # those that were read already come first
        if unread:
            self.wire.close()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Who has said all, and says so, still gets the answer; most who do so have gone, so no query takes long."""
        if self.waits:
            return False
        self.cycle.keep_alive = False
        self.loop.call_later(LINGER, _has_gone, self.cycle.scope)
        return True

    def shutdown(self) -> None:
        """The server ends: who has asked is answered, and who is still asking is told to come back."""
        half = self.in_head if self.cycle is None or self.cycle.response_complete else not self.cycle.response_started
        if half and self.waits and not self.is_idle:
            self.refuse(HubError("HUB_ENDING"))
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        if not (self.lingers or self.wire.is_closing()):
            self.refuse(HubError("REQUEST_WRONG", cause=msg))

    def refuse(self, error: HubError) -> None:
        """Says what is wrong, and ends the line."""
        if self.cycle is not None and not self.cycle.response_complete:
            if self.cycle.response_started:
                self.abort()  # nothing may stand in the middle of an answer
                return
            self.cycle.disconnected = True  # to whoever works for the caller
            self.cycle.message_event.set()
        answer = self.lines.refusal(error)
        head = b"".join(b"%s: %s\r\n" % header for header in answer.headers)
        self.wire.write(STATUS_LINE[answer.status] + head + b"\r\n" + answer.body)
        if self.is_idle:
            self.wire.close()
        else:
            self.linger()

    def linger(self) -> None:
        """Says no more and reads no more; hangs up when the caller does, or soon."""
        if self.lingers:
            return
        self.lingers = True
        with suppress(OSError, RuntimeError):
            self.wire.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(LINGER, self._end)

    def look(self, patience: Patience) -> None:
        """Ends the line of a caller that takes too long to say what it wants, or to take what it is told."""
        now, unsent = self.loop.time(), self.unsent
        if not unsent:
            self._slow_since = None
        elif self._slow_since is None:
            self._slow_since = now, self.wire.written - unsent
        else:
            began, went = self._slow_since
            if now - began > patience.for_bytes(self.wire.written - unsent - went):
                self.abort()
        if self.in_head and not self.is_idle and not self.lingers and now - self.since > patience.seconds:
            self.refuse(HubError("REQUEST_SLOW"))
        elif self.is_idle and now - self.since > IDLE_SECONDS:
            self.wire.close()

    def abort(self) -> None:
        self.wire.abort()

    def _feed(self, data: bytes) -> None:
        """Reads on. Who asks for another protocol is answered in this one (RFC 9110, 7.8), body and all.

        The parser takes that for the end of HTTP, so another one reads the same head without the question.
        """
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as asked:
            version = self.parser.get_http_version().encode()
            head = [b"%s %s HTTP/%s\r\n" % (self.parser.get_method(), self.url, version)]
            head += [b"%s: %s\r\n" % header for header in self.headers if header[0] != b"upgrade"]
            self.parser = httptools.HttpRequestParser(self)
            self._feed(b"".join(head) + b"\r\n" + data[asked.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")

    def _asks_for_another_protocol(self) -> bool:
        return self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"

    def _end(self) -> None:
        if not self.unsent:
            self.wire.abort()


def _has_gone(scope: Any) -> None:
    scope[GONE] = True


def line_class(lines: Lines) -> type[Line]:
    """The protocol of a server with these lines."""
    return type("Line", (Line,), {"lines": lines})
