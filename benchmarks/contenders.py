"""`python -m benchmarks.contenders NAME PORT`: the same small application behind one web server, until it is killed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SMALL, LARGE = b"s" * 200, b"l" * 2_000_000
THREADS = 8


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Reads what was said, and answers with 200 bytes or, at /large, with two million."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body = LARGE if environ["PATH_INFO"] == "/large" else SMALL
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def floor(port: int) -> None:
    """A loop that answers without looking at what was asked."""

    class Parrot(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport: Any = transport

        def data_received(self, data: bytes) -> None:
            if data.endswith((b"\r\n\r\n", b"whole")):
                body = LARGE if data.startswith(b"GET /large") else SMALL
                self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Parrot, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(serve())


def hub(port: int) -> None:
    from hub.cli.serve import serving_front
    from hub.gate.front import Front

    with serving_front(Front(app), "127.0.0.1", port):
        asyncio.run(asyncio.sleep(3600))


def waitress(port: int) -> None:
    import_module("waitress").serve(
        app, host="127.0.0.1", port=port, threads=THREADS, asyncore_use_poll=True, connection_limit=5_000
    )


def cheroot(port: int) -> None:
    import_module("cheroot.wsgi").Server(("127.0.0.1", port), app, numthreads=THREADS).start()


def hypercorn(port: int) -> None:
    config = import_module("hypercorn.config").Config()
    config.bind = [f"127.0.0.1:{port}"]
    asyncio.run(import_module("hypercorn.asyncio").serve(app, config, mode="wsgi"))


def a2wsgi(port: int) -> None:
    wrapped = import_module("a2wsgi").WSGIMiddleware(app, workers=THREADS)
    import_module("uvicorn").run(wrapped, host="127.0.0.1", port=port, log_level="error", lifespan="off")


def gunicorn(port: int) -> None:
    at = ["-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads", str(THREADS), "--log-level", "error"]
    sys.argv = ["gunicorn", *at, "benchmarks.contenders:app"]
    import_module("gunicorn.app.wsgiapp").run()


def granian(port: int) -> None:
    server = import_module("granian").Granian(
        "benchmarks.contenders:app", address="127.0.0.1", port=port, interface="wsgi", blocking_threads=THREADS,
        log_enabled=False,
    )  # fmt: skip
    server.serve()


CONTENDERS: dict[str, Callable[[int], None]] = {
    one.__name__: one for one in (floor, hub, waitress, cheroot, hypercorn, a2wsgi, gunicorn, granian)
}


def installed() -> list[str]:
    """Those that can be measured here; the peers are left out where they are not installed."""
    return [name for name in CONTENDERS if name in ("floor", "hub") or find_spec(name)]


def memory(pid: int) -> int:
    """Bytes that a process and its children hold."""
    own = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(int(line.split()[1]) * 1024 for line in own) + sum(memory(int(child)) for child in children)


if __name__ == "__main__":
    CONTENDERS[sys.argv[1]](int(sys.argv[2]))
