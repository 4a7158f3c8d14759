"""How many requests work at once. Whoever comes later waits here, in order, and not in a thread or for a connection.

Routes run in threads, of which there are 40, on database connections, of which there are 15. In a rush without turns
all threads would wait for a connection, or on SQLite for the one writer, and whoever has it would wait for a thread:
nothing would move until somebody's patience ends. Work in Python does not become faster with more threads either.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

AT_ONCE = 6
"""Requests that have a session at the same time. Fewer than connections, and than threads."""


class Turns:
    """First come, first served. On SQLite those that write have a line of their own and come one by one, as that
    database has them; a reader never waits for a writer there."""

    def __init__(self, *, one_writer: bool) -> None:
        self._one_writer = one_writer
        # A semaphore belongs to one event loop; tests have several at once.
        self._known: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[asyncio.Semaphore, asyncio.Semaphore]]
        self._known = WeakKeyDictionary()

    @asynccontextmanager
    async def turn(self, *, is_writing: bool) -> AsyncIterator[None]:
        """Wait until it is one's turn; it lasts as long as the block."""
        loop = asyncio.get_running_loop()
        if loop not in self._known:
            self._known[loop] = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(1)
        everybody, the_writer = self._known[loop]
        async with the_writer if is_writing and self._one_writer else everybody:
            yield
