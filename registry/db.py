"""The database: where it is, how it is opened and migrated, and the one place that commits."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from registry.errors import Refused

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

DEFAULT_URL = "sqlite:///./qingzai.db"
IS_WRITING = "qingzai_is_writing"
TURN_SUFFIX = "-turn"
"""Of the file, beside an SQLite database, that those who write take turns by. It is empty."""
MIGRATIONS = Path(__file__).parent / "migrations"

Sessions = Callable[..., AbstractContextManager[Session]]
"""Opens a session whose work is committed when its block ends well. `is_writing=True` as for `session_scope`."""


class Table(SQLModel):
    """Base of every table. Constraints are named, so that migrations can change them on any database."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Goes in and comes out with time zone UTC, also on SQLite, which keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a moment without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With zone UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def database_url() -> str:
    """The URL in QINGZAI_DATABASE_URL, by default an SQLite file in the working directory."""
    return os.environ.get("QINGZAI_DATABASE_URL") or DEFAULT_URL


def shown_url(url: str) -> str:
    """Where a database is, as a person may read it: the file's path, or the URL without its password."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        return "?"  # an unreadable URL may hold a password anywhere
    if parts.get_backend_name() == "sqlite":
        return str(Path(parts.database).resolve()) if parts.database else ":memory:"
    return parts.render_as_string(hide_password=True)


def checked_url(url: str) -> str:
    """The same URL, where it names an SQLite file or a PostgreSQL database.

    Raises:
        Refused: `database_url_malformed`. An SQLite database in memory is none: it would be gone with the command.
    """
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise Refused("database_url_malformed") from None
    kind = parts.get_backend_name()
    if kind == "postgresql" or (kind == "sqlite" and parts.database not in (None, "", ":memory:")):
        return url
    raise Refused("database_url_malformed")


@contextmanager
def trial_url(url: str) -> Iterator[str]:
    """The URL of a database in which a trial may do as it likes, so that not even the schema of `url` is touched.

    For SQLite that is a copy in a temporary folder, empty where there is no file yet. A PostgreSQL database is
    used itself: whoever tries something there rolls it back.

    Raises:
        Refused: `database_url_malformed`, `database_unusable`.
    """
    parts = make_url(checked_url(url))
    if parts.get_backend_name() != "sqlite":
        yield url
        return
    with TemporaryDirectory() as folder:
        original, copy = Path(parts.database or ""), Path(folder) / "trial.db"
        if original.exists():
            _copy_sqlite(original, copy)
        yield parts.set(database=str(copy)).render_as_string(hide_password=False)


def _copy_sqlite(original: Path, copy: Path) -> None:
    try:
        uri = f"{original.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise Refused("database_unusable", database=str(original.resolve()), reason=_first_line(error)) from error


def make_engine(url: str | None = None) -> Engine:
    """An engine for `url` (default: `database_url()`), ready for SQLite's ways."""
    engine = create_engine(url or database_url())
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: object) -> None:
    """Real transactions and savepoints (SQLAlchemy begins them itself), WAL, foreign keys, patience."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=10000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    """A unit of work that will write takes its turn at once: one that has read first could not write any more after
    another has written meanwhile, however patient it is."""
    is_writing = connection.get_execution_options().get(IS_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def migrate(url: str | None = None) -> None:
    """Bring the database at `url` (default: `database_url()`) to the newest schema; a new one is made.

    Raises:
        Refused: `database_url_malformed`; `database_newer`, made by a later version of this software;
            `database_unusable`, with the database and the reason.
    """
    url = checked_url(url or database_url())
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = url
    try:
        command.upgrade(config, "head")
    except DBAPIError as error:  # no such folder, no such server, not a database ...
        raise Refused("database_unusable", database=shown_url(url), reason=_first_line(error.orig)) from error
    except CommandError as error:  # a revision that this version does not know
        raise Refused("database_newer", database=shown_url(url)) from error
    except (ArgumentError, ImportError) as error:  # no such driver
        raise Refused("database_unusable", database=shown_url(url), reason=_first_line(error)) from error


def _first_line(error: object) -> str:
    return str(error).partition("\n")[0].strip()


@contextmanager
def session_scope(engine: Engine, *, is_writing: bool = False) -> Iterator[Session]:
    """One unit of work: committed when the block ends well, rolled back otherwise. Nothing else commits.

    `is_writing` tells that it reads in order to write: on SQLite it then waits for its turn before it reads.
    """
    with (
        _writers_turn(engine) if is_writing else nullcontext(),
        Session(engine, expire_on_commit=False) as session,
        session.begin(),
    ):
        if is_writing:
            session.connection(execution_options={IS_WRITING: True})
        yield session


@contextmanager
def _writers_turn(engine: Engine) -> Iterator[None]:
    """Wait for the turn to write to an SQLite file behind those of other processes who came before.

    SQLite itself has whoever waits look again now and then, so that a process that writes much never lets another in.
    Where the system has no such locks, that is how it stays.
    """
    path = engine.url.database
    if fcntl is None or engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    with ExitStack() as stack:
        with suppress(OSError):  # a folder that cannot be written: SQLite will say so itself
            turn = stack.enter_context(Path(f"{path}{TURN_SUFFIX}").open("a", encoding="ascii"))
            fcntl.flock(turn, fcntl.LOCK_EX)
        yield  # closing the file ends the turn, as the end of the process would


def sessions(engine: Engine, *, is_writing: bool = False) -> Sessions:
    """A factory of such units of work, for long jobs that need several."""
    return partial(session_scope, engine, is_writing=is_writing)


def take_turns(session: Session, name: str) -> None:
    """Only one unit of work at a time gets past this with the same name, until it ends.

    PostgreSQL needs to be told; on SQLite those that write take turns anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
