"""The database as commands use it: migrated before anything else."""

from __future__ import annotations

from sqlalchemy import Engine

from registry.db import make_engine, migrate


def migrated_engine() -> Engine:
    """An engine on the configured database, brought to the newest schema first."""
    migrate()
    return make_engine()
