"""The database as commands use it: migrated before anything else."""

from __future__ import annotations

from sqlalchemy import Engine

from api import speak
from api.commands.console import err, refusals
from api.speak.commands import line
from registry.db import database_url, make_engine, migrate, session_scope, shown_url
from registry.privacy.vault import check_keys


def migrated_engine(url: str | None = None) -> Engine:
    """An engine on the configured database, or another, brought to the newest schema first.

    Raises:
        Refused: `database_unusable`, with the database and the reason; `keys_lost`, where the file of keys is gone.
    """
    migrate(url)
    engine = make_engine(url)
    with session_scope(engine) as session:
        check_keys(session)
    return engine


def run_migrate() -> None:
    """Bring the configured database to the newest schema and say where it is."""
    with refusals():
        migrated_engine().dispose()
    err(line("migrated", speak.from_environment(), database=shown_url(database_url())))
