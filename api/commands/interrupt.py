"""Ctrl-C during a long search: the first asks it to stop, the second ends the program as usual.

CP-SAT may put its own handler for Ctrl-C in place while it runs and leave none behind. So the signals are
blocked, and whoever waits for the search looks whether one is pending.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

SIGNALS = {signal.SIGINT, signal.SIGTERM}
CAN_BLOCK = hasattr(signal, "pthread_sigmask")
LOOK_EVERY = 0.1
"""Seconds between two looks at pending signals."""
PATIENCE = 0.5
"""Seconds that an interrupted search may take to hand over something where it has nothing yet."""


class Interrupts:
    """Hears Ctrl-C (and a polite kill). `stop` is set by the first; the second raises KeyboardInterrupt."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def ask(self, number: int = signal.SIGINT, _frame: FrameType | None = None) -> None:
        """Take one signal."""
        if self.stop.is_set():
            raise KeyboardInterrupt
        self.stop.set()

    def look(self) -> None:
        """Take a signal that is blocked and pending, if there is one."""
        if CAN_BLOCK and (pending := signal.sigpending() & SIGNALS):
            self.ask(signal.sigwait(pending))

    def run(self, work: Callable[[], T], has_something: threading.Event | None = None) -> T:
        """Run `work` in a thread of its own and listen meanwhile, however long a call of the solver takes.

        Interrupted before it `has_something`, it is not waited for long: KeyboardInterrupt.
        """
        done: list[T] = []
        failed: list[BaseException] = []

        def target() -> None:
            try:
                done.append(work())
            except BaseException as error:  # handed on to the caller's thread
                failed.append(error)

        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        asked: float | None = None
        while thread.is_alive():
            thread.join(LOOK_EVERY)
            self.look()
            if self.stop.is_set() and has_something is not None and not has_something.is_set():
                asked = asked or time.monotonic()
                if time.monotonic() - asked > PATIENCE:
                    raise KeyboardInterrupt
        if failed:
            raise failed[0]
        return done[0]


@contextmanager
def interrupts() -> Iterator[Interrupts]:
    """Listen to signals while the block runs. Enter it before solvers are imported: they start threads."""
    heard = Interrupts()
    handlers = {number: signal.signal(number, heard.ask) for number in SIGNALS}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS) if CAN_BLOCK else set()
    try:
        yield heard
        heard.look()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if CAN_BLOCK:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
