"""`qingzai worker`: does queued tasks on this machine; PostgreSQL hands them out."""

from __future__ import annotations

import asyncio
import time

import typer

from api import speak
from api.commands.console import err, refusals
from api.commands.database import migrated_engine
from api.speak.commands import line
from registry.db import shown_url
from registry.errors import Refused
from registry.tasks.leases import lease_lasts

AGAIN_AFTER = 3.0
"""Seconds after which a worker whose database went away looks for it again."""


def run() -> None:
    """Migrate, then work until Ctrl-C or SIGTERM."""
    with refusals():
        lease_lasts()
        engine = migrated_engine()
        url, is_postgres = engine.url.render_as_string(hide_password=False), engine.dialect.name == "postgresql"
        engine.dispose()
        if not is_postgres:
            raise Refused("worker_needs_postgres", database=shown_url(url))
        typer.echo(line("worker_works", speak.from_environment(), database=shown_url(url)))
        _work(url)
    typer.echo(line("stopped", speak.from_environment()))


def _work(url: str) -> None:
    """One worker after the other: one ends by itself only where the database goes away."""
    from procrastinate.exceptions import ConnectorException
    from psycopg import OperationalError

    from api.workers import run_worker

    try:
        while True:
            try:
                asyncio.run(run_worker(url))
                return
            except (ConnectorException, OperationalError) as error:
                reason = str(error.__cause__ or error).partition("\n")[0]
                err(line("worker_waits", speak.from_environment(), reason=reason))
                time.sleep(AGAIN_AFTER)
    except KeyboardInterrupt:
        pass
