"""What a process gets ready before it is asked, so that the first who ask do not wait for it."""

from __future__ import annotations

import gc
import threading
from contextlib import suppress
from functools import cache

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from api.pages.render import environment
from registry.board.boards import newest_board
from registry.board.notices import read_ahead as read_board
from registry.errors import RegistryError

NOWHERE = {"type": "http", "method": "GET", "path": "/-", "root_path": "", "query_string": b"", "headers": []}
"""A request that no route answers. FastAPI makes a route ready when it first asks whether it is meant: a second for
all of them."""


def get_ready(app: FastAPI) -> None:
    """Before the first request. What is there now stays as long as the process."""
    for route in app.router.routes:
        route.matches({**NOWHERE, "app": app})
    _set_aside()


@cache
def _set_aside() -> None:
    """Once a process: the million objects of the libraries are never looked at again when Python looks for what can be
    thrown away. It would stop all answers for a quarter of a second, every few hundred requests."""
    gc.collect()
    gc.freeze()


def read_ahead(app: FastAPI) -> threading.Thread:
    """Begin to do beside the first requests what takes seconds: compile the templates, read the newest board."""
    thread = threading.Thread(target=_read, args=(app,), name="read-ahead", daemon=True)
    thread.start()
    return thread


def _read(app: FastAPI) -> None:
    for name in environment().list_templates():
        environment().get_template(name)
    # Where there is no database yet, or a board that other software has stored, whoever asks hears of it.
    with suppress(SQLAlchemyError, RegistryError), app.state.sessions() as session:
        board = newest_board(session)
        if board is not None:
            read_board(session, board, app.state.boards)
    gc.collect()
    gc.freeze()
