"""How a process ends: step after step, and by force where one of them does not end."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TypeVar

from connectors.sdk.inside.deadline import TooLate, within
from hub.life import Life

LOG = logging.getLogger("yuhub")
SCHEDULER_ENDS, RUNS_END, LEDGER_CLOSED, ANSWERS_END, ALL_ENDS = 2.0, 5.0, 6.5, 8.5, 9.5
"""Seconds after the signal by which each is over, whatever it does."""
TO_SAY_WHY = 2.0
TO_SAY = 0.4
"""Seconds for the last words, where no more are left."""
INTERRUPTED = 130
WATCH = r"""
import os, select, signal, sys, time
hub, seconds = int(sys.argv[1]), float(sys.argv[2])
heard = os.read(0, 1)
until = time.monotonic() + seconds
while heard and select.select([0], [], [], max(0, until - time.monotonic()))[0]:
    heard = os.read(0, 64)
if heard and os.getppid() == hub:
    os.kill(hub, signal.SIGKILL)
    os.write(2, b"the hub was killed: something in it let no other thread run\n")
"""
"""A program that reads a byte for each signal that the hub hears, and the end of the pipe when the hub has ended."""
Result = TypeVar("Result")


def hear_signals(life: Life) -> None:
    """From now on Ctrl-C, a polite kill and the end of the terminal end this life; a second Ctrl-C ends it at once.

    Before anything begins that has to be ended well.
    """
    _watch()

    def hear(number: int, _: FrameType | None) -> None:
        if life.ending and number == signal.SIGINT:
            os._exit(INTERRUPTED)
        life.told = True
        life.end()

    signal.signal(signal.SIGTERM, hear)
    signal.signal(signal.SIGINT, hear)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as `nohup` wants it
        signal.signal(signal.SIGHUP, hear)


def wait_to_end(life: Life) -> None:
    """Until the end has come; from then on the process has `ALL_ENDS`."""
    life.wait()
    _end_by_force_in(life.seconds_until(ALL_ENDS), life, 0)


def wait_for_signal(life: Life | None = None) -> None:
    """Until the end has come, where nothing began that has to be ended well."""
    life = life or Life()
    hear_signals(life)
    wait_to_end(life)


def _watch() -> None:
    """A process beside this one ends it where no thread of ours can: a regular expression may hold the interpreter.

    Python's own handlers would not run then either; the byte in the pipe is written without the interpreter.
    """
    if sys.platform == "win32":
        return
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    program = [sys.executable, "-I", "-S", "-c", WATCH, str(os.getpid()), str(ALL_ENDS + TO_SAY)]
    beside = subprocess.Popen(program, stdin=heard, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - ours
    os.close(heard)
    threading.Thread(target=beside.wait, name="beside", daemon=True).start()  # whoever kills it leaves no zombie


def step(life: Life, what: str, moment: float, call: Callable[[], Result]) -> Result | None:
    """A step of the end, over so many seconds after the end has come; what does not end is left, under its name."""
    life.end()
    try:
        return within(life.seconds_until(moment), call)
    except TooLate:
        life.left.append(what)
    except Exception:
        LOG.exception("%s did not end well", what)
    return None


@contextmanager
def leaving(life: Life) -> Iterator[None]:
    """Around all the steps. What was left would keep the process for ever: it ends by force then, and says why.

    So it does after a signal: nothing is gained by taking a whole program apart, and it takes seconds.

    The exit code is what it would have been; 0 on the ordinary way.
    """
    code = 0
    try:
        yield
    except SystemExit as end:
        if not life.left:
            raise
        code = end.code if isinstance(end.code, int) else 1
    except BaseException as error:
        if life.left:
            _end_by_force_in(TO_SAY_WHY, life, INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1)
        raise
    if life.left or life.told:
        _end_by_force(life, code)


def _end_by_force_in(seconds: float, life: Life, code: int) -> None:
    def watch() -> None:
        time.sleep(seconds)
        life.left += [thread.name for thread in threading.enumerate() if not thread.daemon]
        _end_by_force(life, code)

    threading.Thread(target=watch, name="end", daemon=True).start()


def _end_by_force(life: Life, code: int) -> None:
    """Without the interpreter's own end, which waits for the threads of every pool.

    Nor for whoever reads what is said: a pipe that nobody empties would hold the process for ever.
    """

    def say() -> None:
        if life.left:
            LOG.warning("the hub ends by force; left in the middle: %s", ", ".join(life.left))
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()

    with suppress(Exception):
        within(max(TO_SAY, life.seconds_until(ALL_ENDS)), say)
    os._exit(code)
