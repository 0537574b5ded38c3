"""A limit to the whole time of a call that has only limits between its bytes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def within(seconds: float, call: Callable[[], Result]) -> Result:
    """The result of `call`; TooLate where it does not come in time.

    A server that sends its headers a byte at a time keeps a socket's time-out from ever ringing. The call goes on in a
    thread that is left alone then: it ends when its socket does.
    """
    outcome: Future[Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits, whatever it is
            outcome.set_exception(error)

    Thread(target=run, name="talk", daemon=True).start()
    return outcome.result(timeout=seconds)


__all__ = ["TooLate", "within"]
