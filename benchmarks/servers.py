"""Web servers beside each other: small answers, large ones, many callers at once, callers that hold their lines."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from benchmarks.contenders import SMALL, installed, memory
from benchmarks.measuring import RESULTS, Comparison, Work, compare, machine, report

AT_ONCE = 8
FLOOR = "floor"
ASK_SMALL = b"POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 5\r\n\r\nwhole"
ASK_LARGE = b"GET /large HTTP/1.1\r\nHost: hub\r\n\r\n"
HALVES = (b"POST / HTTP/1.1\r\nHost: hub\r\n", b"POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 100\r\n\r\nhalf")
ANSWERED_WITHIN = 5.0


class Line:
    """A kept-alive connection that costs little at this end."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWERED_WITHIN)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, said: bytes) -> int:
        """Bytes of the answer."""
        self._socket.sendall(said)
        heard = self._socket.recv(2**20)
        while b"\r\n\r\n" not in heard:
            if not heard:
                raise ConnectionError("hung up")
            heard += self._socket.recv(2**20)
        head, _, body = heard.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        came = len(body)
        while came < length:
            came += len(self._socket.recv(2**20))
        return came

    def close(self) -> None:
        self._socket.close()


class Server:
    """One contender in a process of its own."""

    def __init__(self, stack: ExitStack, name: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "benchmarks.contenders", name, str(self.port)]
        self.name = name
        self.process = subprocess.Popen(  # noqa: S603 - ourselves
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        stack.callback(self.process.wait)
        stack.callback(self.process.kill if name != "gunicorn" else self.process.terminate)
        while not self._is_there():
            time.sleep(0.1)

    def _is_there(self) -> bool:
        if self.process.poll() is not None:
            raise ChildProcessError(self.name)
        with suppress(OSError), self.line() as line:
            return line.ask(ASK_SMALL) == len(SMALL)
        return False

    @contextmanager
    def line(self) -> Iterator[Line]:
        line = Line(self.port)
        try:
            yield line
        finally:
            line.close()

    def one(self, said: bytes) -> Work:
        """One question on a line of its own."""

        def ask() -> float:
            start = time.perf_counter()
            with self.line() as line:
                line.ask(said)
            return time.perf_counter() - start

        return ask

    def many(self, times: int) -> Work:
        """Small questions of several callers at once, each on one line."""

        def talk() -> None:
            with self.line() as line:
                for _ in range(times):
                    line.ask(ASK_SMALL)

        def all_talk() -> float:
            start = time.perf_counter()
            with ThreadPoolExecutor(AT_ONCE) as crowd:
                for done in [crowd.submit(talk) for _ in range(AT_ONCE)]:
                    done.result()
            return (time.perf_counter() - start) / (times * AT_ONCE)

        return all_talk

    def is_answering(self) -> bool:
        with suppress(OSError), self.line() as line:
            return line.ask(ASK_SMALL) == len(SMALL)
        return False


def run(
    rounds: int = 5, questions: int = 250, singles: int = 300, held: int = 300, keep: Path | None = RESULTS
) -> list[Comparison]:
    """Measures, prints and keeps. `held` is how many callers hold their lines in the last table."""
    where = machine("uvicorn", "httptools", "waitress", "cheroot", "hypercorn", "a2wsgi", "gunicorn", "granian")
    with ExitStack() as stack:
        servers = [Server(stack, name) for name in installed()]
        return report("servers", where, _measured(servers, rounds, questions, singles, held), keep)


def _measured(servers: list[Server], rounds: int, questions: int, singles: int, held: int) -> Iterator[Comparison]:
    idle = f"memory: {_memory(servers)}"
    at_once = {one.name: one.many(questions) for one in servers}
    yield compare(f"200 bytes, {AT_ONCE} callers at once", "answer", at_once, rounds, floor=FLOOR, notes=[idle])
    small = {one.name: one.one(ASK_SMALL) for one in servers}
    yield compare("200 bytes, a line for each question", "answer", small, singles, floor=FLOOR)
    large = {one.name: one.one(ASK_LARGE) for one in servers}
    yield compare("2 MB, a line for each question", "answer", large, max(singles // 3, 1), floor=FLOOR)
    with ExitStack() as stack:
        for number in range(held):
            for one in servers:
                line = stack.enter_context(socket.create_connection(("127.0.0.1", one.port), timeout=ANSWERED_WITHIN))
                line.sendall(HALVES[number % 2])
        answering = [one for one in servers if one.is_answering()]
        mute = ", ".join(one.name for one in servers if one not in answering) or "none"
        notes = [f"answering nobody meanwhile: {mute}", f"memory: {_memory(servers)}"]
        small = {one.name: one.one(ASK_SMALL) for one in answering}
        title = f"200 bytes while {held} callers hold half a request each"
        yield compare(
            title,
            "answer",
            small,
            singles,
            floor=FLOOR,
            notes=notes,
        )


def _memory(servers: list[Server]) -> str:
    return ", ".join(f"{one.name} {memory(one.process.pid) / 2**20:.0f} MiB" for one in servers)


if __name__ == "__main__":
    run()
