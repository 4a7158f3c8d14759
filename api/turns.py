"""How many requests work at once. Whoever comes later waits here, in order, and not in a thread or for a connection.

Routes run in threads, of which there are 40, on database connections, of which there are 15. In a rush without turns
all threads would wait for a connection, or on SQLite for the one writer, and whoever has it would wait for a thread:
nothing would move until somebody's patience ends. Work in Python does not become faster with more threads either: it
takes turns anyway, and on SQLite many readers would leave the one writer, for whom all others wait, little time.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

AT_ONCE, BESIDE_A_WRITER = 6, 2
"""Requests that have a session at the same time, fewer than connections and threads; readers beside SQLite's writer."""
SWITCH_SECONDS = 0.0005
"""A thread that comes back from the database waits no longer than this for another that computes. Python's own 5 ms,
at each of twenty statements, would make a change four times as long as it is."""


class _Line:
    """Who works now, and who waits, in one event loop."""

    def __init__(self) -> None:
        self.moved = asyncio.Condition()
        self.reading = self.writing = self.to_write = 0


class Turns:
    """First come, first served. On SQLite those that write come one by one, as that database has them."""

    def __init__(self, *, one_writer: bool) -> None:
        self._one_writer = one_writer
        # A condition belongs to one event loop; tests have several at once.
        self._lines: WeakKeyDictionary[asyncio.AbstractEventLoop, _Line] = WeakKeyDictionary()

    @asynccontextmanager
    async def turn(self, *, is_writing: bool) -> AsyncIterator[None]:
        """Wait until it is one's turn; it lasts as long as the block."""
        line = self._lines.setdefault(asyncio.get_running_loop(), _Line())
        is_alone = is_writing and self._one_writer
        await (self._to_write(line) if is_alone else self._to_read(line))
        try:
            yield
        finally:
            await self._leave(line, is_alone=is_alone)

    async def _to_write(self, line: _Line) -> None:
        async with line.moved:
            line.to_write += 1
            try:
                await line.moved.wait_for(lambda: line.writing == 0)
            finally:
                line.to_write -= 1
            line.writing = 1

    async def _to_read(self, line: _Line) -> None:
        async with line.moved:
            await line.moved.wait_for(
                lambda: line.reading < (BESIDE_A_WRITER if line.writing or line.to_write else AT_ONCE)
            )
            line.reading += 1

    async def _leave(self, line: _Line, *, is_alone: bool) -> None:
        async with line.moved:
            if is_alone:
                line.writing = 0
            else:
                line.reading -= 1
            line.moved.notify_all()


def switch_often() -> None:
    """Let threads that wait for the database not wait for those that compute."""
    sys.setswitchinterval(SWITCH_SECONDS)
