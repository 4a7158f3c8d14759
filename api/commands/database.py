"""The database as commands use it: migrated before anything else."""

from __future__ import annotations

from sqlalchemy import Engine

from api import speak
from api.commands.console import err, refusals
from api.speak.commands import line
from registry.db import database_url, make_engine, migrate, shown_url


def migrated_engine(url: str | None = None) -> Engine:
    """An engine on the configured database, or another, brought to the newest schema first.

    Raises:
        Refused: `database_unusable`, with the database and the reason.
    """
    migrate(url)
    return make_engine(url)


def run_migrate() -> None:
    """Bring the configured database to the newest schema and say where it is."""
    with refusals():
        migrated_engine().dispose()
    err(line("migrated", speak.from_environment(), database=shown_url(database_url())))
