"""Runs the migrations on the database whose URL `registry.db.migrate` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import text
from sqlmodel import AutoString

import registry.tables  # noqa: F401  (every table must be known to the metadata)
from registry.db import Table, UtcDateTime, make_engine
from registry.keys import EncryptedText

PLAIN_TYPES: dict[type, str] = {UtcDateTime: "sa.DateTime(timezone=True)", EncryptedText: "sa.LargeBinary()"}


def render_item(kind: str, item: object, _context: Any) -> str | Literal[False]:
    """Migrations name plain types, so that they run unchanged when this code moves on."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    return next((plain for own, plain in PLAIN_TYPES.items() if isinstance(item, own)), False)


engine = make_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=Table.metadata, render_as_batch=True, render_item=render_item
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":  # several machines may start at a time
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('qingzai-migrations', 0))"))
        context.run_migrations()
    connection.commit()
engine.dispose()
