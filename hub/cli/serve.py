"""Commands that run something: up, web, scheduler."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import click
import uvicorn

from connectors.sdk.masking import Mask, MaskedFormatter
from hub.app import Hub, build, load_settings
from hub.cli.ending import (
    ALL_ENDS,
    ANSWERS_END,
    LEDGER_CLOSED,
    RUNS_END,
    SCHEDULER_ENDS,
    hear_signals,
    leaving,
    step,
    wait_to_end,
)
from hub.cli.line import IDLE_SECONDS, line_class
from hub.cli.lines import PER_ADDRESS, Lines
from hub.cli.ports import PORT, bound
from hub.cli.say import language, say, say_error
from hub.errors import HubError
from hub.gate.front import Front

LAST_ANSWERS = 10.0
TO_HANG_UP = 1.0
"""Seconds."""
logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # that somebody sends what is no HTTP is no news


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=PORT, help="Port to listen on.")
def up(host: str | None, port: int | None) -> None:
    """Run the whole hub in one process: web, scheduler and workers."""
    with a_hub() as hub, serving(hub, host, port) as address, clock(hub):
        say(f"GraphQL  {address}/graphql")
        say(f"Pages    {address}/docs/")
        say(f"Data     {Mask(hub.settings.secrets)(hub.settings.database_url)}")
        if hub.left_out:
            say_error(HubError("CONNECTOR_WRONG", problems="; ".join(map(str, hub.left_out))), language())
        say("Ctrl-C ends it.")
        wait_to_end(hub.life)


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=PORT, help="Port to listen on.")
def web(host: str | None, port: int | None) -> None:
    """Run the web server alone; the scheduler runs elsewhere on the same database."""
    with a_hub() as hub, serving(hub, host, port) as address:
        say(f"GraphQL  {address}/graphql")
        say(f"Pages    {address}/docs/")
        wait_to_end(hub.life)


@click.command()
def scheduler() -> None:
    """Run the scheduler and its workers alone. Of several, one is elected and the others wait."""
    with a_hub() as hub, clock(hub):
        say("The scheduler runs; Ctrl-C ends it.")
        wait_to_end(hub.life)


def load_settings_with_log() -> Hub:
    settings = load_settings()
    log = logging.StreamHandler()
    log.setFormatter(MaskedFormatter(Mask(settings.secrets), "%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=settings["log"].upper(), handlers=[log])
    return build(settings)


@contextmanager
def a_hub() -> Iterator[Hub]:
    """The hub of these settings, which ends well from its first moment on."""
    with running(load_settings_with_log()) as hub:
        hear_signals(hub.life)
        yield hub


@contextmanager
def running(hub: Hub) -> Iterator[Hub]:
    """Around everything that a hub does in this process; what does not end by itself is left, and the process ends."""
    with leaving(hub.life):
        try:
            yield hub
        finally:
            step(hub.life, "the database", ALL_ENDS, hub.close)


@contextmanager
def serving(hub: Hub, host: str | None = None, port: int | None = None) -> Iterator[str]:
    """Serves the web application in a thread until the block ends; yields its address."""
    settings = hub.settings
    front = Front(
        hub.web(),
        language=settings["language"],
        role_of=hub.role_of,
        largest_push=hub.largest_push,
        proxies=settings["trusted_proxies"],
    )
    last_answers = partial(hub.life.seconds_until, ANSWERS_END)
    with serving_front(
        front,
        host or settings["host"],
        settings["port"] if port is None else port,
        per_address=settings["connections_per_address"],
        last_answers=last_answers,
    ) as address:
        yield address


@contextmanager
def serving_front(
    front: Front,
    host: str,
    port: int,
    *,
    per_address: int = PER_ADDRESS,
    last_answers: Callable[[], float] = lambda: LAST_ANSWERS,
) -> Iterator[str]:
    """Serves what stands behind a front. Whoever is being answered when the block ends is answered to the end.

    `last_answers` says for how many seconds at most, once the end has come.
    """
    listener = bound(host, port)
    lines = Lines(front.refusal, front.patience, per_address)
    server = uvicorn.Server(
        uvicorn.Config(
            front,
            http=line_class(lines),
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=IDLE_SECONDS,
        )
    )

    async def serve() -> None:
        looking = asyncio.create_task(lines.look_after())
        ending = asyncio.create_task(hang_up_in_time())
        await server.serve(sockets=[listener])
        for task in (looking, ending):
            task.cancel()

    async def hang_up_in_time() -> None:
        while not server.should_exit:
            await asyncio.sleep(0.05)
        await asyncio.sleep(last_answers())
        server.force_exit = True
        lines.hang_up()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="web", daemon=True)
    thread.start()
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(last_answers() + TO_HANG_UP)
        front.close()


@contextmanager
def clock(hub: Hub) -> Iterator[None]:
    """Runs the scheduler and the local engine until the block ends."""
    scheduler_, engine = hub.scheduler()
    scheduler_.start()
    try:
        yield
    finally:
        life = hub.life
        step(life, "the scheduler", SCHEDULER_ENDS, scheduler_.stop)
        runs = step(life, "the ledger", LEDGER_CLOSED, lambda: engine.close(life.seconds_until(RUNS_END)))
        life.left += runs or ()


COMMANDS = (up, web, scheduler)
