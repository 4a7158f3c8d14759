"""`qingzai serve`: the pages of a week at a local address, which is printed once somebody listens there."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import replace

import typer

from api import speak
from api.commands.console import refusals
from api.commands.database import migrated_engine
from api.settings import Settings
from api.speak.commands import line
from registry.db import make_engine
from registry.errors import Refused

PATIENCE = 60
"""Seconds after which a process that does not answer is taken for dead: in a rush it has much else to do."""
TRIES = 20
"""So many ports after the usual one are tried where nobody asked for a certain one."""


def run(host: str | None, port: int | None, workers: int | None = None) -> None:
    """Migrate, then serve until Ctrl-C."""
    with refusals():
        settings = Settings.from_environment()
        migrated_engine().dispose()
        serve(settings, host, port, workers)


def serve(settings: Settings, host: str | None, port: int | None, workers: int | None = None) -> None:
    """Serve the database of the settings; `host`, `port` and `workers` go before theirs. Returns after Ctrl-C.

    Raises:
        Refused: `port_taken`, `host_unusable`.
    """
    is_asked_for = port is not None or bool(os.environ.get("QINGZAI_PORT"))
    settings = replace(
        settings,
        host=host or settings.host,
        port=settings.port if port is None else port,
        workers=workers or settings.workers,
        runs_jobs=True,
    )
    listening = listen(settings.host, settings.port, tries=1 if is_asked_for else TRIES)
    try:
        (_alone if settings.workers == 1 else _together)(settings, listening)
    except KeyboardInterrupt:
        pass  # uvicorn has shut down in good order and hands the signal on
    finally:
        listening.close()
    typer.echo(line("stopped", speak.from_environment()))


def _alone(settings: Settings, listening: socket.socket) -> None:
    """One process that answers and looks after jobs and messages."""
    import uvicorn

    from api.app import create_app

    app = create_app(settings)
    _say_where(listening)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listening])


def _together(settings: Settings, listening: socket.socket) -> None:
    """Several processes that answer; this one starts them anew where one ends, and looks after jobs and messages."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from api.chores import Chores

    os.environ["QINGZAI_DATABASE_URL"] = settings.database_url  # what the others are started with
    config = uvicorn.Config(
        "api.app:create_app", factory=True, workers=settings.workers, log_level="warning", access_log=False,
        timeout_worker_healthcheck=PATIENCE,
    )  # fmt: skip
    engine = make_engine(settings.database_url)
    chores = Chores(settings, engine)
    chores.start()
    try:
        _say_where(listening)
        Multiprocess(config, sockets=[listening]).run()
    finally:
        chores.stop()
        engine.dispose()


def _say_where(listening: socket.socket) -> None:
    typer.echo(line("serving", speak.from_environment(), address=address(listening)))


def address(listening: socket.socket) -> str:
    """What to type into a browser on this machine."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{host}:{port}"


def listen(host: str, port: int, tries: int) -> socket.socket:
    """A socket that listens on the port, or on one of the next where that is allowed."""
    for number in range(port, min(port + tries, 65536)):
        try:
            return _bound(host, number)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Refused("host_unusable", host=host, reason=error.strerror or str(error)) from None
    raise Refused("port_taken", host=host, port=port)


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket. Bound here and not by the server, so that the address is true when it is printed."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there it would let two servers share a port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made
