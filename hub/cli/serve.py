"""Commands that run something: up, web, scheduler."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from connectors.sdk.masking import Mask, MaskedFormatter
from hub.app import Hub, build, load_settings
from hub.cli.ports import PORT, probe
from hub.cli.say import language, say_error
from hub.errors import ConnectorWrong

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

WEB_THREADS = 8
LAST_ANSWERS = 10
"""Seconds."""
LARGEST_REQUEST = 2**30
"""Bytes. A body is kept on disk until it is whole, and a longer one refused; POST /trades has no other limit."""


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=PORT, help="Port to listen on.")
def up(host: str | None, port: int | None) -> None:
    """Run the whole hub in one process: web, scheduler and workers."""
    with running(load_settings_with_log()) as hub, serving(hub, host, port) as address, clock(hub):
        click.echo(f"GraphQL  {address}/graphql")
        click.echo(f"Data     {Mask(hub.settings.secrets)(hub.settings.database_url)}")
        if hub.left_out:
            say_error(ConnectorWrong(problems="; ".join(map(str, hub.left_out))), language())
        click.echo("Ctrl-C ends it.")
        wait_for_signal()


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=PORT, help="Port to listen on.")
def web(host: str | None, port: int | None) -> None:
    """Run the web server alone; the scheduler runs elsewhere on the same database."""
    with running(load_settings_with_log()) as hub, serving(hub, host, port) as address:
        click.echo(f"GraphQL  {address}/graphql")
        wait_for_signal()


@click.command()
def scheduler() -> None:
    """Run the scheduler and its workers alone. Of several, one is elected and the others wait."""
    with running(load_settings_with_log()) as hub, clock(hub):
        click.echo("The scheduler runs; Ctrl-C ends it.")
        wait_for_signal()


def load_settings_with_log() -> Hub:
    settings = load_settings()
    log = logging.StreamHandler()
    log.setFormatter(MaskedFormatter(Mask(settings.secrets), "%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=settings["log"].upper(), handlers=[log])
    return build(settings)


@contextmanager
def running(hub: Hub) -> Iterator[Hub]:
    try:
        yield hub
    finally:
        hub.close()


@contextmanager
def serving(hub: Hub, host: str | None = None, port: int | None = None) -> Iterator[str]:
    """Serves the web application in a thread until the block ends; yields its address."""
    with serving_app(
        hub.web(), host or hub.settings["host"], hub.settings["port"] if port is None else port
    ) as address:
        yield address


@contextmanager
def serving_app(app: WSGIApplication, host: str, port: int) -> Iterator[str]:
    """The same for any application. Whoever is being answered when the block ends is answered to the end."""
    probe(host, port)
    lines: dict[int, Any] = {}
    server = create_server(
        app,
        map=lines,
        host=host,
        port=port,
        threads=WEB_THREADS,
        ident="yuhub",
        clear_untrusted_proxy_headers=True,
        max_request_body_size=LARGEST_REQUEST,
    )
    thread = threading.Thread(target=server.run, name="web", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.effective_port}"
    finally:
        _see_off(server.task_dispatcher, lines)
        server.trigger.pull_trigger(lambda: _hang_up(lines))  # by its own thread, between two looks at the lines
        thread.join(timeout=5)


def _see_off(workers: ThreadedTaskDispatcher, lines: Mapping[int, Any]) -> None:
    """Waits for those who are being answered: until each answer is there, and until it has gone out."""
    ends = time.monotonic() + LAST_ANSWERS
    workers.shutdown(timeout=LAST_ANSWERS)
    while any(getattr(line, "total_outbufs_len", 0) for line in [*lines.values()]) and time.monotonic() < ends:
        time.sleep(0.02)


def _hang_up(lines: Mapping[int, Any]) -> None:
    """Closes the line that listens, and those that callers keep open."""
    for line in [*lines.values()]:
        for buffer in getattr(line, "outbufs", ()):
            buffer.close()
        line.close()


@contextmanager
def clock(hub: Hub) -> Iterator[None]:
    """Runs the scheduler and the local engine until the block ends."""
    scheduler_, engine = hub.scheduler()
    scheduler_.start()
    try:
        yield
    finally:
        scheduler_.stop()
        engine.close()


def wait_for_signal() -> None:
    """Until Ctrl-C or a polite kill."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    while not ended.wait(1):
        pass


COMMANDS = (up, web, scheduler)
