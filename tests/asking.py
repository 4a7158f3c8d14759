"""The application asked in the thread of the test.

Starlette's client starts an event loop in a thread for every request and goes back and forth eight times between the
two, which costs more than most answers. This one has one event loop for all, here.
"""

from __future__ import annotations

import asyncio
import threading
from functools import cache
from typing import Any

import httpx2
from starlette import testclient


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


def close_loop() -> None:
    """At the end of all tests."""
    if _loop.cache_info().currsize:
        _loop().close()
        _loop.cache_clear()


class _Here(httpx2.BaseTransport):
    """Asks here, unless somebody else's event loop runs in this thread, or several threads ask at once."""

    def __init__(self, app: Any, usual: httpx2.BaseTransport, *, raises: bool) -> None:
        self._usual = usual
        self._direct = httpx2.ASGITransport(app, raise_app_exceptions=raises, client=("testclient", 50000))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if threading.current_thread() is not threading.main_thread() or asyncio._get_running_loop():
            return self._usual.handle_request(request)
        return _loop().run_until_complete(self._answer(request))

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        answer = await self._direct.handle_async_request(request)
        body = httpx2.ByteStream(b"".join([part async for part in answer.aiter_raw()]))
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=body, request=request)

    def close(self) -> None:
        self._usual.close()


class TestClient(testclient.TestClient):
    """Starlette's, but for how it asks."""

    def __init__(self, app: Any, *, raise_server_exceptions: bool = True, **how: Any) -> None:
        super().__init__(app, raise_server_exceptions=raise_server_exceptions, **how)
        self._transport: httpx2.BaseTransport = _Here(app, self._transport, raises=raise_server_exceptions)
